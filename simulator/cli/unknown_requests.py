"""What a running platform says of requests that it did not know."""

from typing import Final

from simulator.adopt.from_requests import UNKNOWN_REQUESTS, UnknownRequests, unknown_requests_in
from simulator.api.control_token import TOKEN_HEADER, control_token
from simulator.errors import MappingError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import refusal
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session

__all__ = ["unknown_requests"]

_PLATFORM: Final = Service("platform", "SIMULATOR_PLATFORM", ExchangeErrors.all(MappingError))
_TIMEOUT_SECONDS: Final = 10.0


def unknown_requests(url: str) -> UnknownRequests:
    """What the platform at a URL lists.

    Raises:
        MappingError: nothing answers there, it does not let us look, or it lists no requests.
    """
    endpoint = Endpoint.from_environment(url, of=_PLATFORM)
    token = control_token()
    headers = {} if token is None else {TOKEN_HEADER: token}
    with Session(endpoint, timeout_seconds=_TIMEOUT_SECONDS, most_bytes=4 * MEBIBYTE) as session:
        answer = session.exchange("GET", UNKNOWN_REQUESTS, headers=headers)
    if not answer.is_success:
        raise refusal(endpoint, f"GET {UNKNOWN_REQUESTS}", answer)
    return unknown_requests_in(answer.body, endpoint.url)
