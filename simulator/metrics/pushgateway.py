"""A client of the Pushgateway: put, list and delete groups.

    PushgatewayError                       of simulator.errors
    |-- PushgatewayRefusedError            the same request would be refused again
    |   `-- PushgatewayDeniedError         ... because of who asks
    `-- PushgatewayUnreachableError        may work later: down, slow, overloaded

A group is all series under one grouping key; here the key is `job` and `instance`.
"""

import ssl
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Self

import requests
from pydantic import BaseModel, ValidationError
from requests.auth import HTTPBasicAuth

from simulator.errors import PushgatewayError
from simulator.metrics.endpoint import PUSHGATEWAY, Endpoint, masked_url
from simulator.metrics.grouping_key import group_path

__all__ = [
    "Pushgateway",
    "PushgatewayDeniedError",
    "PushgatewayRefusedError",
    "PushgatewayUnreachableError",
]

_SHOWN_BYTES = 2_000
_RETRYABLE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class PushgatewayRefusedError(PushgatewayError):
    """The Pushgateway refused for good; the text carries the gateway's own words."""


class PushgatewayDeniedError(PushgatewayRefusedError):
    """The Pushgateway does not accept who asks (401, 403)."""


class PushgatewayUnreachableError(PushgatewayError):
    """No useful answer: connection failed, too slow, or 5xx; the same request may work later."""


class _Group(BaseModel):
    labels: dict[str, str]


class _Groups(BaseModel):
    data: list[_Group]


class Pushgateway:
    """A Pushgateway at one address, over one kept connection; for one thread at a time.

    Each call waits at most `timeout_seconds` for the connection and as long for each part of the
    answer. Proxies and .netrc of the environment are not read: an address means itself, and a
    push costs no file access.

    Raises:
        PushgatewayError: an address, credentials or a CA file that cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        ca_file: str | None = None,
        timeout_seconds: float = 5.0,
    ) -> None:
        self.endpoint = Endpoint.parse(url, username=username, password=password, ca_file=ca_file)
        self._timeout_seconds = timeout_seconds
        self._session = _session(self.endpoint)

    @classmethod
    def at(cls, endpoint: Endpoint, *, timeout_seconds: float = 5.0) -> Self:
        """The Pushgateway at an endpoint that was read before, as from the environment."""
        return cls(
            endpoint.url,
            username=endpoint.username,
            password=endpoint.password,
            ca_file=endpoint.ca_file,
            timeout_seconds=timeout_seconds,
        )

    def __repr__(self) -> str:
        return f"Pushgateway({self.endpoint.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the kept connection go."""
        self._session.close()

    def put(self, job: str, instance: str, body: bytes, content_type: str) -> None:
        """Replace the whole group of `job` and `instance` by `body`, an exposition text.

        Raises:
            PushgatewayRefusedError: the gateway cannot use the body, or denies access.
            PushgatewayUnreachableError: it may work later.
        """
        self._answer("PUT", group_path(job, instance), body, {"Content-Type": content_type})

    def delete(self, job: str, instance: str) -> None:
        """Delete the group of `job` and `instance`; one that is not there is no error.

        Raises:
            PushgatewayError: as `put`.
        """
        self._answer("DELETE", group_path(job, instance))

    def groups(self) -> list[dict[str, str]]:
        """The grouping labels of every group, whoever pushed it.

        Raises:
            PushgatewayError: as `put`, or the answer is not a Pushgateway's.
        """
        path = "/api/v1/metrics"
        answer = self._answer("GET", path)
        try:
            return [group.labels for group in _Groups.model_validate_json(answer).data]
        except ValidationError as error:
            raise PushgatewayRefusedError(
                f"{self.endpoint.url}{path} does not answer as a Pushgateway; check the address"
            ) from error

    def delete_groups_of(self, instance: str) -> int:
        """How many groups of `instance` were deleted: those keyed by `job` and `instance` alone.

        A group with further grouping labels is not of this client's making and stays.

        Raises:
            PushgatewayError: as `put`; groups deleted before stay deleted.
        """
        jobs = [
            labels["job"]
            for labels in self.groups()
            if labels.keys() == {"job", "instance"} and labels["instance"] == instance
        ]
        for job in jobs:
            self.delete(job, instance)
        return len(jobs)

    def is_ready(self) -> bool:
        """Whether the gateway takes pushes now; False as long as it may come up.

        Raises:
            PushgatewayRefusedError: access is denied, or there is something else at the address.
        """
        try:
            self._answer("GET", "/-/ready")
        except PushgatewayUnreachableError:
            return False
        return True

    def _answer(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of a 2xx answer; every other outcome raises."""
        try:
            # Streamed, so that of an error page of any length only the start is read. A redirect
            # is not followed: it could turn a PUT into a GET.
            with self._session.request(
                method,
                self.endpoint.url + path,
                data=body,
                headers=headers,
                timeout=self._timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code // 100 == 2:  # noqa: PLR2004 - 2xx
                    return response.content
                raise self._refusal(f"{method} {path}", response)
        except requests.RequestException as error:
            raise self._failure(error) from error

    def _refusal(self, request: str, response: requests.Response) -> PushgatewayError:
        """The error that an answer other than 2xx means."""
        status = response.status_code
        answer = f"Pushgateway {self.endpoint.url} answered {status} to {request}"
        if response.is_redirect:
            location = masked_url(response.headers["Location"])
            return PushgatewayRefusedError(f"{answer}: it is at {location!r}; give that address")
        answer = f"{answer}: {_shown_text(response)}"
        if status in _RETRYABLE or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return PushgatewayUnreachableError(answer)
        if status in _DENIED:
            return PushgatewayDeniedError(
                f"{answer}; check {PUSHGATEWAY.username_variable} and "
                f"{PUSHGATEWAY.password_variable}"
            )
        return PushgatewayRefusedError(answer)

    def _failure(self, error: requests.RequestException) -> PushgatewayError:
        """The error that a request without an answer means."""
        where = f"Pushgateway {self.endpoint.url}"
        if isinstance(error, requests.Timeout):
            return PushgatewayUnreachableError(
                f"{where} does not answer within {self._timeout_seconds:g} s"
            )
        cause = _system_error(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PushgatewayRefusedError(
                f"{where} is not trusted ({cause.verify_message}); "
                f"name its authority's PEM file in {PUSHGATEWAY.ca_file_variable}"
            )
        return PushgatewayUnreachableError(
            f"{where} cannot be reached: {getattr(cause, 'strerror', None) or cause}"
        )


def _session(endpoint: Endpoint) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = endpoint.ca_file or True
    if endpoint.username and endpoint.password:
        # As bytes, since requests would encode text as Latin-1; RFC 7617 recommends UTF-8.
        session.auth = HTTPBasicAuth(endpoint.username.encode(), endpoint.password.encode())
    return session


def _shown_text(response: requests.Response) -> str:
    """The start of an answer on one line, without characters that could steer a terminal."""
    start: bytes = next(response.iter_content(_SHOWN_BYTES), b"")
    words = " ".join(start.decode(errors="replace").split())
    return "".join(c if c.isprintable() else "?" for c in words) or "(no text)"


def _system_error(error: requests.RequestException) -> Exception:
    """The operating system's or the TLS library's error inside one of requests, or the latter."""
    return next(
        (
            cause
            for cause in _causes(error)
            if isinstance(cause, OSError) and not isinstance(cause, requests.RequestException)
        ),
        error,
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
