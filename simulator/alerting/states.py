"""From when to when an alert fires, given at which evaluations its expression had it.

Prometheus's rules (rules/alerting.go, AlertingRule.Eval): an alert is pending from the first
evaluation that has it, fires once that is `for` ago, and ends at the first one that does not have
it, unless it fires and `keep_firing_for` has not passed since; within that it goes on as before.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["firing", "steps_of"]

Flags = NDArray[np.bool_]


def steps_of(seconds: float, interval: float) -> int:
    """After how many evaluations a time has passed, to the millisecond.

    >>> steps_of(60.0, 30.0), steps_of(45.0, 30.0), steps_of(0.0, 30.0)
    (2, 2, 0)
    """
    return -(-round(seconds * 1000.0) // round(interval * 1000.0))


def firing(active: Flags, hold: int, keep_firing: int, broken: Flags | None = None) -> Flags:
    """Whether each alert fires at each evaluation, shape (alerts, evaluations) as `active`.

    `hold` and `keep_firing` are in evaluations. After one that is `broken`, of shape
    (evaluations,), all begins anew, as where a rule has more alerts than its limit.

    >>> on = np.array([[0, 1, 1, 1, 0, 1, 0, 0, 0]], dtype=bool)
    >>> firing(on, 2, 0).astype(int).tolist(), firing(on, 2, 2).astype(int).tolist()
    ([[0, 0, 0, 1, 0, 0, 0, 0, 0]], [[0, 0, 0, 1, 1, 1, 1, 1, 0]])
    """
    cut = np.zeros(active.shape[1], dtype=np.bool_) if broken is None else broken
    found = np.zeros_like(active)
    breaks = np.flatnonzero(cut)
    for row, alert in zip(found, active & ~cut, strict=True):
        ended, fires_until = 0, -1  # of what fired before: its end, and that of being kept
        for start, end in _runs(alert):
            is_broken = np.searchsorted(breaks, start) > np.searchsorted(breaks, ended)
            first = start if start <= fires_until and not is_broken else start + hold
            ended, fires_until = end, -1
            if first < end:
                row[first:end] = True
                after = breaks[np.searchsorted(breaks, end) :]
                last = int(after[0]) if len(after) else len(row)
                row[end : min(end + keep_firing, last)] = True
                fires_until = end + keep_firing
    return found


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    turns = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)
