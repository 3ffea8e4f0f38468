"""Looking at a panel over a span of time: all at once where that gives the same."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel
from simulator.grafana.panel_types import panel_type
from simulator.grafana.shown import Shown, shown_number
from simulator.grafana.thresholds import percentage
from simulator.grafana.transformations import keeps_values
from simulator.grafana.value_mappings import has_colors
from simulator.grafana.views import panel_view
from simulator.grafana.whole_series import draws_points, is_styled_by_values
from simulator.observation.asked_over_time import replayed
from simulator.observation.drawn_lines import DrawnLines
from simulator.observation.every_panel import Look
from simulator.observation.panel_values import Collected, Floats, PanelValues
from simulator.observation.replay import MOST_VIEWS, Moments, Replayed

__all__ = ["over_time", "values_over_time"]

_SAME_OF_ONE_POINT = frozenset({"lastNotNull", "last", "firstNotNull", "first", "mean", "sum"})
"""Reducers that give a single point back as it is."""

_NO_TIME = -1.0
"""In place of the moment where it is not known yet; no number of a series is below 0."""


def over_time(moments: Moments) -> Look[PanelValues]:
    """Looks at panels at all these moments; what is seen is the values they showed."""
    return Look(
        ask=partial(replayed, moments=moments), see=partial(values_over_time, moments=moments)
    )


def values_over_time(panel: Panel, answers: Sequence[Replayed], moments: Moments) -> PanelValues:
    """What the panel showed over the span.

    A plot shows all its points. Of other panels, and of lines in which a point is shown by what the
    others are, the state at every moment counts; where it has to be worked out moment by moment, at
    most 1440 of them are looked at.
    """
    if draws_points(panel):
        return _plotted(panel, answers)
    if _is_value_by_value(panel, answers):
        return _in_patterns(panel, answers, moments)
    return _one_by_one(panel, answers, moments)


def _plotted(panel: Panel, answers: Sequence[Replayed]) -> PanelValues:
    collected = Collected(max((one.spacing for one in answers), default=0.0))
    view = panel_view(panel, [one.answer for one in answers])
    collected.note(view)
    for styled in view.fields:
        values = styled.field.numbers
        if len(styled.times) != len(values):
            continue  # no time, nothing to plot against
        finite = np.isfinite(values)  # the others are gaps
        like = shown_number(panel, styled, None)
        collected.add(like, styled.times[finite], _levels(like, values[finite]))
    return collected.panel_values()


def _levels(like: Shown, values: Floats) -> Floats:
    """The values as the thresholds take them."""
    if like.thresholds is None or not like.thresholds.is_percentage:
        return values
    return np.array([percentage(value, like.limits) for value in values.tolist()])


def _one_by_one(panel: Panel, answers: Sequence[Replayed], moments: Moments) -> PanelValues:
    looked_at = moments.at_most(MOST_VIEWS)
    collected = Collected(looked_at.every)
    lines = DrawnLines(panel, collected, since=moments.first, levels=_levels)
    for moment in looked_at.times.tolist():
        then = [replace(one.answer, series=tuple(one.until(moment))) for one in answers]
        view = panel_view(panel, then)
        collected.note(view)
        if view.unsupported:
            break  # what comes after it is no proof either
        if panel_type(panel.type).is_plotted:
            lines.add(view, moment)
            continue
        for shown in view.shown:
            if shown.value is None and shown.thresholds is None:
                continue  # an empty text
            value = shown.value if isinstance(shown.value, float) else math.nan
            hidden = np.array([shown.is_painted and not shown.is_color_seen])
            level = _levels(shown, np.array([value]))
            collected.add(shown, np.array([moment]), level, is_hidden=hidden)
    return collected.panel_values()


def _is_value_by_value(panel: Panel, answers: Sequence[Replayed]) -> bool:
    """Whether it shows the points of the answers, each judged by itself."""
    return (
        panel_type(panel.type).shows_every_value
        and not panel_type(panel.type).is_plotted
        and not is_styled_by_values(panel)
        and all(one.window == 0.0 and _keeps_values(one.answer) for one in answers)
        and all(map(keeps_values, panel.transformations))
        and set(panel.reduce.calcs) <= _SAME_OF_ONE_POINT
        and _has_no_numbers_for_names(panel, answers)
        and not any(has_colors(value) for value in _configured(panel, "mappings"))
        and not any(_is_relative(value) for value in _configured(panel, "thresholds"))
    )


def _has_no_numbers_for_names(panel: Panel, answers: Sequence[Replayed]) -> bool:
    """Whether the bars of a chart, where a column is chosen for it, are named by a label."""
    wanted = panel.options.get("xField")
    if not wanted:
        return True
    names = {wanted}
    for renames in (t.options.get("renameByName") for t in panel.transformations):
        if isinstance(renames, dict):
            names |= {old for old, new in renames.items() if new == wanted}
    labels = {name for one in answers for series in one.answer.series for name in series.labels}
    return not names.isdisjoint(labels)


def _keeps_values(answer: Answer) -> bool:
    """Whether its frames hold the values as they are: heatmaps subtract, tables drop a sign."""
    if answer.target.format == "table":
        return not any(np.isneginf(one.values).any() for one in answer.series)
    return answer.target.format != "heatmap"


def _configured(panel: Panel, name: str) -> Iterator[object]:
    """The property's values in the panel's defaults and overrides."""
    yield panel.field_config.defaults.get(name)
    for override in panel.field_config.overrides:
        yield from (value for key, value in override.properties if key == name)


def _is_relative(thresholds: object) -> bool:
    return isinstance(thresholds, dict) and thresholds.get("mode") == "percentage"


def _in_patterns(panel: Panel, answers: Sequence[Replayed], moments: Moments) -> PanelValues:
    """What is shown, worked out once for all moments at which the same series have a point.

    The panel is given the numbers of the series in place of their values, and tells where each
    one goes: its name, its row and its thresholds depend on which series there are, and on
    nothing else.
    """
    collected = Collected(moments.every)
    times = moments.times
    columns = [series for one in answers for series in one.answer.series]
    values, is_there = _on_grid(columns, times, moments)
    for pattern, rows in _patterns(is_there):
        view = panel_view(panel, _numbered(answers, pattern))
        collected.note(view)
        for shown in view.shown:
            if isinstance(shown.value, str):
                collected.add(shown, times[rows], np.full(len(rows), np.nan))
            elif shown.value == _NO_TIME * 1000:
                collected.add(shown, times[rows], times[rows] * 1000)
            elif shown.value is not None:
                is_cell = not math.isnan(shown.value)  # nan: a cell that a merge left open
                column = values[rows, int(shown.value)] if is_cell else np.full(len(rows), np.nan)
                if not panel_type(panel.type).draws_the_infinite:
                    column = np.where(np.isfinite(column), column, np.nan)
                collected.add(shown, times[rows], column)
    return collected.panel_values()


def _on_grid(
    columns: Sequence[Series], times: Floats, moments: Moments
) -> tuple[Floats, NDArray[np.bool_]]:
    """Values (moments, series), and whether there is a point at all: nan is one too."""
    values = np.full((len(times), len(columns)), np.nan)
    is_there = np.zeros(values.shape, dtype=np.bool_)
    for column, series in enumerate(columns):
        rows = np.rint((series.times - moments.first) / moments.every).astype(np.int64)
        inside = (rows >= 0) & (rows < len(times))
        values[rows[inside], column] = series.values[inside]
        is_there[rows[inside], column] = True
    return values, is_there


def _patterns(
    is_there: NDArray[np.bool_],
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.int64]]]:
    """Each kind of row in a matrix, shape (columns,), and the numbers of its rows.

    Rows that follow each other are mostly of one kind, and only the first of them is looked at.
    """
    is_first = np.ones(len(is_there), dtype=np.bool_)
    is_first[1:] = (is_there[1:] != is_there[:-1]).any(axis=1)
    kinds, of_first = np.unique(is_there[is_first], axis=0, return_inverse=True)
    of_row = of_first[np.cumsum(is_first) - 1]
    for number, kind in enumerate(kinds):
        yield kind, np.flatnonzero(of_row == number)


def _numbered(answers: Sequence[Replayed], pattern: NDArray[np.bool_]) -> list[Answer]:
    """The answers with only the series of a pattern, the value of each its number among all."""
    found, number = [], 0
    for one in answers:
        kept = []
        for series in one.answer.series:
            if pattern[number]:
                tagged = np.array([float(number)])
                kept.append(Series(series.labels, np.array([_NO_TIME]), tagged))
            number += 1
        found.append(replace(one.answer, series=tuple(kept)))
    return found
