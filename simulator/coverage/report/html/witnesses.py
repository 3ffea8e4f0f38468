"""The witnesses in a chart: where a step was first seen, and where the nearest value was."""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from simulator.coverage.report.verdict_text import band_text, clock_text, nearest_text
from simulator.coverage.verdicts import Coverage, FieldCoverage, StepCoverage, Verdict
from simulator.drawing.chart import Mark
from simulator.grafana.colors import css_color

__all__ = ["witnesses"]

_MOST: Final = 12


def witnesses(fields: Sequence[FieldCoverage], coverage: Coverage) -> tuple[Mark, ...]:
    """A mark for each step that has a witness or a nearest value; a dozen at most."""
    found = (
        mark for field in fields for step in field.steps for mark in _of_step(step, field, coverage)
    )
    return tuple(islice(found, _MOST))


def _of_step(step: StepCoverage, field: FieldCoverage, coverage: Coverage) -> Iterator[Mark]:
    color, about = css_color(step.color), f"{step.color} {band_text(step, field)}"
    nearest = step.nearest
    if step.verdict is Verdict.EXERCISED and step.first_seen is not None:
        track = next((one for one in field.tracks if one.name == step.seen_in), None)
        value = track.at(step.first_seen) if track else math.nan
        if not math.isnan(value):
            title = f"{about} first seen {clock_text(step.first_seen, coverage)}"
            yield Mark("first", step.first_seen, value, title, color=color)
    elif nearest is not None and not math.isnan(nearest.value):
        edge = step.low if nearest.value < step.low else step.high
        title = f"{about}: {nearest_text(step, field, coverage)}"
        yield Mark("nearest", nearest.at, nearest.value, title, color=color, reach=edge)
