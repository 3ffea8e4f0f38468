"""What a real Prometheus makes of restarts, gaps and glitches in a history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from simulator.runtime.history.writing import write_history
from simulator.scenario.timed_run import TimedRun
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import episode, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.real_tsdb import Programs, Server

pytestmark = pytest.mark.e2e

START: Final = 1_794_182_400.0
STEP: Final = 15.0
HOUR: Final = 3600.0
PLAN: Final = scenario(
    episode("counter-reset", jobs=["scoring-api"], start="10m", duration="20m", every="5m"),
    episode(
        "counter-reset", name="slow-start", jobs=["ml-model"], start="10m", duration="5m", down="1m"
    ),
    episode("scrape-gap", jobs=["minio"], start="20m", duration="2m"),
    episode(
        "scrape-gap",
        name="late",
        jobs=["compliance"],
        start="20m",
        duration="20m",
        mode="late",
        late_seconds=30,
    ),
    episode("exporter-glitch", form="negative", apart_seconds=14, start="40m", duration="5m"),
    episode(
        "exporter-glitch",
        name="gone",
        form="vanish",
        group="archiver",
        start="50m",
        duration="2m",
    ),
    duration="1h",
)


@pytest.fixture(scope="module")
def server(installed: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("unseen") / "blocks"
    write_history([TimedRun(PLAN, START, START + HOUR, STEP, "lab")], folder)
    with installed.serving(folder) as running:
        yield running


def value(server: Server, expr: str, minutes: float) -> float | None:
    found = server.values(expr, at=START + minutes * 60.0)
    return float(found[""]) if found else None


def test_a_counter_is_reset_as_often_as_truth_says(server: Server) -> None:
    told = TimedRun(PLAN, START, START + HOUR, STEP, "lab").as_json()["episodes"]

    resets = value(server, 'resets(scoring_requests_total{channel="web"}[1h])', 60.0)
    assert resets == len(told[0]["resets"]) == 4
    assert value(server, "sum(resets(minio_s3_requests_total[1h]))", 60.0) == 0.0


def test_an_increase_counts_on_over_restarts(server: Server) -> None:
    """But for what the last tick before each one would have added, and extrapolation."""
    trace = Simulation(PLAN.muted("counter-reset"), origin=START, step=STEP).advance(240)
    counted = trace.requests.applications[36:140].sum()  # from 9 minutes on to 35

    found = value(server, "sum(increase(scoring_requests_total[26m]))", 35.0)
    assert found == pytest.approx(counted, rel=0.03)


def test_a_job_that_is_down_or_in_a_gap_is_absent_at_once(server: Server) -> None:
    up_and_down = [value(server, "count(ml_prediction_duration_count)", m) for m in (9.9, 10.4, 12)]
    assert up_and_down == [1.0, None, 1.0]
    in_a_gap = [value(server, "count(minio_cluster_drive_total)", m) for m in (19.9, 20.6, 23)]
    assert in_a_gap == [1.0, None, 1.0]
    assert value(server, "count(kafka_brokers)", 20.6) == 1.0


def test_late_samples_are_fewer_and_between_ticks(server: Server) -> None:
    name = 'compliance_violations_total{type="audit_log_gap"}'

    on_time, late = (value(server, f"count_over_time({name}[15m])", m) for m in (19.0, 38.0))
    assert on_time in {60.0, 61.0}  # before version 3 a range has both of its ends
    assert late is not None
    assert 12.0 < late < 48.0, "about one in two of sixty"
    age = value(server, f"timestamp({name}) % 15", 38.0)
    assert age is not None
    assert age > 0.0


def test_lag_is_below_zero_and_a_group_is_gone(server: Server) -> None:
    lags = [value(server, "min(kafka_consumergroup_lag)", m) for m in (39.0, 43.0, 47.0)]
    assert [lag is not None and lag < 0 for lag in lags] == [False, True, False]
    groups = [value(server, "count(kafka_consumergroup_members)", m) for m in (49.9, 51, 53)]
    assert groups == [2.0, 1.0, 2.0]
