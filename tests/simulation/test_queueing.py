"""Waiting for a worker, against the plain loop over requests: any load, any number of workers."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Streams
from simulator.simulation.causes import causes
from simulator.simulation.latency import HTTP_EDGES
from simulator.simulation.queueing import INDICES, Queue, log_idle
from simulator.simulation.requests import OUTCOMES, Requests
from simulator.simulation.responses import Responses
from simulator.simulation.service_times import ServiceTimes
from simulator.simulation.traffic import Arrivals
from simulator.timeline.grid import Grid
from tests.support.queue_oracle import seconds_to_answer
from tests.support.scenario_builders import MONDAY, scenario
from tests.support.service_draws import service_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

#: Mean waits of M/M/c in service times, at loads of 0.5, 0.8, 0.9 and 0.95 per server.
WAITS = {
    1: (1.0, 4.0, 9.0, 19.0),
    4: (0.09, 0.75, 1.97, 4.46),
    8: (0.015, 0.29, 0.88, 2.11),
    16: (0.001, 0.10, 0.37, 0.98),
}
LOADS = (0.5, 0.8, 0.9, 0.95)


def waiting_probability(servers: int, offered: float) -> float:
    """Of waiting in M/M/c at an offered load below the servers (A. K. Erlang, 1917)."""
    odds = math.exp(math.log(offered / (servers - offered)) - log_idle(servers, offered))
    return odds / (1.0 + odds)


@pytest.mark.parametrize("servers", WAITS)
@pytest.mark.parametrize("load", LOADS)
def test_mean_waits_are_those_of_the_published_table(servers: int, load: float) -> None:
    wait = waiting_probability(servers, load * servers) / (servers * (1.0 - load))
    assert wait == pytest.approx(WAITS[servers][LOADS.index(load)], abs=0.0051)


@given(servers=st.integers(1, 120), load=st.floats(0.01, 0.99))
def test_the_probability_of_waiting_is_the_textbook_sum(servers: int, load: float) -> None:
    offered = servers * load
    terms = [math.exp(k * math.log(offered) - math.lgamma(k + 1.0)) for k in range(servers + 1)]
    waiting = terms[-1] / (1.0 - load)
    expected = waiting / (sum(terms[:-1]) + waiting)
    assert waiting_probability(servers, offered) == pytest.approx(expected)


SERVICE = ServiceTimes(Parts(), 1.0, 1.0, longest=60.0)
HEALTHY_FAULTS = 0.0015
DRAWS = service_seconds(400_000)


@given(
    servers=st.integers(1, 100),
    timeout=st.sampled_from([0.001, 0.3, 2.0, 60.0]),
    index=st.integers(0, INDICES - 1),
)
def test_a_request_waits_and_works_until_its_answer_or_the_timeout(
    servers: int, timeout: float, index: int
) -> None:
    service = ServiceTimes(Parts(), 1.0, 1.0, longest=timeout)
    found = Queue(service, servers, timeout).answers(index)
    until_answer = found.seconds[0].sum() + (1.0 - found.shares[0].sum()) * timeout
    assert found.waiting + found.in_work == pytest.approx(until_answer, rel=1e-4)
    assert 0.0 <= found.waiting <= timeout


def arriving(requests: NDArray[np.int64], expected: Floats) -> Arrivals:
    return Arrivals(requests, expected, np.full((len(requests), len(CHANNELS)), 0.25))


def answers(
    servers: int, load: float, timeout: float, *, step: float = 15.0, seconds: float = 4800.0
) -> Requests:
    """What became of Poisson arrivals that load each server so much, beside those that fail."""
    per_second = load * servers / SERVICE.mean / (1.0 - HEALTHY_FAULTS)
    plan = scenario(
        platform={"api": {"workers": servers, "timeout_seconds": timeout}},
        traffic={"invalid_ratio": 0.0},
    )
    n_ticks = round(seconds / step)
    expected = np.zeros((n_ticks, len(ENDPOINTS)))
    expected[:, 0] = per_second * step
    arrivals = arriving(np.random.default_rng(3).poisson(expected), expected)
    now = causes(plan, [], Grid(MONDAY, step, 0, n_ticks))
    draws = Streams(1).over(0, n_ticks)
    return Responses(plan, step).answers(arrivals, now, np.zeros(n_ticks), draws)


@lru_cache(maxsize=64)
def looped(servers: int, load: float, timeout: float) -> Floats:
    """The same of the loop, once it has settled."""
    per_second = load * servers / SERVICE.mean
    n = 200_000 + round(8.0 * timeout * per_second)
    seconds = seconds_to_answer(DRAWS, servers=servers, per_second=per_second, n=n, timeout=timeout)
    return seconds[n // 4 :]


def served_share(requests: Requests, settled: float = 0.5) -> float:
    """Of those without a fault of the platform, the share that is answered in time."""
    ticks = round(len(requests.applications) * settled)
    outcomes = requests.applications[ticks:].sum(axis=(0, 1))
    ok, late = outcomes[OUTCOMES.index("success")], outcomes[OUTCOMES.index("timeout")]
    return float(ok / (ok + late))


#: Few and many; those between them and beyond take the loop's seconds again, in the slow set.
SERVERS = [2, pytest.param(4, marks=pytest.mark.slow), 16, pytest.param(64, marks=pytest.mark.slow)]
#: How far the share served may be from the loop's; further where many times too many come for few
#: workers, since a wait is then a few service times long and no diffusion any more.
CLOSE, ROUGH = 0.012, 0.035


def served_gap(servers: int, load: float, timeout: float, *, claimed: float) -> float:
    """Between shares served by the API's workers, as sampled at a load, and in the loop."""
    seen = served_share(answers(servers, claimed, timeout))
    return abs(seen - float(np.isfinite(looped(servers, load, timeout)).mean()))


