"""The precision-recall curve: what every threshold would have done with one hold."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.labels import Label
from simulator.drawing.paths import polyline_path
from simulator.drawing.scales import Scale
from simulator.tuning.report.criterion_text import criterion_text, hold_text
from simulator.tuning.report.html.charts import Axis, Chart, ChartMark, ChartPath, spread_labels
from simulator.tuning.report.html.level_facts import LevelFacts, Marked

__all__ = ["precision_recall_chart"]

Floats = NDArray[np.float64]

_AXIS: Final = Axis(Scale("linear", 0.0, 1.0))
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def precision_recall_chart(facts: LevelFacts) -> Chart:
    """The curve with the proposal's hold, and a thinner one with today's where that differs."""
    holds = {one.setting.hold: one for one in facts.marked}
    paths: list[ChartPath] = []
    for n, hold in enumerate(reversed(holds)):
        paths += _curve(*facts.precision_and_recall(hold), hold, is_thin=n > 0)
    marks = [mark for one in facts.marked for mark in _mark(one)]
    return Chart(
        title="Precision and recall",
        x_name="recall",
        y_name="precision",
        description="; ".join(f"{mark.label}: {mark.title}" for mark in marks),
        x_labels=tuple(Label(f"{v:g}", _AXIS.percent(v)) for v in _TICKS),
        y_labels=tuple(Label(f"{v:g}", round(100 - _AXIS.percent(v), 2)) for v in _TICKS),
        paths=tuple(paths),
        marks=spread_labels(marks),
        notes=tuple(
            f"{one.label} ({one.text}) has no place here: it raised no alarm."
            for one in facts.marked
            if np.isnan(one.judged.criteria["precision"])
        ),
        empty="" if paths else "No incident in these recordings: recall is undefined.",
    )


def _curve(precision: Floats, recall: Floats, hold: float, *, is_thin: bool) -> Iterator[ChartPath]:
    """Stretches of thresholds that find the same incidents, and the jumps between them."""
    known = np.flatnonzero(~np.isnan(precision) & ~np.isnan(recall))
    if not known.size:
        return
    x, y = _AXIS.shares(recall[known]), _AXIS.shares(precision[known])
    stretches = np.split(np.arange(len(x)), np.flatnonzero(np.diff(x)) + 1)
    thin = " thin" if is_thin else ""
    solid = "".join(
        polyline_path(x[s[[0, 0]]], np.array([y[s].min(), y[s].max()])) for s in stretches
    )
    jumps = "".join(
        polyline_path(x[[a[-1], b[0]]], y[[a[-1], b[0]]]) for a, b in pairwise(stretches)
    )
    yield ChartPath(f"jump{thin}", jumps)
    yield ChartPath(f"curve{thin}", solid, f"every threshold, {hold_text(hold)}")


def _mark(one: Marked) -> Iterator[ChartMark]:
    recall, precision = one.judged.criteria["recall"], one.judged.criteria["precision"]
    if np.isnan(recall) or np.isnan(precision):
        return
    words = (
        f"{name} {criterion_text(name, one.judged.criteria[name])}"
        for name in ("recall", "precision")
    )
    title = f"{one.text}: {', '.join(words)}"
    yield ChartMark(
        one.kind, _AXIS.percent(recall), round(100 - _AXIS.percent(precision), 2), one.label, title
    )
