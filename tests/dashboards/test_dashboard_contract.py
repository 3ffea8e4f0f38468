"""The dashboards ask only for what the catalog of metrics emits."""

import re
from pathlib import Path

import pytest
from dashboard_files import BOTH, BUSINESS, ML, expression, expressions, metric_names, panels

from simulator.metrics.catalog import CATALOG
from simulator.metrics.families import Family

FAMILIES = {family.name: family for family in CATALOG}
PUSHED = {"job", "instance"}  # the grouping key's labels
MADE_BY_QUERIES = {"band", "le"}


def family(metric: str) -> Family | None:
    histogram = FAMILIES.get(re.sub(r"_(bucket|sum|count)$", "", metric))
    if histogram is not None and histogram.kind == "histogram" and histogram.name != metric:
        return histogram
    return FAMILIES.get(metric)


def platform_metrics(path: Path) -> set[str]:
    """What a dashboard asks of the platform; the simulator's own metrics are no part of it."""
    names = set().union(*(metric_names(promql) for _, promql in expressions(path)))
    return {n for n in names if not n.startswith("simulator_")}


@pytest.mark.parametrize("path", BOTH)
def test_every_metric_is_in_the_catalog(path: Path) -> None:
    assert platform_metrics(path)
    assert {n for n in platform_metrics(path) if family(n) is None} == set()


@pytest.mark.parametrize("path", BOTH)
def test_every_label_a_selector_matches_exists(path: Path) -> None:
    for place, promql in expressions(path):
        for metric, matchers in re.findall(r"([a-z_:]+)\{([^}]*)\}", promql):
            found = family(metric)
            if found is not None:
                labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
                assert labels <= {*found.labels, "le", *PUSHED}, (place, metric)


@pytest.mark.parametrize("path", BOTH)
def test_every_label_grouped_by_exists(path: Path) -> None:
    known = {label for f in CATALOG for label in f.labels} | PUSHED | MADE_BY_QUERIES
    for place, promql in expressions(path):
        if not place.startswith("annotation"):
            groups = re.findall(r"(?:by|on) \(([^)]*)\)", promql)
            labels = {label for g in groups for label in re.split(r",\s*", g) if label}
            assert labels <= known, place


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
