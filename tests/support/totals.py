"""What has been counted since the start of a trace, whatever restarts in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.simulation.arrays import summable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.simulation.trace import Trace

    Counts = NDArray[np.int64]
    Seconds = NDArray[np.floating]


@dataclass(frozen=True)
class Totals:
    """Running sums, ticks first; shapes as of the increments in the trace."""

    applications: Counts
    http: Counts
    http_seconds: Seconds
    scores: Counts
    levels: Counts
    decisions: Counts
    prediction: Counts
    prediction_seconds: Seconds
    violations: Counts
    violation_parents: Counts
    s3_requests: Counts
    s3_missing: Counts
    s3_errors: Counts
    first_byte: Counts


def totals_of(trace: Trace) -> Totals:
    requests, scored, storage, violations = (
        trace.requests,
        trace.scored,
        trace.storage,
        trace.violations,
    )
    return Totals(
        applications=_sums(requests.applications),
        http=_sums(requests.http),
        http_seconds=_sums(summable(requests.http_seconds)),
        scores=_sums(scored.scores),
        levels=_sums(scored.levels),
        decisions=_sums(scored.decisions),
        prediction=_sums(scored.prediction),
        prediction_seconds=_sums(summable(scored.prediction_seconds)),
        violations=_sums(violations.counts),
        violation_parents=_sums(violations.parents),
        s3_requests=_sums(storage.requests),
        s3_missing=_sums(storage.missing),
        s3_errors=_sums(storage.errors),
        first_byte=_sums(storage.first_byte),
    )


def _sums(increments: NDArray[Any]) -> NDArray[Any]:
    return np.cumsum(increments, axis=0)
