"""Dashboards of the kinds that people publish: read without a crash, and judged or named."""

import json
from pathlib import Path

import pytest

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage, Verdict
from simulator.grafana.dashboard_files import read_dashboards
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble

FOLDER = Path(__file__).parent / "public"
RISE: list[list[object]] = [[990, "0.1"], [1005, "0.7"], [1020, "0.9"]]
UP: list[list[object]] = [[1005, "1"], [1020, "1"]]


@pytest.fixture
def answering(double: PrometheusDouble) -> PrometheusDouble:
    """A Prometheus with two jobs, one of them busy, and nothing else."""
    double.gives("query_range", "matrix", [])
    for label in ("job", "instance"):
        double.says(f"label/{label}/values", {"status": "success", "data": ["a", "b"]})
    double.plots('cpu_busy{job=~"(a|b)"}', one=RISE)
    double.plots("sum(up)", one=UP)
    double.plots("up", one=UP)
    return double


def covered(double: PrometheusDouble, name: str) -> Coverage:
    boards = read_dashboards([FOLDER / f"{name}.json"])
    with Prometheus(double.url) as prometheus:
        return cover(boards, prometheus, CoverPlan(985.0, 1030.0))


def verdicts(found: Coverage) -> dict[str, Verdict]:
    return {panel.title: panel.verdict for panel in found.panels}


def test_rows_nested_and_repeated_are_walked(answering: PrometheusDouble) -> None:
    assert verdicts(covered(answering, "nested_rows")) == {
        "CPU Busy": Verdict.EXERCISED,
        "Requests": Verdict.NO_DATA,
        "Up of a": Verdict.NO_DATA,
        "Up of b": Verdict.NO_DATA,
    }


def test_variables_and_macros_are_replaced_in_what_is_asked(answering: PrometheusDouble) -> None:
    covered(answering, "nested_rows")
    asked = {form["query"] for _, path, form in answering.asked if path == "query_range"}
    assert asked == {
        'cpu_busy{job=~"(a|b)"}',
        'sum by (job) (rate(requests_total{job=~"(a|b)"}[1m0s]))',
        'min_over_time(up{job="a"}[1800s])',
        'min_over_time(up{job="b"}[1800s])',
    }


def test_percentages_are_of_the_panels_own_range(answering: PrometheusDouble) -> None:
    gauge = covered(answering, "nested_rows").panels[0]
    (field,) = gauge.fields
    assert [(s.color, s.value, s.seconds) for s in field.steps] == [
        ("green", None, 15.0),
        ("orange", 60.0, 15.0),
        ("red", 80.0, 15.0),
    ]


def test_panels_of_2018_are_those_that_grafana_makes_of_them(answering: PrometheusDouble) -> None:
    answering.plots("cpu_busy * 100", one=[[960, "90"]])
    found = covered(answering, "of_2018")
    assert {panel.title: (panel.type, panel.verdict) for panel in found.panels} == {
        "CPU Busy": ("gauge", Verdict.NOT_REACHED),
        "Requests": ("timeseries", Verdict.NO_DATA),
        "Targets": ("table", Verdict.EXERCISED),
    }
    (busy,) = found.panels[0].fields
    assert [(step.value, step.verdict) for step in busy.steps] == [
        (None, Verdict.NOT_REACHED),
        (85.0, Verdict.EXERCISED),
        (95.0, Verdict.NOT_REACHED),
    ]
    (requests,) = found.panels[1].fields
    assert [(step.color, step.value) for step in requests.steps] == [
        ("transparent", None),
        ("red", 90.0),
    ]


def test_what_is_not_in_the_file_or_not_promql_is_never_exercised(
    answering: PrometheusDouble,
) -> None:
    found = covered(answering, "mixed_sources")
    assert set(verdicts(found).values()) == {Verdict.UNSUPPORTED}
    said = [panel.reason or panel.fields[-1].reason for panel in found.panels]
    assert said == [
        "library panel 'Shared latency': its queries are not in this file",
        "target A asks data source 'loki', not Prometheus",
        "target B is an expression of kind 'sql', a statement of SQL over the answers",
        "transformation 'spatial'",
        "panel type 'nodeGraph': it draws nodes and edges, which no PromQL gives",
        "reducer 'allIsZero' is not known here",
    ]


def test_rows_from_before_schema_16_are_walked_too(answering: PrometheusDouble) -> None:
    assert verdicts(covered(answering, "rows_of_old")) == {
        "Up": Verdict.EXERCISED,  # a plot without thresholds
        "Up now": Verdict.NOT_REACHED,  # Grafana's own thresholds: green, red from 80
    }


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("version", [16, 22, 30, 36, 41])
def test_every_schema_version_is_read(
    answering: PrometheusDouble, file: Path, version: int
) -> None:
    document = json.loads(file.read_text())
    board = document.get("dashboard", document)
    board["schemaVersion"] = version
    with Prometheus(answering.url) as prometheus:
        found = cover([dashboard_from(document)], prometheus, CoverPlan(985.0, 1030.0))
    assert found.panels
