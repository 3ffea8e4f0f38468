"""Looks at the platform's state while a test runs."""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import gevent
import requests
from platform_state import PlatformState

from simulator.api.control_token import TOKEN_HEADER, control_token
from simulator.quoting import shortened

__all__ = ["Watching", "session", "state", "watch"]

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
    with session() as open_session:
        while True:
            try:
                seen_state = state(open_session, host())
            except ValueError as error:
                if str(error) != told:
                    told = str(error)
                    _LOG.warning("%s/simulation cannot be followed: %s", host(), told)
            else:
                if seen_state is not None:
                    seen(seen_state)
            gevent.sleep(_SECONDS_BETWEEN_LOOKS)


def session() -> requests.Session:
    """What `/simulation` is asked with: the token of the environment, and no proxy.

    A proxy does not reach loopback.

    Raises:
        AccessError: the token cannot be sent.
    """
    opened = requests.Session()
    opened.trust_env = False
    token = control_token()
    if token is not None:
        opened.headers[TOKEN_HEADER] = token
    return opened


def state(session: requests.Session, host: str | None) -> PlatformState | None:
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
