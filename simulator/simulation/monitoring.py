"""What the model's monitoring reports: drift, accuracy, AUC and feature importance."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.scenario.baseline import Monitoring as MonitoringSpec
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.arrays import Bools, Floats, Ints, normalised
from simulator.simulation.count_window import CountWindow
from simulator.simulation.population import N_BINS, Population, Shares, reference
from simulator.simulation.scorecard import N_CELLS
from simulator.simulation.scoring import Scored

__all__ = ["ModelHealth", "Monitoring", "auc", "balanced_accuracy", "psi"]

#: Shares below this are raised to it, so that a bin empty on one side adds a finite amount.
_SMALLEST_SHARE: Final = 1e-4
_FEWEST_BAD: Final = 20  # defaults needed before accuracy and AUC say anything


@dataclass(frozen=True)
class ModelHealth:
    """Per tick and version; `nan` for one that serves no traffic or whose window is not half full.

    `drift` is PSI by feature and, last, of the score (ticks, versions, features + 1); `accuracy`
    balanced accuracy and `auc` (ticks, versions); `importance` (ticks, versions, features) sums to
    1.
    """

    drift: Floats
    accuracy: Floats
    auc: Floats
    importance: Floats


def psi(current: Floats, expected: Floats) -> Floats:
    """Population stability index along the last axis, whose shares sum to 1.

    sum (p - q) ln(p / q) over the bins: below 0.10 little, to 0.25 moderate, above it a shift that
    asks for action (E. M. Lewis, An Introduction to Credit Scoring, 1994). Without any shift it is
    not 0 but about (bins - 1)(1/n + 1/m) (B. Yurdakul, 2018).

    >>> float(psi(np.array([0.5, 0.5]), np.array([0.5, 0.5])))
    0.0
    >>> round(float(psi(np.array([0.6, 0.4]), np.array([0.5, 0.5]))), 4)
    0.0405
    """
    p, q = np.maximum(current, _SMALLEST_SHARE), np.maximum(expected, _SMALLEST_SHARE)
    return np.asarray(np.sum((p - q) * np.log(p / q), axis=-1))


def balanced_accuracy(counts: Ints, cut_off_cell: int) -> Floats:
    """Mean of the shares of goods and of bads that the cut-off puts on their side.

    Plain accuracy hardly moves at a bad rate of 7 %: "everybody is good" scores 93 %.

    Args:
        counts: by score cell and outcome good, bad; shape (..., cells, 2).
        cut_off_cell: first cell predicted good.

    Returns:
        Shape (...); `nan` below 20 bads.
    """
    totals = counts.sum(axis=-2)
    goods_right = counts[..., cut_off_cell:, 0].sum(axis=-1)
    bads_right = counts[..., :cut_off_cell, 1].sum(axis=-1)
    good, bad = totals[..., 0], totals[..., 1]
    known = (bad >= _FEWEST_BAD) & (good > 0)
    mean = (goods_right / np.maximum(good, 1) + bads_right / np.maximum(bad, 1)) / 2.0
    return np.where(known, mean, np.nan)


def auc(counts: Ints) -> Floats:
    """Area under the ROC curve: the chance that a good scores above a bad, ties counting half.

    Mann-Whitney's statistic over score cells. Shapes and `nan` as for `balanced_accuracy`.

    >>> cells = np.zeros((2, 2), dtype=np.int64)
    >>> cells[0, 1], cells[1, 0] = 50, 70
    >>> float(auc(cells))
    1.0
    """
    good, bad = counts[..., 0], counts[..., 1]
    goods_above = good.sum(axis=-1, keepdims=True) - np.cumsum(good, axis=-1)
    pairs = ((goods_above + good / 2.0) * bad).sum(axis=-1)
    n_good, n_bad = good.sum(axis=-1), bad.sum(axis=-1)
    known = (n_bad >= _FEWEST_BAD) & (n_good > 0)
    return np.where(known, pairs / np.maximum(n_good * n_bad, 1), np.nan)


class Monitoring:
    """Turns counts of scored applications into the gauges of the monitoring job."""

    def __init__(
        self, spec: MonitoringSpec, population: Population, step: float, streams: Streams
    ) -> None:
        self._spec = spec
        health = population.in_health
        n_versions = len(population.scorecards)
        first = streams.once("monitoring.before")
        bins = np.zeros((n_versions, len(FEATURES), N_BINS), dtype=np.int64)
        bins[0] = first.multinomial(spec.drift_window, normalised(health.bins))
        recent = np.zeros((n_versions, N_CELLS), dtype=np.int64)
        recent[0] = first.multinomial(spec.drift_window, normalised(health.cells[0].sum(axis=-1)))
        labelled = _labelled_before(spec, health, n_versions, first)
        delay = int(np.ceil(spec.label_delay / step))
        self._coefficients = np.array([c.coefficients for c in population.scorecards])
        self._windows = [
            _VersionWindows(
                bins=CountWindow(spec.drift_window * len(FEATURES), bins[v].reshape(-1)),
                recent=CountWindow(spec.drift_window, recent[v]),
                labelled=CountWindow(spec.performance_window, labelled[v], delay),
            )
            for v in range(n_versions)
        ]

    def health(self, scored: Scored, serving: Bools) -> ModelHealth:
        """The gauges after each tick; `serving` says who has traffic, shape (ticks, versions)."""
        each = [
            self._version_health(window, scored, v, serving[:, v])
            for v, window in enumerate(self._windows)
        ]
        return ModelHealth(
            drift=np.stack([h.drift for h in each], axis=1),
            accuracy=np.stack([h.accuracy for h in each], axis=1),
            auc=np.stack([h.auc for h in each], axis=1),
            importance=np.stack([h.importance for h in each], axis=1),
        )

    def _version_health(
        self, windows: "_VersionWindows", scored: Scored, v: int, serving: Bools
    ) -> ModelHealth:
        n_ticks = len(scored.cells)
        bins = windows.bins.counts(scored.bins[:, v].reshape(n_ticks, -1))
        bins = bins.reshape(n_ticks, len(FEATURES), N_BINS)
        recent = windows.recent.counts(scored.cells[:, v].sum(axis=-1))
        labelled = windows.labelled.counts(scored.cells[:, v].reshape(n_ticks, -1))
        labelled = labelled.reshape(n_ticks, N_CELLS, 2)
        seen = serving & (2 * recent.sum(axis=-1) >= self._spec.drift_window)
        judged = serving & (2 * labelled.sum(axis=(1, 2)) >= self._spec.performance_window)
        drift = np.column_stack([_feature_drift(bins), _score_drift(recent)])
        return ModelHealth(
            drift=_where(seen, drift),
            accuracy=_where(judged, balanced_accuracy(labelled, reference().cut_off_cell)),
            auc=_where(judged, auc(labelled)),
            importance=_where(seen, _importance(bins, self._coefficients[v])),
        )


@dataclass(frozen=True)
class _VersionWindows:
    bins: CountWindow
    recent: CountWindow
    labelled: CountWindow


def _labelled_before(
    spec: MonitoringSpec, health: Shares, n_versions: int, rng: np.random.Generator
) -> Ints:
    labelled = np.zeros((n_versions, N_CELLS * 2), dtype=np.int64)
    labelled[0] = rng.multinomial(spec.performance_window, normalised(health.cells[0].reshape(-1)))
    return labelled


def _where(known: Bools, values: Floats) -> Floats:
    """Values (ticks, ...) where `known`, else `nan`."""
    return np.where(known.reshape(-1, *(1,) * (values.ndim - 1)), values, np.nan)


def _feature_drift(bins: Ints) -> Floats:
    return psi(_shares(bins), reference().bins)


def _score_drift(recent: Ints) -> Floats:
    ref = reference()
    membership = np.equal.outer(ref.score_bin_of_cell, np.arange(N_BINS)).astype(np.int64)
    return psi(_shares(recent @ membership), ref.score_bins)


def _importance(bins: Ints, coefficients: Floats) -> Floats:
    """Shares of the mean absolute contribution |coefficient (z - mean z)| over the window.

    That is what SHAP values of a linear model come to (Lundberg and Lee, 2017), averaged by bin.
    """
    mean = (_shares(bins) * reference().deviations).sum(axis=-1) * np.abs(coefficients)
    return np.asarray(mean / mean.sum(axis=-1, keepdims=True))


def _shares(counts: Ints) -> Floats:
    """Shares along the last axis; `nan` where there is nothing."""
    totals = counts.sum(axis=-1, keepdims=True).astype(np.float64)
    return np.asarray(counts / np.where(totals > 0, totals, np.nan))
