"""Looks at the platform's state while a test runs."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import gevent
import requests
from platform_state import PlatformState
from trust import Trust

__all__ = ["Watching", "watch"]

_SECONDS_BETWEEN_LOOKS: Final = 1.0
_LOOK_SECONDS: Final = 5.0
_LARGEST_STATE_BYTES: Final = 1 << 20
_SHOWN: Final = 200
_MOST_TOLD: Final = 5  # reasons, which may quote what changes
_NO_SUCH_ROUTE: Final = frozenset({404, 405, 501})
_LOG = logging.getLogger("scoring")

Watching: TypeAlias = "gevent.Greenlet[..., Any]"  # not subscriptable when it runs


class _UnreadableError(Exception):
    """Why a look gave no state; `is_of_other_api` where nothing says that there is a simulation."""

    def __init__(self, reason: str, *, is_of_other_api: bool = False) -> None:
        super().__init__(reason[:_SHOWN])
        self.is_of_other_api = is_of_other_api


def watch(
    host: Callable[[], str | None],
    seen: Callable[[PlatformState], None],
    trust: Trust,
    *,
    is_told: bool = True,
) -> Watching:
    """A greenlet that looks at `/simulation` of the host every second and hands on what it saw.

    An API that has no such route is one that follows no scenario: nothing is handed on, and users
    go on as they are. That is said once, and so is each reason why the route cannot be read.

    Args:
        host: gives the host to look at, which may change.
        seen: gets each state.
        trust: whom to believe at an https host; the users' own.
        is_told: False where another greenlet looks at the same and says what is wrong.
    """
    return gevent.spawn(_watch, host, seen, trust, is_told)


def _watch(
    host: Callable[[], str | None],
    seen: Callable[[PlatformState], None],
    trust: Trust,
    is_told: bool,  # noqa: FBT001 - as `watch` got it
) -> None:
    told: set[str] = set()
    # It logs a traceback for headers that it can do without.
    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
    with requests.Session() as session:
        session.trust_env = False  # a proxy from the environment does not reach loopback
        session.verify = trust.ca_file
        while True:
            try:
                state = _state(session, host())
            except _UnreadableError as error:
                if is_told and str(error) not in told and len(told) < _MOST_TOLD:
                    told.add(str(error))
                    _tell(str(host()), error)
            else:
                if state is not None:
                    seen(state)
            gevent.sleep(_SECONDS_BETWEEN_LOOKS)


def _tell(host: str, error: _UnreadableError) -> None:
    if error.is_of_other_api:
        _LOG.info("%s/simulation: %s: users follow --scenario alone", host, error)
        return
    _LOG.warning(
        "%s/simulation: %s: users do not hear of who applies, and go on as they are", host, error
    )


def _state(session: requests.Session, host: str | None) -> PlatformState | None:
    """The state, or None where there is no host yet.

    Raises:
        _UnreadableError: the host gives none.
    """
    if not host:
        return None
    try:
        with gevent.Timeout(_LOOK_SECONDS):
            content = _content(session, f"{host.rstrip('/')}/simulation")
        return PlatformState.of(json.loads(content))
    except requests.exceptions.SSLError as error:
        raise _UnreadableError(f"{_innermost(error)}; --ca-file names whom to trust") from error
    except gevent.Timeout as error:
        raise _UnreadableError(f"not answered within {_LOOK_SECONDS:g} s") from error
    except requests.RequestException as error:
        raise _UnreadableError(_innermost(error)) from error
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(f"makes no sense, and is ignored: {error}") from error


def _content(session: requests.Session, url: str) -> bytes:
    """The body of a 200, of bounded size.

    Raises:
        _UnreadableError: another answer.
    """
    with session.get(url, timeout=2.0, stream=True, allow_redirects=False) as answer:
        if answer.status_code != requests.codes.ok:
            is_other = answer.status_code in _NO_SUCH_ROUTE
            raise _UnreadableError(f"answered {answer.status_code}", is_of_other_api=is_other)
        content = b""
        for chunk in answer.iter_content(1 << 16):
            content += chunk
            if len(content) > _LARGEST_STATE_BYTES:
                raise _UnreadableError(f"is larger than {_LARGEST_STATE_BYTES} bytes")
        return content


def _innermost(error: BaseException) -> str:
    """What went wrong, without the layers that passed it on."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__
