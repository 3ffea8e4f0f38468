"""What a platform calls its parts stands in the labels of the default mapping, in its place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from simulator.scenario.vocabulary import CHANNELS, FEATURES, VIOLATION_TYPES
from tests.support.exported import default_families, export_of
from tests.support.mapped import mapping, shown
from tests.support.scenario_builders import scenario

CHANNEL_NAMES: Final = {"web": "site", "mobile": "app", "partner": "brokers", "branch": "agencies"}
NAMED: Final[dict[str, Any]] = {
    "traffic": {"channel_names": CHANNEL_NAMES},
    "platform": {
        "api": {"error_names": {"timeout": "late"}, "routes": {"score": "POST /score"}},
        "model": {
            "name": "small-loans",
            "feature_names": {"net_income": "income"},
            "hidden_features": ["home_owner"],
        },
        "kafka": {
            "topic": "decisions",
            "consumer_groups": [{"name": "archiver", "label": "sink"}],
        },
        "minio": {
            "servers": ["a:9000", "b:9000", "c:9000", "d:9000"],
            "pools": ["first", "second"],
        },
        "compliance": {
            "violations": {"audit_log_gap": {"name": "gap", "regulation": "R1", "severity": "dire"}}
        },
    },
}
FAMILIES: Final = {f.name: f for f in export_of(scenario(**NAMED)).families}


def values(family: str, label: str) -> list[str]:
    """The values of a label, as series have it one after the other."""
    found = FAMILIES[family]
    return list(dict.fromkeys(series[found.labels.index(label)] for series in found.series))


@pytest.mark.parametrize(
    ("family", "label", "expected"),
    [
        ("scoring_requests_total", "channel", [CHANNEL_NAMES[c] for c in CHANNELS]),
        ("ml_model_accuracy", "model", ["small-loans"]),
        ("kafka_consumergroup_lag", "consumergroup", ["sink"]),
        ("kafka_consumergroup_lag", "topic", ["decisions"]),
        ("minio_cluster_drive_total", "server", ["a:9000"]),
        ("minio_cluster_health_erasure_set_status", "pool", ["first", "second"]),
        ("compliance_violations_total", "type", [*VIOLATION_TYPES[:-1], "gap"]),
    ],
)
def test_a_part_has_the_platforms_name(family: str, label: str, expected: list[str]) -> None:
    assert values(family, label) == expected


def test_hidden_features_have_no_series_and_others_their_names() -> None:
    named = [{"net_income": "income"}.get(f, f) for f in FEATURES if f != "home_owner"]

    assert values("ml_feature_importance", "feature") == named
    assert values("ml_model_drift_score", "feature") == [*named, "score"]


def test_an_error_has_the_platforms_name_and_keeps_its_place() -> None:
    assert values("scoring_errors_total", "reason")[-1] == "late"


def test_a_route_has_the_platforms_method_and_path() -> None:
    series = {labels[:2] for labels in FAMILIES["http_request_duration_seconds"].series}

    assert ("POST", "/score") in series
    assert ("POST", "/v1/score") not in series


def test_a_violation_has_its_own_regulation_and_severity() -> None:
    assert FAMILIES["compliance_violations_total"].series[-1] == ("gap", "R1", "dire")


def test_names_are_all_that_a_platforms_own_change() -> None:
    families = {f.name: f for f in default_families()}

    assert families.keys() == FAMILIES.keys()
    assert all(families[name].labels == FAMILIES[name].labels for name in families)


def test_a_channel_without_weight_has_series_at_0() -> None:
    of = scenario(traffic={"channels": {"web": 1}})
    counts = {"measure": "applications", "labels": {"channel": "channel"}}
    found = {one.labels["channel"]: one.values[-1, 0] for one in shown(of, mapping(n=counts), [5])}

    assert found["web"] > 0
    assert found["mobile"] == found["branch"] == 0
