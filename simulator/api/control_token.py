"""The token that opens `/simulation` to other machines: where it is read from, how it is sent."""

import os
from collections.abc import Mapping
from typing import Final

from simulator.errors import AccessError

__all__ = ["TOKEN_HEADER", "TOKEN_VARIABLE", "control_token"]

TOKEN_HEADER: Final = "X-Simulator-Token"  # noqa: S105 - a name
TOKEN_VARIABLE: Final = "SIMULATOR_CONTROL_TOKEN"  # noqa: S105 - a name


def control_token(environ: Mapping[str, str] = os.environ) -> str | None:
    """The token in the environment, or None; an empty one counts as not set.

    Raises:
        AccessError: it holds what no header carries unchanged.

    >>> control_token({"SIMULATOR_CONTROL_TOKEN": "d41d8cd98f00"})
    'd41d8cd98f00'
    """
    token = environ.get(TOKEN_VARIABLE) or None
    if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
        raise AccessError(
            f"{TOKEN_VARIABLE} holds blanks, control characters or letters that are not ASCII, "
            "which no header carries: choose another, for example with `openssl rand -hex 16`"
        )
    return token
