"""Where the parts of a chart are placed, and how it is written as HTML."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drawing.axes import Axis, time_axis
from simulator.drawing.chart import (
    Band,
    Chart,
    Curve,
    Key,
    Limit,
    Mark,
    Strip,
    gutter,
    marked_chart,
)
from simulator.drawing.lanes import first_free_lanes, merged
from simulator.drawing.page_templates import page_environment
from simulator.drawing.scales import Scale
from tests.support.page_reader import Page

_TEN = Axis(Scale("linear", 0.0, 10.0), has_grid=False)
_SPANS = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda ends: (min(ends), max(ends)))
)


def chart(**changes: object) -> Chart:
    return Chart("Lag", **{"x": _TEN, "y": _TEN} | changes)  # type: ignore[arg-type] # its fields


def drawn(one: Chart, *, has_heading: bool = False) -> Page:
    macros = page_environment("simulator.coverage.report.html").get_template("chart.html.j2").module
    return Page(str(macros.chart(one, "id", has_heading)))  # type: ignore[attr-defined] # a macro


def mark(x: float, y: float) -> Mark:
    return Mark("today", x, y, "", label="today")


def test_labels_of_marks_that_are_near_stand_apart() -> None:
    placed = chart(marks=(mark(5.0, 5.0), mark(5.5, 5.1))).placed_marks
    assert [one.shift for one in placed] == ["down", "up"]


def test_labels_of_marks_that_are_apart_are_level() -> None:
    placed = chart(marks=(mark(2.0, 5.0), mark(5.5, 5.1))).placed_marks
    assert [one.shift for one in placed] == ["level", "level"]


@pytest.mark.parametrize(("x", "side"), [(6.1, "after"), (6.3, "before")])
def test_a_label_is_where_there_is_room(x: float, side: str) -> None:
    (placed,) = chart(marks=(mark(x, 5.0),)).placed_marks
    assert placed.side == side


def test_steps_go_across_first_and_on_to_the_right_edge() -> None:
    steps = Curve("front", np.array([1.0, 5.0]), np.array([10.0, 5.0]), "steps")
    assert chart().path(steps) == "M100 0L500 0 500 100 1000 100"


def test_dots_are_not_joined() -> None:
    dots = Curve("dots", np.array([1.0, 5.0]), np.array([10.0, 5.0]), "dots")
    assert chart().path(dots) == "M100 0h0M500 100h0"


def test_the_legend_names_curves_that_have_a_name_and_marks() -> None:
    x = np.array([1.0])
    curves = [Curve("dots best", x, x, "dots"), Curve("front", x, x, "steps", "the best")]
    marks = [Mark("today", 1.0, 1.0, "at once", "today")]
    assert marked_chart("Lag", _TEN, _TEN, curves, marks, []).keys == (
        Key("front", "the best", symbol="line"),
        Key("mark key today", "today", "at once"),
    )


def test_the_gutter_has_room_for_the_longest_label() -> None:
    wide = Axis(_TEN.scale, time_axis(0.0, 60.0).ticks)
    assert gutter([chart(), chart(y=wide)]) == len("00:00:00")
    assert gutter([]) == 1


def test_everything_in_a_chart_is_drawn() -> None:
    page = drawn(
        chart(
            bands=(Band("band-area", 1.0, 2.0, "green", "#00ff00"),),
            windows=(Band("window", 1.0, 2.0, "an incident"),),
            limits=(Limit("limit", 5.0, "red, today"),),
            curves=(Curve("line", np.array([0.0, 1.0]), np.array([0.0, 1.0]), name="a series"),),
            marks=(Mark("nearest", 1.0, 1.0, "nearest", color="#ff0000", reach=5.0),),
            strips=(Strip("red", "red, today", "1 alarm", np.array([[1.0, 2.0]])),),
            keys=(Key("line", "a key", "of it"),),
            notes=("logarithmic scale",),
        )
    )
    for text in ("green", "an incident", "red, today", "a series", "a key", "of it"):
        assert text in page.reported, text
    assert "logarithmic scale" in page.texts
    assert {"nearest", "1 alarm"} <= set(page.values("title"))
    assert "reach" in page.values("class")


def test_a_chart_without_a_heading_is_named_by_itself() -> None:
    assert "Lag" in drawn(chart()).texts
    assert "Lag" not in drawn(chart(), has_heading=True).texts


def test_an_empty_chart_says_why() -> None:
    page = drawn(chart(empty="No incident."))
    assert "No incident." in page.texts
    assert not page.tags["svg"]


@given(_SPANS)
def test_no_two_spans_of_a_lane_overlap(spans: list[tuple[float, float]]) -> None:
    free_from: dict[int, float] = {}
    ordered = sorted(spans)
    for (start, end), lane in zip(ordered, first_free_lanes(ordered), strict=True):
        assert free_from.get(lane, start) <= start
        free_from[lane] = end


@given(_SPANS, st.floats(0, 100))
def test_merged_spans_cover_what_the_spans_did(spans: list[tuple[float, float]], at: float) -> None:
    assert any(a <= at <= b for a, b in merged(spans)) == any(a <= at <= b for a, b in spans)
