"""Looks at the platform's state while a test runs."""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import gevent
import requests
from platform_state import PlatformState

from simulator.api.control_token import TOKEN_HEADER, control_token
from simulator.quoting import shortened

__all__ = ["Watching", "watch"]

_SECONDS_BETWEEN_LOOKS: Final = 1.0
_TIMEOUT_SECONDS: Final = 10.0  # a platform that is overloaded is slow in saying so
_REFUSED: Final = frozenset({401, 403, 421})  # by who may look at the simulation
_LOG = logging.getLogger("scoring")

Watching: TypeAlias = "gevent.Greenlet[..., Any]"  # not subscriptable when it runs


def watch(host: Callable[[], str | None], seen: Callable[[PlatformState], None]) -> Watching:
    """A greenlet that looks at `/simulation` of the host every second and hands on what it saw.

    An API that has no such route, or does not answer, is one that follows no scenario: nothing is
    handed on, and users go on as they are.
    """
    return gevent.spawn(_watch, host, seen)


def _watch(host: Callable[[], str | None], seen: Callable[[PlatformState], None]) -> None:
    told = ""
    with requests.Session() as session:
        session.trust_env = False  # a proxy from the environment does not reach loopback
        session.headers.update(_token())
        while True:
            try:
                state = _state(session, host())
            except ValueError as error:
                if str(error) != told:
                    told = str(error)
                    _LOG.warning("%s/simulation cannot be followed: %s", host(), told)
            else:
                if state is not None:
                    seen(state)
            gevent.sleep(_SECONDS_BETWEEN_LOOKS)


def _state(session: requests.Session, host: str | None) -> PlatformState | None:
    """The state, or None where there is no such route.

    Raises:
        ValueError: the route gives something else, or asks for a token that is not ours.
    """
    if not host:
        return None
    try:
        answer = session.get(
            f"{host.rstrip('/')}/simulation",
            timeout=_TIMEOUT_SECONDS,
            allow_redirects=False,  # the token is for this host alone
        )
        if answer.status_code in _REFUSED:
            raise ValueError(f"it is answered with {answer.status_code}, {shortened(answer.text)}")
        content = answer.json() if answer.ok else None
    except requests.RequestException as error:  # also where it is no JSON
        _LOG.debug("no state of a simulation at %s: %s", host, error)
        return None
    return PlatformState.of(content) if isinstance(content, dict) else None


def _token() -> dict[str, str]:
    """The header that opens the simulation of a platform on another machine."""
    token = control_token()
    return {} if token is None else {TOKEN_HEADER: token}
