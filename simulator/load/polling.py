"""Looks at the platform's state while a test runs."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import gevent

from simulator.api.control_token import TOKEN_HEADER, control_token
from simulator.http.session import Session
from simulator.load.platform_client import UnreadableError, client, get
from simulator.load.platform_state import PlatformState
from simulator.load.trust import Trust

__all__ = ["Poll", "poll", "state"]

_PATH: Final = "/simulation"
_INTERVAL_SECONDS: Final = 1.0
_RARE_SECONDS: Final = 60.0  # at an API that has no such route
_MOST_LOGGED: Final = 5  # reasons, which may quote what changes
_LOG = logging.getLogger("scoring")

Poll: TypeAlias = "gevent.Greenlet[..., Any]"  # not subscriptable when it runs


def _nothing() -> None:
    """Tells nobody."""


def poll(
    host: Callable[[], str | None],
    seen: Callable[[PlatformState], None],
    trust: Trust,
    *,
    looked: Callable[[], None] = _nothing,
    is_logged: bool = True,
) -> Poll:
    """A greenlet that looks at `/simulation` of the host every second and hands on what it saw.

    An API that has no such route is one that follows no scenario: nothing is handed on, users go
    on as they are, and it is asked once a minute, since somebody counts its errors. That is said
    once, and so is each reason why the route cannot be read.

    Args:
        host: gives the host to look at, if there is one yet; it may change.
        seen: gets each state.
        trust: whom to believe at an https host; the users' own.
        looked: is told of each look, also of one that gave nothing.
        is_logged: False where another greenlet looks at the same and says what is wrong.
    """
    logged: set[str] = set()
    # It logs a traceback for headers that it can do without.
    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

    def look(session: Session) -> float:
        """Looks once; seconds until the next time."""
        try:
            seen(state(session))
        except UnreadableError as error:
            if is_logged and str(error) not in logged and len(logged) < _MOST_LOGGED:
                logged.add(str(error))
                _tell(error)
            return _RARE_SECONDS if error.is_of_other_api else _INTERVAL_SECONDS
        finally:
            looked()
        return _INTERVAL_SECONDS

    def keep_looking() -> None:
        while True:
            if at := host():
                with client(at, trust) as session:
                    left = 0.0
                    while host() == at:
                        left = (left if left > 0.0 else look(session)) - _INTERVAL_SECONDS
                        gevent.sleep(_INTERVAL_SECONDS)
            else:
                gevent.sleep(_INTERVAL_SECONDS)

    return gevent.spawn(keep_looking)


def _tell(error: UnreadableError) -> None:
    if error.is_of_other_api:
        _LOG.info("%s: users follow --scenario alone", error)
        return
    _LOG.warning("%s: users do not hear of who applies, and go on as they are", error)


def state(session: Session) -> PlatformState:
    """The state of the platform; the token of the environment opens it.

    Raises:
        AccessError: the token cannot be sent.
        UnreadableError: the platform gives none.
    """
    token = control_token()
    content = get(session, _PATH, {} if token is None else {TOKEN_HEADER: token})
    try:
        return PlatformState.of(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{session.endpoint.url}{_PATH}: makes no sense, and is ignored: {error}"
        ) from error
