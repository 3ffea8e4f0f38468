import math

import numpy as np
import pytest

from simulator.grafana.bound_panels import with_variables
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.shown import Shown
from simulator.grafana.variables import Binding
from simulator.grafana.views import View, panel_view

NAN = math.nan
GREEN_ORANGE_RED = {
    "mode": "absolute",
    "steps": [
        {"value": None, "color": "green"},
        {"value": 10, "color": "orange"},
        {"value": 20, "color": "red"},
    ],
}


def panel(kind: str = "stat", **keys: object) -> Panel:
    """A panel with green, orange from 10 and red from 20; `targets` are the formats."""
    formats = keys.pop("targets", ["time_series"])
    assert isinstance(formats, list)
    targets = [{"expr": "x", "legendFormat": "{{l}}", "format": name} for name in formats]
    defaults = keys.pop("defaults", {})
    assert isinstance(defaults, dict)
    config = {
        "defaults": {"thresholds": GREEN_ORANGE_RED, **defaults},
        "overrides": keys.pop("overrides", []),
    }
    found = {"type": kind, "targets": targets, "fieldConfig": config, **keys}
    return dashboard_from({"panels": [found]}).panels[0]


def calcs(*names: str, **options: object) -> dict[str, object]:
    return {"reduceOptions": {"calcs": list(names), **options}}


def view(asked: Panel, *answers: dict[str, list[float]]) -> View:
    """The view of a panel whose targets answer series by the value of their label `l`."""
    found = [
        Answer(
            target,
            tuple(
                Series(
                    {"l": name},
                    1000 + 15.0 * np.arange(len(values), dtype=np.float64),
                    np.array(values),
                )
                for name, values in answer.items()
            ),
        )
        for target, answer in zip(asked.targets, answers, strict=True)
    ]
    return panel_view(with_variables(asked, {"job": Binding(("api",))}), found)


def values(asked: Panel, *answers: dict[str, list[float]]) -> list[object]:
    return [shown.value for shown in view(asked, *answers).shown]


def only(asked: Panel, *answers: dict[str, list[float]]) -> Shown:
    (shown,) = view(asked, *answers).shown
    return shown


@pytest.mark.parametrize("kind", ["stat", "gauge", "bargauge"])
def test_a_stat_shows_each_series_reduced_with_its_step(kind: str) -> None:
    shown = view(panel(kind), {"a": [1.0, 15.0], "b": [25.0, 9.0, NAN]}).shown
    assert [(s.name, s.value, s.step, s.step_color) for s in shown] == [
        ("a", 15.0, 1, "orange"),
        ("b", 9.0, 0, "green"),
    ]


def test_a_slice_of_a_pie_is_its_series_reduced() -> None:
    assert values(panel("piechart", options=calcs("sum")), {"a": [1.0, 15.0]}) == [16.0]


def test_several_calcs_show_several_values() -> None:
    assert values(panel(options=calcs("min", "max")), {"a": [1.0, 5.0]}) == [1.0, 5.0]


def test_the_name_may_hold_the_calc() -> None:
    asked = panel(options=calcs("max"), defaults={"displayName": "$__calc of ${__field.labels.l}"})
    assert only(asked, {"a": [1.0]}).name == "max of a"


def test_the_name_may_hold_a_dashboard_variable() -> None:
    assert only(panel(defaults={"displayName": "${job}!"}), {"a": [1.0]}).name == "api!"


def test_an_unknown_reducer_is_named_and_shows_no_value() -> None:
    found = view(panel(options=calcs("mode")), {"a": [15.0]})
    assert found.unsupported == ("reducer 'mode' is not known here",)
    assert [(shown.value, shown.step) for shown in found.shown] == [(None, None)]


def test_an_empty_answer_shows_nothing() -> None:
    assert view(panel(), {}).shown == ()


def test_only_nan_is_shown_without_text_or_step() -> None:
    shown = only(panel(), {"a": [NAN, NAN]})
    assert (shown.value, shown.text, shown.step, shown.step_color) == (None, "", None, None)


def test_a_text_may_stand_for_no_value() -> None:
    assert only(panel(defaults={"noValue": "n/a"}), {"a": [NAN]}).text == "n/a"


def test_every_row_is_shown_up_to_twenty_five_or_the_limit() -> None:
    forty = {"a": [float(number) for number in range(40)]}
    assert len(values(panel(options=calcs(values=True)), forty)) == 25
    assert len(values(panel(options=calcs(values=True, limit=30)), forty)) == 30


def test_a_stat_over_a_table_shows_one_value_unless_asked_for_rows() -> None:
    rows = {"a": [1.0], "b": [20.0]}
    assert values(panel(targets=["table"]), rows) == [20.0]
    shown = view(panel(targets=["table"], options=calcs(values=True)), rows).shown
    assert [(s.name, s.value) for s in shown] == [("a", 1.0), ("b", 20.0)]


def test_a_stat_may_show_a_text_column() -> None:
    asked = panel(targets=["table"], options=calcs("lastNotNull", fields="/^l$/"))
    assert (only(asked, {"v7": [1.0]}).value, only(asked, {"v7": [1.0]}).step) == ("v7", None)


