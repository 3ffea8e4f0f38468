"""The dashboards' PromQL: its form, and its answers by Prometheus's own engine."""

import itertools
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.dashboard_files import (
    BOTH,
    BUSINESS,
    ML,
    dashboard,
    expression,
    expressions,
    interpolated,
    metric_names,
)

DESIGN = Path(__file__).parents[2] / "docs" / "design.md"
SUFFIX = re.compile(r"_(bucket|sum|count)$")

# "0+5x40" is promtool's notation: from 0, 40 steps of +5, one a minute.
MINUTES = 40
RED_OUTAGE = 'scoring_errors_total{channel="web", reason="internal"}'


def series(name: str, values: str) -> dict[str, str]:
    return {"series": name, "values": values}


def counted(name: str, per_minute: float) -> dict[str, str]:
    return series(name, f"0+{per_minute}x{MINUTES}")


def documented(metric: str) -> bool:
    """Whether docs/design.md names a metric, in full or as a suffix of its row."""
    family = SUFFIX.sub("", metric)
    for row in DESIGN.read_text(encoding="utf-8").splitlines():
        names = [n.partition("{")[0] for n in re.findall(r"`([a-z_0-9]+)`", row)]
        full = [n for n in names if not n.startswith("_")]
        if {metric, family} & set(full):
            return True
        endings = [n for n in names if n.startswith("_") and metric.endswith(n)]
        if any(f.startswith(metric.removesuffix(e) + "_") for e in endings for f in full):
            return True
    return False


@pytest.mark.parametrize("path", BOTH)
def test_every_metric_is_in_the_contract(path: Path) -> None:
    names = set().union(*(metric_names(promql) for _, promql in expressions(path)))
    assert names
    assert {n for n in names if not documented(n)} == set()


@pytest.mark.parametrize("name", ["scoring_refusals_total", "minio_cluster_drive_lost_total"])
def test_a_metric_outside_the_contract_is_seen(name: str) -> None:
    assert not documented(name)


@pytest.mark.parametrize("path", BOTH)
def test_every_selector_takes_the_instance_variable(path: Path) -> None:
    for place, promql in expressions(path):
        selectors = re.findall(r"[a-z_:]+(\{[^}]*\})", promql)
        assert selectors, place
        assert all('instance=~"$instance"' in s for s in selectors), place


