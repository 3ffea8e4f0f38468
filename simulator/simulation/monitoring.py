"""The windows of the model's monitoring: the latest applications, labels, and back-test."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.baseline import Monitoring as MonitoringSpec
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.arrays import Bools, Floats, Ints, normalised, shares
from simulator.simulation.count_window import CountWindow
from simulator.simulation.model_health import ModelHealth
from simulator.simulation.population import Population
from simulator.simulation.reference import N_BINS, importance, reference, score_reference
from simulator.simulation.scorecard import N_CELLS, Scorecard
from simulator.simulation.scoring import Scored
from simulator.timeline.grid import Grid

__all__ = ["Monitoring", "back_tests"]

_ROUNDING: Final = 1e-9


class Monitoring:
    """Turns counts of scored applications into what the monitoring job knows."""

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
        own = [score_reference(card) for card in population.scorecards]
        self._cut_off_cells = np.array([r.cut_off_cell for r in own])
        self._expected = np.array([[*reference().bins, r.bins] for r in own])

    def health(self, scored: Scored, serving: Bools, grid: Grid) -> ModelHealth:
        """What is known after each tick; `serving` says who has traffic (ticks, versions)."""
        is_back_test = back_tests(grid, self._spec.back_test_every)
        each = [
            version.known(scored.bins[:, v], scored.cells[:, v], serving[:, v], is_back_test)
            for v, version in enumerate(self._versions)
        ]
        windows = {name: np.stack([known[name] for known in each], axis=1) for name in each[0]}
        return ModelHealth(**windows, expected=self._expected, cut_off_cells=self._cut_off_cells)


def back_tests(grid: Grid, every: float) -> Bools:
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
    """The windows of a model version, and what its latest back-test found.

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
        bins = np.zeros(n_gauges * N_BINS, dtype=np.int64) if before is None else before.bins
        labelled = np.zeros(N_CELLS * 2, dtype=np.int64) if before is None else before.labelled
        self._spec = spec
        self._coefficients = card.coefficients
        self._bins = CountWindow(spec.drift_window * n_gauges, bins.reshape(-1))
        self._labelled = CountWindow(spec.performance_window, labelled, delay_ticks)
        tested = reference().bins if before is None else shares(before.bins)[:-1]
        self._importance = importance(tested, self._coefficients)

    def known(
        self, bins: Ints, per_cell: Ints, serving: Bools, is_back_test: Bools
    ) -> dict[str, NDArray[Any]]:
        """What `ModelHealth` has of it after each tick, each without the axis of versions."""
        n_ticks = len(per_cell)
        recent = self._bins.after(bins.reshape(n_ticks, -1)).counts
        labels = self._labelled.after(per_cell.reshape(n_ticks, -1))
        recent = np.where(serving[:, np.newaxis], recent, 0).reshape(n_ticks, -1, N_BINS)
        labelled = np.where(serving[:, np.newaxis], labels.counts, 0)
        seen = 2 * recent[:, -1].sum(axis=-1) >= self._spec.drift_window
        tested = self._tested(recent, seen & is_back_test)
        return {
            "recent": recent.astype(np.int32),  # of a window and a tick: at most 2 000 000
            "seen": seen,
            "labelled": labelled.reshape(n_ticks, N_CELLS, 2),
            "judged": 2 * labelled.sum(axis=1) >= self._spec.performance_window,
            "matured": labels.entered.reshape(n_ticks, N_CELLS, 2),
            "importance": np.where(serving[:, np.newaxis], tested, np.nan),
        }

    def _tested(self, recent: Ints, is_tested: Bools) -> Floats:
        """The importances of the latest back-test at each tick, shape (ticks, features)."""
        (tests,) = np.nonzero(is_tested)
        if not len(tests):  # as in most live ticks
            return np.tile(self._importance, (len(is_tested), 1))
        found = importance(shares(recent[tests, :-1]), self._coefficients)
        known = np.concatenate([self._importance[np.newaxis], found])
        self._importance = known[-1]
        return np.asarray(known[np.cumsum(is_tested)])