@pytest.mark.parametrize("timeout", [0.5, 2.0])
@pytest.mark.parametrize("servers", SERVERS)
@pytest.mark.parametrize("load", [0.5, 0.8, 0.9, 1.15, 1.5])
def test_as_many_are_served_as_in_the_queue(servers: int, load: float, timeout: float) -> None:
    assert served_gap(servers, load, timeout, claimed=load) < CLOSE


@pytest.mark.parametrize("servers", SERVERS)
def test_about_as_many_are_served_of_three_times_too_many(servers: int) -> None:
    assert served_gap(servers, 3.0, 2.0, claimed=3.0) < ROUGH


@pytest.mark.parametrize("servers", [4, 16])
def test_three_per_cent_more_past_capacity_are_noticed(servers: int) -> None:
    assert served_gap(servers, 1.15, 2.0, claimed=1.15 / 1.03) > CLOSE


def quantile(http: Floats, probability: float) -> float:
    """As Prometheus has it: straight between the edges of buckets."""
    below = np.cumsum(http) / http.sum()
    return float(np.interp(probability, np.append(0.0, below[:-1]), np.append(0.0, HTTP_EDGES)))


def quantile_ratio(servers: int, load: float, probability: float, *, claimed: float) -> float:
    """Of a quantile of sampled answers to the loop's, both read from buckets."""
    sampled = answers(servers, claimed, 2.0).http[:, 0, 0].sum(axis=0)
    seconds = looped(servers, load, 2.0)
    seen = np.histogram(seconds[np.isfinite(seconds)], np.concatenate([[0.0], HTTP_EDGES, [60.0]]))
    return quantile(sampled, probability) / quantile(seen[0], probability)


#: The loop's own p99 is known to a tenth: at these loads busy periods are long.
QUANTILES = 0.12


