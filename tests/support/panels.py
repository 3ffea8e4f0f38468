"""What the dashboards' panels show, computed from a Trace: the tests' own reading of the panels."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.trace import Trace
from tests.support.totals import totals_of

_Number = TypeVar("_Number", np.int64, np.float64)
PRIOR_SCORINGS, PRIOR_VIOLATIONS = 20_000, 2.92


@dataclass(frozen=True)
class Field:
    """One field of a panel: its values (ticks,), and the steps (orange, red) it is judged by."""

    values: NDArray[np.floating]
    orange: float | None
    red: float | None
    is_lower_worse: bool = False

    def colours(self) -> NDArray[np.str_]:
        sign = -1.0 if self.is_lower_worse else 1.0
        colours = np.full(self.values.shape, "green", dtype="<U6")
        for colour, limit in (("orange", self.orange), ("red", self.red)):
            if limit is None:
                continue
            # a step at or above its value is reached; "lower is worse" ones are left below it
            reached = self.values < limit if self.is_lower_worse else self.values >= limit
            colours[reached] = colour
        colours[np.isnan(sign * self.values)] = "none"
        return colours


def increase(counter: NDArray[_Number], ticks: int) -> NDArray[_Number]:
    """Increase of a counter (ticks, ...) over the latest so many ticks, or since the start."""
    before = np.concatenate(
        [np.zeros((ticks, *counter.shape[1:]), counter.dtype), counter[:-ticks]]
    )
    return counter - before


def quantile(
    counts: NDArray[np.int64], edges: NDArray[np.floating], q: float
) -> NDArray[np.floating]:
    """histogram_quantile of buckets (ticks, edges + 1), not cumulated; nan where there are none."""
    cumulative = np.cumsum(counts, axis=1)
    rank = q * cumulative[:, -1]
    bucket = np.minimum((cumulative < rank[:, np.newaxis]).sum(axis=1), len(edges) - 1)
    rows = np.arange(len(counts))
    below = np.where(bucket > 0, cumulative[rows, np.maximum(bucket - 1, 0)], 0)
    lower = np.where(bucket > 0, edges[np.maximum(bucket - 1, 0)], 0.0)
    inside = np.maximum(counts[rows, bucket], 1)
    value = lower + (edges[bucket] - lower) * (rank - below) / inside
    return np.where(cumulative[:, -1] > 0, np.minimum(value, edges[-1]), np.nan)


def fields(trace: Trace, window_seconds: float) -> dict[str, dict[str, Field]]:
    """The fields with thresholds of every panel, by panel title."""
    w = round(window_seconds / trace.grid.step)
    totals = totals_of(trace)
    applications = increase(totals.applications, w)
    received = applications.sum(axis=(1, 2))
    scored = applications[:, :, 0].sum(axis=1)
    violations = increase(totals.violations, w).sum(axis=1)
    http = increase(totals.http, w).sum(axis=2)
    lag = trace.topic.lag.sum(axis=2)
    serving = trace.causes.version_shares > 0.0
    accuracy = np.where(serving, trace.model.accuracy, np.nan)
    expected = trace.model.expected_default_ratio
    defaults = np.where(serving, trace.model.default_ratio / expected, np.nan)
    drift = np.where(serving[:, :, np.newaxis], trace.model.drift, np.nan)
    replicas = trace.scenario.platform.kafka.replication
    storage = trace.storage
    with np.errstate(divide="ignore", invalid="ignore"):
        success = np.where(received > 0, scored / received, np.nan)
        free = np.where(storage.usable_total > 0, storage.usable_free / storage.usable_total, 0.0)
    return {
        "Model Performance Overview": {
            f"accuracy {v}": Field(accuracy[:, v], 0.70, 0.66, is_lower_worse=True)
            for v in range(accuracy.shape[1])
        },
        "Observed vs Expected Defaults": {
            f"ratio {v}": Field(defaults[:, v], 1.4, 1.8) for v in range(defaults.shape[1])
        },
        "Prediction Latency": {
            f"p95 {v}": Field(
                quantile(increase(totals.prediction, w)[:, v], PREDICTION_EDGES, 0.95), 0.1, 0.25
            )
            for v in range(accuracy.shape[1])
        },
        "Model Drift Detection": {
            f"PSI {v}.{f}": Field(drift[:, v, f], 0.10, 0.25)
            for v in range(drift.shape[1])
            for f in range(drift.shape[2])
        },
        "Scoring Success Rate": {"success rate": Field(success, 0.991, 0.95, is_lower_worse=True)},
        "API Response Times": {
            f"p95 {e}": Field(quantile(http[:, e], HTTP_EDGES, 0.95), 0.4, 1.0)
            for e in range(http.shape[1])
        },
        "Data Pipeline Health": {
            "lag": Field(lag.max(axis=1).astype(float), 1000.0, 10_000.0),
            "under-replicated": Field(
                (trace.cluster.in_sync < replicas).sum(axis=1).astype(float), 1.0, None
            ),
            "below min ISR": Field((~trace.cluster.writable).sum(axis=1).astype(float), None, 1.0),
            "drives offline": Field(trace.drives.drives_offline.astype(float), 1.0, None),
            "quorum": Field(
                trace.drives.can_write.astype(float),
                None,
                0.5,
                is_lower_worse=True,
            ),
            "free": Field(free, 0.20, 0.10, is_lower_worse=True),
        },
        "Compliance Violations per 10,000": {
            "total": Field(
                1e4 * (violations + PRIOR_VIOLATIONS) / (scored + PRIOR_SCORINGS), 4.0, 9.0
            )
        },
    }
