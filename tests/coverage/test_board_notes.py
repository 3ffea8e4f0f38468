"""What is found wrong with a dashboard as a whole."""

import pytest

from simulator.coverage.cover import CoverPlan, cover
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble

PANEL = {"type": "stat", "title": "P", "targets": [{"expr": "up", "refId": "A"}]}


def notes(double: PrometheusDouble, **keys: object) -> list[str]:
    double.gives("query_range", "matrix", [])
    board = dashboard_from({"title": "Board", "panels": [PANEL], **keys})
    with Prometheus(double.url) as prometheus:
        return list(cover([board], prometheus, CoverPlan(985.0, 1030.0)).notes)


def listed(query: str, **keys: object) -> dict[str, object]:
    variable = {"name": "pod", "type": "query", "query": query, **keys}
    return {"list": [variable]}


def knows(double: PrometheusDouble, *, pods: list[str]) -> None:
    """One metric, `up`, with two labels."""
    for path, found in (
        ("label/__name__/values", ["up"]),
        ("label/pod/values", pods),
        ("labels", ["__name__", "instance", "job"]),
    ):
        double.says(path, {"status": "success", "data": found})


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (
            "label_values(up, pod)",
            "label pod is on no series of up: it has instance, job",
        ),
        ("label_values(ups, pod)", "there is no metric 'ups'"),
        ("label_values(pod)", "label pod is on no series"),
    ],
)
def test_a_variable_without_any_value_says_why(
    double: PrometheusDouble, query: str, why: str
) -> None:
    knows(double, pods=[])
    (found,) = notes(double, templating=listed(query))
    said = f"dashboard 'Board': variable 'pod': its query '{query}' gives nothing: {why}"
    assert found.startswith(f"empty-variable: {said}")


def test_a_regex_that_takes_nothing_is_named(double: PrometheusDouble) -> None:
    knows(double, pods=["a", "b"])
    double.says("labels", {"status": "success", "data": ["pod"]})
    (found,) = notes(double, templating=listed("label_values(up, pod)", regex="/x(.*)/"))
    assert "its regex '/x(.*)/' takes none of the values" in found


def test_a_variable_with_values_is_not_named(double: PrometheusDouble) -> None:
    knows(double, pods=["a"])
    assert notes(double, templating=listed("label_values(up, pod)")) == []


@pytest.mark.parametrize(
    ("zone", "is_named"),
    [("", False), ("browser", False), ("utc", False), ("Europe/Paris", False), ("Paris", True)],
)
def test_a_time_zone_that_there_is_not_is_named(
    double: PrometheusDouble, zone: str, *, is_named: bool
) -> None:
    found = notes(double, timezone=zone)
    assert len(found) == is_named
    assert not found or found[0].startswith("unknown-time-zone: dashboard 'Board': time zone 'Par")


@pytest.mark.parametrize("query", ['up{pod=~"$pod"}', 'up{pod=~"${pod:date}"}', "up$pod"])
@pytest.mark.parametrize("more", [{}, {"repeat": "pod"}])
def test_a_multiple_variable_without_a_value_ends_nothing(
    double: PrometheusDouble, query: str, more: dict[str, object]
) -> None:
    knows(double, pods=[])
    panel = {**PANEL, "targets": [{"expr": query, "refId": "A"}], **more}
    multiple = listed("label_values(up, pod)", multi=True, current={"value": []})
    found = notes(double, panels=[panel], templating=multiple)
    assert len(found) == 1
