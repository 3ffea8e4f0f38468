"""How likely each score cell is, and each outcome in it, for a population of applicants.

Counting a pool's applicants by cell leaves the noise of the count: with 2^18 of them, enough for a
chi-square test to tell 100 000 scorings from what was expected. So one continuous feature is taken
out of each applicant's score, and put back as what it may be, given the applicant's others
(conditional Monte Carlo: S. Asmussen and P. W. Glynn, Stochastic Simulation, 2007, chapter V.4).
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.pool import (
    WEIGHTS,
    Given,
    Integrated,
    log_odds,
    pool,
    standardised_values,
)
from simulator.simulation.scorecard import (
    CELL_POINTS,
    HIGHEST_POINTS,
    LOWEST_POINTS,
    N_CELLS,
    POINTS_PER_LOG_ODDS,
    Scorecard,
    cells,
    points,
)

__all__ = ["cell_shares"]

_DIGITS: Final = 12  # below what processors sum differently
_STATED: Final = [  # by the lowest score of each cell
    Scorecard.probability_of_default(LOWEST_POINTS + CELL_POINTS * cell) for cell in range(N_CELLS)
]


def cell_shares(card: Scorecard, given: tuple[Given, ...], default_probability: Floats) -> Floats:
    """Joint shares of score cell and outcome (good, bad), shape (cells, 2); sums to 1.

    Args:
        card: what scores.
        given: each feature, as the model gets it.
        default_probability: of each applicant of the pool, shape (applicants,).
    """
    scored = _scored(card, given)
    bad = scored.shares * _bad_by_cell(scored.cell, default_probability)
    # as many default, whatever they are taken for
    as_ever = bad * (float(default_probability.mean(dtype=np.float64)) / float(bad.sum()))
    # rounded up it may be more than all
    of_bad = np.minimum(np.round(as_ever, _DIGITS), scored.shares)
    return np.column_stack([scored.shares - of_bad, of_bad])


@dataclass(frozen=True)
class _Scored:
    """How a population is scored, whoever of it defaults.

    `cell` of each applicant of the pool (applicants,), and how likely each cell is (cells,).
    """

    cell: NDArray[np.uint8]
    shares: Floats


@lru_cache(maxsize=16)
def _scored(card: Scorecard, given: tuple[Given, ...]) -> _Scored:
    score = points(card.intercept + log_odds(card.multipliers, given))
    cell = cells(_on_scale(np.rint(score)).astype(np.int64)).astype(np.uint8)
    return _Scored(cell, _cell_probabilities(card, given, score))


def _bad_by_cell(cell: NDArray[np.uint8], default_probability: Floats) -> Floats:
    """The share of each cell that defaults; where nobody is, what the lowest score stands for."""
    n = np.bincount(cell, minlength=N_CELLS)
    bad = np.bincount(cell, default_probability, N_CELLS)
    return np.where(n > 0, bad / np.maximum(n, 1), _STATED)


def _on_scale(score: Floats) -> Floats:
    return np.clip(score, LOWEST_POINTS, HIGHEST_POINTS)


def _cell_probabilities(card: Scorecard, given: tuple[Given, ...], score: Floats) -> Floats:
    """Shares of the cells, shape (cells,): sums of convolutions in whole points."""
    one = max(pool().integrated, key=lambda i: _spread(card, given, i))
    added = _points_added(card, given, one)
    reach = math.ceil(np.abs(added).max()) + 1
    rest = score - added.take(pool().at[one.column])
    lowest = LOWEST_POINTS - reach  # what is further off the scale stays off it in any case
    whole = np.rint(np.clip(rest, lowest, HIGHEST_POINTS + reach)).astype(np.int64) - lowest
    length = 1 << (HIGHEST_POINTS - LOWEST_POINTS + 4 * reach).bit_length()
    of_rest = _by_level(one.mean.astype(np.int64), whole, length, len(one.at))
    n_levels, n_quantiles = one.at.shape
    steps = np.rint(added[one.at]).astype(np.int64) + reach
    levels = np.broadcast_to(np.arange(n_levels)[:, np.newaxis], steps.shape)
    of_feature = _by_level(levels, steps, length, n_levels) / n_quantiles
    sums = np.fft.irfft((np.fft.rfft(of_rest) * np.fft.rfft(of_feature)).sum(axis=0), length)
    at = cells(_on_scale(np.arange(length) + lowest - reach).astype(np.int64))
    shares = np.round(np.bincount(at, np.maximum(sums, 0.0), N_CELLS) / len(score), _DIGITS)
    return np.asarray(shares / shares.sum())


def _points_added(card: Scorecard, given: tuple[Given, ...], one: Integrated) -> Floats:
    """What the feature adds to the score at each point of the grid of normals."""
    weight = -POINTS_PER_LOG_ODDS * card.coefficients[one.column]
    return np.asarray(weight * standardised_values(one.column, given[one.column]))


def _spread(card: Scorecard, given: tuple[Given, ...], one: Integrated) -> float:
    added = _points_added(card, given, one)
    mean = (WEIGHTS * added).sum()
    return float((WEIGHTS * (added - mean) ** 2).sum())


def _by_level(levels: Ints, whole: Ints, length: int, n_levels: int) -> Floats:
    """How many have so many points, shape (levels, length)."""
    at = levels * length + whole
    counts = np.bincount(at.reshape(-1), minlength=n_levels * length)
    return counts.reshape(n_levels, length).astype(np.float64)
