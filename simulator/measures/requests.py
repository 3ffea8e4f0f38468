"""HTTP requests and predictions, and how long they take."""

from typing import Final

from simulator.measures.measure import Histogram, Measure, over
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES

__all__ = ["PREDICTIONS", "REQUESTS"]

_AXES: Final = ("endpoint", "class")


def _http(seen: Seen, asked: tuple[str, ...]) -> Histogram:
    requests = seen.trace.requests
    return Histogram(over(requests.http, _AXES, asked), over(requests.http_seconds, _AXES, asked))


def _in_flight(seen: Seen, _: tuple[str, ...]) -> Floats:
    return seen.trace.requests.in_flight


def _predictions(seen: Seen, asked: tuple[str, ...]) -> Histogram:
    scored = seen.trace.scored
    counts = over(scored.prediction, ("version",), asked)
    return Histogram(counts, over(scored.prediction_seconds, ("version",), asked))


REQUESTS: Final = (
    Measure(
        "http_requests",
        "scoring-api",
        "histogram",
        "HTTP requests, and how long they took.",
        _AXES,
        _http,
        unit="seconds",
        edges=tuple(HTTP_EDGES.tolist()),
        signal="response-time",
    ),
    Measure(
        "http_requests_in_progress",
        "scoring-api",
        "state",
        "HTTP requests in progress, waiting or in work.",
        (),
        _in_flight,
    ),
)
PREDICTIONS: Final = (
    Measure(
        "predictions",
        "ml-model",
        "histogram",
        "Predictions, and how long they took.",
        ("version",),
        _predictions,
        unit="seconds",
        edges=tuple(PREDICTION_EDGES.tolist()),
        signal="prediction-latency",
    ),
)
