"""The one way in which tests wait for what another process or thread does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

BOUND = 60.0  # seconds; only a failing test waits that long
_T = TypeVar("_T")


def wait_until(
    look: Callable[[], _T | None], what: str | Callable[[], str], *, seconds: float = BOUND
) -> _T:
    """What `look` gives, as soon as it gives something.

    `what` is awaited, or tells why it has not come, for the message of a test that waits in vain.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds:g} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.01)
    return found
