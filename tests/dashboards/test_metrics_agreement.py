"""The dashboards ask only for what the simulator emits: its metrics, their labels, their edges."""

import re
from pathlib import Path

import pytest

from simulator.metrics.self_monitoring import RUN, truth_families
from simulator.scenario.loading import load_scenario
from tests.support.dashboard_files import (
    BOTH,
    BUSINESS,
    ML,
    expression,
    expressions,
    metric_names,
    panels,
)
from tests.support.exported import default_families

FAMILIES = {family.name: family for family in default_families()}
PUSHED = {"job", "instance"}  # the grouping key's labels
MADE_BY_QUERIES = {"band"}


def emitted() -> dict[str, set[str]]:
    """The labels of every series name that Prometheus stores, without the grouping key."""
    found: dict[str, set[str]] = {}
    for family in (*default_families(), *truth_families(load_scenario("calm"))):
        labels = set(family.labels)
        if family.kind == "histogram":
            found[f"{family.name}_bucket"] = {*labels, "le"}
            found |= {f"{family.name}_{suffix}": labels for suffix in ("sum", "count")}
        else:
            found[family.name] = labels
    return found | {series.name: set(series.labels) for own in RUN for series in own.series}


EMITTED = emitted()


def selectors(promql: str) -> list[tuple[str, set[str]]]:
    """The metric and the matched labels of each selector."""
    return [
        (metric, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers)))
        for metric, matchers in re.findall(r"([a-zA-Z_:][\w:]*)\{([^}]*)\}", promql)
    ]


@pytest.mark.parametrize("path", BOTH)
def test_every_metric_is_emitted(path: Path) -> None:
    names = set().union(*(metric_names(promql) for _, promql in expressions(path)))
    assert len(names) > 5
    assert names - EMITTED.keys() == set()


@pytest.mark.parametrize("name", ["scoring_refusals_total", "scoring_credit_score", "ml_model"])
def test_a_metric_nobody_emits_is_seen(name: str) -> None:
    assert name not in EMITTED


@pytest.mark.parametrize("path", BOTH)
def test_every_label_matched_exists(path: Path) -> None:
    for place, promql in expressions(path):
        for metric, labels in selectors(promql):
            assert labels <= EMITTED[metric] | PUSHED, (place, metric)


@pytest.mark.parametrize("path", BOTH)
def test_every_label_grouped_by_belongs_to_a_metric_of_its_query(path: Path) -> None:
    for place, promql in expressions(path):
        groups = re.findall(r"(?:by|on|group_left) \(([^)]*)\)", promql)
        labels = {label for g in groups for label in re.split(r",\s*", g) if label}
        known = set().union(*(EMITTED[metric] for metric in metric_names(promql)))
        assert labels <= known | PUSHED | MADE_BY_QUERIES, place


@pytest.mark.parametrize("path", BOTH)
def test_every_label_of_a_legend_is_kept_by_its_query(path: Path) -> None:
    for title, panel in panels(path).items():
        for target in panel["targets"]:
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                groups = re.findall(r"by \(([^)]*)\)", target["expr"])
                assert any(label in re.split(r",\s*", g) for g in groups), (title, label)


@pytest.mark.parametrize(
    ("path", "title", "metric"),
    [
        (ML, "Prediction Latency", "ml_prediction_duration"),
        (BUSINESS, "API Response Times", "http_request_duration_seconds"),
    ],
)
def test_limits_of_latency_are_bucket_edges(path: Path, title: str, metric: str) -> None:
    steps = panels(path)[title]["fieldConfig"]["defaults"]["thresholds"]["steps"]
    limits = {s["value"] for s in steps if s["value"] is not None}
    assert limits
    assert limits <= set(FAMILIES[metric].edges)


def test_every_score_band_ends_at_a_bucket_edge() -> None:
    promql = expression(BUSINESS, "Credit Score Distribution", "A")
    edges = {float(e) for e in re.findall(r'le="([\d.]+)"', promql)}
    assert edges <= set(FAMILIES["scoring_credit_score"].edges)
