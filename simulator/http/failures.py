"""What it means that an exchange brought no answer, or one that cannot be used."""

import http.client
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from urllib3.exceptions import DecodeError, HTTPError

from simulator.errors import SimulatorError
from simulator.http.endpoint import Endpoint, masked_url
from simulator.http.exchange_budget import MEBIBYTE, AnswerTooLongError, ExchangeBudget
from simulator.quoting import printable, shortened

__all__ = ["Answer", "failure", "refusal", "server_words", "stranger"]

_MOST_WORDS = 500  # of a server that explains itself, as a Pushgateway does at length
_RETRYABLE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer; of one that is not a success, `body` is the start."""

    status: int
    body: bytes
    location: str = ""
    date: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 - 2xx


def refusal(endpoint: Endpoint, request: str, answer: Answer) -> SimulatorError:
    """The error that an answer other than 2xx to a request, such as "GET /x", means."""
    service, errors = endpoint.service, endpoint.service.errors
    said = f"{service.name} {endpoint.url} answered {answer.status} to {request}"
    if answer.status // 100 == 3 and answer.location:  # noqa: PLR2004 - 3xx
        place = shortened(masked_url(answer.location))
        return errors.elsewhere(f"{said}: it is at {place!r}; give that address")
    said = f"{said}: {server_words(answer.body)}"
    if answer.status in _RETRYABLE or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.unavailable(said)
    if answer.status in _DENIED:
        return errors.denied(
            f"{said}; check {service.username_variable} and {service.password_variable}"
        )
    return errors.refused(said)


def stranger(endpoint: Endpoint, path: str, answer: Answer) -> SimulatorError:
    """The error that a successful answer means which such a server does not give."""
    service = endpoint.service
    return service.errors.elsewhere(
        f"{endpoint.url}{path} does not answer as a {service.name}; check the address "
        f"(it says: {shortened(answer.body[:_MOST_WORDS].decode(errors='replace')) or 'nothing'})"
    )


def failure(
    endpoint: Endpoint, request: str, error: Exception, budget: ExchangeBudget, seconds: float
) -> SimulatorError:
    """The error that a request without a whole answer within `seconds` means."""
    service, errors = endpoint.service, endpoint.service.errors
    where = f"{service.name} {endpoint.url}"
    causes = tuple(_causes(error))
    if isinstance(error, AnswerTooLongError):
        size = f"{budget.most_bytes / MEBIBYTE:g} MiB"
        return errors.too_long(f"{where} answers {request} with more than {size}, which is cut off")
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return errors.unavailable(_too_slow(where, budget, seconds))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return errors.elsewhere(
                f"{where} is not trusted ({cause.verify_message}); "
                f"name its authority's PEM file in {service.ca_file_variable}"
            )
        if _is_not_http(cause) or isinstance(cause, DecodeError):
            said = shortened(f"{type(cause).__name__}: {cause}")
            return errors.elsewhere(f"{where} does not speak HTTP as it should ({said})")
    return errors.unreachable(f"{where} cannot be reached: {_reason(causes)}")


def server_words(body: bytes) -> str:
    """The start of what a server says, on one line, without what would steer a terminal."""
    words = " ".join(body[: 4 * _MOST_WORDS].decode(errors="replace").split())
    cut = words if len(words) <= _MOST_WORDS else words[:_MOST_WORDS] + "..."
    return printable(cut) or "(no text)"


def _too_slow(where: str, budget: ExchangeBudget, seconds: float) -> str:
    if not budget.received_bytes:
        return f"{where} does not answer within {seconds:g} s"
    return (
        f"{where} does not end its answer within {seconds:g} s "
        f"({budget.received_bytes:,} bytes came)"
    )


def _is_not_http(error: BaseException) -> bool:
    """Whether something came that is not HTTP, rather than nothing or too little."""
    is_cut = isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead)
    return isinstance(error, http.client.HTTPException) and not is_cut


def _reason(causes: tuple[BaseException, ...]) -> str:
    """The operating system's or the TLS library's words, or the innermost there are."""
    of_system = [c for c in causes if isinstance(c, OSError) and not isinstance(c, HTTPError)]
    cause = (of_system or causes)[-1]
    return shortened(str(getattr(cause, "strerror", None) or cause))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those it comes from; urllib3 keeps some of them among the arguments only."""
    yield error
    inner = [arg for arg in error.args if isinstance(arg, BaseException)]
    for cause in (*inner, error.__cause__ or error.__context__):
        if cause is not None:
            yield from _causes(cause)