@pytest.mark.parametrize("path", BOTH)
def test_the_queries_use_each_declared_variable_and_no_other(path: Path) -> None:
    declared = {v["name"] for v in dashboard(path)["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(dashboard(path)["panels"])))
    assert used == declared


@pytest.mark.parametrize("path", BOTH)
def test_every_range_is_the_window_or_a_day(path: Path) -> None:
    ranges = {r for _, promql in expressions(path) for r in re.findall(r"\[([^]]+)\]", promql)}
    ranges -= {"^_"}  # the character class of label_replace
    assert ranges <= {"$window", "1d", "$__interval"}


@pytest.mark.parametrize("path", BOTH)
def test_bucket_edges_are_matched_only_where_they_render_the_same_everywhere(path: Path) -> None:
    edges = {e for _, promql in expressions(path) for e in re.findall(r'le="([^"]*)"', promql)}
    assert all(re.fullmatch(r"\d+\.5", e) for e in edges)


def test_the_score_bands_cover_300_to_850_without_gap_at_the_edges_they_name() -> None:
    promql = expression(BUSINESS, "Credit Score Distribution", "A")
    rows = re.findall(r'label_replace\((.*?), "band", "(\d+)-(\d+)", "", ""\)', promql)
    bands = [(int(low), int(high)) for _, low, high in rows]
    assert (bands[0][0], bands[-1][1]) == (300, 850)
    assert all(high + 1 == low for (_, high), (low, _) in itertools.pairwise(bands))
    edges = [re.findall(r'le="([\d.]+)"', difference) for difference, _, _ in rows]
    upper = [[f"{high}.5"] for _, high in bands[:-1]] + [[]]
    lower: list[list[str]] = [[]] + [[f"{low - 1}.5"] for low, _ in bands[1:]]
    assert edges == [u + lo for u, lo in zip(upper, lower, strict=True)]


@pytest.mark.parametrize("path", BOTH)
def test_prometheus_accepts_every_query(path: Path, promtool: str, tmp_path: Path) -> None:
    rules = [
        {"record": re.sub(r"\W+", "_", f"at_{place}"), "expr": interpolated(promql)}
        for place, promql in expressions(path)
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": path.stem, "rules": rules}]}))
    checked = subprocess.run(
        [promtool, "check", "rules", file], capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.returncode == 0, checked.stderr


def answered(
    promtool: str,
    folder: Path,
    promql: str,
    given: list[dict[str, str]],
    expected: dict[str, float],
) -> subprocess.CompletedProcess[str]:
    """Prometheus's verdict on the answer of a query at minute 30, every minute scraped.

    promtool compares floats exactly, so the answer is rounded to six decimals.
    """
    samples = [{"labels": labels, "value": value} for labels, value in expected.items()]
    test = {
        "interval": "1m",
        "input_series": given,
        "promql_expr_test": [
            {
                "expr": f"round({interpolated(promql)}, 1e-6)",
                "eval_time": "30m",
                "exp_samples": samples,
            }
        ],
    }
    file = folder / "test.json"
    file.write_text(json.dumps({"rule_files": [], "evaluation_interval": "1m", "tests": [test]}))
    return subprocess.run(
        [promtool, "test", "rules", file], capture_output=True, text=True, timeout=60, check=False
    )


def scored(low: float, middle: float, every: float) -> list[dict[str, str]]:
    """A score histogram: counts per minute up to 499.5, up to 649.5, and in all."""
    per_edge = {"399.5": 0, "449.5": 0, "499.5": low, "549.5": low, "599.5": low}
    per_edge |= {"649.5": middle, "699.5": middle, "749.5": middle, "799.5": middle, "850": every}
    buckets = [counted(f'scoring_credit_score_bucket{{le="{e}"}}', n) for e, n in per_edge.items()]
    return [*buckets, counted("scoring_credit_score_count", every)]


ISR = "kafka_topic_partition_in_sync_replica"
LAG = "kafka_consumergroup_lag"
VERSION = 'model="m", version="{}", stage="{}"'
TRAFFIC = 'model="m", version="{}"'
EPISODE = 'episode="some-500s", kind="errors"'
NO_BANDS = dict.fromkeys(
    [
        '{band="300-399"}',
        '{band="400-449"}',
        '{band="500-549"}',
        '{band="550-599"}',
        '{band="650-699"}',
        '{band="700-749"}',
        '{band="750-799"}',
    ],
    0.0,
)

ANSWERS = {
    "success rate: one error in ten": (
        (BUSINESS, "Scoring Success Rate", "A"),
        [counted('scoring_requests_total{channel="web"}', 100), counted(RED_OUTAGE, 10)],
        {"{}": 0.9},
    ),
    "success rate: without traffic there is none": (
        (BUSINESS, "Scoring Success Rate", "A"),
        [counted('scoring_requests_total{channel="web"}', 0), counted(RED_OUTAGE, 0)],
        {},
    ),
    "success rate: no error series yet is no error": (
        (BUSINESS, "Scoring Success Rate", "A"),
        [counted('scoring_requests_total{channel="web"}', 100)],
        {"{}": 1},
    ),
    "compliance: without scorings the usual rate": (
        (BUSINESS, "Compliance Violations per 10,000", "A"),
        [counted("compliance_violations_total", 0), counted("scoring_credit_score_count", 0)],
        {"{}": 1.46},
    ),
    "compliance: half the weight is the window's at 20 000 scorings": (
        (BUSINESS, "Compliance Violations per 10,000", "A"),
        [counted("compliance_violations_total", 4), counted("scoring_credit_score_count", 4000)],
        {"{}": (10 + 1.46) / 2},
    ),
    "compliance: a type carries none of the usual rate": (
        (BUSINESS, "Compliance Violations per 10,000", "B"),
        [
            counted('compliance_violations_total{type="a_b_c", regulation="R"}', 4),
            counted("scoring_credit_score_count", 4000),
        ],
        {'{type="a b c", regulation="R"}': 5},
    ),
    "compliance: the longest name is shortened": (
        (BUSINESS, "Compliance Violations per 10,000", "B"),
        [
            counted(
                'compliance_violations_total{type="automated_refusal_without_review"}',
                4,
            ),
            counted("scoring_credit_score_count", 4000),
        ],
        {'{type="refusal without review"}': 5},
    ),
    "lag: the worst group's, summed over its partitions": (
        (BUSINESS, "Data Pipeline Health", "A"),
        [
            series(f'{LAG}{{consumergroup="a", partition="0"}}', "600x40"),
            series(f'{LAG}{{consumergroup="a", partition="1"}}', "500x40"),
            series(f'{LAG}{{consumergroup="b", partition="0"}}', "1000x40"),
        ],
        {"{}": 1100},
    ),
    "lag: a partition never committed to counts as none": (
        (BUSINESS, "Data Pipeline Health", "A"),
        [
            series(f'{LAG}{{consumergroup="a", partition="0"}}', "-1x40"),
            series(f'{LAG}{{consumergroup="a", partition="1"}}', "5x40"),
        ],
        {"{}": 5},
    ),
    "min ISR: a healthy topic is 0": (
        (BUSINESS, "Data Pipeline Health", "C"),
        [series(f'{ISR}{{partition="0"}}', "3x40"), series(f'{ISR}{{partition="1"}}', "2x40")],
        {"{}": 0},
    ),
    "min ISR: each partition below 2 counts": (
        (BUSINESS, "Data Pipeline Health", "C"),
        [series(f'{ISR}{{partition="0"}}', "1x40"), series(f'{ISR}{{partition="1"}}', "2x40")],
        {"{}": 1},
    ),
    "min ISR: without Kafka there is no value": ((BUSINESS, "Data Pipeline Health", "C"), [], {}),
    "free space: no capacity is no value": (
        (BUSINESS, "Data Pipeline Health", "F"),
        [
            series("minio_cluster_capacity_usable_free_bytes", "0x40"),
            series("minio_cluster_capacity_usable_total_bytes", "0x40"),
        ],
        {},
    ),
    "score bands: each between its two edges": (
        (BUSINESS, "Credit Score Distribution", "A"),
        scored(20, 70, 100),
        NO_BANDS | {'{band="450-499"}': 0.2, '{band="600-649"}': 0.5, '{band="800-850"}': 0.3},
    ),
    "score bands: without scorings there are none": (
        (BUSINESS, "Credit Score Distribution", "A"),
        scored(0, 0, 0),
        {},
    ),
    "daily requests: what there is, where history is shorter than a day": (
        (BUSINESS, "Daily Scoring Requests", "A"),
        [
            counted('scoring_requests_total{channel="web"}', 60),
            counted('scoring_requests_total{channel="branch"}', 40),
        ],
        {"{}": 3000},
    ),
    "risk levels: an empty level has no slice": (
        (BUSINESS, "Risk Level Breakdown", "A"),
        [counted('scoring_risk_level_total{level="low"}', 0)],
        {},
    ),
    "latency: without predictions there is none": (
        (ML, "Prediction Latency", "A"),
        [
            counted('ml_prediction_duration_bucket{le="0.1"}', 0),
            counted('ml_prediction_duration_bucket{le="+Inf"}', 0),
        ],
        {},
    ),
    "latency: p95 over all versions": (
        (ML, "Prediction Latency", "A"),
        [
            counted('ml_prediction_duration_bucket{version="1", le="0.1"}', 95),
            counted('ml_prediction_duration_bucket{version="1", le="+Inf"}', 95),
            counted('ml_prediction_duration_bucket{version="2", le="0.1"}', 0),
            counted('ml_prediction_duration_bucket{version="2", le="+Inf"}', 5),
        ],
        {"{}": 0.1},
    ),
    "accuracy: a retired version is left out": (
        (ML, "Model Performance Overview", "A"),
        [
            series(f"ml_model_accuracy{{{TRAFFIC.format('1')}}}", "0.7x40"),
            series(f"ml_model_accuracy{{{TRAFFIC.format('2')}}}", "0.8x40"),
            series(f"ml_model_version_info{{{VERSION.format('1', 'retired')}}}", "1x40"),
            series(f"ml_model_version_info{{{VERSION.format('2', 'production')}}}", "1x40"),
        ],
        {'{version="2"}': 0.8},
    ),
    "drift: the worst over versions, with a readable name": (
        (ML, "Model Drift Detection", "A"),
        [
            series('ml_model_drift_score{version="1", feature="debt_to_income"}', "0.1x40"),
            series('ml_model_drift_score{version="2", feature="debt_to_income"}', "0.3x40"),
        ],
        {'{feature="debt to income"}': 0.3},
    ),
    "importance: the production model's alone": (
        (ML, "Feature Importance", "A"),
        [
            series(f'ml_feature_importance{{{TRAFFIC.format("1")}, feature="age"}}', "0.25x40"),
            series(f'ml_feature_importance{{{TRAFFIC.format("2")}, feature="age"}}', "0.75x40"),
            series(f"ml_model_version_info{{{VERSION.format('1', 'production')}}}", "1x40"),
            series(f"ml_model_version_info{{{VERSION.format('2', 'canary')}}}", "1x40"),
        ],
        {'{feature="age"}': 0.25},
    ),
    "versions: shares of the traffic": (
        (ML, "Model Versions", "B"),
        [
            counted(f"ml_prediction_duration_count{{{TRAFFIC.format('1')}}}", 75),
            counted(f"ml_prediction_duration_count{{{TRAFFIC.format('2')}}}", 25),
            series(f"ml_model_version_info{{{VERSION.format('1', 'production')}}}", "1x40"),
            series(f"ml_model_version_info{{{VERSION.format('2', 'canary')}}}", "1x40"),
        ],
        {'{model="m", version="1"}': 0.75, '{model="m", version="2"}': 0.25},
    ),
    "versions: one that is not announced yet has no row": (
        (ML, "Model Versions", "B"),
        [
            counted(f"ml_prediction_duration_count{{{TRAFFIC.format('1')}}}", 100),
            counted(f"ml_prediction_duration_count{{{TRAFFIC.format('2')}}}", 0),
            series(f"ml_model_version_info{{{VERSION.format('1', 'production')}}}", "1x40"),
        ],
        {'{model="m", version="1"}': 1},
    ),
    "versions: without traffic there is no share": (
        (ML, "Model Versions", "B"),
        [
            counted(f"ml_prediction_duration_count{{{TRAFFIC.format('1')}}}", 0),
            series(f"ml_model_version_info{{{VERSION.format('1', 'production')}}}", "1x40"),
        ],
        {},
    ),
    "episodes: one that starts now is marked": (
        (ML, "annotation", "Episodes"),
        [series(f"simulator_episode_active{{{EPISODE}}}", "0x29 1x10")],
        {f"{{{EPISODE}}}": 1},
    ),
    "episodes: one that is on since a while is not marked again": (
        (ML, "annotation", "Episodes"),
        [series(f"simulator_episode_active{{{EPISODE}}}", "0x19 1x20")],
        {},
    ),
    "episodes: its span lasts while it is on": (
        (ML, "annotation", "Episode spans"),
        [series(f"simulator_episode_active{{{EPISODE}}}", "0x19 1x20")],
        {f"{{{EPISODE}}}": 1},
    ),
    "episodes: its span ends with it": (
        (ML, "annotation", "Episode spans"),
        [series(f"simulator_episode_active{{{EPISODE}}}", "0x9 1x9 0x20")],
        {},
    ),
}


@pytest.mark.parametrize(("place", "given", "expected"), ANSWERS.values(), ids=list(ANSWERS))
def test_a_query_answers(
    place: tuple[Path, str, str],
    given: list[dict[str, str]],
    expected: dict[str, float],
    promtool: str,
    tmp_path: Path,
) -> None:
    result = answered(promtool, tmp_path, expression(*place), given, expected)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_wrong_answer_is_seen(promtool: str, tmp_path: Path) -> None:
    place, given, _ = ANSWERS["success rate: one error in ten"]
    result = answered(promtool, tmp_path, expression(*place), given, {"{}": 0.8})
    assert result.returncode != 0
