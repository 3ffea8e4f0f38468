"""Whether an address opens, as a browser would see it."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin, urlsplit

from simulator.errors import NotificationError
from simulator.http.endpoint import Endpoint
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session

__all__ = ["why_not_open"]

_SECONDS: Final = 5.0
_MOST_BYTES: Final = 8 * 1024 * 1024
_MOST_HOPS: Final = 4
_SERVER: Final = Service("the server at", "", ExchangeErrors.all(NotificationError))
_ASKS_WHO: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""A page that asks who is there is there."""


def why_not_open(url: str) -> str:
    """Why an address of the web does not open, "" where it does.

    It is waited for five seconds; where it is somewhere else, it is looked for there.

    >>> why_not_open("http://127.0.0.1:1/").partition(": ")[0]
    'the server at http://127.0.0.1:1 cannot be reached'
    """
    for _ in range(_MOST_HOPS):
        try:
            status, location = _asked(url)
        except (NotificationError, ValueError) as error:
            return str(error)
        if status // 100 == 2 or status in _ASKS_WHO:  # noqa: PLR2004 - 2xx
            return ""
        if status // 100 != 3 or not location:  # noqa: PLR2004 - 3xx
            return f"it answers {status}"
        url = urljoin(url, location)
    return f"it leads on {_MOST_HOPS} times"


def _asked(url: str) -> tuple[int, str]:
    parts = urlsplit(url)
    endpoint = Endpoint.parse(f"{parts.scheme}://{parts.netloc}", of=_SERVER)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with Session(endpoint, timeout_seconds=_SECONDS, most_bytes=_MOST_BYTES) as session:
        answer = session.exchange("GET", path)
    return answer.status, answer.location
