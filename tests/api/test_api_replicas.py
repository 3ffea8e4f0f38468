"""The API that really answers feels lost and slow replicas as sampled requests do."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
import pytest
from scipy import stats

from simulator.api.workers import Fault
from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.simulation.engine import Simulation
from simulator.simulation.requests import OUTCOMES
from simulator.simulation.service_times import ServiceTimes
from tests.support.scoring_client import Client, application, episode, scenario
from tests.support.tolerances import SMALLEST_P, assert_share

N = 8000
STEP = 5.0
UNAVAILABLE = OUTCOMES.index("unavailable")


def loss(replicas: int) -> dict[str, Any]:
    return episode("instance-loss", replicas=replicas)


def test_requests_fail_until_the_health_check_notices() -> None:
    """As sampled ones do: the first half minute of an episode, and not what follows."""
    with Client(loss(2), has_faults=True) as client:
        before = client.outcomes(N)
        client.simulation.advance(6)
        client.backend.meet(client.simulation.conditions())
        after = client.outcomes(N)

    assert_share(int(before[UNAVAILABLE]), N, 0.5, rounding=5e-4)
    assert_share(int(after[UNAVAILABLE]), N, 0.0003)


def test_the_workers_of_a_lost_replica_are_gone() -> None:
    with Client(loss(3)) as client:
        assert client.backend.state.workers == 8


@pytest.mark.parametrize("replicas", [0, 4])
def test_look_ups_find_nobody_where_all_are_gone(replicas: int) -> None:
    episodes = [loss(replicas)] if replicas else []
    with Client(*episodes) as client:
        statuses = {client.send("GET", "/v1/models").status_code for _ in range(20)}

    assert statuses == ({503} if replicas else {200})


@pytest.mark.parametrize(("interrupted", "begins_later"), [(0.5, False), (0.5, True), (0.0, False)])
def test_what_is_in_work_when_replicas_are_lost_is_lost(
    *, interrupted: float, begins_later: bool
) -> None:
    """And neither what comes afterwards, nor anything where none is lost."""
    n, ends = 1600, Counter[str]()
    with Client(is_delayed=True, platform={"api": {"workers": n}}) as client:
        lost = replace(client.backend.engine.now, interrupted=interrupted)

        async def one() -> None:
            try:
                await client.backend.workers.work()
            except Fault as fault:
                ends[fault.reason] += 1

        async def all_at_once() -> None:
            tasks = [asyncio.create_task(one()) for _ in range(0 if begins_later else n)]
            await asyncio.sleep(0.005)  # quicker than any of them
            client.backend.meet(lost)
            client.backend.meet(replace(lost, interrupted=0.0))
            tasks += [asyncio.create_task(one()) for _ in range(n if begins_later else 0)]
            await asyncio.gather(*tasks)

        client.run(all_at_once())

    assert_share(ends["unavailable"], n, 0.0 if begins_later else interrupted, rounding=1e-9)


def seconds_of_work(share: float, factor: float) -> list[float]:
    with Client() as client:
        client.meet(slow_share=share, slow_factor=factor)
        return [client.backend.workers.drawn()[1] for _ in range(N)]


def timed_pvalue(seconds: list[float], share: float, factor: float) -> float:
    theory = ServiceTimes(Parts(), 1.0, 1.0, share, factor, longest=60.0)
    return float(stats.kstest(theory.share_below(np.array(seconds)), "uniform").pvalue)


def test_requests_of_a_slow_replica_take_as_long_as_sampled_ones() -> None:
    assert timed_pvalue(seconds_of_work(0.25, 8.0), 0.25, 8.0) > SMALLEST_P


def test_a_smaller_share_is_kept_apart() -> None:
    assert timed_pvalue(seconds_of_work(0.25, 8.0), 0.2, 8.0) < SMALLEST_P


def test_an_episode_makes_the_api_s_replicas_slow() -> None:
    plan = scenario(episode("instance-slow", factor=7.0, replicas=2))
    now = Simulation(plan, origin=1.8e9, step=STEP).conditions()

    assert (now.slow_share, now.slow_factor) == (0.5, 7.0)


# In flight.


def test_requests_that_are_not_answered_yet_are_in_flight() -> None:
    seen: list[float] = []
    with Client(is_delayed=True) as client:

        async def talk() -> None:
            transport = httpx.ASGITransport(client.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                sent = [http.post("/v1/score", json=application()) for _ in range(7)]
                tasks = [asyncio.create_task(each) for each in (*sent, http.get("/health"))]
                await asyncio.sleep(0.004)  # quicker than any application is served
                seen.extend(client.counter.take().requests.in_flight.tolist())
                await asyncio.gather(*tasks)

        client.run(talk())
        after = client.counter.take().requests

    assert seen == [7.0]
    assert (after.in_flight.tolist(), int(after.http.sum())) == ([0.0], 7)


def test_what_is_refused_or_unknown_is_not_in_flight_for_ever() -> None:
    with Client() as client:
        client.send("POST", "/v1/score", json={})
        client.send("GET", "/v1/nowhere")

        assert client.counter.take().requests.in_flight.tolist() == [0.0]
