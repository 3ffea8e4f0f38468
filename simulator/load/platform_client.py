"""Bounded requests of what a platform says of itself, apart from the users' requests."""

from collections.abc import Mapping
from typing import Final

from simulator.errors import SimulatorError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import server_words
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.load.trust import Trust
from simulator.quoting import shortened

__all__ = ["UnreadableError", "client", "get"]

_TIMEOUT_SECONDS: Final = 10.0  # a platform that is overloaded is slow in saying so
_MOST_BYTES: Final = 4 * MEBIBYTE
_REFUSED: Final = frozenset({401, 403, 421})  # by who may look at the simulation
_NO_SUCH_ROUTE: Final = frozenset({404, 405, 501})


class UnreadableError(SimulatorError):
    """Why a request gave nothing; `is_of_other_api` where the API just has no such route."""

    def __init__(self, reason: str, *, is_of_other_api: bool = False) -> None:
        super().__init__(shortened(reason))
        self.is_of_other_api = is_of_other_api


# its prefix makes SIMULATOR_CA_FILE the variable that messages name, which is --ca-file's
_PLATFORM: Final = Service("platform", "SIMULATOR", ExchangeErrors.all(UnreadableError))


def client(host: str, trust: Trust) -> Session:
    """A session with the platform at a base URL, which believes whom the users believe."""
    endpoint = Endpoint(url=host.rstrip("/"), service=_PLATFORM, ca_file=trust.ca_file)
    return Session(endpoint, timeout_seconds=_TIMEOUT_SECONDS, most_bytes=_MOST_BYTES)


def get(session: Session, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """What a path gives, of bounded size and in bounded time.

    Raises:
        UnreadableError: it gives nothing, or something else than a success.
    """
    answer = session.exchange("GET", path, headers=headers)
    if answer.is_success:
        return answer.body
    said = f"{session.endpoint.url}{path}: answered with {answer.status}"
    if answer.status in _REFUSED:
        said += f", {server_words(answer.body)}"
    raise UnreadableError(said, is_of_other_api=answer.status in _NO_SUCH_ROUTE)
