"""The score cells of the pool's applicants."""

import numpy as np

from simulator.simulation.arrays import Ints
from simulator.simulation.pool import Given, log_odds
from simulator.simulation.scorecard import HIGHEST_POINTS, LOWEST_POINTS, Scorecard, cells, points

__all__ = ["cells_of_pool"]


def cells_of_pool(card: Scorecard, given: tuple[Given, ...]) -> Ints:
    """The cell of the score that each gets, shape (applicants,).

    Args:
        card: what scores.
        given: each feature, as the model gets it.
    """
    score = np.rint(points(card.intercept + log_odds(card.multipliers, given)))
    return cells(np.clip(score, LOWEST_POINTS, HIGHEST_POINTS).astype(np.int64))
