"""What the model's monitoring reports: drift, accuracy, AUC and feature importance."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.scenario.baseline import Monitoring as MonitoringSpec
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.arrays import Bools, Floats, Ints, normalised
from simulator.simulation.count_window import CountWindow
from simulator.simulation.population import Population
from simulator.simulation.reference import N_BINS, importance, reference, score_reference
from simulator.simulation.scorecard import HIGHEST_SCORE, LOWEST_SCORE, N_CELLS, Scorecard
from simulator.simulation.scoring import Scored
from simulator.timeline.grid import Grid

__all__ = [
    "ModelHealth",
    "Monitoring",
    "auc",
    "balanced_accuracy",
    "default_ratio",
    "expected_default_ratio",
    "psi",
]

#: Shares below this are raised to it, so that a bin empty on one side adds a finite amount: about
#: what a window of some thousands can still tell from nothing. With less, the value of a spoilt
#: feature would say more about the bound (12 instead of 8 at 1e-6), and a rare bin that happens to
#: be empty in a small window would look like drift.
_SMALLEST_SHARE: Final = 1e-4
_ROUNDING: Final = 1e-9
_DEFAULT_PROBABILITY: Final = np.array(
    [
        np.mean([Scorecard.probability_of_default(s) for s in scores])
        for scores in np.array_split(np.arange(LOWEST_SCORE, HIGHEST_SCORE).tolist(), N_CELLS)
    ]
)
_FEWEST_BAD: Final = 20  # defaults needed before accuracy and AUC say anything


@dataclass(frozen=True)
class ModelHealth:
    """Per tick and version; `nan` for one that serves no traffic or whose window is not half full.

    `drift` is PSI by feature and, last, of the score (ticks, versions, features + 1); `accuracy`
    balanced accuracy, `auc`, `default_ratio` and `expected_default_ratio` (ticks, versions);
    `importance` (ticks, versions, features) sums to 1: of the latest back-test, and until the first
    one of the development sample.
    """

    drift: Floats
    accuracy: Floats
    auc: Floats
    default_ratio: Floats
    expected_default_ratio: Floats
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


def default_ratio(counts: Ints) -> Floats:
    """The share that defaulted, of counts as for `balanced_accuracy`; `nan` of nobody."""
    return np.asarray(_shares(counts.sum(axis=-2))[..., 1])


def expected_default_ratio(counts: Ints) -> Floats:
    """The share that was to default by what the scores stand for; shapes as `default_ratio`.

    Beside the share that did, it tells whether the model is calibrated.

    >>> cells = np.zeros((55, 2), dtype=np.int64)
    >>> cells[34, 0] = 100  # scores from 640 to 649, where odds are 15:1 and better
    >>> round(float(expected_default_ratio(cells)), 3)
    0.058
    """
    return np.asarray((_shares(counts.sum(axis=-1)) * _DEFAULT_PROBABILITY).sum(axis=-1))


class Monitoring:
    """Turns counts of scored applications into the gauges of the monitoring job."""

    def __init__(
        self, spec: MonitoringSpec, population: Population, step: float, streams: Streams
    ) -> None:
        self._spec = spec
        first = streams.once("monitoring.before")
        delay = int(np.ceil(spec.label_delay / step))
        self._versions = [
            _Version(spec, card, delay, _before(spec, population, first) if v == 0 else None)
            for v, card in enumerate(population.scorecards)
        ]

    def health(self, scored: Scored, serving: Bools, grid: Grid) -> ModelHealth:
        """The gauges after each tick; `serving` says who has traffic, shape (ticks, versions)."""
        is_back_test = _back_tests(grid, self._spec.back_test_every)
        each = [
            version.health(scored.bins[:, v], scored.cells[:, v], serving[:, v], is_back_test)
            for v, version in enumerate(self._versions)
        ]
        return ModelHealth(*(np.stack(gauges, axis=1) for gauges in zip(*each, strict=True)))


def _back_tests(grid: Grid, every: float) -> Bools:
    """Whether a back-test is due at the end of each tick, shape (ticks,): `every` so many seconds.

    Counted from the scenario's start, so that it does not depend on how a run is cut.
    """
    every = max(every, grid.step)
    n_due = np.floor((grid.ticks + np.array([[0], [1]])) * grid.step / every + _ROUNDING)
    return np.asarray(n_due[1] > n_due[0])


@dataclass(frozen=True)
class _Counts:
    """What the windows of a version hold: `bins` (features + 1, bins), `labelled` (cells, 2)."""

    bins: Ints
    labelled: Ints


def _before(spec: MonitoringSpec, population: Population, rng: np.random.Generator) -> _Counts:
    """Windows of healthy applications, from the time before the start."""
    health, card = population.in_health, population.scorecards[0]
    shares = np.concatenate([health.bins, score_reference(card).bins[np.newaxis]])
    labelled = rng.multinomial(spec.performance_window, normalised(health.cells[0].reshape(-1)))
    return _Counts(rng.multinomial(spec.drift_window, normalised(shares)), labelled)


class _Version:
    """The windows of a model version, its references, and what its latest back-test found.

    Args:
        spec: sizes of the windows.
        card: its scorecard.
        delay_ticks: ticks until labels arrive.
        before: what it has scored before the start; nothing where it is released later.
    """

    def __init__(
        self, spec: MonitoringSpec, card: Scorecard, delay_ticks: int, before: _Counts | None
    ) -> None:
        n_gauges = len(FEATURES) + 1
        own = score_reference(card)
        bins = np.zeros(n_gauges * N_BINS, dtype=np.int64) if before is None else before.bins
        labelled = np.zeros(N_CELLS * 2, dtype=np.int64) if before is None else before.labelled
        self._spec = spec
        self._coefficients = card.coefficients
        self._cut_off_cell = own.cut_off_cell
        self._expected = np.concatenate([reference().bins, own.bins[np.newaxis]])
        self._bins = CountWindow(spec.drift_window * n_gauges, bins.reshape(-1))
        self._labelled = CountWindow(spec.performance_window, labelled, delay_ticks)
        tested = reference().bins if before is None else _shares(before.bins)[:-1]
        self._importance = importance(tested, self._coefficients)

    def health(
        self, bins: Ints, per_cell: Ints, serving: Bools, is_back_test: Bools
    ) -> tuple[Floats, ...]:
        """The gauges of `ModelHealth` after each tick, each without the axis of versions."""
        n_ticks = len(per_cell)
        recent = self._bins.counts(bins.reshape(n_ticks, -1)).reshape(n_ticks, -1, N_BINS)
        labelled = self._labelled.counts(per_cell.reshape(n_ticks, -1))
        labelled = labelled.reshape(n_ticks, N_CELLS, 2)
        seen = serving & (2 * recent[:, -1].sum(axis=-1) >= self._spec.drift_window)
        judged = serving & (2 * labelled.sum(axis=(1, 2)) >= self._spec.performance_window)
        return (
            _where(seen, psi(_shares(recent), self._expected)),
            _where(judged, balanced_accuracy(labelled, self._cut_off_cell)),
            _where(judged, auc(labelled)),
            _where(judged, default_ratio(labelled)),
            _where(judged, expected_default_ratio(labelled)),
            _where(serving, self._tested(recent, seen & is_back_test)),
        )

    def _tested(self, recent: Ints, is_tested: Bools) -> Floats:
        """The importances of the latest back-test at each tick, shape (ticks, features)."""
        (tests,) = np.nonzero(is_tested)
        if not len(tests):  # as in most live ticks
            return np.tile(self._importance, (len(is_tested), 1))
        found = importance(_shares(recent[tests, :-1]), self._coefficients)
        known = np.concatenate([self._importance[np.newaxis], found])
        self._importance = known[-1]
        return np.asarray(known[np.cumsum(is_tested)])


def _where(known: Bools, values: Floats) -> Floats:
    """Values (ticks, ...) where `known`, else `nan`."""
    return np.where(known.reshape(-1, *(1,) * (values.ndim - 1)), values, np.nan)


def _shares(counts: Ints) -> Floats:
    """Shares along the last axis; `nan` where there is nothing."""
    totals = counts.sum(axis=-1, keepdims=True).astype(np.float64)
    return np.asarray(counts / np.where(totals > 0, totals, np.nan))
