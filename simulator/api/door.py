"""Who is let in to the routes of a mapping: whoever shows a token, or a key."""

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Scope

from simulator.mapping.api_part import Authentication

__all__ = ["Door"]


class Door:
    """Hands out tokens, and knows them again until they end; they are good for this run alone.

    Where no route hands one out, whatever is shown is good: nobody here knows those of others.
    `clock` gives seconds.
    """

    def __init__(self, authentication: Authentication, clock: Callable[[], float]) -> None:
        self._authentication = authentication
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        is_key = authentication.kind == "api-key"
        self._header = authentication.header.lower().encode() if is_key else b"authorization"
        self._prefix = b"" if is_key else f"{authentication.kind} ".encode()

    def token(self) -> str:
        """A new token."""
        ends = self._clock() + self._authentication.lasts_seconds
        said = f"{ends:.0f}.{secrets.token_hex(8)}"
        return f"{said}.{self._signature(said)}"

    def admits(self, scope: Scope) -> bool:
        """Whether a request shows what is asked for."""
        shown = self._shown(scope)
        if not shown.lower().startswith(self._prefix):
            return False
        found = shown[len(self._prefix) :].strip().decode("latin-1")
        return bool(found) and (self._authentication.token is None or self._is_good(found))

    def _shown(self, scope: Scope) -> bytes:
        asked = self._authentication
        if asked.query is not None:
            keys = parse_qs(scope["query_string"].decode("latin-1")).get(asked.query, [""])
            return keys[0].encode()
        if asked.cookie is not None:
            return Request(scope).cookies.get(asked.cookie, "").encode()
        return next((value for name, value in scope["headers"] if name == self._header), b"")

    def _is_good(self, token: str) -> bool:
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            return False
        return float(said.partition(".")[0]) > self._clock()

    def _signature(self, said: str) -> str:
        return hmac.digest(self._secret, said.encode(), "sha256").hex()
