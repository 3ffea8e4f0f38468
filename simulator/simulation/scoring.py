"""Scored applications by version, score and outcome, and how long predictions took."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.service_times import LogNormal
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Draws
from simulator.simulation.arrays import Floats, Ints, distinct_rows, normalised
from simulator.simulation.causes import Causes
from simulator.simulation.change import OF_REASONS
from simulator.simulation.latency import PREDICTION_EDGES, bucket_mixture
from simulator.simulation.monitored import monitored, of_counts
from simulator.simulation.population import Population
from simulator.simulation.reference import N_BINS, reference, score_reference
from simulator.simulation.scorecard import (
    CELL_POINTS,
    LOWEST_POINTS,
    N_CELLS,
    cells,
)
from simulator.simulation.tally import Tally

__all__ = ["Scored", "Scoring"]

_LOWEST_OF_CELLS = LOWEST_POINTS + CELL_POINTS * np.arange(N_CELLS)


@dataclass(frozen=True)
class Scored:
    """Counts per tick; every array has the ticks first.

    `cells` by version, score cell and outcome good or bad, known to the simulation at once and to
    the platform when labels arrive (ticks, versions, cells, 2); `bins` of the features and, last,
    of the score of the applications that monitoring looks at (ticks, versions, features + 1, bins);
    `prediction` durations (ticks, versions, buckets) and `prediction_seconds` (ticks, versions).
    The `policy` says which level and decision a cell belongs to.
    """

    cells: Ints
    bins: Ints
    prediction: Ints
    prediction_seconds: Floats
    policy: Policy

    @property
    def scores(self) -> Ints:
        """Applications by score cell, shape (ticks, cells)."""
        return np.asarray(self.cells.sum(axis=(1, 3)))

    @property
    def levels(self) -> Ints:
        """Applications by risk level, shape (ticks, levels)."""
        return self.scores @ _bands(self.policy.level_points())

    @property
    def decisions(self) -> Ints:
        """Applications by decision, shape (ticks, decisions)."""
        return self.scores @ _bands(self.policy.decision_points())


@lru_cache(maxsize=64)
def _bands(begin_at: tuple[int, ...]) -> Ints:
    """Which of the bands that begin at these points each score cell is in, shape (cells, bands)."""
    begun = np.array(begin_at) <= _LOWEST_OF_CELLS[:, np.newaxis]
    return np.eye(len(begin_at), dtype=np.int64)[begun.argmax(axis=1)]


class Scoring:
    """Samples what the model makes of applications, or counts what it really made of them.

    Args:
        population: who applies.
        versions: names of the model versions, in the order of the population's scorecards.
        window: how many applications monitoring looks at.
        prediction: how long a prediction takes in health.
        policy: what is made of scores.
    """

    def __init__(
        self,
        population: Population,
        versions: Sequence[str],
        window: int,
        *,
        prediction: LogNormal,
        policy: Policy,
    ) -> None:
        self._population = population
        self._versions = tuple(versions)
        self._window = window
        self._prediction = prediction
        self._policy = policy
        self._score_bins = [score_reference(c).bin_of_cell for c in population.scorecards]
        # how many cells there are up to the end of each bin, shape (versions, bins)
        self._ends = np.array(
            [np.searchsorted(b, np.arange(N_BINS), side="right") for b in self._score_bins]
        )

    def sampled(self, scored: Ints, causes: Causes, draws: Draws) -> Scored:
        """Scores, features and durations of `scored` applications, shape (ticks,)."""
        found, which = self._population.shares(causes.applicant_levels)
        by_version = self._by_version(scored, causes.version_shares, draws)
        n_versions = by_version.shape[1]
        shares = np.array([s.cells.reshape(n_versions, -1) for s in found])[which]
        drawn = draws("scoring.cells", Generator.multinomial, by_version, normalised(shares))
        per_cell = drawn.reshape(len(scored), n_versions, N_CELLS, 2)
        seen = monitored(by_version, self._window)
        bin_shares = np.array([s.bins for s in found])[which][:, np.newaxis]
        of_features = draws(
            "scoring.bins", Generator.multinomial, seen[:, :, np.newaxis], normalised(bin_shares)
        )
        of_score = of_counts(self._by_score_bin(per_cell), seen, draws)
        prediction, seconds = _durations(by_version, self._prediction, causes, draws)
        return Scored(
            cells=per_cell,
            bins=np.concatenate([of_features, of_score[:, :, np.newaxis]], axis=2),
            prediction=prediction,
            prediction_seconds=seconds,
            policy=self._policy,
        )

    def _by_version(self, scored: Ints, shares: Floats, draws: Draws) -> Ints:
        """Applications by version, shape (ticks, versions).

        A multinomial draw, as one binomial after the other (L. Devroye, Non-Uniform Random Variate
        Generation, 1986, chapter XI.1): each version takes its part of what is left by itself, so
        that one more version without traffic moves no number of the others.
        """
        counts = np.zeros(shares.shape, dtype=np.int64)
        left, left_share = scored, np.ones(len(scored))
        for v in range(len(self._versions) - 1, 0, -1):
            chance = np.divide(shares[:, v], left_share, out=np.zeros(len(scored)), where=left > 0)
            name = f"scoring.version.{self._versions[v]}"
            counts[:, v] = draws(name, Generator.binomial, left, np.clip(chance, 0.0, 1.0))
            left, left_share = left - counts[:, v], left_share - shares[:, v]
        counts[:, 0] = left
        return counts

    def counted(self, tally: Tally, causes: Causes, draws: Draws) -> Scored:
        """The same of one tick's real requests; only their outcomes still have to be drawn."""
        n_versions = len(self._population.scorecards)
        bad = self._outcomes(tally.true, causes, draws)
        cell = cells(tally.scores)
        per_cell = np.zeros((n_versions, N_CELLS, 2), dtype=np.int64)
        np.add.at(per_cell, (tally.version, cell, bad), 1)
        bins = np.zeros((n_versions, len(FEATURES) + 1, N_BINS), dtype=np.int64)
        for version in np.unique(tally.version).tolist():
            (rows,) = np.nonzero(tally.version == version)
            seen = rows[: int(monitored(np.array(len(rows)), self._window))]
            of_features = reference().feature_bins(tally.given[seen])
            of_score = self._score_bins[version][cell[seen]]
            at = np.column_stack([of_features, of_score])
            np.add.at(bins[version], (np.arange(len(FEATURES) + 1)[np.newaxis], at), 1)
        return Scored(
            per_cell[np.newaxis],
            bins[np.newaxis],
            tally.prediction[np.newaxis],
            tally.prediction_seconds[np.newaxis],
            self._policy,
        )

    def _by_score_bin(self, per_cell: Ints) -> Ints:
        """Scored applications by version and decile of its score, shape (ticks, versions, bins)."""
        up_to = np.cumsum(per_cell.sum(axis=-1), axis=-1)
        ends = np.maximum(self._ends - 1, 0)[np.newaxis]
        below = np.where(self._ends > 0, np.take_along_axis(up_to, ends, axis=2), 0)
        return np.diff(below, axis=2, prepend=0)

    def _outcomes(self, true: Floats, causes: Causes, draws: Draws) -> Ints:
        """Who will default, 0 or 1, shape (applicants,): drawn with the true coefficients."""
        parts = self._population.moment(OF_REASONS, causes.applicant_levels[0])
        probability = np.zeros(len(true))
        if len(true):
            for share, change in parts:
                probability += share * change.default_probability(true)
        (uniform,) = draws("scoring.outcomes", Generator.uniform, np.zeros((1, len(true))))
        return np.asarray(uniform < probability, dtype=np.int64)


def _durations(
    by_version: Ints, prediction: LogNormal, causes: Causes, draws: Draws
) -> tuple[Ints, Floats]:
    """Predictions by version and bucket, and their seconds by version."""
    slow = causes.replicas
    rows, which = distinct_rows(
        [
            np.round(causes.slowness["feature-store"], 2),
            np.round(slow.slow_share, 4),
            np.round(slow.slow_factor, 2),
        ]
    )
    found = [_prediction_buckets(prediction, *row) for row in rows.tolist()]
    shares, means = np.array(found).swapaxes(0, 1)
    by_tick = normalised(shares)[which][:, np.newaxis]
    drawn = draws("scoring.prediction", Generator.multinomial, by_version, by_tick)
    return drawn, (drawn * means[which][:, np.newaxis]).sum(axis=2)


@lru_cache(maxsize=1024)
def _prediction_buckets(
    prediction: LogNormal, factor: float, slow_share: float, slow_factor: float
) -> tuple[Floats, Floats]:
    """Shares and mean seconds of the buckets when a prediction takes so many times as long."""
    times = LogNormal(prediction.median * factor, prediction.sigma)
    return bucket_mixture(times, PREDICTION_EDGES, slow_share, slow_factor)
