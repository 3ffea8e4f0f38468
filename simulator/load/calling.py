"""How users call an API: whom they believe, what they show, and what they make of its answers."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, TypeVar

import gevent
from locust import FastHttpUser
from locust.contrib.fasthttp import FastResponse
from locust.env import Environment
from locust.exception import StopUser

from simulator.load.calls import Call
from simulator.load.expected import UnexpectedAnswerError
from simulator.load.feeder import Feeder
from simulator.load.login import Login, TokenError, TokenRequest
from simulator.load.request_shape import Sent
from simulator.load.trust import Trust
from simulator.simulation.causes import FAULTS

__all__ = ["ANSWERED", "LARGEST_ANSWER_BYTES", "Answer", "CallingUser"]

#: How those of Locust's failures begin that are answers which a scenario plans.
ANSWERED: Final = "answered "
LARGEST_ANSWER_BYTES: Final = 1 << 20  # the answer to the largest batch has a fiftieth of it
_READ_SECONDS: Final = 60.0
_CHUNK_BYTES: Final = 1 << 16
_ANY_STATUS: Final = frozenset(range(1000))
_UNEXPECTED: Final = "unexpected answer"
_NO_TOKEN: Final = "no token"  # noqa: S105 - a reason
_PLANNED: Final = frozenset(FAULTS.values())
_HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_UNAUTHORIZED: Final = 401
_HANDED_OUT: Final = frozenset({200, 201})
_T = TypeVar("_T")


class _TokenEndedError(Exception):
    """A token was good, and is no more."""


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
        call: Call,
        sent: Sent,
        answers: Mapping[int, Callable[[bytes], _T]],
        *,
        applications: int = 0,
    ) -> _T | None:
        """What was read from the answer, or None where Locust counts a failure.

        A token that the API takes no more is renewed, and the request sent once again: the answer
        401 was in order then, as a token ends when the API says so.

        Args:
            call: what is called; Locust counts it under the template of its route.
            sent: the request.
            answers: how to read the answers that are in order, by their status.
            applications: how many are in it.

        Raises:
            StopUser: this user was stopped in the moment it woke, and Locust is about to end it: a
                request that it sent now would be counted by the platform alone.
        """
        login = None if call.is_open else self.feeder.login
        if login is None:
            return self._exchange(call, sent, answers, applications)
        shown = self._logged_in(login)
        if shown is not None and login.request is not None:
            try:
                showing = _showing(sent, login.query, shown)
                return self._exchange(call, showing, answers, applications, is_renewable=True)
            except _TokenEndedError:
                login.drop(shown)
                shown = self._logged_in(login)
        if shown is None:
            return None
        return self._exchange(call, _showing(sent, login.query, shown), answers, applications)

    def _exchange(
        self,
        call: Call,
        sent: Sent,
        answers: Mapping[int, Callable[[bytes], _T]],
        applications: int,
        *,
        is_renewable: bool = False,
    ) -> _T | None:
        """What was read from the answer to one request, or None where Locust counts a failure.

        Raises:
            StopUser: as `_send`.
            _TokenEndedError: its token, of which there can be another one, was refused.
        """
        with self._requested(call, sent) as response:
            status: int = response.status_code
            self._busy_seconds = response.request_meta["response_time"] / 1000.0
            if status == 0:
                return None  # not reached: Locust counts it with its reason
            self.feeder.applications_sent += applications
            if response.request_meta["exception"] is not None:
                return None  # it ended within the answer; Locust counts that, too
            if not (is_renewable and status == _UNAUTHORIZED):
                return self._read(call, response, answers)
            response.success()
        raise _TokenEndedError

    def _requested(self, call: Call | TokenRequest, sent: Sent) -> Any:  # noqa: ANN401 - Locust's answers are untyped within a with block
        if self._is_stopped or self.feeder.is_closed:
            raise StopUser
        return self.client.request(
            call.method,
            sent.path,
            name=call.route,
            data=sent.body,
            headers={**_HEADERS, **sent.headers} if sent.headers else _HEADERS,
            catch_response=True,
        )

    def _read(
        self,
        call: Call,
        response: Any,  # noqa: ANN401 - as above
        answers: Mapping[int, Callable[[bytes], _T]],
    ) -> _T | None:
        status: int = response.status_code
        if status not in answers:
            # of an API of somebody's that follows no scenario, no error is planned
            is_planned = status in _PLANNED and (call.is_own or self.feeder.has_met)
            response.failure(f"{ANSWERED if is_planned else f'{_UNEXPECTED} '}{status}")
            return None
        try:
            read = answers[status](response.content)
        except UnexpectedAnswerError as problem:
            response.failure(f"{_UNEXPECTED}: {problem}")
            self.feeder.warn_once(f"{call.method} {call.route}", str(problem), response.content)
            return None
        response.success()
        return read

    def _logged_in(self, login: Login) -> Mapping[str, str] | None:
        """What shows who this is; None where Locust counts a failure of the login."""
        with login.turn:
            if login.headers is None and login.request is not None:
                self._log_in(login, login.request)
            return login.headers

    def _log_in(self, login: Login, asked: TokenRequest) -> None:
        """Asks for a token; what is answered is quoted nowhere, since a token may be in it."""
        with self._requested(asked, Sent(asked.address, asked.body, asked.headers)) as response:
            status: int = response.status_code
            if status == 0 or response.request_meta["exception"] is not None:
                return  # Locust counts it with its reason
            if status not in _HANDED_OUT:
                response.failure(f"{_NO_TOKEN}: answered {status}")
                return
            try:
                login.take(response.content)
            except TokenError as problem:
                response.failure(f"{_NO_TOKEN}: {problem}")
                return
            response.success()


def _showing(sent: Sent, query: str, headers: Mapping[str, str]) -> Sent:
    """The same with what shows who this is."""
    path = f"{sent.path}{'&' if '?' in sent.path else '?'}{query}" if query else sent.path
    return sent._replace(path=path, headers={**sent.headers, **headers})
