"""HTTP requests and predictions, and how long they take."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from simulator.measures.http_details import CLASS_OF_STATUS, by_sender, by_status
from simulator.measures.instances import by_instance
from simulator.measures.measure import Histogram, Level, Measure, Numbers, over
from simulator.measures.seen import Seen
from simulator.measures.splits import shared_out
from simulator.scenario.vocabulary import Signal
from simulator.simulation.arrays import Floats, Ints, summable
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.trace import Trace

__all__ = ["PREDICTIONS", "REQUESTS"]

_SENDERS: Final = ("channel", "version")
_INSTANCE: Final = "instance"
#: What is answered for a replica that is gone, as far as a row says what.
_FOR_NOBODY: Final = ("503", "5xx", None)
_SCORING: Final = frozenset({"score", "batch"})
#: A class is that of an exact status.
_CLASSES: Final = (("class", "status", tuple(CLASS_OF_STATUS.tolist())),)
#: Seconds for which a request in each bucket stands where a total is shared out.
_MIDDLES: Final = np.append((np.append(0.0, HTTP_EDGES[:-1]) + HTTP_EDGES) / 2.0, HTTP_EDGES[-1])


def _http(seen: Seen, asked: tuple[str, ...]) -> Histogram:
    """By class as they are simulated; what is finer is told apart where it is asked for."""
    requests = seen.trace.requests
    if {"status", _INSTANCE, *_SENDERS}.isdisjoint(asked):
        own = ("endpoint", "class")
        counts, seconds = requests.http, summable(requests.http_seconds)
        return Histogram(over(counts, own, asked), over(seconds, own, asked))
    counts, more = _finer(seen, asked)
    axes = ("endpoint", "status", *more)
    seconds = _seconds(counts, requests.http_seconds)
    if "class" in asked:
        axes = ("endpoint", "class", *axes[2:])
        counts, seconds = _by_class(counts), _by_class(seconds)
    return Histogram(over(counts, axes, asked), over(seconds, axes, asked))


def _finer(seen: Seen, asked: tuple[str, ...]) -> tuple[Ints, tuple[str, ...]]:
    """Requests by endpoint, exact status and bucket, and what else they are told apart by."""
    if _INSTANCE in asked:
        return by_instance(seen), (_INSTANCE,)
    if not set(_SENDERS).isdisjoint(asked):
        return by_sender(seen), _SENDERS
    return by_status(seen), ()


def _seconds(counts: Ints, by_class: Floats) -> Floats:
    """Each class's seconds (ticks, endpoints, classes) shared out to what is told apart in it.

    Of counts (ticks, endpoints, statuses, ..., buckets) without the buckets; exact in their sum.
    """
    weights = counts @ _MIDDLES
    found = np.zeros(weights.shape)
    for status_class in range(by_class.shape[2]):
        (among,) = np.nonzero(np.equal(CLASS_OF_STATUS, status_class))
        inside = weights[:, :, among]
        flat = inside.reshape(*inside.shape[:2], -1)
        found[:, :, among] = shared_out(by_class[:, :, status_class], flat).reshape(inside.shape)
    return found


def _by_class(values: Numbers) -> Numbers:
    """Values by status (ticks, endpoints, statuses, ...) added up by class."""
    return np.stack([values[:, :, c == CLASS_OF_STATUS].sum(axis=2) for c in range(3)], axis=2)


def _occurs(row: Mapping[str, str]) -> bool:
    """Only who asks for a score has a channel and a version, and a batch is of no one version.

    What no replica answered is unavailable.
    """
    if row.get(_INSTANCE) == "" and row.get("status", row.get("class")) not in _FOR_NOBODY:
        return False
    endpoint = row.get("endpoint")
    if endpoint is None:
        return True
    if endpoint not in _SCORING:
        return not row.get("channel") and not row.get("version")
    return not (endpoint == "batch" and row.get("version"))


def _api_state(
    name: str,
    help_text: str,
    values: Callable[[Trace], Floats | Ints],
    *,
    dimensions: tuple[str, ...] = (),
    signal: Signal | None = None,
) -> Measure:
    return Measure(
        name,
        "scoring-api",
        "state",
        help_text,
        dimensions,
        lambda seen, _: values(seen.trace),
        signal=signal,
    )


def _predictions(seen: Seen, asked: tuple[str, ...]) -> Histogram:
    scored = seen.trace.scored
    counts = over(scored.prediction, ("version",), asked)
    return Histogram(counts, over(summable(scored.prediction_seconds), ("version",), asked))


REQUESTS: Final = (
    Measure(
        "http_requests",
        "scoring-api",
        "histogram",
        "HTTP requests, and how long they took.",
        ("endpoint", "class", "status", *_SENDERS, _INSTANCE),
        _http,
        unit="seconds",
        edges=tuple(HTTP_EDGES.tolist()),
        levels=(
            Level(("endpoint", "class")),
            Level(("endpoint", "status"), _CLASSES),
            Level(("endpoint", "status", *_SENDERS), _CLASSES),
            Level(("endpoint", "status", _INSTANCE), _CLASSES),
        ),
        apart=(
            frozenset({"class", "status"}),
            *(frozenset({_INSTANCE, sender}) for sender in _SENDERS),
        ),
        open_ended=(*_SENDERS, _INSTANCE),
        occurs=_occurs,
        signal="response-time",
    ),
    _api_state(
        "http_requests_in_progress",
        "HTTP requests in progress, waiting or in work.",
        lambda t: t.requests.in_flight,
    ),
    _api_state(
        "waiting_requests",
        "HTTP requests that wait for a worker.",
        lambda t: t.requests.waiting,
        signal="response-time",
    ),
    _api_state(
        "busy_workers",
        "Workers that are answering a request.",
        lambda t: t.requests.busy,
    ),
    _api_state(
        "workers",
        "Workers that there are.",
        lambda t: t.causes.workers,
        signal="response-time",
    ),
    _api_state(
        "expected_requests",
        "HTTP requests per second that are to come by the hour; how many do is chance.",
        lambda t: t.requests.expected / t.grid.step,
    ),
    _api_state(
        "api_replicas_up",
        "1 for each replica of the API that works, 0 for one that is gone.",
        lambda t: t.causes.replicas.is_up.astype(np.int64),
        dimensions=("instance",),
        signal="success-rate",
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
