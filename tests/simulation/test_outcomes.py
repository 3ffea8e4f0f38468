"""What becomes of requests: who makes mistakes, what failures cost, what Kafka refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from simulator.simulation.trace import Trace

SINGLE, BATCH = 0, 1
OK, CLIENT_ERROR, SERVER_ERROR = 0, 1, 2


def run(
    *episodes: dict[str, Any],
    step: float = 1.0,
    ticks: int = 600,
    **changes: Any,  # noqa: ANN401 - a file's own values
) -> Trace:
    return Simulation(scenario(*episodes, **changes), origin=MONDAY, step=step).advance(ticks)


def test_batches_are_never_invalid() -> None:
    flat = {"profile": "flat", "requests_per_second": 500, "invalid_ratio": 1.0}
    http = run(traffic=flat).requests.http.sum(axis=(0, -1))
    assert http[SINGLE, OK] == 0
    assert http[BATCH, CLIENT_ERROR] < 0.01 * http[BATCH].sum()
    assert http[BATCH, OK] > 0.95 * http[BATCH].sum()


def test_invalid_requests_keep_no_worker_busy() -> None:
    """Traffic that overloads the workers does not when half of it is invalid."""

    def timeouts(invalid_ratio: float) -> float:
        traffic = {
            "profile": "flat",
            "requests_per_second": 1000,
            "noise_ratio": 0.0,
            "invalid_ratio": invalid_ratio,
            "endpoints": {"score": 1},
        }
        requests = run(traffic=traffic, platform={"api": {"workers": 40}}).requests
        return float(requests.applications[:, :, -1].sum() / requests.applications.sum())

    assert timeouts(0.0) > 0.1
    assert timeouts(0.6) < 0.01


def test_what_kafka_refuses_takes_as_long_as_what_it_takes() -> None:
    broken = episode("broker-loss", brokers=2, start="0s", duration="1h")
    kafka = {"kafka": {"replica_lag_time": "1ms"}}
    http = run(broken, platform=kafka).requests.http[:, SINGLE].sum(axis=0)
    quick = int(np.searchsorted(HTTP_EDGES, 0.02))
    assert http[SERVER_ERROR].sum() > 0.3 * http.sum()
    assert http[SERVER_ERROR, : quick + 1].sum() < 0.05 * http[SERVER_ERROR].sum()


def test_without_a_leader_nothing_is_produced_from_the_first_moment_on() -> None:
    gone = episode("broker-loss", brokers=5, start="0s", duration="1h")
    trace = run(gone, ticks=20)
    assert trace.cluster.in_sync.max() > 0  # their replica lag time is not over
    assert trace.topic.produced.sum() == 0


def test_an_episode_shorter_than_a_tick_is_refused() -> None:
    short = scenario(episode("errors", ratio=0.5, start="0s", duration="4s"))
    with pytest.raises(ScenarioError, match="4s is shorter than a tick of 5s"):
        Simulation(short, origin=MONDAY, step=5.0)


def test_an_episode_of_one_tick_is_seen() -> None:
    short = episode("errors", ratio=0.5, start="10s", duration="5s")
    assert run(short, step=5.0, ticks=10).causes.active.sum() == 1
