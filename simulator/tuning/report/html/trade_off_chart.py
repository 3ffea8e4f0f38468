"""Detection time against false alarms: every setting tried, and those that no other beats."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.labels import Label
from simulator.drawing.paths import dots_path, polyline_path
from simulator.drawing.quantities import counted, duration_text
from simulator.drawing.scales import Scale, ScaleKind
from simulator.drawing.ticks import time_ticks, value_ticks
from simulator.tuning.choosing.trade_offs import TradeOff
from simulator.tuning.report.criterion_text import criterion_text
from simulator.tuning.report.html.charts import Axis, Chart, ChartMark, ChartPath, spread_labels
from simulator.tuning.report.html.level_facts import LevelFacts, Marked

__all__ = ["trade_off_chart"]

Floats = NDArray[np.float64]

_SHORTEST: Final = 60.0
_LINEAR_UP_TO: Final = 12
"""So many false alarms fit on a linear scale; more are drawn on a logarithmic one with a zero."""

_MOST_TICKS: Final = 6

_HEADROOM: Final = 1.12
"""So far beyond the latest does the axis go, or a label at the top runs into the axis's name."""


def trade_off_chart(facts: LevelFacts) -> Chart:
    """The trade-offs of settings that find as many incidents as the proposal, or as today's."""
    hits, n_incidents = facts.marked[-1].judged.n_found, facts.marked[-1].judged.n_incidents
    trade_offs = facts.chosen.sweeps[facts.level.level].trade_offs
    seen, front = trade_offs.seen, trade_offs.front(min_hits=hits)
    days = facts.marked[-1].judged.days
    placed = [
        one for one in facts.marked if not math.isnan(one.judged.criteria["detection_median"])
    ]
    enough = [one for one in seen if one.hits >= hits]
    x, y = _axes(enough, placed, days)
    fewer = [one for one in seen if one.hits < hits]
    inside = [
        one
        for one in fewer
        if one.detection <= y.scale.high and one.false_alarms / days <= x.scale.high
    ]
    marks = [_mark(one, x, y) for one in placed]
    return Chart(
        title="Detection time and false alarms",
        x_name="false alarms per day" + (" (log, with a zero)" if x.scale.kind != "linear" else ""),
        y_name="detection time, median",
        description="; ".join(f"{mark.label}: {mark.title}" for mark in marks),
        x_labels=tuple(Label(f"{v:g}", x.percent(v)) for v, _ in value_ticks(x.scale, ())),
        y_labels=_times(y),
        paths=tuple(_paths((inside, enough, front), (hits, n_incidents), days, (x, y))),
        marks=spread_labels(marks),
        notes=tuple(_notes(facts, placed, len(fewer) - len(inside))),
        empty="" if seen else "No setting finds an incident in these recordings.",
    )


def _axes(seen: Sequence[TradeOff], placed: Sequence[Marked], days: float) -> tuple[Axis, Axis]:
    measured = [one.judged.criteria for one in placed]
    most = max(
        [
            1.0,
            *(t.false_alarms for t in seen),
            *(m["false_alarms_per_day"] * days for m in measured),
        ]
    )
    latest = max(
        [_SHORTEST, *(t.detection for t in seen), *(m["detection_median"] for m in measured)]
    )
    kind: ScaleKind = "linear" if most <= _LINEAR_UP_TO else "stretched"
    across = Axis(Scale(kind, 0.0, most / days, knee=1.0 / days))
    return across, Axis(Scale("linear", 0.0, _HEADROOM * latest))


def _times(y: Axis) -> tuple[Label, ...]:
    ticks, _ = time_ticks(0.0, y.scale.high)
    stride = math.ceil(len(ticks) / _MOST_TICKS)
    return tuple(Label(duration_text(v), round(100 - y.percent(v), 2)) for v in ticks[::stride])


def _notes(facts: LevelFacts, placed: Sequence[Marked], n_beyond: int) -> Iterator[str]:
    for one in facts.marked:
        if one not in placed:
            yield f"{one.label} ({one.text}) has no place here: it found no incident."
    if n_beyond:
        yield f"Not drawn: {counted(n_beyond, 'setting')} beyond the axes that find fewer."


def _paths(
    trade_offs: tuple[Sequence[TradeOff], Sequence[TradeOff], Sequence[TradeOff]],
    found: tuple[int, int],
    days: float,
    axes: tuple[Axis, Axis],
) -> Iterator[ChartPath]:
    fewer, enough, front = trade_offs
    hits, n_incidents = found
    if fewer:
        name = f"settings that find fewer than {hits} of {n_incidents}"
        yield ChartPath("dots fewer", dots_path(*_points(fewer, days, axes)), name)
    if enough:
        name = f"settings that find at least {hits} of {n_incidents} incidents"
        yield ChartPath("dots", dots_path(*_points(enough, days, axes)), name)
    if front:
        shares, heights = _points(front, days, axes)
        steps = np.append(np.repeat(shares, 2)[1:], 1.0), np.repeat(heights, 2)
        yield ChartPath("front", polyline_path(*steps), "the best of these: none is better in both")
        yield ChartPath("dots best", dots_path(shares, heights))


def _points(
    trade_offs: Sequence[TradeOff], days: float, axes: tuple[Axis, Axis]
) -> tuple[Floats, Floats]:
    false_alarms = np.array([one.false_alarms for one in trade_offs]) / days
    return axes[0].shares(false_alarms), axes[1].shares([one.detection for one in trade_offs])


def _mark(one: Marked, x: Axis, y: Axis) -> ChartMark:
    found = one.judged.criteria
    names = ("false_alarms_per_day", "detection_median")
    false_alarms, detection = (criterion_text(name, found[name]) for name in names)
    return ChartMark(
        one.kind,
        x.percent(found["false_alarms_per_day"]),
        round(100 - y.percent(found["detection_median"]), 2),
        one.label,
        f"{one.text}: {false_alarms} false alarms per day, found after {detection}",
    )