@pytest.mark.parametrize(
    ("mode", "is_seen"), [("value", True), ("background", True), ("none", False)]
)
def test_a_stat_without_colors_shows_no_step(mode: str, *, is_seen: bool) -> None:
    shown = only(panel(options={"colorMode": mode}), {"a": [15.0]})
    assert (shown.step, shown.is_color_seen) == (1, is_seen)


def test_a_mapping_with_a_color_hides_the_step_and_one_without_does_not() -> None:
    rules = [
        {"type": "value", "options": {"12": {"text": "mid", "color": "blue"}}},
        {"type": "value", "options": {"25": {"text": "high"}}},
    ]
    shown = view(panel(defaults={"mappings": rules}), {"a": [12.0], "b": [25.0]}).shown
    assert [(s.text, s.step, s.is_color_seen) for s in shown] == [
        ("mid", 1, False),
        ("high", 2, True),
    ]


def test_a_fixed_color_hides_the_step() -> None:
    assert not only(panel(defaults={"color": {"mode": "fixed"}}), {"a": [15.0]}).is_color_seen


@pytest.mark.parametrize("kind", ["timeseries", "state-timeline", "status-history"])
def test_a_plot_reduces_nothing(kind: str) -> None:
    assert values(panel(kind, options=calcs("sum")), {"a": [1.0, 15.0]}) == [15.0]


def test_a_time_series_shows_its_last_finite_point() -> None:
    asked = panel("timeseries")
    assert values(asked, {"a": [1.0, 15.0, NAN, math.inf], "b": [NAN]}) == [15.0, None]


@pytest.mark.parametrize("kind", ["timeseries", "barchart"])
@pytest.mark.parametrize(
    ("defaults", "is_seen"),
    [
        ({}, False),
        ({"custom": {"thresholdsStyle": {"mode": "off"}}}, False),
        ({"custom": {"thresholdsStyle": {"mode": "line"}}}, True),
        ({"color": {"mode": "thresholds"}}, True),
    ],
)
def test_lines_and_bars_show_steps_only_if_they_are_set_to(
    kind: str, defaults: dict[str, object], *, is_seen: bool
) -> None:
    assert only(panel(kind, defaults=defaults), {"a": [15.0]}).is_color_seen == is_seen


def test_a_table_shows_every_cell_of_its_rows() -> None:
    asked = panel("table", targets=["table"], defaults={"unit": "s", "decimals": 0})
    shown = view(asked, {"a": [5.0], "b": [20.0]}).shown
    assert [(s.name, s.row, s.value, s.text, s.step) for s in shown] == [
        ("l", "a", "a", "a", None),
        ("l", "b", "b", "b", None),
        ("Value", "a", 5.0, "5 s", 0),
        ("Value", "b", 20.0, "20 s", 2),
    ]


@pytest.mark.parametrize(
    ("custom", "is_seen"),
    [
        ({}, False),
        ({"cellOptions": {"type": "auto"}}, False),
        ({"cellOptions": {"type": "color-text"}}, True),
        ({"displayMode": "color-background"}, True),
        ({"displayMode": "color-background", "cellOptions": {"type": "auto"}}, False),
    ],
)
def test_a_table_shows_steps_only_in_colored_cells(
    custom: dict[str, object], *, is_seen: bool
) -> None:
    asked = panel("table", targets=["table"], defaults={"custom": custom})
    assert view(asked, {"a": [15.0]}).shown[-1].is_color_seen == is_seen


def test_a_table_shows_one_frame_of_several() -> None:
    two = ["table", "table"]
    answers = ({"a": [1.0]}, {"a": [2.0]})
    assert values(panel("table", targets=two), *answers) == ["a", 1.0]
    assert values(panel("table", targets=two, options={"frameIndex": 1}), *answers) == ["a", 2.0]


def test_a_merged_and_renamed_table_takes_overrides_of_its_new_names() -> None:
    asked = panel(
        "table",
        targets=["table", "table"],
        transformations=[
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {"renameByName": {"Value #B": "PSI"}}},
        ],
        overrides=[
            {
                "matcher": {"id": "byName", "options": "PSI"},
                "properties": [
                    {"id": "thresholds", "value": {"steps": [{}, {"value": 0.1, "color": "o"}]}}
                ],
            }
        ],
    )
    shown = view(asked, {"a": [0.2]}, {"a": [0.2]}).shown
    assert [(s.name, s.step) for s in shown] == [("l", None), ("Value #A", 0), ("PSI", 1)]


def test_a_bar_chart_has_a_bar_per_row_of_its_category() -> None:
    shown = view(panel("barchart", targets=["table"]), {"a": [5.0], "b": [15.0]}).shown
    assert [(s.row, s.value, s.step) for s in shown] == [("a", 5.0, 0), ("b", 15.0, 1)]


def test_a_bar_chart_of_series_has_a_bar_per_series() -> None:
    shown = view(panel("barchart"), {"a": [5.0], "b": [15.0]}).shown
    assert [(s.name, s.row, s.value) for s in shown] == [("a", "", 5.0), ("b", "", 15.0)]


