"""How long a panel as a whole was in each colour: at each moment, in that of its worst value."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.verdicts import FieldCoverage, PanelCoverage

__all__ = ["color_seconds"]

_Floats = NDArray[np.float64]


def color_seconds(
    panel: PanelCoverage, colors: Sequence[str], *, spacing: float = 1.0
) -> Mapping[str, float]:
    """Seconds by colour; they add up to the time in which any value was on one of `colors`.

    The steps' own seconds do not: three fields of a panel can be red, orange and green at once.
    `colors` are in order, the worst last; `spacing` is the time between moments, in seconds. Values
    that a mapping gives another colour count with their step. Empty for a panel without thresholds.

    >>> from simulator.coverage.verdicts import StepCoverage, Track, Verdict
    >>> steps = (
    ...     StepCoverage(0, "green", None, -np.inf, 5.0, Verdict.EXERCISED),
    ...     StepCoverage(1, "red", 5.0, 5.0, np.inf, Verdict.EXERCISED),
    ... )
    >>> times = np.array([1.0, 2.0, 3.0])
    >>> one = Track("a", times, np.array([1.0, 9.0, 1.0]))
    >>> other = Track("b", times, np.array([1.0, 1.0, 9.0]))
    >>> field = FieldCoverage("lag", Verdict.EXERCISED, steps, (one, other))
    >>> panel = PanelCoverage("", 1, "Lag", "stat", Verdict.EXERCISED, (field,))
    >>> color_seconds(panel, ("green", "red"))
    {'green': 1.0, 'red': 2.0}
    """
    found = [_ranks(field, colors) for field in panel.fields if field.steps]
    if not found:
        return {}
    times = np.concatenate([times for times, _ in found])
    ranks = np.concatenate([ranks for _, ranks in found])
    moments, places = np.unique(times[ranks >= 0], return_inverse=True)
    worst = np.full(len(moments), -1)
    np.maximum.at(worst, places, ranks[ranks >= 0])
    counts = np.bincount(worst, minlength=len(colors))
    return {
        color: float(count * spacing) for color, count in zip(colors, counts, strict=True) if count
    }


def _ranks(field: FieldCoverage, colors: Sequence[str]) -> tuple[_Floats, NDArray[np.int64]]:
    """The moments of a field's values, and the place of their colours in `colors`, else -1."""
    times = np.concatenate([np.empty(0), *(track.times for track in field.tracks)])
    levels = np.concatenate([np.empty(0), *(track.values for track in field.tracks)])
    ranks = np.full(len(times), -1)
    for step in field.steps:
        if step.color in colors:
            ranks[(levels >= step.low) & (levels < step.high)] = colors.index(step.color)
    return times, ranks
