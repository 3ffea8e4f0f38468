"""What the model says: log-odds of default, a score from 300 to 850, a risk level, a decision."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from simulator.scenario.platform.score_scale import CELL_POINTS, HIGHEST_POINTS, LOWEST_POINTS
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.arrays import Floats, Ints

__all__ = [
    "CELL_POINTS",
    "DECISIONS",
    "HIGHEST_POINTS",
    "INTERCEPT",
    "LOWEST_POINTS",
    "N_CELLS",
    "POINTS_PER_LOG_ODDS",
    "Scorecard",
    "cells",
    "points",
    "standardised",
    "standardised_feature",
]

DECISIONS: Final[tuple[Literal["accepted"], Literal["review"], Literal["refused"]]] = (
    "accepted",
    "review",
    "refused",
)

N_CELLS: Final = (HIGHEST_POINTS - LOWEST_POINTS) // CELL_POINTS

# Score = offset + factor ln(odds good:bad), factor = PDO / ln 2 (Siddiqi, Credit Risk Scorecards).
# PDO 40 with 640 at 15:1 spreads applicants over 300-850; the customary PDO 20 would not.
POINTS_PER_LOG_ODDS: Final = 40.0 / math.log(2.0)
_OFFSET: Final = 640.0 - POINTS_PER_LOG_ODDS * math.log(15.0)
_LARGEST_Z: Final = 4.0
#: Log-odds of bad of a centred applicant without any flag.
INTERCEPT: Final = -2.75


@dataclass(frozen=True, slots=True)
class _Term:
    """A feature in the scorecard: log-odds of bad per unit of (f(min(x, cap)) - centre) / scale."""

    coefficient: float
    centre: float = 0.0
    scale: float = 1.0
    is_log: bool = False
    cap: float = math.inf


_TERMS: Final[Mapping[Feature, _Term]] = {
    "revolving_utilisation": _Term(0.45, 0.265, 0.28),
    "incidents_24m": _Term(0.50, 0.30, 0.75, cap=3.0),
    "debt_to_income": _Term(0.35, 0.24, 0.116),
    "job_tenure_months": _Term(-0.28, 4.0, 1.0, is_log=True),
    "net_income": _Term(-0.30, math.log(2150.0), 0.42, is_log=True),
    "ficp_flag": _Term(1.70),
    "inquiries_6m": _Term(0.25, 0.9, 0.95),
    "duration_months": _Term(0.25, 38.4, 21.0),
    "permanent_contract": _Term(-0.55),
    "home_owner": _Term(-0.45),
    "age": _Term(-0.15, math.log(42.0), 0.32, is_log=True),
    "amount": _Term(0.10, math.log(6000.0), 0.78, is_log=True),
}
_SMALLEST_LOGGED: Final = 1e-6  # a zero (a null read as zero) is clipped to -4, not to -infinity


def standardised(features: Floats) -> Floats:
    """Standardised features within [-4, 4], shape (applicants, features) as given."""
    return np.column_stack([standardised_feature(i, features[:, i]) for i in range(len(FEATURES))])


def standardised_feature(column: int, values: Floats) -> Floats:
    """Standardised values of the feature in that column, same shape."""
    term = _TERMS[FEATURES[column]]
    x = np.minimum(values, term.cap)
    x = np.log(np.maximum(x, _SMALLEST_LOGGED)) if term.is_log else x
    return np.clip((x - term.centre) / term.scale, -_LARGEST_Z, _LARGEST_Z)


def cells(scores: Ints) -> Ints:
    """Score cells, 0 for 300-309 to 54 for 840-850, same shape."""
    return np.minimum((scores - LOWEST_POINTS) // CELL_POINTS, N_CELLS - 1)


def points(log_odds: Floats) -> Floats:
    """What log-odds of default come to on the scale of scores, neither rounded nor limited."""
    return np.asarray(_OFFSET - POINTS_PER_LOG_ODDS * log_odds)


@dataclass(frozen=True)
class Scorecard:
    """A logistic scorecard; `multipliers` scale the published coefficients, feature by feature.

    >>> Scorecard().score_of([0.2, 0, 0.2, 80, 2500, 0, 0, 36, 1, 1, 45, 8000])
    752
    """

    multipliers: tuple[float, ...] = (1.0,) * len(FEATURES)
    intercept: float = INTERCEPT

    @property
    def coefficients(self) -> Floats:
        """Log-odds of bad per standardised unit, shape (features,)."""
        return np.array([_TERMS[f].coefficient for f in FEATURES]) * np.array(self.multipliers)

    @cached_property
    def _weighted(self) -> list[tuple[float, _Term]]:
        """Each feature's coefficient, with its term."""
        terms = [_TERMS[feature] for feature in FEATURES]
        return [(t.coefficient * m, t) for t, m in zip(terms, self.multipliers, strict=True)]

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds of default, shape (applicants,), of features (applicants, features)."""
        return np.asarray(self.intercept + standardised(features) @ self.coefficients)

    def scores(self, features: Floats) -> Ints:
        """Scores from 300 to 850, shape (applicants,)."""
        whole = np.rint(points(self.log_odds(features)))
        return np.clip(whole, LOWEST_POINTS, HIGHEST_POINTS).astype(np.int64)

    def contributions_of(self, values: Sequence[float]) -> list[float]:
        """Log-odds that each feature of one applicant adds to that of a centred one."""
        added, limit = [], _LARGEST_Z
        for value, (weight, term) in zip(values, self._weighted, strict=True):
            x = term.cap if term.cap < value else value  # noqa: FURB136 - a call of min takes longer
            if term.is_log:
                x = math.log(x if x > _SMALLEST_LOGGED else _SMALLEST_LOGGED)  # noqa: FURB136 - the same
            z = (x - term.centre) / term.scale
            added.append(weight * (-limit if z < -limit else limit if z > limit else z))  # noqa: FURB136 - the same
        return added

    def score_of(self, values: Sequence[float]) -> int:
        """The score of one applicant; the scalar twin of `scores`, for one request at a time."""
        return self.score_by(self.contributions_of(values))

    def score_by(self, contributions: Sequence[float]) -> int:
        """The same of what its features add to the log-odds."""
        log_odds = self.intercept + math.fsum(contributions)
        return min(
            max(round(_OFFSET - POINTS_PER_LOG_ODDS * log_odds), LOWEST_POINTS), HIGHEST_POINTS
        )

    @staticmethod
    def probability_of_default(score: int) -> float:
        """The probability that a score stands for.

        >>> round(Scorecard.probability_of_default(640), 4)
        0.0625
        """
        return 1.0 / (1.0 + math.exp((score - _OFFSET) / POINTS_PER_LOG_ODDS))
