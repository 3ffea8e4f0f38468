"""Looks at the platform's state while a test runs."""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import gevent
import requests
from platform_state import PlatformState

__all__ = ["Watching", "watch"]

_SECONDS_BETWEEN_LOOKS: Final = 1.0
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
        while True:
            try:
                state = _state(session, host())
            except ValueError as error:
                if str(error) != told:
                    told = str(error)
                    _LOG.warning("%s/simulation makes no sense, and is ignored: %s", host(), told)
            else:
                if state is not None:
                    seen(state)
            gevent.sleep(_SECONDS_BETWEEN_LOOKS)


def _state(session: requests.Session, host: str | None) -> PlatformState | None:
    """The state, or None where there is no such route.

    Raises:
        ValueError: the route gives something else.
    """
    if not host:
        return None
    try:
        answer = session.get(f"{host.rstrip('/')}/simulation", timeout=2.0)
        content = answer.json() if answer.ok else None
    except requests.RequestException as error:  # also where it is no JSON
        _LOG.debug("no state of a simulation at %s: %s", host, error)
        return None
    return PlatformState.of(content) if isinstance(content, dict) else None