@pytest.mark.parametrize("probability", [0.5, 0.95, 0.99])
@pytest.mark.parametrize("load", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("servers", SERVERS)
def test_quantiles_are_those_of_the_queue(servers: int, load: float, probability: float) -> None:
    ratio = quantile_ratio(servers, load, probability, claimed=load)
    assert abs(ratio - 1.0) < QUANTILES


@pytest.mark.parametrize("servers", [2, 4])
def test_quantiles_of_another_load_are_noticed(servers: int) -> None:
    assert quantile_ratio(servers, 0.9, 0.99, claimed=0.925) > 1.0 + QUANTILES


@pytest.mark.parametrize("step", [1.0, 5.0, 60.0])
def test_waits_do_not_depend_on_how_long_a_tick_is(step: float) -> None:
    """That more came in a tick by chance is part of the queue's formula, and not of its load."""
    one, other = (
        quantile(answers(4, 0.9, 2.0, step=each, seconds=4800.0).http[:, 0, 0].sum(axis=0), 0.99)
        for each in (step, 15.0)
    )
    assert one == pytest.approx(other, rel=0.05)


# Properties.


@given(
    load=st.floats(0.0, 2000.0),
    servers=st.sampled_from([1, 2, 7, 64, 5000, 1_000_000]),
    timeout=st.sampled_from([1e-3, 0.05, 2.0, 60.0]),
)
def test_requests_are_answered_or_time_out_at_any_load(
    load: float, servers: int, timeout: float
) -> None:
    queue = Queue(SERVICE, servers, timeout)
    index = int(queue.of_load(np.array([load]))[0])
    got = queue.answers(index)
    assert np.isfinite(got.shares).all()
    assert got.shares.min() >= 0.0
    assert (got.shares.sum(axis=1) <= 1.0 + 1e-9).all()
    assert got.shares[:, np.append(0.0, HTTP_EDGES) >= timeout].sum() == 0.0
    edges = np.minimum(np.append(HTTP_EDGES, np.inf), timeout)
    assert (got.seconds <= got.shares * edges + 1e-9).all()


@pytest.mark.parametrize("servers", [1, 4, 64, 100_000])
def test_waits_grow_with_the_load_up_to_the_timeout(servers: int) -> None:
    queue = Queue(SERVICE, servers, 2.0)
    waits = queue.mean_wait(np.linspace(0.0, 20.0, 400))
    assert (np.diff(waits) >= 0.0).all()
    assert 0.0 <= waits[0] < waits[-1] < 2.0


def test_a_queue_on_its_way_answers_after_its_backlog() -> None:
    queue = Queue(SERVICE, 8, 2.0)
    at = int(queue.of_backlog(np.array([1.0]))[0])
    shares = queue.answers(at).shares
    assert at < INDICES - 1
    assert shares[:, np.append(HTTP_EDGES, np.inf) <= 1.0].sum() == 0.0
    assert shares.sum(axis=1) == pytest.approx(1.0, abs=0.01)


def test_an_overload_that_ends_is_worked_off() -> None:
    """The backlog drains at the spare capacity, and latency returns to what it was."""
    plan = scenario(platform={"api": {"workers": 16, "timeout_seconds": 10.0}})
    expected = np.zeros((120, len(ENDPOINTS)))
    expected[:, 0] = 0.5 * 16 / SERVICE.mean
    expected[20:24, 0] = 2.0 * 16 / SERVICE.mean
    now = causes(plan, [], Grid(MONDAY, 1.0, 0, 120))
    draws = Streams(1).over(0, 120)
    arrivals = arriving(np.rint(expected).astype(np.int64), expected)
    requests = Responses(plan, 1.0).answers(arrivals, now, np.zeros(120), draws)
    mean_seconds = requests.http_seconds[:, 0, 0] / requests.http[:, 0, 0].sum(axis=1)
    # 4 s at twice the capacity leave 4 s of backlog; half of the capacity is spare, so 8 s drain it
    assert mean_seconds[23] > 3.0
    assert mean_seconds[26] > 1.0
    assert mean_seconds[33:].max() < 1.3 * mean_seconds[:20].mean()


def test_a_load_just_past_capacity_takes_its_time() -> None:
    """One per cent too many fills a minute's patience in an hour and a half, not at once."""
    requests = answers(1000, 1.01, 60.0, seconds=1800.0)
    mean_seconds = requests.http_seconds[:, 0, 0] / requests.http[:, 0, 0].sum(axis=1)
    assert mean_seconds[4] < 2.0
    assert mean_seconds[-1] == pytest.approx(18.0, rel=0.05)
