"""Exchanges with one server: a request and its answer, bounded in time and size."""

import base64
import http.client
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError
from urllib3.util import Retry, parse_url

from simulator import __version__
from simulator.http.connections import pool_of
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE, AnswerTooLongError, ExchangeBudget
from simulator.http.failures import Answer, failure
from simulator.http.loopback import is_loopback

__all__ = ["Session"]

_READ_BYTES = 64 * 1024
_REFUSAL_BYTES = 64 * 1024
"""What is read of an answer that is not a success: enough for what a server says of it."""

NO_RETRIES = Retry(total=0, redirect=False, respect_retry_after_header=False, raise_on_status=False)


class Session:
    """Exchanges with one server over kept connections; usable from several threads.

    An exchange takes at most `timeout_seconds` in all, from the look-up of the name to the last
    byte, and its answer, headers included, at most `most_bytes`, packed or unpacked. Redirects are
    not followed: one could turn a PUT into a GET. Proxies and .netrc of the environment are not
    read: an address means itself.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout_seconds: float,
        most_bytes: int = MEBIBYTE,
        retries: Retry = NO_RETRIES,
    ) -> None:
        self.endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        self._most_bytes = most_bytes
        self._retries = retries
        self._pool = pool_of(endpoint)
        self._prefix = parse_url(endpoint.url).path or ""
        self._headers = _headers(endpoint)
        self._under_way: set[ExchangeBudget] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets the kept connections go, and ends exchanges that other threads wait for."""
        self._is_closed = True
        for budget in tuple(self._under_way):
            budget.end()
        self._pool.close()

    def exchange(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer, whatever its status; one that is not 2xx may be cut.

        Raises:
            SimulatorError: the service's own: there is no answer, it does not come in time, it is
                too long, or the server is not trusted.
        """
        budget = ExchangeBudget(seconds=self._timeout_seconds, most_bytes=self._most_bytes)
        self._under_way.add(budget)
        try:
            with budget.in_force():
                if self._is_closed:  # after the line above: `close` ends what it finds under way
                    raise ConnectionAbortedError("the session is closed")
                return self._answer(method, path, body, headers or {}, budget)
        except (HTTPError, OSError, http.client.HTTPException, AnswerTooLongError) as error:
            request = f"{method} {path.partition('?')[0]}"
            raise failure(self.endpoint, request, error, budget, self._timeout_seconds) from error
        finally:
            self._under_way.discard(budget)

    def _answer(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        budget: ExchangeBudget,
    ) -> Answer:
        response = self._pool.urlopen(
            method,
            self._prefix + path or "/",
            body=body,
            headers={**self._headers, **headers},
            retries=self._retries,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            timeout=self._timeout_seconds,
        )
        is_drained = False
        try:
            if response.status // 100 == 2:  # noqa: PLR2004 - 2xx
                content, is_drained = _whole(response, budget), True
            else:
                content, is_drained = _start(response)
        finally:
            if not is_drained:
                response.close()
            response.release_conn()
        return Answer(
            response.status,
            content,
            location=response.headers.get("Location", ""),
            date=response.headers.get("Date", ""),
        )


def _headers(endpoint: Endpoint) -> dict[str, str]:
    is_near = is_loopback(urlsplit(endpoint.url).hostname or "")
    headers = {
        "User-Agent": f"scoring-platform-simulator/{__version__}",
        # packing costs both sides more than a loopback device takes for the bytes
        "Accept-Encoding": "identity" if is_near else "gzip",
    }
    if endpoint.username and endpoint.password:
        # UTF-8, which RFC 7617 recommends; bytes of the environment that are none stay as they are
        pair = f"{endpoint.username}:{endpoint.password}".encode(errors="surrogateescape")
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return headers


def _whole(response: BaseHTTPResponse, budget: ExchangeBudget) -> bytes:
    """The unpacked body, unless it is too long: a few packed bytes may become very many."""
    content = bytearray()
    while piece := response.read(_READ_BYTES):
        content += piece
        if len(content) > budget.most_bytes:
            raise AnswerTooLongError(f"more than {budget.most_bytes} bytes")
    return bytes(content)


def _start(response: BaseHTTPResponse) -> tuple[bytes, bool]:
    """What comes of a body, up to some length, and whether that is all of it.

    The status counts, however the body ends.
    """
    content = bytearray()
    try:
        while len(content) < _REFUSAL_BYTES:
            piece = response.read1(_READ_BYTES)
            if not piece:
                return bytes(content), True
            content += piece
    except (HTTPError, OSError, http.client.HTTPException, AnswerTooLongError):
        return bytes(content), False
    return bytes(content), False
