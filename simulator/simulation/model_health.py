"""What the model's monitoring knows: the applications of its windows, and the gauges of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from simulator.simulation.arrays import Bools, Floats, Ints, SmallInts, shares
from simulator.simulation.divergence import psi
from simulator.simulation.quality import (
    auc,
    balanced_accuracy,
    default_ratio,
    expected_default_ratio,
)

__all__ = ["ModelHealth"]


@dataclass(frozen=True)
class ModelHealth:
    """Counts per tick and version, ticks first; of a version without traffic windows are empty.

    `recent` are the latest applications by bin of their features and, last, of the score (ticks,
    versions, features + 1, bins), and `seen` says whether that window is at least half full (ticks,
    versions); `expected` are the bins' shares in the development sample (versions, features + 1,
    bins). `labelled` are the latest labels by score cell and outcome good, bad (ticks, versions,
    cells, 2), and `judged` whether that window is at least half full (ticks, versions); `matured`
    the labels that came in the tick, with traffic or without (as `labelled`); `cut_off_cells` the
    first cell that a version predicts good (versions,).

    `importance` (ticks, versions, features) sums to 1: of the latest back-test, and until the first
    one of the development sample; `nan` for a version without traffic.
    """

    recent: SmallInts
    seen: Bools
    expected: Floats
    labelled: Ints
    judged: Bools
    matured: Ints
    cut_off_cells: Ints
    importance: Floats

    @cached_property
    def drift(self) -> Floats:
        """PSI by feature and, last, of the score (ticks, versions, features + 1)."""
        return self.drift_by(psi)

    @cached_property
    def accuracy(self) -> Floats:
        """Balanced accuracy at the version's own cut-off (ticks, versions)."""
        return self.judged_by(partial(balanced_accuracy, cut_off_cell=self.cut_off_cells))

    @cached_property
    def auc(self) -> Floats:
        """Area under the ROC curve (ticks, versions)."""
        return self.judged_by(auc)

    @cached_property
    def default_ratio(self) -> Floats:
        """The share of the labels that are defaults (ticks, versions)."""
        return self.judged_by(default_ratio)

    @cached_property
    def expected_default_ratio(self) -> Floats:
        """The share that was to default by the scores of the same (ticks, versions)."""
        return self.judged_by(expected_default_ratio)

    def judged_by(self, measure: Callable[[Ints], Floats]) -> Floats:
        """What a measure of `quality` makes of the labels; `nan` where a version is not judged."""
        return _where(self.judged, measure(self.labelled))

    def drift_by(self, distance: Callable[[Floats, Floats], Floats]) -> Floats:
        """How far windows are from the development sample; `nan` where a version is not seen.

        Args:
            distance: one of `divergence`.

        Returns:
            By feature and, last, of the score (ticks, versions, features + 1).
        """
        return _where(self.seen, distance(shares(self.recent), self.expected))


def _where(known: Bools, values: Floats) -> Floats:
    """Values (ticks, versions, ...) where they are `known` (ticks, versions), else `nan`."""
    more = (1,) * (values.ndim - known.ndim)
    return np.where(known.reshape(*known.shape, *more), values, np.nan)
