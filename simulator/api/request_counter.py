"""Counts what requests do during a tick, and hands the tick its Tally."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES, Channel, Endpoint
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.requests import (
    OUTCOMES,
    STATUSES,
    Requests,
    class_of_status,
    nearest_status,
)
from simulator.simulation.tally import LastScored, Tally

__all__ = ["RequestCounter"]

_HTTP_EDGES: Final = HTTP_EDGES.tolist()
_PREDICTION_EDGES: Final = PREDICTION_EDGES.tolist()
_CHANNEL: Final = {c: i for i, c in enumerate(CHANNELS)}
_ENDPOINT: Final = {e: i for i, e in enumerate(ENDPOINTS)}
_OUTCOME: Final = {o: i for i, o in enumerate(OUTCOMES)}
_CLASS_OF_STATUS: Final = np.array([class_of_status(s) for s in STATUSES])
_nearest_status = cache(nearest_status)


@dataclass
class _Rows:
    """One tick's observations, as plain lists: appending is all a request has to do."""

    singles: list[tuple[int, int]] = field(default_factory=list)  # channel, outcome
    batches: list[tuple[int, int, int]] = field(default_factory=list)  # channel, outcome, size
    http: list[tuple[int, int, int]] = field(default_factory=list)  # endpoint, status, bucket
    seconds: list[float] = field(default_factory=list)  # of each request in `http`
    true: list[Sequence[float]] = field(default_factory=list)
    given: list[Sequence[float]] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    predictions: list[float] = field(default_factory=list)
    bureau: list[bool] = field(default_factory=list)  # one per call: whether it failed
    last_channel: int = 0  # of the latest request whose applications were scored


class RequestCounter:
    """Collects observations and gives them out once per tick; for one thread.

    Args:
        n_versions: of the model.
        in_line: how many requests wait for a worker at the moment, and how many are in work.
    """

    def __init__(
        self, n_versions: int, in_line: Callable[[], tuple[int, int]] = lambda: (0, 0)
    ) -> None:
        self._n_versions = n_versions
        self._in_line = in_line
        self._rows = _Rows()
        self._in_flight = 0

    def begun(self) -> None:
        """A request of the platform's has come, and will be `done`."""
        self._in_flight += 1

    def done(self) -> None:
        """A request that had begun has its answer, or will have none."""
        self._in_flight -= 1

    def single(self, channel: Channel, outcome: str) -> None:
        """A request with one application of a channel ended in `outcome`, one of OUTCOMES."""
        self._rows.singles.append((_CHANNEL[channel], _OUTCOME[outcome]))
        if outcome == "success":
            self._rows.last_channel = _CHANNEL[channel]

    def batch(self, channel: Channel, outcome: str, size: int) -> None:
        """A request with `size` applications of a channel ended in `outcome`, one of OUTCOMES."""
        self._rows.batches.append((_CHANNEL[channel], _OUTCOME[outcome], size))
        if outcome == "success" and size:
            self._rows.last_channel = _CHANNEL[channel]

    def request(self, endpoint: Endpoint, status: int, seconds: float) -> None:
        """A request was answered with an HTTP status; how long that took, in seconds.

        A status that is not among STATUSES counts as the nearest one of its class.
        """
        bucket = bisect_left(_HTTP_EDGES, seconds)
        self._rows.http.append((_ENDPOINT[endpoint], _nearest_status(status), bucket))
        self._rows.seconds.append(seconds)

    def scored(  # noqa: PLR0913 - what is known of a scored application
        self,
        *,
        true: Sequence[float],
        given: Sequence[float],
        score: int,
        version: int,
        prediction_seconds: float,
        bureau_failed: bool | None,
    ) -> None:
        """An application was scored; `bureau_failed` is None where it needed no bureau call."""
        rows = self._rows
        rows.true.append(true)
        rows.given.append(given)
        rows.scores.append(score)
        rows.versions.append(version)
        rows.predictions.append(prediction_seconds)
        if bureau_failed is not None:
            rows.bureau.append(bureau_failed)

    def take(self) -> Tally:
        """The tally since the last one was taken."""
        rows, self._rows = self._rows, _Rows()
        prediction, prediction_seconds = self._predictions(rows)
        return Tally(
            requests=_requests(rows, self._in_flight, self._in_line()),
            true=np.array(rows.true, dtype=np.float64).reshape(-1, len(FEATURES)),
            given=np.array(rows.given, dtype=np.float64).reshape(-1, len(FEATURES)),
            scores=np.array(rows.scores, dtype=np.int64),
            version=np.array(rows.versions, dtype=np.int64),
            prediction=prediction,
            prediction_seconds=prediction_seconds,
            last=_last(rows),
        )

    def _predictions(self, rows: _Rows) -> tuple[Ints, Floats]:
        seconds = np.array(rows.predictions)
        version = np.array(rows.versions, dtype=np.int64)
        counts = np.zeros((self._n_versions, len(_PREDICTION_EDGES) + 1), dtype=np.int64)
        np.add.at(counts, (version, np.searchsorted(_PREDICTION_EDGES, seconds)), 1)
        return counts, np.bincount(version, seconds, self._n_versions).astype(np.float64)


def _requests(rows: _Rows, in_flight: int, in_line: tuple[int, int]) -> Requests:
    """The requests of a tick, and how many of them are waiting and in work at its end."""
    channel, outcome = _columns(rows.singles, 2)
    singles = _counted("singles", (channel, outcome))
    of_batch, outcome, size = _columns(rows.batches, 3)
    batches = _counted("batches", (of_batch, outcome))
    in_batches = _counted("applications", (of_batch, outcome), size)
    endpoint, status, bucket = _columns(rows.http, 3)
    at = endpoint, _CLASS_OF_STATUS[status]
    http_seconds = np.zeros((1, *Requests.shapes()["http_seconds"]))
    np.add.at(http_seconds[0], at, rows.seconds)
    return Requests(
        applications=singles + in_batches,
        singles=singles,
        batches=batches,
        http=_counted("http", (*at, bucket)),
        http_seconds=http_seconds,
        statuses=_counted("statuses", (endpoint, status)),
        expected=np.array([float(len(rows.http))]),
        in_flight=np.array([float(in_flight)]),
        waiting=np.array([float(in_line[0])]),
        busy=np.array([float(in_line[1])]),
        bureau_calls=np.array([len(rows.bureau)], dtype=np.int64),
        bureau_failures=np.array([sum(rows.bureau)], dtype=np.int64),
    )


def _columns(rows: Sequence[tuple[int, ...]], n_columns: int) -> Ints:
    """Rows of whole numbers by column, shape (columns, rows)."""
    return np.array(rows, dtype=np.int64).reshape(-1, n_columns).T


def _counted(name: str, at: tuple[Ints, ...], each: Ints | int = 1) -> Ints:
    """An array of `Requests` that counts `each` of what is `at` these indices, of one tick."""
    counts = np.zeros((1, *Requests.shapes()[name]), dtype=np.int64)
    np.add.at(counts[0], at, each)
    return counts


def _last(rows: _Rows) -> LastScored | None:
    """Who was scored last: of the latest request, since each is counted with its applicants."""
    if not rows.scores:
        return None
    return LastScored(
        version=rows.versions[-1],
        channel=rows.last_channel,
        score=rows.scores[-1],
        prediction_seconds=rows.predictions[-1],
        given=np.array(rows.given[-1], dtype=np.float64),
    )
