"""Who applies and what the model makes of them while episodes are on, as expected shares.

The applicants of a moment are a mixture of a few populations (a gradual onset mixes old and new, a
bug nulls a share of values). Each is pushed once through the scorecard on a fixed low-discrepancy
pool; the shares found there are what a tick's multinomial draws use.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

import numpy as np
import scipy  # its parts are loaded where they are first used: statistics take half a second
from scipy.special import expit, ndtri

from simulator.scenario.episode import ApplicantEpisode, EpisodeBase
from simulator.scenario.kinds.concept_drift import ConceptDrift
from simulator.scenario.kinds.data_bug import DataBug
from simulator.scenario.kinds.population_shift import PopulationShift
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.scorecard import N_CELLS, Scorecard, cells, standardised

__all__ = [
    "LEVELS",
    "NEUTRAL",
    "N_BINS",
    "OF_PEOPLE",
    "OF_REASONS",
    "OF_VALUES",
    "Alternatives",
    "Change",
    "Population",
    "Reference",
    "blend",
    "reference",
]

#: Intensities are rounded to this many levels, so that a slow slide is a few dozen populations.
LEVELS: Final = 16
#: Bins per feature and for the score: deciles of the reference, as PSI is customarily computed.
N_BINS: Final = 10
#: Episodes by what they change: who applies, what the model gets of them, why they default.
OF_PEOPLE: Final = (PopulationShift,)
OF_VALUES: Final = (DataBug,)
OF_REASONS: Final = (ConceptDrift,)
_POOL_LOG2: Final = 14
_ZEROS: Final = (0.0,) * len(FEATURES)
_ONES: Final = (1.0,) * len(FEATURES)


@dataclass(frozen=True)
class Change:
    """What episodes do to one population of applicants, feature by feature.

    `shifts` move the people (standard deviations), `factors` and `nulls` spoil what the model is
    given of them, `coefficients` multiply the true reasons why they default.
    """

    shifts: tuple[float, ...] = _ZEROS
    factors: tuple[float, ...] = _ONES
    nulls: tuple[bool, ...] = (False,) * len(FEATURES)
    coefficients: tuple[float, ...] = _ONES

    def __and__(self, other: "Change") -> "Change":
        return Change(
            tuple(a + b for a, b in zip(self.shifts, other.shifts, strict=True)),
            tuple(a * b for a, b in zip(self.factors, other.factors, strict=True)),
            tuple(a or b for a, b in zip(self.nulls, other.nulls, strict=True)),
            tuple(a * b for a, b in zip(self.coefficients, other.coefficients, strict=True)),
        )

    def as_given(self, features: Floats) -> Floats:
        """The features as the model gets them, shape (applicants, features)."""
        return np.where(self.nulls, 0.0, features * np.array(self.factors))

    def default_probability(self, features: Floats) -> Floats:
        """How likely applicants with these true features default, shape (applicants,)."""
        return np.asarray(expit(Scorecard(self.coefficients).log_odds(features)))


NEUTRAL: Final = Change()
Alternatives: TypeAlias = tuple[tuple[float, Change], ...]


def blend(episodes: Iterable[ApplicantEpisode], levels: Iterable[float]) -> Alternatives:
    """The populations that make up a moment, as (share, change); shares sum to 1.

    >>> blend([], [])[0][0]
    1.0
    """
    parts: Alternatives = ((1.0, NEUTRAL),)
    for episode, level in zip(episodes, levels, strict=True):
        alternatives = _alternatives(episode, level)
        parts = tuple((p * q, one & other) for p, one in parts for q, other in alternatives)
    return parts


def _alternatives(episode: ApplicantEpisode, level: float) -> Alternatives:
    if level <= 0.0:
        return ((1.0, NEUTRAL),)
    share, strength = (level * episode.most_affected, 1.0) if episode.is_mixing else (1.0, level)
    affected = (share, _change(episode, strength))
    return (affected,) if share >= 1.0 else ((1.0 - share, NEUTRAL), affected)


def _change(episode: ApplicantEpisode, strength: float) -> Change:
    match episode:
        case PopulationShift():
            factor = strength * episode.strength
            return Change(shifts=tuple(factor * episode.named_shifts.get(f, 0.0) for f in FEATURES))
        case DataBug():
            here = tuple(f == episode.feature for f in FEATURES)
            if episode.null_ratio > 0.0:
                return Change(nulls=here)
            return Change(factors=tuple(episode.factor**strength if h else 1.0 for h in here))
        case ConceptDrift():
            full = (episode.scale * episode.coefficients.get(f, 1.0) for f in FEATURES)
            return Change(coefficients=tuple(1.0 + strength * (c - 1.0) for c in full))
        case _:
            raise TypeError(f"what {episode.name!r} does to applicants is not said here")


@dataclass(frozen=True)
class Reference:
    """The development sample: the pool of applicants in health, and what was fixed on it.

    `edges[f]` are the upper edges of a feature's bins (at most nine), `bins` the reference shares,
    shape (features, N_BINS), `weights` the mean absolute standardised deviation within each bin,
    same shape, `cut_off_cell` the score cell below which applicants are predicted bad: where the
    Kolmogorov-Smirnov distance between goods and bads is largest.
    """

    normals: Floats
    edges: tuple[Floats, ...]
    bins: Floats
    deviations: Floats
    cells: Floats
    score_bin_of_cell: Ints
    score_bins: Floats
    cut_off_cell: int

    def feature_bins(self, features: Floats) -> Ints:
        """Bin numbers, shape (applicants, features)."""
        return np.column_stack(
            [np.searchsorted(e, features[:, i], side="left") for i, e in enumerate(self.edges)]
        )


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The development sample of the model; the same in every run."""
    uniform = scipy.stats.qmc.Sobol(len(FEATURES), seed=20260630).random_base2(_POOL_LOG2)
    normals = correlated_normals(ndtri(np.clip(uniform, 1e-9, 1.0 - 1e-9)))
    features = applicants(normals)
    card = Scorecard()
    per_cell = _cell_shares(card.scores(features), expit(card.log_odds(features)))
    edges = tuple(_decile_edges(features[:, i]) for i in range(len(FEATURES)))
    score_bin = _score_bins(per_cell.sum(axis=1))
    bins = np.column_stack(
        [np.searchsorted(e, features[:, i], side="left") for i, e in enumerate(edges)]
    )
    z = standardised(features)
    deviation = np.abs(z - z.mean(axis=0))
    totals = np.array([np.bincount(bins[:, i], deviation[:, i], N_BINS) for i in range(len(edges))])
    counts = np.array([np.bincount(bins[:, i], minlength=N_BINS) for i in range(len(edges))])
    good, bad = np.cumsum(per_cell / per_cell.sum(axis=0), axis=0).T
    return Reference(
        normals=normals,
        edges=edges,
        bins=counts / len(features),
        deviations=totals / np.maximum(counts, 1),
        cells=per_cell,
        score_bin_of_cell=score_bin,
        score_bins=np.bincount(score_bin, per_cell.sum(axis=1), N_BINS).astype(np.float64),
        cut_off_cell=int(np.argmax(bad - good)) + 1,
    )


