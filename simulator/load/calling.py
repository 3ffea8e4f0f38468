"""How users call an API: whom they believe, and what they make of its answers."""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, TypeVar

import gevent
from locust import FastHttpUser
from locust.contrib.fasthttp import FastResponse
from locust.env import Environment
from locust.exception import StopUser

from simulator.load.answers import UnexpectedAnswerError
from simulator.load.feeder import Feeder
from simulator.load.trust import Trust
from simulator.scenario.vocabulary import Endpoint
from simulator.simulation.causes import FAULTS

__all__ = ["ANSWERED", "LARGEST_ANSWER_BYTES", "Answer", "CallingUser"]

#: How those of Locust's failures begin that are answers which a scenario plans.
ANSWERED: Final = "answered "
LARGEST_ANSWER_BYTES: Final = 1 << 20  # the answer to the largest batch has a fiftieth of it
_READ_SECONDS: Final = 60.0
_CHUNK_BYTES: Final = 1 << 16
_ANY_STATUS: Final = frozenset(range(1000))
_UNEXPECTED: Final = "unexpected answer"
_PLANNED: Final = frozenset(FAULTS.values())
_HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_BRACES: Final = re.compile(r"\{.*\}")
_T = TypeVar("_T")


class Answer(FastResponse):
    """An answer of which at most `LARGEST_ANSWER_BYTES` are read, in at most a minute."""

    def _content(self) -> bytes:
        response = self._response
        if response is None:
            return b""
        if response.message_complete:
            return bytes(response.read(LARGEST_ANSWER_BYTES))
        body = bytearray()
        try:
            with gevent.Timeout(_READ_SECONDS):  # Locust counts it as a failure
                while len(body) < LARGEST_ANSWER_BYTES and (chunk := response.read(_CHUNK_BYTES)):
                    body += chunk
        finally:
            response.release()  # to the pool where all was read; else it is closed
        return bytes(body)


class CallingUser(FastHttpUser):
    """A program that calls the API: it verifies certificates, and takes no cookies."""

    abstract = True
    feeder: ClassVar[Feeder]
    trust: ClassVar[Trust] = Trust()
    insecure = False
    max_redirects = 0  # an answer that points elsewhere is not the API's, and is not followed
    _is_stopped = False

    def __init__(self, environment: Environment) -> None:
        self.ssl_context_factory = self.trust.context
        super().__init__(environment)
        agent = self.client.client
        agent.cookiejar = None
        agent.response_type = Answer  # type: ignore[misc]  # Locust makes the agent itself
        # Any status is an answer and no exception, which is also cheaper.
        agent.valid_response_codes = _ANY_STATUS  # type: ignore[misc]  # the same
        self._busy_seconds = 0.0

    def stop(self, force: bool = False) -> bool:  # noqa: FBT001, FBT002 - Locust's signature
        """Stops this user; True where it was waiting, and so is ended at once."""
        if self._is_stopped and not force:
            return False  # asked again, as by Ctrl-C and then by the master
        self._is_stopped = True
        return bool(super().stop(force))

    def _send(
        self,
        endpoint: Endpoint,
        answers: Mapping[int, Callable[[bytes], _T]],
        *,
        key: str = "",
        body: str | None = None,
        applications: int = 0,
    ) -> _T | None:
        """What was read from the answer, or None where Locust counts a failure.

        Args:
            endpoint: what is asked for; Locust counts it under the template of its route.
            answers: how to read the answers that are in order, by their status.
            key: of a decision or an applicant, for the part of the route in braces.
            body: the request's JSON.
            applications: how many are in it.

        Raises:
            StopUser: this user was stopped in the moment it woke, and Locust is about to end it: a
                request that it sent now would be counted by the platform alone.
        """
        if self._is_stopped or self.feeder.is_closed:
            raise StopUser
        method, route = self.feeder.routes[endpoint]
        path = _BRACES.sub(key, route)
        with self.client.request(
            method, path, name=route, data=body, headers=_HEADERS, catch_response=True
        ) as response:
            status: int = response.status_code
            self._busy_seconds = response.request_meta["response_time"] / 1000.0
            if status == 0:
                return None  # not reached: Locust counts it with its reason
            self.feeder.applications_sent += applications
            if response.request_meta["exception"] is not None:
                return None  # it ended within the answer; Locust counts that, too
            if status not in answers:
                is_planned = status in _PLANNED
                response.failure(f"{ANSWERED if is_planned else f'{_UNEXPECTED} '}{status}")
                return None
            try:
                read = answers[status](response.content)
            except UnexpectedAnswerError as problem:
                response.failure(f"{_UNEXPECTED}: {problem}")
                self.feeder.warn_once(f"{method} {route}", str(problem), response.content)
                return None
            response.success()
            return read
