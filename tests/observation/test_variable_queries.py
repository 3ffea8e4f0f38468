"""What a Prometheus is asked for a dashboard variable, and what becomes of its answers."""

import pytest

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.bound_panels import QueryOptions
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.time_ranges import TimeRange, ViewedRange
from simulator.grafana.variables import Binding
from simulator.observation.dashboard_variables import dashboard_bindings
from simulator.observation.prometheus import Prometheus
from simulator.observation.variable_queries import variable_answers
from tests.support.prometheus_double import PrometheusDouble


def says(double: PrometheusDouble, path: str, data: object) -> None:
    double.says(path, {"status": "success", "data": data})


def answers(double: PrometheusDouble, query: str) -> tuple[tuple[str, ...], list[object]]:
    with Prometheus(double.url) as prometheus:
        found = variable_answers(query, prometheus, start=0.0, end=60.0)
    return found, [
        (path, form.get("match[]") or form.get("query")) for _, path, form in double.asked
    ]


@pytest.mark.parametrize(
    ("query", "path", "asked"),
    [
        ("label_values(job)", "label/job/values", None),
        ("label_values({}, job)", "label/job/values", None),
        ('label_values(up{a="b,c"}, job) ', "label/job/values", 'up{a="b,c"}'),
        ("metrics(up.*)", "label/__name__/values", '{__name__=~"up.*"}'),
        ("label_names()", "labels", None),
        ("label_names(up)", "labels", '{__name__=~".*up.*"}'),
    ],
)
def test_lists_are_asked_for(
    double: PrometheusDouble, query: str, path: str, asked: str | None
) -> None:
    says(double, path, ["a", "b"])
    assert answers(double, query) == (("a", "b"), [(path, asked)])


def test_results_are_texts_of_series(double: PrometheusDouble) -> None:
    metric = {"__name__": "up", "host": "a", "zone": "z"}
    vector = [{"metric": metric, "value": [60, "20.5"]}, {"metric": {}, "value": [60, "7"]}]
    double.gives("query", "vector", vector)
    found, _ = answers(double, "query_result(up)")
    assert found == ('up{host="a",zone="z"} 20.5 60000', "{} 7 60000")


def test_a_scalar_is_its_number(double: PrometheusDouble) -> None:
    double.gives("query", "scalar", [60, "3"])
    assert answers(double, "query_result(scalar(up))")[0] == ("3",)


def test_anything_else_is_a_selector(double: PrometheusDouble) -> None:
    says(double, "series", [{"__name__": "up", "job": "a"}])
    assert answers(double, 'up{job="a"}') == (('up{job="a"}',), [("series", 'up{job="a"}')])


@pytest.mark.parametrize("query", ["", "label_values()", "metrics()", "query_result()"])
def test_nothing_is_asked_for_nothing(double: PrometheusDouble, query: str) -> None:
    assert answers(double, query) == ((), [])


def bindings(double: PrometheusDouble, *variables: dict[str, object]) -> dict[str, Binding]:
    listed = [{"type": "query", **one} for one in variables]
    board = dashboard_from({"title": "B", "panels": [], "templating": {"list": listed}})
    options = QueryOptions(60.0, ViewedRange(TimeRange(last=60.0)))
    with Prometheus(double.url) as prometheus:
        return dashboard_bindings(board, prometheus, {}, options)


def test_a_refused_query_is_the_variables_error(double: PrometheusDouble) -> None:
    double.refuses("up{", "parse error")
    found = bindings(
        double,
        {"name": "bad", "query": "query_result(up{)", "current": {"value": "saved"}},
        {"name": "after", "query": "label_values(up{a='$bad'}, b)"},
    )
    assert (found["bad"].values, type(found["bad"].error)) == (("saved",), PrometheusError)
    assert "variable 'bad'" in str(found["bad"].error)
    assert "stands on variable 'bad'" in str(found["after"].error)


def test_a_range_and_an_interval_stand_for_themselves(double: PrometheusDouble) -> None:
    query = "query_result(count(rate(a[$__range]) * ${__range_s} + $__interval_ms[$__interval:]))"
    bindings(double, {"name": "a", "query": query})
    asked = [form["query"] for _, path, form in double.asked if path == "query"]
    assert asked == ["count(rate(a[60s]) * 60 + 15000[15s:])"]


def test_a_variable_that_cannot_be_read_is_asked_for_nowhere(double: PrometheusDouble) -> None:
    found = bindings(double, {"name": "a", "query": "up", "regex": {"x": 1}})["a"]
    said = "variable 'a': templating.list[0].regex: text is wanted, found {'x': 1}"
    assert str(found.error) == said
    assert double.asked == []


def test_another_data_source_is_not_asked(double: PrometheusDouble) -> None:
    query, source = "label_values(pod)", {"type": "loki"}
    loki: dict[str, object] = {"name": "pod", "query": query, "datasource": source}
    found = bindings(double, loki)["pod"]
    assert isinstance(found.error, DashboardError)
    assert "'loki'" in str(found.error)
    assert double.asked == []


@pytest.mark.parametrize(
    ("saved", "more", "chosen"),
    [
        ({"value": "b"}, {}, ("b",)),
        ({"value": "gone"}, {}, ("a",)),
        ({"value": "gone", "text": "b"}, {}, ("b",)),
        ({"value": "gone"}, {"includeAll": True}, ("a", "b", "c")),
        ({"value": ["b", "gone"]}, {"multi": True}, ("b",)),
        ({"value": "$__all"}, {}, ("a",)),
        ({"value": "$__all"}, {"includeAll": True}, ("a", "b", "c")),
        ({}, {}, ("a",)),
        ({}, {"includeAll": True, "multi": True}, ("a", "b", "c")),
        ({}, {"sort": 2}, ("c",)),
    ],
)
def test_what_is_chosen(
    double: PrometheusDouble,
    saved: dict[str, object],
    more: dict[str, object],
    chosen: tuple[str, ...],
) -> None:
    says(double, "label/x/values", ["a", "b", "c"])
    found = bindings(double, {"name": "x", "query": "label_values(x)", "current": saved, **more})
    assert found["x"].chosen == chosen
