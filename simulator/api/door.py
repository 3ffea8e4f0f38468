"""Who is let in to the routes of a mapping: whoever shows a token, or a key."""

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from starlette.types import Scope

from simulator.mapping.api_part import Authentication

__all__ = ["Door"]

_BEARER: Final = b"bearer "


class Door:
    """Hands out tokens, and knows them again until they end; they are good for this run alone.

    Where no route hands one out, whatever is shown is good: nobody here knows those of others.
    `clock` gives seconds.
    """

    def __init__(self, authentication: Authentication, clock: Callable[[], float]) -> None:
        self._authentication = authentication
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        is_bearer = authentication.kind == "bearer"
        self._header = b"authorization" if is_bearer else authentication.header.lower().encode()
        self._prefix = _BEARER if is_bearer else b""

    def token(self) -> str:
        """A new token."""
        ends = self._clock() + self._authentication.lasts_seconds
        said = f"{ends:.0f}.{secrets.token_hex(8)}"
        return f"{said}.{self._signature(said)}"

    def admits(self, scope: Scope) -> bool:
        """Whether a request shows what is asked for."""
        shown = next((value for name, value in scope["headers"] if name == self._header), b"")
        if not shown.lower().startswith(self._prefix):
            return False
        found = shown[len(self._prefix) :].strip().decode("latin-1")
        return bool(found) and (self._authentication.token is None or self._is_good(found))

    def _is_good(self, token: str) -> bool:
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            return False
        return float(said.partition(".")[0]) > self._clock()

    def _signature(self, said: str) -> str:
        return hmac.digest(self._secret, said.encode(), "sha256").hex()
