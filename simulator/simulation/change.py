"""What episodes make of applicants: who applies, what the model gets of them, why they default.

The applicants of a moment are a mixture of a few populations: a gradual onset mixes old and new, a
bug nulls a share of values. Each of them is one `Change` of the healthy population.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from scipy.special import expit

from simulator.scenario.episode import ApplicantEpisode
from simulator.scenario.kinds.concept_drift import ConceptDrift
from simulator.scenario.kinds.data_bug import DataBug
from simulator.scenario.kinds.population_shift import PopulationShift
from simulator.scenario.kinds.prior_shift import PriorShift
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.arrays import Floats
from simulator.simulation.calibration import intercept_of_reasons
from simulator.simulation.pool import Given, log_odds
from simulator.simulation.scorecard import Scorecard

__all__ = ["NEUTRAL", "OF_PEOPLE", "OF_REASONS", "OF_VALUES", "Alternatives", "Change", "blend"]

#: Episodes by what they change: who applies, what the model gets of them, why they default.
OF_PEOPLE: Final = (PopulationShift,)
OF_VALUES: Final = (DataBug,)
OF_REASONS: Final = (ConceptDrift, PriorShift)
_ZEROS: Final = (0.0,) * len(FEATURES)
_ONES: Final = (1.0,) * len(FEATURES)


@dataclass(frozen=True)
class Change:
    """What episodes do to one population of applicants, feature by feature.

    `shifts` move the people (standard deviations), `factors` and `nulls` spoil what the model is
    given of them, `coefficients` multiply the true reasons why they default, and leave how many do
    as it is; `odds` multiplies everybody's odds of default.
    """

    shifts: tuple[float, ...] = _ZEROS
    factors: tuple[float, ...] = _ONES
    nulls: tuple[bool, ...] = (False,) * len(FEATURES)
    coefficients: tuple[float, ...] = _ONES
    odds: float = 1.0

    def __and__(self, other: "Change") -> "Change":
        return Change(
            tuple(a + b for a, b in zip(self.shifts, other.shifts, strict=True)),
            tuple(a * b for a, b in zip(self.factors, other.factors, strict=True)),
            tuple(a or b for a, b in zip(self.nulls, other.nulls, strict=True)),
            tuple(a * b for a, b in zip(self.coefficients, other.coefficients, strict=True)),
            self.odds * other.odds,
        )

    def as_given(self, features: Floats) -> Floats:
        """The features as the model gets them, shape (applicants, features)."""
        return np.where(self.nulls, 0.0, features * np.array(self.factors))

    @property
    def as_true(self) -> tuple[Given, ...]:
        """Each feature of these people, as it is."""
        return tuple(Given(shift) for shift in self.shifts)

    @property
    def as_seen(self) -> tuple[Given, ...]:
        """Each feature of these people, as the model gets it."""
        return tuple(map(Given, self.shifts, self.factors, self.nulls))

    @property
    def reasons(self) -> Scorecard:
        """The true log-odds of default, but for `odds`."""
        return Scorecard(self.coefficients, intercept_of_reasons(self.coefficients))

    def default_probability(self, features: Floats) -> Floats:
        """How likely applicants with these true features default, shape (applicants,)."""
        return np.asarray(expit(self.reasons.log_odds(features) + math.log(self.odds)))

    def default_probability_of_pool(self) -> Floats:
        """The same of the pool's applicants once they are such people, shape (applicants,)."""
        intercept = np.float32(self.reasons.intercept + math.log(self.odds))
        return np.asarray(expit(intercept + log_odds(self.coefficients, self.as_true)))


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
        case PriorShift():
            return Change(odds=episode.odds_factor**strength)
        case _:
            raise TypeError(f"what {episode.name!r} does to applicants is not said here")
