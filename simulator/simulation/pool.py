"""A fixed pool of applicants: who stands for a population when its shares are worked out.

Each applicant is twelve normals of the copula, rounded to a grid, so that a feature, its place in
the scorecard or what a bug makes of it is worked out once per grid point, and then looked up. The
points are of low discrepancy (Sobol); `cell_shares` takes out what noise is left.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import table_generator
from simulator.simulation.applicants import correlated_normals, correlation_matrix, feature_values
from simulator.simulation.arrays import Floats
from simulator.simulation.scorecard import Scorecard, standardised_feature
from simulator.simulation.sobol import sobol_points

__all__ = [
    "NORMALS",
    "WEIGHTS",
    "Given",
    "Integrated",
    "Pool",
    "given_values",
    "log_odds",
    "pool",
    "standardised_values",
]

_POOL_LOG2: Final = 18
_AT_A_TIME: Final = 1 << 12  # applicants whose normals stay in a processor's cache
_SEED: Final = 20260630  # of the one pool, whatever a scenario's seed
_POINTS_PER_DEVIATION: Final = 1024
_FURTHEST: Final = 6
#: The grid of the copula's normals, and how likely each of its points is.
NORMALS: Final = np.linspace(
    -_FURTHEST, _FURTHEST, 2 * _FURTHEST * _POINTS_PER_DEVIATION + 1, dtype=np.float64
)
_EDGES: Final = np.concatenate([[-np.inf], (NORMALS[1:] + NORMALS[:-1]) / 2.0, [np.inf]])
WEIGHTS: Final = np.diff(ndtr(_EDGES))
#: Continuous features of which a cell's share is the integral, given an applicant's others.
_INTEGRATED: Final = ("debt_to_income", "net_income", "job_tenure_months")
_N_MEANS: Final = 128
_MEAN_STEP: Final = 2.0 * _FURTHEST / (_N_MEANS - 1)
_N_QUANTILES: Final = 512

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class Given:
    """One feature as it reaches the model: people moved by `shift`, values spoilt on their way."""

    shift: float = 0.0
    factor: float = 1.0
    is_null: bool = False


@dataclass(frozen=True)
class Integrated:
    """A feature's normal given all the others of the same applicant: normal, too.

    `column` among FEATURES; `mean` the level (applicants,) of its mean; `at` the grid points
    (levels, quantiles) of equally likely values at each level.
    """

    column: int
    mean: NDArray[np.uint8]
    at: NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """`at`: the grid points of the applicants' normals, shape (features, applicants)."""

    at: NDArray[np.uint16]
    integrated: tuple[Integrated, ...]

    @property
    def size(self) -> int:
        """Applicants in it."""
        return self.at.shape[1]


@lru_cache(maxsize=1)
def pool() -> Pool:
    """The pool, made once in a process: a tenth of a second."""
    uniform = sobol_points(len(FEATURES), _POOL_LOG2, table_generator(_SEED))
    columns = [FEATURES.index(feature) for feature in _INTEGRATED]
    at = np.empty(uniform.T.shape, dtype=np.uint16)
    levels = np.empty((len(columns), len(uniform)), dtype=np.uint8)
    for first in range(0, len(uniform), _AT_A_TIME):
        rows = slice(first, first + _AT_A_TIME)
        normals = correlated_normals(ndtri(np.clip(uniform[rows], 1e-9, 1.0 - 1e-9)))
        at[:, rows] = _grid_points(normals).T
        levels[:, rows] = [_mean_levels(column, normals) for column in columns]
    return Pool(at, tuple(map(_integrated, columns, levels)))


def _grid_points(normals: Floats) -> NDArray[np.int64]:
    points = np.rint((normals + _FURTHEST) * _POINTS_PER_DEVIATION)
    return np.clip(points, 0, len(NORMALS) - 1).astype(np.int64)


def _mean_levels(column: int, normals: Floats) -> NDArray[np.uint8]:
    """Levels of the means -(sum of P_ij x_j) / P_ii, P the inverse of the correlations."""
    precision = _precision(column)
    mean = normals[:, column] - normals @ precision / precision[column]
    level = np.rint((mean + _FURTHEST) / _MEAN_STEP)
    return np.clip(level, 0, _N_MEANS - 1).astype(np.uint8)


def _integrated(column: int, level: NDArray[np.uint8]) -> Integrated:
    """Normals about each mean, of the variance 1 / P_ii."""
    standard = ndtri((np.arange(_N_QUANTILES) + 0.5) / _N_QUANTILES)
    quantiles = standard / np.sqrt(_precision(column)[column])
    means = np.arange(_N_MEANS) * _MEAN_STEP - _FURTHEST
    return Integrated(column, level, _grid_points(means[:, np.newaxis] + quantiles))


def _precision(column: int) -> Floats:
    return np.asarray(np.linalg.inv(correlation_matrix())[column])


def given_values(column: int, given: Given) -> Floats:
    """A feature's values as the model gets them, at each of NORMALS."""
    if given.is_null:
        return np.zeros_like(NORMALS)
    return feature_values(column, NORMALS + given.shift) * given.factor


@lru_cache(maxsize=128)
def standardised_values(column: int, given: Given) -> Floats32:
    """The same in the scorecard's standard units."""
    return standardised_feature(column, given_values(column, given)).astype(np.float32)


@lru_cache(maxsize=8)
def log_odds(multipliers: tuple[float, ...], given: tuple[Given, ...]) -> Floats32:
    """The log-odds of default of the pool, without an intercept, shape (applicants,).

    Args:
        multipliers: of the scorecard's coefficients.
        given: each feature, as the model gets it.
    """
    total = _log_odds_in_health(multipliers).copy()
    coefficients = Scorecard(multipliers).coefficients.astype(np.float32)
    for column, one in enumerate(given):
        if one != Given():
            healthy = standardised_values(column, Given())
            moved = coefficients[column] * (standardised_values(column, one) - healthy)
            total += moved.take(pool().at[column])
    return total


@lru_cache(maxsize=16)
def _log_odds_in_health(multipliers: tuple[float, ...]) -> Floats32:
    total = np.zeros(pool().size, dtype=np.float32)
    for column, coefficient in enumerate(Scorecard(multipliers).coefficients.astype(np.float32)):
        if coefficient:
            added = coefficient * standardised_values(column, Given())
            total += added.take(pool().at[column])
    return total
