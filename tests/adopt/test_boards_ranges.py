"""Ranges of thresholds: parameters of the platform, lines over gauges, scales of signals."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.adopt.boards.adopting import adopted
from simulator.adopt.boards.days import days_of
from simulator.errors import MappingError
from simulator.reading.yaml_text import yaml_in
from tests.support.boards import SOURCE, of_rules, rules

P95 = "histogram_quantile(0.95, sum by (le) (rate({}_bucket[5m]))) > {}"


def platform(*alerts: str) -> dict[str, Any]:
    found: Any = yaml_in(adopted([], rules(*alerts), SOURCE).text, SOURCE, error=MappingError)
    return dict(found.get("platform", {}).get("api", {}))


@pytest.mark.parametrize(
    ("name", "alert", "sign"),
    [
        ("model_accuracy", "model_accuracy < 0.85", "<"),
        ("model_accuracy", "model_accuracy < 85", "<"),
        ("model_recall", "model_recall < 0.9", "<"),
        ("model_drift_score", "model_drift_score > 0.9", ">"),
        ("false_positive_rate", "false_positive_rate > 0.15", ">"),
    ],
)
def test_a_gauge_under_no_law_is_calm_in_health_and_beyond_its_limit_on_the_tour(
    name: str, alert: str, sign: str
) -> None:
    content = of_rules(alert)[name]
    limit = float(alert.rpartition(" ")[2])
    calm, tour = days_of({}, {name: content})
    assert content["assumed"] is True
    if sign == "<":
        assert tour[name].low < limit < calm[name].low
    else:
        assert calm[name].high < limit < tour[name].high


def test_what_is_in_its_range_already_stays_as_it_is() -> None:
    assert of_rules("model_accuracy < 0.7")["model_accuracy"] == {"measure": "accuracy"}


def test_what_is_under_a_law_is_not_moved() -> None:
    assert of_rules("kafka_consumer_lag > 7")["kafka_consumer_lag"] == {"measure": "lag"}


def test_predictions_are_as_slow_as_their_alert_is_for() -> None:
    times = platform(P95.format("prediction_latency_seconds", 1))["service_times"]
    assert times == {"prediction": {"median_seconds": 0.048}}


def test_requests_may_take_longer_than_their_alert() -> None:
    assert platform(P95.format("http_request_duration_seconds", 5)) == {"timeout_seconds": 12.5}


def test_an_alert_that_any_failure_sets_off_has_a_platform_without_failures_in_health() -> None:
    ratio = 'rate(http_requests_total{status=~"5.."}[5m]) / rate(http_requests_total[5m]) > 0.05'
    faults = {"internal": 0.0, "unavailable": 0.0, "timeout": 0.0}
    assert platform(ratio) == {"healthy_faults": faults}
    assert platform(f"sum({ratio.replace(' / ', ') / sum(').replace(' > ', ') > ')}") == {}


def test_a_limit_is_what_makes_its_share_an_alarm() -> None:
    found = of_rules("db_pool_active / db_pool_max > 0.5")
    assert found["db_pool_max"]["always"]["value"] * 0.5 < found["db_pool_active"]["signal"]["max"]
    assert found["db_pool_max"]["assumed"] is True


def test_a_signal_of_a_known_name_comes_to_its_alarm() -> None:
    high = of_rules("process_resident_memory_bytes > 2e9")["process_resident_memory_bytes"]
    assert high["assumed"] is True
    assert high["signal"]["base"] < 2e9
    assert of_rules("rate(process_cpu_seconds_total[5m]) > 0.8")["process_cpu_seconds_total"][
        "assumed"
    ]


def test_where_any_application_that_is_not_scored_is_an_alert_none_is_in_health() -> None:
    alert = rules("rate(prediction_errors_total[5m]) > 0.05")
    found: Any = yaml_in(adopted([], alert, SOURCE).text, SOURCE, error=MappingError)
    assert found["platform"]["traffic"] == {"invalid_ratio": 0.0}
    assert set(found["platform"]["api"]["healthy_faults"].values()) == {0.0}
