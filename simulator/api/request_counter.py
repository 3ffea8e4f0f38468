"""Counts what requests do during a tick, and hands the tick its Tally."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES, Channel, Endpoint
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.requests import OUTCOMES, Requests
from simulator.simulation.tally import Tally

__all__ = ["RequestCounter"]

_HTTP_EDGES: Final = HTTP_EDGES.tolist()
_PREDICTION_EDGES: Final = PREDICTION_EDGES.tolist()
_CHANNEL: Final = {c: i for i, c in enumerate(CHANNELS)}
_ENDPOINT: Final = {e: i for i, e in enumerate(ENDPOINTS)}
_OUTCOME: Final = {o: i for i, o in enumerate(OUTCOMES)}


@dataclass
class _Rows:
    """One tick's observations, as plain lists: appending is all a request has to do."""

    outcomes: list[tuple[int, int, int]] = field(default_factory=list)  # channel, outcome, count
    http: list[tuple[int, int, int, float]] = field(default_factory=list)  # where, bucket, seconds
    true: list[Sequence[float]] = field(default_factory=list)
    given: list[Sequence[float]] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    predictions: list[float] = field(default_factory=list)
    bureau: list[bool] = field(default_factory=list)  # one per call: whether it failed


class RequestCounter:
    """Collects observations and gives them out once per tick; for one thread."""

    def __init__(self, n_versions: int) -> None:
        self._n_versions = n_versions
        self._rows = _Rows()
        self._in_flight = 0

    def begun(self) -> None:
        """A request of the platform's has come, and will be `done`."""
        self._in_flight += 1

    def done(self) -> None:
        """A request that had begun has its answer, or will have none."""
        self._in_flight -= 1

    def applications(self, channel: Channel, outcome: str, count: int) -> None:
        """Applications of a channel ended in `outcome`, one of OUTCOMES."""
        self._rows.outcomes.append((_CHANNEL[channel], _OUTCOME[outcome], count))

    def request(self, endpoint: Endpoint, status: int, seconds: float) -> None:
        """A request was answered with an HTTP status; how long that took, in seconds."""
        status_class = min(max(status // 100, 2), 5)
        column = 0 if status_class <= 3 else status_class - 3  # noqa: PLR2004 - a redirect is fine
        bucket = bisect_left(_HTTP_EDGES, seconds)
        self._rows.http.append((_ENDPOINT[endpoint], column, bucket, seconds))

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
        shapes = Requests.shapes()
        applications = np.zeros((1, *shapes["applications"]), dtype=np.int64)
        for channel, outcome, count in rows.outcomes:
            applications[0, channel, outcome] += count
        http, http_seconds = _http_counts(rows.http)
        prediction, prediction_seconds = self._predictions(rows)
        return Tally(
            requests=Requests(
                applications=applications,
                http=http,
                http_seconds=http_seconds,
                in_flight=np.array([float(self._in_flight)]),
                bureau_calls=np.array([len(rows.bureau)], dtype=np.int64),
                bureau_failures=np.array([sum(rows.bureau)], dtype=np.int64),
            ),
            true=np.array(rows.true, dtype=np.float64).reshape(-1, len(FEATURES)),
            given=np.array(rows.given, dtype=np.float64).reshape(-1, len(FEATURES)),
            scores=np.array(rows.scores, dtype=np.int64),
            version=np.array(rows.versions, dtype=np.int64),
            prediction=prediction,
            prediction_seconds=prediction_seconds,
        )

    def _predictions(self, rows: _Rows) -> tuple[Ints, Floats]:
        seconds = np.array(rows.predictions)
        version = np.array(rows.versions, dtype=np.int64)
        counts = np.zeros((self._n_versions, len(_PREDICTION_EDGES) + 1), dtype=np.int64)
        np.add.at(counts, (version, np.searchsorted(_PREDICTION_EDGES, seconds)), 1)
        return counts, np.bincount(version, seconds, self._n_versions).astype(np.float64)


def _http_counts(
    observed: list[tuple[int, int, int, float]],
) -> tuple[Ints, Floats]:
    shapes = Requests.shapes()
    http = np.zeros((1, *shapes["http"]), dtype=np.int64)
    seconds = np.zeros((1, *shapes["http_seconds"]))
    for endpoint, column, bucket, duration in observed:
        http[0, endpoint, column, bucket] += 1
        seconds[0, endpoint, column] += duration
    return http, seconds
