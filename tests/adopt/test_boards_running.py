"""What a running Prometheus adds to what queries say, and what is never written of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.adopt.boards.adopting import adopted
from simulator.adopt.boards.running import Running, is_private
from simulator.observation.prometheus import Prometheus
from tests.support.boards import board, metrics
from tests.support.prometheus_double import PrometheusDouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOW = 1_770_000_000.0


@pytest.fixture
def theirs() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as found:
        told = {"credit_latency": [{"type": "histogram", "help": "h", "unit": ""}]}
        found.says("metadata", {"status": "success", "data": told})
        series = [
            {"__name__": "x", "model_name": "pd-2", "owner": "Jane Doe", "job": "api"},
            {"__name__": "x", "model_name": "pd-3", "owner": "jane@example.org"},
        ]
        found.says("series", {"status": "success", "data": series})
        yield found


def running(theirs: PrometheusDouble, names: Sequence[str], *, with_values: bool = True) -> Running:
    with Prometheus(theirs.url) as prometheus:
        return Running.of(prometheus, names, now=NOW, with_values=with_values)


def test_labels_that_no_query_names_are_those_of_the_running_series(
    theirs: PrometheusDouble,
) -> None:
    found = adopted([board("ml_model_auc")], (), "b.json", ask=lambda names: running(theirs, names))
    assert metrics(found)["ml_model_auc"]["labels"] == {"model_name": "model"}
    assert "name: pd-2" in found.text


def test_values_that_look_like_people_are_not_written(theirs: PrometheusDouble) -> None:
    found = adopted([board("ml_model_auc")], (), "b.json", ask=lambda names: running(theirs, names))
    assert "jane" not in found.text.lower()
    assert "owner" in found.text


def test_without_values_only_names_of_labels_are_read(theirs: PrometheusDouble) -> None:
    found = adopted(
        [board("ml_model_auc")],
        (),
        "b.json",
        ask=lambda names: running(theirs, names, with_values=False),
    )
    assert "pd-2" not in found.text
    assert metrics(found)["ml_model_auc"]["labels"] == {"model_name": "model"}


def test_the_type_is_what_the_metric_itself_says(theirs: PrometheusDouble) -> None:
    assert running(theirs, []).types == {"credit_latency": "histogram"}


def test_no_sample_is_asked_for(theirs: PrometheusDouble) -> None:
    running(theirs, ["ml_model_auc"])
    assert {path.rpartition("/")[2] for _, path, _ in theirs.asked} == {"metadata", "series"}


@pytest.mark.parametrize(
    "value",
    [
        "jane@example.org",
        "10.0.0.7:9090",
        "2001:db8:0:1::7",
        "+33 6 12 34 56 78",
        "5e0a7c1e-58c1-4f0e-9f0a-0123456789ab",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "Jane Doe",
    ],
)
def test_what_is_private_is_known(value: str) -> None:
    assert is_private("owner", value)


@pytest.mark.parametrize(
    "value", ["credit-v2", "/api/v1/predict", "HIGH", "5xx", "scoring-results"]
)
def test_what_a_platform_calls_its_parts_is_not_private(value: str) -> None:
    assert not is_private("model", value)
