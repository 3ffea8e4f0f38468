"""Who may look at the simulation: this machine's own pages, or who knows the token.

The simulated platform, `/v1` and `/metrics`, is open as in production, where others guard it, and
`Authorization` is its own. What belongs to the simulator is under `/simulation`.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import HTTPException, Request, Security
from fastapi.security import APIKeyHeader

from simulator.api.control_token import TOKEN_HEADER, TOKEN_VARIABLE
from simulator.api.error_responses import described
from simulator.http.loopback import is_loopback
from simulator.quoting import quoted

__all__ = ["Guard", "guard_of"]

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)
_UNAUTHORIZED, _FORBIDDEN, _MISDIRECTED = 401, 403, 421
_CHALLENGE: Final = {"WWW-Authenticate": TOKEN_HEADER}
_SCHEME: Final = APIKeyHeader(
    name=TOKEN_HEADER,
    scheme_name="SimulatorToken",
    description=f"The value of {TOKEN_VARIABLE} where the simulator was started.",
    auto_error=False,
)


@dataclass(frozen=True)
class Guard:
    """What every request under `/simulation` has to pass, and the status of those that do not.

    `check` is a dependency of FastAPI's, which raises.
    """

    check: Callable[..., Awaitable[None]]
    status: int

    @property
    def answers(self) -> dict[int | str, dict[str, Any]]:
        """What it answers, for the OpenAPI document."""
        return described(self.status)


def guard_of(listening: str, *, host: str = "", token: str | None = None) -> Guard:
    """The guard for a server that listens on the address `listening`, which was named `host`.

    On loopback nobody else gets in, but a page in a browser may: its own name may be made to mean
    127.0.0.1 (DNS rebinding), and it gives itself away by it. Elsewhere the token is asked for, and
    without one nobody gets in.
    """
    if is_loopback(listening):
        return Guard(_named_as(host.lower()), _MISDIRECTED)
    return Guard(_closed, _FORBIDDEN) if token is None else Guard(_holding(token), _UNAUTHORIZED)


def _named_as(host: str) -> Callable[..., Awaitable[None]]:
    async def named(request: Request) -> None:
        """Refuses whoever asks for another machine."""
        given = request.headers.getlist("host")
        match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
        name = match[1].strip("[]").lower() if match else ""
        if not is_loopback(name) and (not name or name != host):
            raise HTTPException(
                _MISDIRECTED,
                f"the Host header is {quoted(given[0] if len(given) == 1 else given)}: the "
                "simulation is shown on this machine only, as localhost or 127.0.0.1",
            )

    return named


def _holding(token: str) -> Callable[..., Awaitable[None]]:
    expected = token.encode()

    async def holding(given: Annotated[str | None, Security(_SCHEME)]) -> None:
        """Refuses whoever does not know the token."""
        if given is None:
            raise HTTPException(
                _UNAUTHORIZED, f"send the simulator's token in {TOKEN_HEADER}", _CHALLENGE
            )
        if not secrets.compare_digest(given.encode(), expected):
            raise HTTPException(
                _UNAUTHORIZED,
                f"{TOKEN_HEADER} holds another token than the simulator's",
                _CHALLENGE,
            )

    return holding


async def _closed() -> None:
    """Refuses everybody."""
    raise HTTPException(
        _FORBIDDEN,
        f"the simulation is closed: start the simulator with {TOKEN_VARIABLE}, or on 127.0.0.1",
    )
