"""Exposition text: what is written can be read back, and what is absent is not written."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.scenario.baseline import Platform as Parts
from simulator.scenario.loading import load_scenario, parse_scenario
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES, JOBS, VIOLATION_TYPES
from tests.support.exported import default_families
from tests.support.exposition_oracle import clients_metrics
from tests.support.shown_platform import Platform, Series, samples_of, series_in, text_of

if TYPE_CHECKING:
    from simulator.metrics.families import Family, FamilySamples


ROUTES = Routes().by_endpoint()

MODEL_NAME: Final = Parts().model.name
TOPIC: Final = Parts().kafka.topic
NOBODY: Final = """\
name: nobody
description: So few requests that none comes.
duration: 1h
traffic: {requests_per_second: 1.0e-9, profile: flat, noise_ratio: 0}
"""
RELEASE: Final = """\
name: release
description: A canary from the third minute on, withdrawn in the eighth.
duration: 10m
platform: {monitoring: {drift_window: 200, performance_window: 500, label_delay: 30s}}
episodes:
  - {name: canary, kind: model-release, start: 2m, duration: 5m, version: 3.3.0,
     canary_share: 0.5, canary_for: 1m, outcome: withdrawal}
"""


@pytest.fixture(scope="module")
def calm() -> tuple[FamilySamples, ...]:
    return Platform(load_scenario("calm")).tick(8)


@pytest.fixture(scope="module")
def calm_text(calm: tuple[FamilySamples, ...]) -> str:
    return text_of(calm)


def test_reading_the_text_gives_every_sample_that_was_written(
    calm: tuple[FamilySamples, ...], calm_text: str
) -> None:
    written = dict(series_in(clients_metrics(calm)))

    assert samples_of(calm_text) == written


def test_reading_the_text_gives_every_family_its_type_and_help(
    calm: tuple[FamilySamples, ...], calm_text: str
) -> None:
    read = text_string_to_metric_families(calm_text)
    families = [one.family for one in calm]
    assert [(m.name, m.type, m.documentation) for m in read] == [
        (f.name.removesuffix("_total") if f.kind == "counter" else f.name, f.kind, f.help)
        for f in families
    ]


def test_the_text_has_all_families_in_their_order(calm_text: str) -> None:
    typed = [line.split()[2:4] for line in calm_text.splitlines() if line.startswith("# TYPE ")]

    assert typed == [[family.name, family.kind] for family in default_families()]


def test_the_text_of_all_jobs_is_that_of_each_job_in_turn(
    calm: tuple[FamilySamples, ...], calm_text: str
) -> None:
    parts = [text_of(calm, job) for job in JOBS]

    assert "".join(parts) == calm_text


def test_the_text_is_that_of_the_last_tick() -> None:
    whole, stepwise = Platform(load_scenario("calm")), Platform(load_scenario("calm"))
    for _ in range(7):
        stepwise.tick()

    assert text_of(whole.tick(8)) == text_of(stepwise.tick())


def test_no_sample_carries_a_timestamp(calm_text: str) -> None:
    # the Pushgateway refuses them
    read = text_string_to_metric_families(calm_text)

    assert {s.timestamp for m in read for s in m.samples} == {None}


def test_no_series_tells_when_it_was_created(calm_text: str) -> None:
    assert [name for name, _ in samples_of(calm_text) if name.endswith("_created")] == []


def test_a_name_is_that_of_one_family_only(calm_text: str) -> None:
    names: dict[str, set[str]] = {}
    for metric in text_string_to_metric_families(calm_text):
        for sample in metric.samples:
            names.setdefault(sample.name, set()).add(metric.name)

    assert {name: owners for name, owners in names.items() if len(owners) > 1} == {}


def test_there_are_fewer_series_than_the_budget_of_1500(calm_text: str) -> None:
    assert len(samples_of(calm_text)) < 1500


def versions_shown(samples: dict[Series, float]) -> dict[str, set[str]]:
    """Model versions that each sample name shows."""
    shown: dict[str, set[str]] = {}
    for name, labels in samples:
        if version := dict(labels).get("version"):
            shown.setdefault(name, set()).add(version)
    return shown


MEASURED = ["ml_model_accuracy", "ml_model_auc", "ml_model_drift_score", "ml_feature_importance"]


@pytest.fixture(scope="module")
def release_samples() -> list[dict[Series, float]]:
    """Samples of each of the 40 ticks of a scenario with a canary from tick 8 to tick 27."""
    platform = Platform(parse_scenario(RELEASE, "release"))
    return [samples_of(text_of(platform.tick())) for _ in range(40)]


@pytest.mark.parametrize("name", [*MEASURED, "ml_model_version_info"])
def test_gauges_of_a_version_that_is_not_there_yet_are_left_out(
    release_samples: list[dict[Series, float]], name: str
) -> None:
    assert [versions_shown(s)[name] for s in release_samples[:8]] == [{"3.2.0"}] * 8


def test_a_version_is_listed_from_its_release_on(
    release_samples: list[dict[Series, float]],
) -> None:
    shown = [versions_shown(s)["ml_model_version_info"] for s in release_samples[8:]]

    assert shown == [{"3.2.0", "3.3.0"}] * 32


@pytest.mark.parametrize("name", MEASURED)
def test_gauges_of_a_version_wait_for_something_to_measure(
    release_samples: list[dict[Series, float]], name: str
) -> None:
    shown = ["3.3.0" in versions_shown(s)[name] for s in release_samples[8:28]]

    # none at first, then all: a gauge that has come stays
    assert shown == sorted(shown)
    assert shown[-1]


@pytest.mark.parametrize("name", MEASURED)
def test_gauges_of_a_version_end_with_its_traffic(
    release_samples: list[dict[Series, float]], name: str
) -> None:
    assert [versions_shown(s)[name] for s in release_samples[28:]] == [{"3.2.0"}] * 12


def test_counters_of_a_version_are_there_at_0_from_the_start(
    release_samples: list[dict[Series, float]],
) -> None:
    labels = (("model", MODEL_NAME), ("version", "3.3.0"))

    assert release_samples[0]["ml_prediction_duration_count", labels] == 0.0


def test_nan_is_never_written(release_samples: list[dict[Series, float]]) -> None:
    assert not any(math.isnan(value) for s in release_samples for value in s.values())


def test_a_version_has_one_stage_at_a_time(release_samples: list[dict[Series, float]]) -> None:
    listed = [
        Counter(dict(labels)["version"] for name, labels in s if name == "ml_model_version_info")
        for s in release_samples
    ]

    assert {n for versions in listed for n in versions.values()} == {1}


@pytest.fixture(scope="module")
def first_samples() -> dict[Series, float]:
    """Samples after the first second of a platform that nobody uses."""
    platform = Platform(parse_scenario(NOBODY, "nobody"), step=1.0)
    return samples_of(text_of(platform.tick()))


def label_values(samples: dict[Series, float], name: str, *labels: str) -> set[tuple[str, ...]]:
    return {
        tuple(dict(pairs)[label] for label in labels) for found, pairs in samples if found == name
    }


REASONS = ["validation", "unauthorized", "rate_limited", "internal", "unavailable", "timeout"]


@pytest.mark.parametrize(
    ("name", "labels", "known"),
    [
        ("scoring_requests_total", ["channel"], {(c,) for c in CHANNELS}),
        (
            "scoring_errors_total",
            ["channel", "reason"],
            {(c, reason) for c in CHANNELS for reason in REASONS},
        ),
        (
            "scoring_risk_level_total",
            ["level"],
            {("low",), ("medium",), ("high",), ("very_high",)},
        ),
        ("scoring_decisions_total", ["decision"], {("accepted",), ("review",), ("refused",)}),
        (
            "http_request_duration_seconds_count",
            ["method", "endpoint", "status"],
            {(*ROUTES[e], status) for e in ENDPOINTS for status in ("2xx", "4xx", "5xx")},
        ),
        ("compliance_violations_total", ["type"], {(v,) for v in VIOLATION_TYPES}),
        ("minio_s3_requests_total", ["api"], {("putobject",), ("getobject",), ("headobject",)}),
        ("ml_model_drift_score", ["feature"], {(f,) for f in (*FEATURES, "score")}),
        ("ml_feature_importance", ["feature"], {(f,) for f in FEATURES}),
        (
            "kafka_topic_partition_current_offset",
            ["topic", "partition"],
            {(TOPIC, str(p)) for p in range(12)},
        ),
        ("kafka_consumergroup_lag_sum", ["consumergroup"], {("archiver",), ("risk-monitoring",)}),
    ],
)
def test_every_known_label_value_is_there_from_the_first_tick(
    first_samples: dict[Series, float], name: str, labels: list[str], known: set[tuple[str, ...]]
) -> None:
    assert label_values(first_samples, name, *labels) == known


COUNTED = [f.name for f in default_families() if f.kind == "counter"] + [
    f"{f.name}{suffix}"
    for f in default_families()
    if f.kind == "histogram"
    for suffix in ("_bucket", "_count", "_sum")
]


@pytest.mark.parametrize("name", COUNTED)
def test_counts_begin_at_0(first_samples: dict[Series, float], name: str) -> None:
    values = {value for (found, _), value in first_samples.items() if found == name}

    assert values == {0.0}


@pytest.mark.parametrize(
    "family", [f for f in default_families() if f.kind == "gauge"], ids=lambda f: f.name
)
def test_gauges_are_there_from_the_first_tick(
    first_samples: dict[Series, float], family: Family
) -> None:
    assert family.name in {name for name, _ in first_samples}


def test_labels_are_escaped_and_read_back() -> None:
    odd = 'l"1\\2\nend'
    scenario = load_scenario("calm")
    model = scenario.platform.model.model_copy(update={"algorithm": odd})
    layout = scenario.platform.model_copy(update={"model": model})
    platform = Platform(scenario.model_copy(update={"platform": layout}))

    assert label_values(
        samples_of(text_of(platform.tick())), "ml_model_version_info", "algorithm"
    ) == {(odd,)}
