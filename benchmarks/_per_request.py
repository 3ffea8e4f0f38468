"""What one would write without this project: a loop over requests that observes each of them.

It simulates less: the scoring API and the model on a healthy platform, no episodes, no Kafka, no
MinIO, no compliance and no model monitoring. It is written to be quick: scalars from `random`, and
children of the metrics looked up once rather than by `labels()` for every request.
"""

import math
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from random import Random

import numpy as np
from prometheus_client import CollectorRegistry, Counter, Histogram

__all__ = ["PerRequestSimulation"]

_CHANNELS = {"web": 45, "mobile": 35, "partner": 15, "branch": 5}
_LEVELS = ("very_high", "high", "medium", "low")
_EDGES = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
_WEIGHTS = np.array([0.45, 0.5, 0.35, -0.28, -0.3, 1.7, 0.25, 0.25, -0.55, -0.45, -0.15, 0.1])


class PerRequestSimulation:
    """Requests one by one, observed into prometheus_client's own metrics."""

    def __init__(self, seed: int) -> None:
        registry = CollectorRegistry()
        self._random = Random(seed)  # noqa: S311 - a simulation, not a secret
        self._features = _standard_rows(np.random.default_rng(seed))
        self._cumulative = list(accumulate(_CHANNELS.values()))
        requests = Counter("scoring_requests", "Received.", ["channel"], registry=registry)
        levels = Counter("scoring_risk_level", "Scored.", ["level"], registry=registry)
        http = Histogram(
            "http_request_duration_seconds",
            "Duration.",
            ["method", "endpoint", "status"],
            buckets=_EDGES,
            registry=registry,
        )
        self._requests = [requests.labels(channel) for channel in _CHANNELS]
        self._levels = [levels.labels(level) for level in _LEVELS]
        self._http = http.labels("POST", "/v1/score", "2xx")
        self._scores = Histogram(
            "scoring_credit_score",
            "Scores.",
            buckets=(399.5, 449.5, 499.5, 549.5, 579.5, 639.5, 669.5, 739.5, 799.5, 850),
            registry=registry,
        )
        self._predictions = Histogram(
            "ml_prediction_duration", "Predictions.", buckets=_EDGES, registry=registry
        )

    def run(self, seconds: float, per_second: float) -> int:
        """Simulates so much time and gives the number of requests in it."""
        clock, n_requests = 0.0, 0
        while (clock := clock + self._random.expovariate(per_second)) < seconds:
            self._request()
            n_requests += 1
        return n_requests

    def _request(self) -> None:
        random = self._random
        channel = bisect(self._cumulative, random.random() * self._cumulative[-1])
        self._requests[channel].inc()
        log_odds = float(next(self._features) @ _WEIGHTS) - 2.75
        score = min(max(484.0 - 57.7 * log_odds, 300.0), 850.0)
        prediction = random.lognormvariate(math.log(0.012), 0.5)
        self._scores.observe(score)
        self._levels[bisect((580.0, 670.0, 740.0), score)].inc()
        self._predictions.observe(prediction)
        self._http.observe(prediction + random.lognormvariate(math.log(0.03), 0.6))


def _standard_rows(rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Standardised features of applicants without end, drawn a thousand at a time."""
    while True:
        yield from rng.standard_normal((1000, len(_WEIGHTS)))
