import pytest

from simulator.grafana.parsing import dashboard_from
from simulator.observation.every_panel import Opened
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.readings import PanelReading, panel_readings
from tests.support.prometheus_double import PrometheusDouble

STEPS = {"steps": [{"color": "green"}, {"value": 10, "color": "red"}]}


def readings(double: PrometheusDouble, *panels: object, **keys: object) -> tuple[PanelReading, ...]:
    document = {"title": "Board", "uid": "b", "panels": list(panels), **keys}
    with Prometheus(double.url) as prometheus:
        return panel_readings(
            [dashboard_from(document)],
            prometheus,
            Opened(10_000, time_range=600, variables={"window": "6s"}),
        )


def stat(expr: str = "up", **keys: object) -> dict[str, object]:
    config = {"defaults": {"thresholds": STEPS, "unit": "s"}}
    target = {"expr": expr, "instant": True, "legendFormat": "{{l}}"}
    return {"type": "stat", "title": "S", "targets": [target], "fieldConfig": config, **keys}


def gives(double: PrometheusDouble, **values: float) -> None:
    found = [{"metric": {"l": k}, "value": [10_000, str(v)]} for k, v in values.items()]
    double.gives("query", "vector", found)


def queries(double: PrometheusDouble) -> list[str]:
    return [form["query"] for _, path, form in double.asked if path.startswith("query")]


def test_a_panel_is_read_with_the_steps_of_its_fields(double: PrometheusDouble) -> None:
    gives(double, a=5, b=15)
    (reading,) = readings(double, stat())
    assert (reading.dashboard_uid, reading.title, reading.error) == ("b", "S", None)
    assert [(f.name, f.value, f.step, f.step_color, f.text) for f in reading.fields] == [
        ("a", 5.0, 0, "green", "5 s"),
        ("b", 15.0, 1, "red", "15 s"),
    ]


def test_a_range_target_is_asked_on_multiples_of_its_step(double: PrometheusDouble) -> None:
    double.gives("query_range", "matrix", [])
    readings(double, {"type": "timeseries", "targets": [{"expr": "up"}]})
    (_, _, form) = double.asked[0]
    assert form == {"query": "up", "start": "9390.000", "end": "9990.000", "step": "15.000"}


def test_variables_and_macros_are_replaced(double: PrometheusDouble) -> None:
    gives(double)
    readings(double, stat("rate(a[$window]) $__rate_interval $__range ${__to}"))
    assert queries(double) == ["rate(a[6s]) 1m0s 600s 10000000"]


def test_a_target_with_both_kinds_is_asked_twice(double: PrometheusDouble) -> None:
    gives(double, a=5)
    double.gives("query_range", "matrix", [{"metric": {"l": "b"}, "values": [[9990, "7"]]}])
    both = {"expr": "up", "instant": True, "range": True, "legendFormat": "{{l}}"}
    (reading,) = readings(double, stat(targets=[both]))
    assert [field.name for field in reading.fields] == ["a", "b"]


def test_no_series_is_neither_a_field_nor_an_error(double: PrometheusDouble) -> None:
    gives(double)
    (reading,) = readings(double, stat())
    assert (reading.fields, reading.error, reading.unsupported) == ((), None, ())


def test_a_refused_query_is_the_panels_error_and_spares_the_others(
    double: PrometheusDouble,
) -> None:
    body = {"status": "error", "errorType": "bad_data", "error": "parse error"}
    double.says("query_range", body, status=400)
    gives(double, a=5)
    broken, fine = readings(double, {"type": "stat", "targets": [{"expr": "up("}]}, stat())
    assert broken.error == "bad_data: parse error (asked up()"
    assert (fine.error, len(fine.fields)) == (None, 1)


def test_nothing_listening_ends_the_reading() -> None:
    board = dashboard_from({"panels": [stat()]})
    with (
        Prometheus("http://127.0.0.1:9") as prometheus,
        pytest.raises(UnreachablePrometheusError),
    ):
        panel_readings([board], prometheus, Opened(0, time_range=60))


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        ({"libraryPanel": {"name": "Shared"}}, "library panel 'Shared'"),
        ({"type": "geomap", "targets": [{"expr": "up"}]}, "panel type 'geomap'"),
    ],
)
def test_what_cannot_be_read_is_named_without_asking(
    double: PrometheusDouble, panel: object, reason: str
) -> None:
    (reading,) = readings(double, panel)
    assert reading.unsupported[0].startswith(reason)
    assert double.asked == []


def test_another_data_source_is_an_error_that_names_it(double: PrometheusDouble) -> None:
    (reading,) = readings(double, stat(datasource={"type": "loki", "uid": "l"}))
    assert reading.error == "target A asks data source 'loki', not Prometheus"


def test_panels_that_show_no_data_are_left_out(double: PrometheusDouble) -> None:
    assert readings(double, {"type": "text"}, {"type": "row", "panels": []}) == ()


def test_a_panel_with_hidden_queries_only_shows_nothing(double: PrometheusDouble) -> None:
    (reading,) = readings(double, {"type": "stat", "targets": [{"expr": "up", "hide": True}]})
    assert (reading.fields, reading.error, double.asked) == ((), None, [])


def test_a_repeated_panel_is_read_once_per_value(double: PrometheusDouble) -> None:
    gives(double, a=5)
    job = {"name": "job", "type": "custom", "query": "x,y", "current": {"value": "$__all"}}
    found = readings(
        double,
        stat('up{job="$job"}', title="of $job", repeat="job"),
        templating={"list": [{**job, "includeAll": True, "multi": True}]},
    )
    assert [reading.title for reading in found] == ["of x", "of y"]
    assert sorted(queries(double)) == ['up{job="x"}', 'up{job="y"}']


def test_a_row_that_repeats_repeats_its_panels(double: PrometheusDouble) -> None:
    gives(double, a=5)
    job = {"name": "job", "type": "custom", "query": "x,y", "current": {"value": ["x", "y"]}}
    row = {"type": "row", "title": "$job", "repeat": "job", "panels": []}
    found = readings(double, row, stat(title="$job"), templating={"list": [job]})
    assert [reading.title for reading in found] == ["x", "y"]


def test_a_query_variable_is_filled_from_prometheus(double: PrometheusDouble) -> None:
    gives(double, a=5)
    double.says("label/job/values", {"status": "success", "data": ["api-1", "api-2", "db"]})
    job = {
        "name": "job",
        "type": "query",
        "query": "label_values(up{env='$env'}, job)",
        "includeAll": True,
        "multi": True,
        "current": {"value": ["$__all"]},
        "regex": "api-(?<value>.)",
    }
    env = {"name": "env", "type": "constant", "query": "dev"}
    readings(double, stat('up{job=~"$job"}'), templating={"list": [env, job]})
    assert double.asked[0][2]["match[]"] == "up{env='dev'}"
    assert queries(double) == ['up{job=~"(1|2)"}']


def test_a_panels_own_relative_time_and_shift_are_kept(double: PrometheusDouble) -> None:
    gives(double, a=5)
    readings(double, stat("up[$__range]", timeFrom="now-2m", timeShift="1h"))
    (_, _, form) = double.asked[0]
    assert form == {"query": "up[120s]", "time": "6400.000"}
