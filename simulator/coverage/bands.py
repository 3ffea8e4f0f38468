"""The bands of threshold steps: which values are on which step, and how near others come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.thresholds import Step, Thresholds

__all__ = ["Band", "active_steps", "bands"]

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """The values of one step: from `low` up to `high`, which is not included unless infinite."""

    index: int
    step: Step
    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        """Whether no value is on the step: the one after it begins at or below."""
        return not self.low < self.high

    def distance(self, levels: _Floats) -> _Floats:
        """How far outside the band each level is, shape as `levels`; 0 inside.

        >>> Band(1, Step(2.0, "red"), 2.0, 5.0).distance(np.array([1.0, 3.0, 5.0]))
        array([1., 0., 0.])
        """
        return np.maximum(np.maximum(self.low - levels, levels - self.high), 0.0)


def bands(thresholds: Thresholds) -> tuple[Band, ...]:
    """The band of every step, in the order of the JSON.

    Grafana goes through the steps and stops at the first that is not reached, so a step begins at
    the highest value so far. Where one is never reached (nan), neither are those after it.

    >>> steps = (Step(-math.inf, "green"), Step(9.0, "red"), Step(5.0, "blue"))
    >>> [(band.low, band.high) for band in bands(Thresholds(steps))]
    [(-inf, 9.0), (9.0, 9.0), (9.0, inf)]
    """
    lows = _lows(thresholds.steps)
    highs = [*lows[1:], math.inf]
    return tuple(
        Band(index, step, low, high)
        for index, (step, low, high) in enumerate(zip(thresholds.steps, lows, highs, strict=True))
    )


def _lows(steps: Sequence[Step]) -> list[float]:
    lows: list[float] = []
    for step in steps:
        before = lows[-1] if lows else -math.inf
        lows.append(math.inf if math.isnan(step.value) else max(step.value, before))
    return lows


def active_steps(levels: _Floats, thresholds: Thresholds) -> NDArray[np.int64]:
    """The index of the step each level is on, shape as `levels`; -1 for nan.

    The same as `simulator.grafana.thresholds.active_step`, of levels that are in percent already
    where the thresholds are.

    >>> three = Thresholds((Step(-math.inf, "green"), Step(10.0, "orange"), Step(20.0, "red")))
    >>> active_steps(np.array([9.9, 10.0, 25.0, np.nan]), three)
    array([ 0,  1,  2, -1])
    """
    reachable = [s.value for s in thresholds.steps]
    unreachable = next((i for i, value in enumerate(reachable) if math.isnan(value)), None)
    lows = np.array(_lows(thresholds.steps[:unreachable]))
    active = np.searchsorted(lows, levels, side="right") - 1
    return np.where(np.isnan(levels), -1, active)
