"""Bounded looks at what a platform says of itself, apart from the users' requests."""

from typing import Final

import gevent
import requests
from trust import Trust

from simulator.quoting import shortened

__all__ = ["UnreadableError", "look_at", "looks"]

_LOOK_SECONDS: Final = 10.0  # a platform that is overloaded is slow in saying so
_LARGEST_BYTES: Final = 4 << 20
_CHUNK_BYTES: Final = 1 << 16
_SHOWN: Final = 200
_REFUSED: Final = frozenset({401, 403, 421})  # by who may look at the simulation
_NO_SUCH_ROUTE: Final = frozenset({404, 405, 501})


class UnreadableError(ValueError):
    """Why a look gave nothing; `is_of_other_api` where the API just has no such route."""

    def __init__(self, reason: str, *, is_of_other_api: bool = False) -> None:
        super().__init__(reason[:_SHOWN])
        self.is_of_other_api = is_of_other_api


def looks(trust: Trust) -> requests.Session:
    """A session that believes whom the users believe."""
    session = requests.Session()
    session.trust_env = False  # a proxy from the environment does not reach loopback
    session.verify = trust.ca_file
    return session


def look_at(session: requests.Session, url: str) -> bytes:
    """What a URL gives, of bounded size and in bounded time.

    Raises:
        UnreadableError: it gives nothing, or something else than a 200.
    """
    try:
        with gevent.Timeout(_LOOK_SECONDS):
            return _content(session, url)
    except requests.exceptions.SSLError as error:
        raise UnreadableError(f"{_innermost(error)}; --ca-file names whom to trust") from error
    except gevent.Timeout as error:
        raise UnreadableError(f"not answered within {_LOOK_SECONDS:g} s") from error
    except requests.RequestException as error:
        raise UnreadableError(_innermost(error)) from error


def _content(session: requests.Session, url: str) -> bytes:
    with session.get(url, timeout=_LOOK_SECONDS, stream=True, allow_redirects=False) as answer:
        if answer.status_code != requests.codes.ok:
            is_other = answer.status_code in _NO_SUCH_ROUTE
            said = f"answered with {answer.status_code}"
            if answer.status_code in _REFUSED:
                begin = next(answer.iter_content(_SHOWN), b"")
                said += f", {shortened(begin.decode(errors='replace'))}"
            raise UnreadableError(said, is_of_other_api=is_other)
        content = b""
        for chunk in answer.iter_content(_CHUNK_BYTES):
            content += chunk
            if len(content) > _LARGEST_BYTES:
                raise UnreadableError(f"is larger than {_LARGEST_BYTES} bytes")
        return content


def _innermost(error: BaseException) -> str:
    """What went wrong, without the layers that passed it on."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__
