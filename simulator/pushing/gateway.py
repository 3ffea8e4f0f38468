"""A client of the Pushgateway: put, list and delete groups.

    PushgatewayError                       of simulator.errors
    |-- PushgatewayRefusedError            the same request would be refused again
    |   `-- PushgatewayDeniedError         ... because of who asks
    `-- PushgatewayUnreachableError        may work later: down, slow, overloaded

A group is all series under one grouping key; here the key is `job` and `instance`.
"""

from collections.abc import Mapping
from typing import Self

from simulator.errors import PushgatewayError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import Answer, refusal, stranger
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.pushing.grouping_key import group_path
from simulator.pushing.groups import Group, groups_in, groups_of

__all__ = [
    "PUSHGATEWAY",
    "Pushgateway",
    "PushgatewayDeniedError",
    "PushgatewayRefusedError",
    "PushgatewayUnreachableError",
]

_MOST_BYTES = 32 * MEBIBYTE  # the list of groups has all metrics of everybody in it


class PushgatewayRefusedError(PushgatewayError):
    """The Pushgateway refused for good; the text carries the gateway's own words."""


class PushgatewayDeniedError(PushgatewayRefusedError):
    """The Pushgateway does not accept who asks (401, 403)."""


class PushgatewayUnreachableError(PushgatewayError):
    """No useful answer: connection failed, too slow, or 5xx; the same request may work later."""


PUSHGATEWAY = Service(
    "Pushgateway",
    "SIMULATOR_PUSHGATEWAY",
    ExchangeErrors(
        address=PushgatewayError,
        unreachable=PushgatewayUnreachableError,
        unavailable=PushgatewayUnreachableError,
        too_long=PushgatewayRefusedError,
        refused=PushgatewayRefusedError,
        denied=PushgatewayDeniedError,
        elsewhere=PushgatewayRefusedError,
    ),
)


class Pushgateway:
    """A Pushgateway at one address, over one kept connection.

    Each call takes at most `timeout_seconds` in all.

    Raises:
        PushgatewayError: an address that cannot be used.
    """

    def __init__(self, at: str | Endpoint, *, timeout_seconds: float = 5.0) -> None:
        self.endpoint = at if isinstance(at, Endpoint) else Endpoint.parse(at, of=PUSHGATEWAY)
        self._session = Session(
            self.endpoint, timeout_seconds=timeout_seconds, most_bytes=_MOST_BYTES
        )

    def __repr__(self) -> str:
        return f"Pushgateway({self.endpoint.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the kept connection go, and end a call that another thread waits for."""
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

        The gateway queues it, so that a list asked for at once may still have the group; what is
        put afterwards comes after it.

        Raises:
            PushgatewayError: as `put`.
        """
        self._answer("DELETE", group_path(job, instance))

    def groups(self) -> list[Group]:
        """Every group, whoever pushed it.

        Raises:
            PushgatewayError: as `put`, or the answer is not a Pushgateway's.
        """
        path = "/api/v1/metrics"
        answer = self._answer("GET", path)
        try:
            return groups_in(answer)
        except ValueError as error:
            raise stranger(self.endpoint, path, answer) from error

    def delete_groups_of(self, instance: str) -> int:
        """How many groups of `instance` were deleted: those of a simulator, as `groups_of` says.

        Raises:
            PushgatewayError: as `put`; groups deleted before stay deleted.
        """
        jobs = [group.labels["job"] for group in groups_of(self.groups(), instance)]
        for job in jobs:
            self.delete(job, instance)
        return len(jobs)

    def _answer(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A 2xx answer; every other outcome raises."""
        answer = self._session.exchange(method, path, body=body, headers=headers)
        if not answer.is_success:
            raise refusal(self.endpoint, f"{method} {path}", answer)
        return answer
