from collections.abc import Mapping

import pytest
from prometheus_double import PrometheusDouble

from simulator.coverage.prometheus import Prometheus
from simulator.coverage.steps import FieldSteps, PanelSteps, steps_seen
from simulator.grafana.parsing import dashboard_from

STEPS = {"steps": [{"color": "green"}, {"value": 10, "color": "red"}]}
RISE = [[1000, "1"], [1010, "12"], [1020, "5"], [1030, "20"]]


def seen(double: PrometheusDouble, panel: Mapping[str, object], **keys: object) -> PanelSteps:
    config = {"defaults": {"thresholds": STEPS}}
    found = {"fieldConfig": config, "title": "P", **panel}
    board = dashboard_from({"title": "Board", "uid": "b", "panels": [found], **keys})
    with Prometheus(double.url) as prometheus:
        (steps,) = steps_seen([board], prometheus, at=1034, span=30, resolution=10)
    return steps


def gives(double: PrometheusDouble, **points: list[list[object]]) -> None:
    found = [{"metric": {"l": name}, "values": values} for name, values in points.items()]
    double.gives("query_range", "matrix", found)


def spent(field: FieldSteps) -> dict[str, float]:
    return {step.color: step.seconds for step in field.steps}


TARGET = {"expr": "up", "legendFormat": "{{l}}"}
INSTANT = {**TARGET, "instant": True}


def test_an_instant_target_is_asked_over_the_span(double: PrometheusDouble) -> None:
    gives(double)
    seen(double, {"type": "stat", "targets": [INSTANT]})
    form = {"query": "up", "start": "1000.000", "end": "1030.000", "step": "10.000"}
    assert double.asked == [("POST", "query_range", form)]


@pytest.mark.parametrize("kind", ["stat", "timeseries"])
def test_the_time_on_each_step_is_added_up(double: PrometheusDouble, kind: str) -> None:
    gives(double, a=RISE)
    (field,) = seen(double, {"type": kind, "targets": [INSTANT]}).fields
    assert (field.name, field.points, spent(field)) == ("a", 4, {"green": 20, "red": 20})


def test_a_step_knows_when_it_was_first_and_last_seen(double: PrometheusDouble) -> None:
    gives(double, a=RISE)
    (field,) = seen(double, {"type": "stat", "targets": [INSTANT]}).fields
    assert [(step.first, step.last) for step in field.steps] == [(1000, 1020), (1010, 1030)]


def test_moments_without_a_value_are_on_no_step(double: PrometheusDouble) -> None:
    gives(double, a=[[1000, "1"], [1020, "NaN"]])
    (field,) = seen(double, {"type": "timeseries", "targets": [INSTANT]}).fields
    assert (field.points, spent(field)) == (1, {"green": 10})


def test_a_panel_that_never_had_data_has_no_fields(double: PrometheusDouble) -> None:
    gives(double)
    assert seen(double, {"type": "stat", "targets": [INSTANT]}).fields == ()


def test_the_rows_of_a_table_are_told_apart(double: PrometheusDouble) -> None:
    gives(double, a=RISE, b=[[1000, "1"], [1010, "1"]])
    fields = seen(double, {"type": "table", "targets": [{**INSTANT, "format": "table"}]}).fields
    assert [(field.name, field.row, spent(field)) for field in fields] == [
        ("Value", "a", {"green": 20, "red": 20}),
        ("Value", "b", {"green": 20}),
    ]


def test_a_range_target_looks_back_over_the_dashboards_time(double: PrometheusDouble) -> None:
    gives(double, a=[[990, "30"], [1000, "1"], [1010, "1"], [1020, "1"], [1030, "1"]])
    panel = {
        "type": "stat",
        "targets": [TARGET],
        "options": {"reduceOptions": {"calcs": ["max"]}},
    }
    (field,) = seen(double, panel, time={"from": "now-20s", "to": "now"}).fields
    # 30 at 990 is the highest within 20 s until 1010
    assert spent(field) == {"green": 20, "red": 20}
    assert double.asked[0][2]["start"] == "980.000"


def test_a_long_look_back_stays_within_what_prometheus_answers(double: PrometheusDouble) -> None:
    gives(double)
    seen(double, {"type": "stat", "targets": [TARGET]}, time={"from": "now-30d", "to": "now"})
    form = double.asked[0][2]
    assert (float(form["end"]) - float(form["start"])) / 10 <= 11_000


def test_a_refused_query_is_the_panels_error(double: PrometheusDouble) -> None:
    double.says("query_range", {"status": "error", "errorType": "bad_data", "error": "no"})
    assert seen(double, {"type": "stat", "targets": [TARGET]}).error == "bad_data: no (asked up)"


def test_what_cannot_be_read_is_named(double: PrometheusDouble) -> None:
    steps = seen(double, {"type": "geomap", "targets": [TARGET]})
    assert steps.unsupported == ("panel type 'geomap'",)
    gives(double, a=RISE)
    panel = {"type": "stat", "targets": [INSTANT], "transformations": [{"id": "reduce"}]}
    assert seen(double, panel).unsupported == ("transformation 'reduce'",)


def test_a_color_that_no_viewer_sees_is_told_apart(double: PrometheusDouble) -> None:
    gives(double, a=RISE)
    (stat,) = seen(double, {"type": "stat", "targets": [INSTANT]}).fields
    (plot,) = seen(double, {"type": "timeseries", "targets": [INSTANT]}).fields
    assert [step.is_color_seen for step in stat.steps] == [True, True]
    assert [step.is_color_seen for step in plot.steps] == [False, False]
