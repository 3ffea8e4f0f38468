"""What a run writes into its group of job `simulator`, so that others know it from theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.metrics.exposition import Exposition
from simulator.metrics.self_monitoring import JOB, MARK
from simulator.pushing.groups import Group

__all__ = ["Mark", "mark_among"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A run's start in unix seconds by its own clock, and its seconds from push to push.

    The start is only ever compared with itself: it tells runs apart, and no clock has to be right.
    """

    started: float
    interval_seconds: float

    @property
    def text(self) -> bytes:
        """What is pushed while the run goes on."""
        return self._said(self.interval_seconds)

    @property
    def last_text(self) -> bytes:
        """What is pushed last, where groups are kept: no push will follow."""
        return self._said(0.0)

    def _said(self, interval_seconds: float) -> bytes:
        return Exposition(MARK).text(np.array([self.started, interval_seconds]))


def mark_among(groups: Sequence[Group]) -> Group | None:
    """The group of an instance's groups that has a mark in it; None where none has."""
    return next((g for g in groups if g.labels["job"] == JOB and g.run_start is not None), None)