def _decile_edges(values: Floats) -> Floats:
    edges = np.unique(np.quantile(values, np.arange(1, N_BINS) / N_BINS))
    return edges[edges < values.max()]


def _score_bins(cell_shares: Floats) -> Ints:
    """The decile of the score in which each cell lies, by the middle of the cell."""
    middle = np.cumsum(cell_shares) - cell_shares / 2.0
    return np.minimum((middle * N_BINS).astype(np.int64), N_BINS - 1)


def _cell_shares(scores: Ints, default_probability: Floats) -> Floats:
    """Joint shares of score cell and outcome (good, bad), shape (cells, 2); sums to 1."""
    cell = cells(scores)
    bad = np.bincount(cell, default_probability, N_CELLS)
    good = np.bincount(cell, 1.0 - default_probability, N_CELLS)
    return np.column_stack([good, bad]) / len(scores)


@dataclass(frozen=True)
class Shares:
    """Expected shares at a moment: `cells` (versions, cells, 2) and `bins` (features, N_BINS)."""

    cells: Floats
    bins: Floats


class Population:
    """Expected shares for any combination of the scenario's applicant episodes.

    Args:
        episodes: the scenario's episodes; those that do not touch applicants are passed over.
        scorecards: one per model version.
    """

    def __init__(self, episodes: Sequence[EpisodeBase], scorecards: Sequence[Scorecard]) -> None:
        self.episodes: tuple[ApplicantEpisode, ...] = tuple(
            e for e in episodes if isinstance(e, ApplicantEpisode)
        )
        self.scorecards = tuple(scorecards)
        self._of_change: dict[Change, Shares] = {}
        self._of_levels: dict[bytes, Shares] = {}

    @cached_property
    def in_health(self) -> Shares:
        """Shares without any episode."""
        return self._shares(NEUTRAL)

    def moment(self, kinds: tuple[type[ApplicantEpisode], ...], levels: Floats) -> Alternatives:
        """The populations that the episodes of these kinds make of a moment, without the others.

        Args:
            kinds: OF_PEOPLE, OF_VALUES or OF_REASONS.
            levels: intensity of each applicant episode, shape (episodes,).
        """
        chosen = [
            (e, level)
            for e, level in zip(self.episodes, levels.tolist(), strict=True)
            if isinstance(e, kinds)
        ]
        return blend([e for e, _ in chosen], [level for _, level in chosen])

    def shares(self, levels: Floats) -> tuple[list[Shares], Ints]:
        """The distinct shares during some ticks, and which of them holds in each tick.

        Args:
            levels: intensity of each applicant episode, shape (ticks, episodes).
        """
        rounded = np.rint(levels * LEVELS) / LEVELS
        distinct, which = np.unique(rounded, axis=0, return_inverse=True)
        return [self._blended(row) for row in distinct], which.reshape(-1).astype(np.int64)

    def _blended(self, levels: Floats) -> Shares:
        key = levels.tobytes()
        if key not in self._of_levels:
            parts = [(p, self._shares(change)) for p, change in blend(self.episodes, levels)]
            self._of_levels[key] = Shares(
                cells=np.sum([p * s.cells for p, s in parts], axis=0),
                bins=np.sum([p * s.bins for p, s in parts], axis=0),
            )
        return self._of_levels[key]

    def _shares(self, change: Change) -> Shares:
        if change not in self._of_change:
            ref = reference()
            true = applicants(ref.normals + np.array(change.shifts))
            outcome = change.default_probability(true)
            given = change.as_given(true)
            bins = ref.feature_bins(given)
            self._of_change[change] = Shares(
                cells=np.array([_cell_shares(c.scores(given), outcome) for c in self.scorecards]),
                bins=np.array([np.bincount(b, minlength=N_BINS) for b in bins.T]) / len(bins),
            )
        return self._of_change[change]
