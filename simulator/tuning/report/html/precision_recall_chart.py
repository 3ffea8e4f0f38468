"""The precision-recall curve: what every threshold would have done with one hold."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulator.drawing.axes import Axis, Tick
from simulator.drawing.chart import Chart, Curve, Mark, marked_chart
from simulator.drawing.scales import Scale
from simulator.tuning.judging.ranking import Floats
from simulator.tuning.report.criterion_text import criterion_text, hold_text
from simulator.tuning.report.html.level_facts import LevelFacts, Marked

__all__ = ["precision_recall_chart"]

_PADDING: Final = 0.04
_TICKS: Final = tuple(Tick(v, f"{v:g}") for v in (0.0, 0.25, 0.5, 0.75, 1.0))
_TITLE: Final = "Precision and recall"


def precision_recall_chart(facts: LevelFacts) -> Chart:
    """The curve with the proposal's hold, and a thinner one with today's where that differs."""
    holds = dict.fromkeys(one.setting.hold for one in facts.marked)
    level, chosen = facts.level.level, facts.chosen
    curves = [
        curve
        for n, hold in enumerate(reversed(holds))
        for curve in _curves(*chosen.precision_recall(level, hold), hold, " thin" if n else "")
    ]
    x, y = (
        Axis(Scale("linear", 0.0, 1.0), _TICKS, name, _PADDING) for name in ("recall", "precision")
    )
    if not curves:
        return Chart(_TITLE, empty="No incident in these recordings: recall is undefined.")
    marks = [mark for one in facts.marked for mark in _mark(one)]
    notes = (
        f"{one.label} ({one.text}) has no place here: it raised no alarm."
        for one in facts.marked
        if np.isnan(one.judged.criteria["precision"])
    )
    return marked_chart(_TITLE, x, y, curves, marks, notes)


def _curves(precision: Floats, recall: Floats, hold: float, thin: str) -> Iterator[Curve]:
    """Stretches of thresholds that find the same incidents, and the jumps between them."""
    known = ~np.isnan(precision) & ~np.isnan(recall)
    x, y = recall[known], precision[known]
    if not len(x):
        return
    starts = np.flatnonzero(np.diff(x, prepend=np.nan))
    least, most = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    after = starts[1:]
    yield _segments(f"jump{thin}", (x[after - 1], y[after - 1]), (x[after], y[after]))
    name = f"every threshold, {hold_text(hold)}"
    yield _segments(f"curve{thin}", (x[starts], least), (x[starts], most), name)


def _segments(
    kind: str, start: tuple[Floats, Floats], end: tuple[Floats, Floats], name: str = ""
) -> Curve:
    """Straight lines from points to points, pairs of x and y."""
    breaks = np.full(len(start[0]), np.nan)
    x, y = (np.stack([a, b, breaks], axis=1).ravel() for a, b in zip(start, end, strict=True))
    return Curve(kind, x, y, "polyline", name)


def _mark(one: Marked) -> Iterator[Mark]:
    recall, precision = (one.judged.criteria[name] for name in ("recall", "precision"))
    if not np.isnan(recall + precision):
        about = ", ".join(
            f"{name} {criterion_text(name, one.judged.criteria[name])}"
            for name in ("recall", "precision")
        )
        yield Mark(one.kind, recall, precision, f"{one.text}: {about}", one.label)
