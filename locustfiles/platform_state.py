"""What the platform says of its simulation: who applies, and how many requests are expected."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gevent
import requests

__all__ = ["watch"]

_SECONDS_BETWEEN_LOOKS = 1.0
_LOG = logging.getLogger(__name__)


def watch(host: Callable[[], str | None], seen: Callable[[Mapping[str, Any]], None]) -> Any:  # noqa: ANN401 - a greenlet, untyped
    """A greenlet that looks at `/simulation` of the host every second and hands on what it saw.

    An API that has no such route, or does not answer, is one that follows no scenario: nothing is
    handed on, and users go on as they are.
    """
    return gevent.spawn(_watch, host, seen)


def _watch(host: Callable[[], str | None], seen: Callable[[Mapping[str, Any]], None]) -> None:
    with requests.Session() as session:
        session.trust_env = False
        while True:
            state = _state(session, host())
            if state is not None:
                seen(state)
            gevent.sleep(_SECONDS_BETWEEN_LOOKS)


def _state(session: requests.Session, host: str | None) -> Mapping[str, Any] | None:
    if not host:
        return None
    try:
        answer = session.get(f"{host.rstrip('/')}/simulation", timeout=2.0)
        state = answer.json() if answer.ok else None
    except (requests.RequestException, ValueError) as error:
        _LOG.debug("no state of a simulation at %s: %s", host, error)
        return None
    return state if isinstance(state, dict) and "applicants" in state else None
