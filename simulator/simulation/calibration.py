"""Intercepts: what a change of coefficients leaves as it was in the development sample."""

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import expit

from simulator.scenario.platform.policy import Policy
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.arrays import Floats
from simulator.simulation.pool import Given, log_odds
from simulator.simulation.scorecard import INTERCEPT, Scorecard, points

__all__ = ["intercept_of_reasons", "released"]

_IN_HEALTH: Final = (Given(),) * len(FEATURES)
_UNCHANGED: Final = (1.0,) * len(FEATURES)
_STEPS_PER_LOG_ODDS: Final = 64
_N_HALVINGS: Final = 60
_USUAL_CUT_OFF: Final = Policy().decision_points()[0]


@lru_cache(maxsize=256)
def intercept_of_reasons(multipliers: tuple[float, ...]) -> float:
    """The intercept of true log-odds with these coefficients, by which as many default as ever.

    Who defaults changes, and how many do not: that would be another incident (`prior-shift`).
    Found by halving, on a histogram of the development sample in steps of 1/64.

    >>> intercept_of_reasons((1.0,) * 12)
    -2.75
    """
    if multipliers == _UNCHANGED:
        return INTERCEPT
    wanted = _bad_rate(INTERCEPT, *_histogram(_UNCHANGED))
    values, counts = _histogram(multipliers)
    low, high = -values.max() - 50.0, -values.min() + 50.0
    for _ in range(_N_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _bad_rate(middle, values, counts) > wanted else (middle, high)
    return float((low + high) / 2.0)


def _histogram(multipliers: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Log-odds without an intercept, and how many of the development sample have them."""
    steps = np.rint(log_odds(multipliers, _IN_HEALTH) * _STEPS_PER_LOG_ODDS).astype(np.int64)
    counts = np.bincount(steps - steps.min()).astype(np.float64)
    return (steps.min() + np.arange(len(counts))) / _STEPS_PER_LOG_ODDS, counts


def _bad_rate(intercept: float, values: Floats, counts: Floats) -> float:
    return float((expit(intercept + values) * counts).sum() / counts.sum())


@lru_cache(maxsize=64)
def released(multipliers: tuple[float, ...], accepted_from: int = _USUAL_CUT_OFF) -> Scorecard:
    """The scorecard with these coefficients as a lender puts it into production.

    Its cut-offs are those of all versions, of which `accepted_from` are the points from which all
    are accepted; its intercept makes it accept the same share of the
    development sample as the scorecard before any release, as near as ties allow: acceptance is a
    decision of the lender's, and a new model is no reason to lend more or less.

    >>> released((1.0,) * 12) == Scorecard()
    True
    """
    if multipliers == _UNCHANGED:
        return Scorecard()
    before = INTERCEPT + log_odds(_UNCHANGED, _IN_HEALTH)
    lowest = accepted_from - 0.5  # what is rounded to it
    accepted = float(np.mean(points(before) >= lowest))
    cut_off = float(np.quantile(log_odds(multipliers, _IN_HEALTH), accepted, method="lower"))
    return Scorecard(multipliers, intercept=_log_odds_at(lowest) - cut_off)


def _log_odds_at(score: float) -> float:
    """The log-odds that come to so many points."""
    at_zero, at_one = points(np.array([0.0, 1.0])).tolist()
    return float((at_zero - score) / (at_zero - at_one))
