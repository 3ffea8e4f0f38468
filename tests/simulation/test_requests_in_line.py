"""Requests that wait and workers that are busy, and which replicas and brokers are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings

from simulator.simulation.engine import Simulation
from tests.support.sampled_requests import sampled_requests
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.scenario_strategies import plans

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.requests import Requests
    from simulator.simulation.trace import Trace

STEP = 15.0
#: Faults of a healthy platform that take a while: late ones, which last as long as the timeout.
LATE, TIMEOUT = 0.0002, 2.0


def _trace(plan: Scenario, ticks: int = 60) -> Trace:
    return Simulation(plan, origin=MONDAY, step=STEP).advance(ticks)


@given(plans())
@settings(max_examples=15, deadline=None)
def test_what_is_in_line_and_there_is_within_its_limits(plan: Scenario) -> None:
    trace, requests = _trace(plan), sampled_requests(plan, step=STEP, ticks=60)
    assert requests.busy.min() >= 0.0
    assert (requests.busy <= trace.causes.workers + 1e-9).all()
    longest = plan.platform.api.timeout_seconds
    assert requests.waiting.min() >= 0.0
    assert (requests.waiting <= requests.expected * longest / STEP * (1.0 + 1e-6)).all()

    instances = trace.causes.replicas
    assert instances.is_up.sum(axis=1) / instances.count == pytest.approx(instances.up)
    assert instances.load_shares.sum(axis=1) == pytest.approx(1.0)
    some = instances.is_up.any(axis=1)
    assert instances.load_shares[some][~instances.is_up[some]].max(initial=0.0) == 0.0

    cluster = trace.cluster
    assert np.array_equal(cluster.online.sum(axis=1), cluster.brokers)
    leaders = cluster.leader[cluster.leader >= 0]
    ticks = np.nonzero(cluster.leader >= 0)[0]
    assert cluster.online[ticks, leaders].all()


def _scoring_in_flight(requests: Requests) -> float:
    """Mean requests to be scored that are answered at a moment, without those refused at once."""
    seconds = requests.http_seconds[100:, :2].sum() - requests.http_seconds[100:, :2, 1].sum()
    return float(seconds) / STEP / len(requests.http_seconds[100:])


def _singles(per_second: float, *episodes: dict[str, Any], workers: int = 32) -> Requests:
    plan = scenario(
        *episodes,
        traffic={"requests_per_second": per_second, "endpoints": {"score": 1}},
        platform={"api": {"workers": workers}},
    )
    return sampled_requests(plan, step=STEP, ticks=600)


@pytest.mark.parametrize(
    ("per_second", "workers"), [(40.0, 32), (300.0, 32), (580.0, 32), (20.0, 2), (900.0, 32)]
)
def test_those_in_line_and_in_work_are_those_that_are_answered(
    per_second: float, workers: int
) -> None:
    """J. D. C. Little's law, 1961; from almost idle workers to many too few."""
    requests = _singles(per_second, workers=workers)
    in_line = float((requests.waiting + requests.busy)[100:].mean())
    late = float(requests.expected[100:].mean()) / STEP * LATE * TIMEOUT
    assert in_line + late == pytest.approx(_scoring_in_flight(requests), rel=0.03)


def test_all_workers_are_busy_and_many_wait_once_too_many_come() -> None:
    requests = _singles(900.0)
    assert requests.busy == pytest.approx(32.0, rel=0.01)
    assert requests.waiting[20:].min() > 500.0


def test_nobody_waits_for_workers_that_are_hardly_busy() -> None:
    requests = _singles(40.0)
    assert requests.waiting.max() < 1e-6
    assert requests.busy.max() < 3.0


def test_a_slow_bureau_keeps_workers_for_longer() -> None:
    slow = episode("slow-dependency", dependency="bureau", factor=20.0, start="1h", duration="1h")
    busy = _singles(40.0, slow).busy
    assert busy[300] > 1.5 * busy[100]


def test_expected_requests_follow_the_rate_and_not_chance() -> None:
    surge = episode("traffic-surge", factor=3.0, start="1h", duration="1h")
    expected = _singles(40.0, surge).expected
    assert expected[[100, 300]].tolist() == pytest.approx([600.0, 1800.0])


def test_lost_replicas_are_the_last_ones_and_are_sent_nothing() -> None:
    lost = episode("instance-loss", replicas=1, start="5m", duration="5m")
    instances = _trace(scenario(lost)).causes.replicas
    assert instances.is_up[30].tolist() == [True, True, True, False]
    assert instances.load_shares[30].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0.0])
    assert instances.load_shares[50].tolist() == [0.25] * 4


def test_where_no_replica_works_all_are_asked_alike() -> None:
    instances = _trace(scenario(episode("instance-loss", replicas=4))).causes.replicas
    assert not instances.is_up.any()
    assert (instances.load_shares == 0.25).all()


def test_lost_brokers_are_those_with_the_highest_ids() -> None:
    lost = episode("broker-loss", brokers=2, start="5m", duration="5m")
    online = _trace(scenario(lost)).cluster.online
    assert online[30].tolist() == [True, True, True, False, False]
    assert online[50].all()