def hidden(kind: str) -> list[dict[str, object]]:
    """Overrides that hide the columns of a type."""
    out = {"id": "custom.hideFrom", "value": {"viz": True}}
    return [{"matcher": {"id": "byType", "options": kind}, "properties": [out]}]


def test_a_hidden_column_still_names_the_bars() -> None:
    asked = panel("barchart", targets=["table"], overrides=hidden("string"))
    assert [s.row for s in view(asked, {"a": [5.0]}).shown] == ["a"]


def test_a_hidden_time_leaves_the_bars_of_series() -> None:
    assert values(panel("barchart", overrides=hidden("time")), {"a": [5.0, 6.0]}) == [5.0, 6.0]


def test_a_hidden_number_has_no_bar() -> None:
    assert values(panel("barchart", overrides=hidden("number")), {"a": [5.0]}) == []


def test_bars_without_a_category_are_not_drawn() -> None:
    left_out = {"id": "organize", "options": {"excludeByName": {"Time": True}}}
    assert values(panel("barchart", transformations=[left_out]), {"a": [5.0]}) == []


def test_a_mapping_with_a_color_does_not_hide_the_steps_of_a_plot() -> None:
    rules = [{"type": "value", "options": {"15": {"text": "mid", "color": "blue"}}}]
    asked = panel("timeseries", defaults={"mappings": rules, "color": {"mode": "thresholds"}})
    assert only(asked, {"a": [15.0]}).is_color_seen


def test_a_bar_chart_over_several_tables_joins_them_on_their_time() -> None:
    asked = panel("barchart", targets=["table", "table"])
    found = view(asked, {"a": [1.0], "b": [2.0]}, {"a": [3.0], "b": [4.0]})
    assert [(s.name, s.row, s.value) for s in found.shown] == [
        ("Value #A", "a", 1.0),
        ("Value #A", "b", 2.0),
        ("Value #B", "a", 3.0),
        ("Value #B", "b", 4.0),
    ]
    fewer = view(asked, {"a": [1.0], "b": [2.0]}, {"a": [3.0]})  # one row for each time is left
    assert [(s.row, s.value) for s in fewer.shown] == [("b", 2.0), ("b", 3.0)]


def test_a_bar_chart_whose_first_query_gives_nothing_draws_nothing() -> None:
    asked = panel("barchart", targets=["time_series", "time_series"])
    assert view(asked, {}, {"a": [2.0]}).shown == ()


def test_a_bar_of_an_infinite_number_is_not_drawn() -> None:
    asked = panel("barchart")
    assert [s.value for s in view(asked, {"a": [math.inf, 1.0]}).shown] == [None, 1.0]


@pytest.mark.parametrize("kind", ["piechart", "histogram", "heatmap"])
def test_panels_without_thresholds_in_color_show_no_step(kind: str) -> None:
    assert not only(panel(kind), {"a": [15.0]}).is_color_seen


@pytest.mark.parametrize("kind", ["geomap", "my-plugin", ""])
def test_other_panel_types_are_named_and_not_guessed(kind: str) -> None:
    assert view(panel(kind), {"a": [1.0]}) == View((), unsupported=(f"panel type {kind!r}",))


def test_an_override_matcher_that_is_not_supported_is_named() -> None:
    asked = panel(overrides=[{"matcher": {"id": "byMood", "options": {}}, "properties": []}])
    assert view(asked, {"a": [1.0]}).unsupported == ("override matcher 'byMood'",)


def test_a_transformation_that_is_not_supported_is_named() -> None:
    asked = panel(transformations=[{"id": "spatial", "options": {}}])
    assert view(asked, {"a": [1.0]}).unsupported == ("transformation 'spatial'",)


def test_percentages_are_of_all_series_of_the_panel() -> None:
    asked = panel(defaults={"thresholds": {**GREEN_ORANGE_RED, "mode": "percentage"}})
    shown = view(asked, {"a": [0.0], "b": [1000.0], "c": [150.0]}).shown
    assert [s.step for s in shown] == [0, 2, 1]


HIDING = {"calculate": False}


@pytest.mark.parametrize(
    ("options", "counts", "values"),
    [
        (HIDING, [[0.0, 0.0], [0.0, 0.0]], [None, None]),  # a heatmap of zeros is empty
        (HIDING, [[2.0, 3.0], [2.0, 5.0]], [3.0, 2.0]),
        (HIDING, [[2.0]], [None]),  # a single cell is not drawn
        ({**HIDING, "filterValues": {"le": 2}}, [[1.0, 2.0], [4.0, 4.0]], [None, 3.0]),
        ({"calculate": True}, [[0.0, 0.0]], [0.0]),  # counted, and not counts
    ],
)
def test_a_heatmap_shows_cells_that_are_not_zero(
    options: dict[str, object], counts: list[list[float]], values: list[float | None]
) -> None:
    asked = panel("heatmap", targets=["heatmap"], options=options)
    buckets = tuple(
        Series({"le": str(n)}, np.arange(len(row), dtype=float), np.array(row))
        for n, row in enumerate(counts)
    )
    found = panel_view(asked, [Answer(asked.targets[0], buckets)])
    assert [one.value for one in found.shown] == values
