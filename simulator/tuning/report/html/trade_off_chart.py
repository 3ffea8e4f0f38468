"""Detection time against false alarms: every setting tried, and those that no other beats."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simulator.drawing.axes import Axis, Tick
from simulator.drawing.chart import Chart, Curve, Mark, marked_chart
from simulator.drawing.quantities import counted, duration_text
from simulator.drawing.scales import Scale
from simulator.drawing.ticks import time_ticks, value_ticks
from simulator.tuning.choosing.trade_offs import TradeOff
from simulator.tuning.report.criterion_text import criterion_text
from simulator.tuning.report.html.level_facts import LevelFacts, Marked

__all__ = ["trade_off_chart"]

_PADDING: Final = 0.04
_SHORTEST: Final = 60.0
_LINEAR_UP_TO: Final = 12
"""What fits on a linear scale; more false alarms are on a logarithmic one with a zero."""

_MOST_TICKS: Final = 6

_HEADROOM: Final = 1.12
"""So far beyond the latest does the axis go, or a label at the top runs into the axis's name."""

_TITLE: Final = "Detection time and false alarms"


def trade_off_chart(facts: LevelFacts) -> Chart:
    """The trade-offs of settings that find as many incidents as the proposal, or as today's."""
    judged = facts.marked[-1].judged
    hits, days = judged.n_found, judged.days
    trade_offs = facts.chosen.sweeps[facts.level.level].trade_offs
    placed = [
        one for one in facts.marked if not math.isnan(one.judged.criteria["detection_median"])
    ]
    enough = [one for one in trade_offs.seen if one.hits >= hits]
    x, y = _false_alarms_axis(enough, placed, days), _detection_axis(enough, placed)
    fewer = [one for one in trade_offs.seen if one.hits < hits]
    inside = [
        one
        for one in fewer
        if one.detection <= y.scale.high and one.false_alarms / days <= x.scale.high
    ]
    if not trade_offs.seen:
        return Chart(_TITLE, empty="No setting finds an incident in these recordings.")
    sets = (
        ("dots fewer", inside, f"settings that find fewer than {hits} of {judged.n_incidents}"),
        ("dots", enough, f"settings that find at least {hits} of {judged.n_incidents} incidents"),
        ("front", trade_offs.frontier(min_hits=hits), "the best of these: none is better in both"),
        ("dots best", trade_offs.frontier(min_hits=hits), ""),
    )
    curves = [_curve(kind, found, days, name) for kind, found, name in sets if found]
    marks = [_mark(one) for one in placed]
    return marked_chart(
        _TITLE, x, y, curves, marks, _notes(facts, placed, len(fewer) - len(inside))
    )


def _false_alarms_axis(seen: Sequence[TradeOff], placed: Sequence[Marked], days: float) -> Axis:
    most = max(
        [
            1.0,
            *(one.false_alarms for one in seen),
            *(one.judged.criteria["false_alarms_per_day"] * days for one in placed),
        ]
    )
    is_linear = most <= _LINEAR_UP_TO
    scale = Scale("linear" if is_linear else "stretched", 0.0, most / days, knee=1.0 / days)
    ticks = tuple(Tick(v, f"{v:g}") for v, _ in value_ticks(scale, ()))
    name = "false alarms per day" + ("" if is_linear else " (log, with a zero)")
    return Axis(scale, ticks, name, _PADDING)


def _detection_axis(seen: Sequence[TradeOff], placed: Sequence[Marked]) -> Axis:
    latest = max(
        [
            _SHORTEST,
            *(one.detection for one in seen),
            *(one.judged.criteria["detection_median"] for one in placed),
        ]
    )
    scale = Scale("linear", 0.0, _HEADROOM * latest)
    moments, _ = time_ticks(0.0, scale.high)
    stride = math.ceil(len(moments) / _MOST_TICKS)
    ticks = tuple(Tick(v, duration_text(v)) for v in moments[::stride])
    return Axis(scale, ticks, "detection time, median", _PADDING)


def _curve(kind: str, found: Sequence[TradeOff], days: float, name: str) -> Curve:
    x = np.array([one.false_alarms for one in found]) / days
    y = np.array([one.detection for one in found])
    return Curve(kind, x, y, "steps" if kind == "front" else "dots", name)


def _notes(facts: LevelFacts, placed: Sequence[Marked], n_beyond: int) -> Iterator[str]:
    for one in facts.marked:
        if one not in placed:
            yield f"{one.label} ({one.text}) has no place here: it found no incident."
    if n_beyond:
        yield f"Not drawn: {counted(n_beyond, 'setting')} beyond the axes that find fewer."


def _mark(one: Marked) -> Mark:
    names = ("false_alarms_per_day", "detection_median")
    x, y = (one.judged.criteria[name] for name in names)
    false_alarms, detection = map(criterion_text, names, (x, y))
    about = f"{false_alarms} false alarms per day, found after {detection}"
    return Mark(one.kind, x, y, f"{one.text}: {about}", one.label)
