"""The witnesses in a plot: where a step was first seen, and where the nearest value was."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.coverage.report.verdict_text import band_text, clock_text, nearest_text
from simulator.coverage.verdicts import Coverage, FieldCoverage, StepCoverage, Track, Verdict
from simulator.drawing.scales import Scale
from simulator.grafana.colors import css_color

__all__ = ["Mark", "marks"]

_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the plot, in percent from the left and the top.

    `reach` is the way, in percent of the height, from the nearest value up to the band that was
    not reached; negative where the band lies below.
    """

    kind: Literal["first", "nearest"]
    left: float
    top: float
    color: str
    title: str
    reach: float = 0.0


def marks(fields: Sequence[FieldCoverage], scale: Scale, coverage: Coverage) -> tuple[Mark, ...]:
    """A mark for each step that has a witness or a nearest value; a dozen at most."""
    found = (
        mark
        for field in fields
        for step in field.steps
        for mark in _of_step(step, field, scale, coverage)
    )
    return tuple(mark for mark, _ in zip(found, range(_MOST), strict=False))


def _of_step(
    step: StepCoverage, field: FieldCoverage, scale: Scale, coverage: Coverage
) -> Iterator[Mark]:
    color, about = css_color(step.color), f"{step.color} {band_text(step, field)}"
    if step.verdict is Verdict.EXERCISED and step.first_seen is not None:
        value = _value_at(step.first_seen, step.seen_in, field.tracks)
        if not math.isnan(value):
            title = f"{about} first seen {clock_text(step.first_seen, coverage)}"
            left = _left(step.first_seen, coverage)
            yield Mark("first", left, _top(value, scale), color, title)
    elif step.nearest is not None and not math.isnan(step.nearest.value):
        top = _top(step.nearest.value, scale)
        edge = step.low if step.nearest.value < step.low else step.high
        title = f"{about}: {nearest_text(step, field, coverage)}"
        left = _left(step.nearest.at, coverage)
        yield Mark("nearest", left, top, color, title, round(top - _top(edge, scale), 2))


def _left(at: float, coverage: Coverage) -> float:
    span = coverage.end - coverage.start or 1.0
    return round(min(max((at - coverage.start) / span, 0.0), 1.0) * 100, 2)


def _top(value: float, scale: Scale) -> float:
    return round((1 - float(scale.heights([value])[0])) * 100, 2)


def _value_at(at: float, name: str, tracks: Sequence[Track]) -> float:
    """The value of the series of this name at a moment; nan where it has none."""
    for track in tracks:
        if track.name == name and len(track.times):
            nearest = int(np.argmin(np.abs(track.times - at)))
            return float(track.values[nearest])
    return math.nan
