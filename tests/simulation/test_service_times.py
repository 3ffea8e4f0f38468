"""Latency: log-normal parts, their buckets, and waiting for a server."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.scenario.service_times import BUREAU_TIMEOUT_SECONDS, PREDICTION, LogNormal
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.seeding import Streams
from simulator.simulation.causes import causes
from simulator.simulation.latency import (
    HTTP_EDGES,
    PREDICTION_EDGES,
    Load,
    ServiceTimes,
    bucket_means,
    bucket_shares,
    bureau_failure_probability,
    erlang_c,
)
from simulator.simulation.requests import OUTCOMES, Requests
from simulator.simulation.responses import Responses
from simulator.simulation.traffic import Arrivals
from simulator.timeline.grid import Grid
from tests.support.queue_oracle import seconds_to_answer
from tests.support.scenario_builders import MONDAY, scenario

LOG_NORMALS = st.builds(LogNormal, median=st.floats(1e-3, 5.0), sigma=st.floats(0.05, 1.5))


@pytest.mark.parametrize(("probability", "milliseconds"), [(0.5, 12), (0.95, 27), (0.99, 38)])
def test_predictions_take_their_stated_time(probability: float, milliseconds: int) -> None:
    seconds = stats.lognorm(PREDICTION.sigma, scale=PREDICTION.median).ppf(probability)
    assert round(1000.0 * seconds) == milliseconds


@given(part=LOG_NORMALS, factor=st.floats(1.0, 50.0))
def test_bucket_shares_are_those_of_the_log_normal(part: LogNormal, factor: float) -> None:
    oracle = stats.lognorm(part.sigma, scale=part.median * factor).cdf(HTTP_EDGES)
    shares = bucket_shares(part, HTTP_EDGES, factor=factor)
    assert shares == pytest.approx(np.diff(oracle, prepend=0.0, append=1.0), abs=1e-9)


@given(part=LOG_NORMALS, factor=st.floats(1.0, 1000.0))
def test_bucket_shares_sum_to_one(part: LogNormal, factor: float) -> None:
    shares = bucket_shares(part, PREDICTION_EDGES, factor=factor)
    assert shares.min() >= 0.0
    assert shares.sum() == pytest.approx(1.0)


@given(part=LOG_NORMALS, factor=st.floats(1.0, 1000.0))
def test_bucket_means_lie_within_their_bucket(part: LogNormal, factor: float) -> None:
    means = bucket_means(part, PREDICTION_EDGES, factor=factor)
    assert (means >= np.append(0.0, PREDICTION_EDGES)).all()
    assert (means[:-1] <= PREDICTION_EDGES).all()


@given(median=st.floats(0.001, 0.1), sigma=st.floats(0.1, 0.6))
def test_bucket_means_weighted_by_their_shares_give_the_mean(median: float, sigma: float) -> None:
    part = LogNormal(median, sigma)
    mean = bucket_shares(part, HTTP_EDGES) @ bucket_means(part, HTTP_EDGES)
    assert part.mean == pytest.approx(median * math.exp(sigma**2 / 2.0))
    assert mean == pytest.approx(part.mean, rel=1e-4)


def test_a_bureau_call_fails_as_often_as_stated_in_health() -> None:
    assert bureau_failure_probability(np.array([1.0]))[0] == pytest.approx(3e-3, rel=1e-3)


def test_half_of_bureau_calls_time_out_when_the_median_reaches_the_timeout() -> None:
    slowness = np.array([BUREAU_TIMEOUT_SECONDS / 0.120])
    assert bureau_failure_probability(slowness)[0] == pytest.approx(0.5, abs=2e-3)


#: Mean waits of M/M/c in service times, at loads of 0.5, 0.8, 0.9 and 0.95 per server.
WAITS = {
    1: (1.0, 4.0, 9.0, 19.0),
    4: (0.09, 0.75, 1.97, 4.46),
    8: (0.015, 0.29, 0.88, 2.11),
    16: (0.001, 0.10, 0.37, 0.98),
}
LOADS = (0.5, 0.8, 0.9, 0.95)


@pytest.mark.parametrize("servers", WAITS)
@pytest.mark.parametrize("load", LOADS)
def test_mean_waits_are_those_of_the_published_table(servers: int, load: float) -> None:
    wait = erlang_c(servers, load * servers) / (servers * (1.0 - load))
    assert wait == pytest.approx(WAITS[servers][LOADS.index(load)], abs=0.0051)


@given(servers=st.integers(1, 120), load=st.floats(0.01, 0.99))
def test_the_probability_of_waiting_is_the_textbook_sum(servers: int, load: float) -> None:
    offered = servers * load
    terms = [math.exp(k * math.log(offered) - math.lgamma(k + 1.0)) for k in range(servers + 1)]
    waiting = terms[-1] / (1.0 - load)
    assert erlang_c(servers, offered) == pytest.approx(waiting / (sum(terms[:-1]) + waiting))


def test_nobody_waits_without_load() -> None:
    assert erlang_c(8, 0.0) == 0.0


@pytest.fixture(scope="module")
def service() -> ServiceTimes:
    return ServiceTimes(1.0, 1.0)


@pytest.mark.parametrize("spent", [0.1, 0.5, 0.9, 0.99])
def test_patience_uses_up_the_time_that_a_worker_has(service: ServiceTimes, spent: float) -> None:
    seconds = service.mean * spent
    x = service.patience(np.array([seconds]), 60.0)[0]
    assert np.minimum(service.atoms, x).mean() == pytest.approx(seconds)


def test_there_is_nothing_to_settle_where_workers_have_time_for_all(service: ServiceTimes) -> None:
    assert service.patience(np.array([service.mean * 1.01]), 60.0) == [0.0]


def test_the_slow_bureau_costs_no_more_than_its_timeout(service: ServiceTimes) -> None:
    slow = ServiceTimes(1000.0, 1.0)
    assert slow.mean - service.mean < 0.1 * BUREAU_TIMEOUT_SECONDS * 1.1


#: How far shares below an edge may be from the queue's: the formula (Lee and Longton's waits,
#: exponential when there is one) is exact for exponential service only.
MODERATE, HIGH = 0.01, 0.03


def _largest_gap(service: ServiceTimes, servers: int, load: float, *, claimed: float) -> float:
    """Between the share below an edge in the queue's loop and that at the claimed load."""
    n = 60_000
    per_second = load * servers / service.mean
    seconds = seconds_to_answer(service.atoms, servers=servers, per_second=per_second, n=n)[5000:]
    shares, _, _ = Load(service, servers, claimed, 0.0, 60.0).buckets(1.0)
    below = np.array([np.mean(seconds <= edge) for edge in HTTP_EDGES])
    return float(np.abs(np.cumsum(shares)[:-1] - below).max())


@pytest.mark.parametrize(("servers", "load"), [(2, 0.5), (4, 0.6), (8, 0.7), (32, 0.8)])
def test_latency_at_moderate_load_is_that_of_the_queue(
    service: ServiceTimes, servers: int, load: float
) -> None:
    assert _largest_gap(service, servers, load, claimed=load) < MODERATE


@pytest.mark.parametrize(("servers", "load"), [(4, 0.85), (8, 0.9), (32, 0.95)])
def test_latency_at_high_load_is_that_of_the_queue(
    service: ServiceTimes, servers: int, load: float
) -> None:
    assert _largest_gap(service, servers, load, claimed=load) < HIGH


@pytest.mark.parametrize(("servers", "load", "allowed"), [(8, 0.7, MODERATE), (8, 0.9, HIGH)])
def test_a_load_a_tenth_higher_is_said_from_the_queue(
    service: ServiceTimes, servers: int, load: float, allowed: float
) -> None:
    assert _largest_gap(service, servers, load, claimed=1.1 * load) > allowed


@pytest.mark.parametrize(("load", "step"), [(0.7, 1.0), (0.8, 1.0), (0.8, 15.0), (0.9, 15.0)])
def test_latency_of_sampled_arrivals_is_that_of_the_queue(
    service: ServiceTimes, load: float, step: float
) -> None:
    n = 60_000
    per_second = load * 16 / service.mean
    seconds = seconds_to_answer(service.atoms, servers=16, per_second=per_second, n=n)[5000:]
    answered = _answers(service, 16, load, 60.0, step=step).http[:, 0, 0].sum(axis=0)
    below = np.array([np.mean(seconds <= edge) for edge in HTTP_EDGES])
    assert np.abs(np.cumsum(answered)[:-1] / answered.sum() - below).max() < HIGH


@given(
    load=st.floats(0.0, 3.0),
    backlog=st.floats(0.0, 5.0),
    factor=st.sampled_from([1.0, 2.0]),
)
def test_shares_of_answered_requests_sum_to_one_at_any_load(
    load: float, backlog: float, factor: float
) -> None:
    shares, _, late = Load(ServiceTimes(1.0, 1.0), 8, load, backlog, 2.0).buckets(factor)
    assert shares.min() >= 0.0
    assert shares.sum() == pytest.approx(1.0)
    assert 0.0 <= late <= 1.0


def test_answered_requests_are_never_slower_than_the_timeout(service: ServiceTimes) -> None:
    shares, _, _ = Load(service, 8, 0.95, 0.3, 0.4).buckets(1.0)
    assert shares[np.append(HTTP_EDGES, np.inf) > 0.4].sum() == 0.0


def _answers(
    service: ServiceTimes, servers: int, load: float, timeout: float, *, step: float
) -> Requests:
    """Four minutes of Poisson arrivals at a constant load per server."""
    per_second = load * servers / service.mean
    plan = scenario(platform={"api": {"workers": servers, "timeout_seconds": timeout}})
    n_ticks = round(240 / step)
    requests = np.zeros((n_ticks, len(ENDPOINTS)), dtype=np.int64)
    requests[:, 0] = np.random.default_rng(3).poisson(per_second * step, n_ticks)
    now = causes(plan, [], Grid(MONDAY, step, 0, n_ticks))
    draws = Streams(1).over(0, n_ticks)
    arrivals = Arrivals(requests, np.full((n_ticks, 4), 0.25))
    return Responses(plan, step).answers(arrivals, now, np.zeros(n_ticks), draws)


def _late_share(service: ServiceTimes, servers: int, load: float, timeout: float) -> float:
    """Share of requests that time out in a lasting overload, after a first minute."""
    answers = _answers(service, servers, load, timeout, step=1.0)
    outcomes = answers.applications[60:].sum(axis=(0, 1))
    return float(outcomes[OUTCOMES.index("timeout")] / outcomes.sum())


#: The queue's length is treated as a fluid, so the time left to a request is taken as certain.
#: In the loop it varies by about a service time, which is worth some points of timeouts.
FLUID = 0.06


def _assert_overload(service: ServiceTimes, load: float, claimed: float, timeout: float) -> None:
    servers = 16
    per_second = load * servers / service.mean
    n = int(240 * per_second)
    seconds = seconds_to_answer(
        service.atoms, servers=servers, per_second=per_second, n=n, timeout=timeout
    )[n // 4 :]
    seen = _late_share(service, servers, claimed, timeout)
    assert abs(seen - np.mean(np.isinf(seconds))) < FLUID, (
        f"{seen:.3f} of requests time out, in the queue {np.mean(np.isinf(seconds)):.3f}"
    )


@pytest.mark.parametrize("timeout", [0.5, 2.0])
@pytest.mark.parametrize("load", [1.1, 1.5, 3.0])
def test_overload_times_out_as_many_requests_as_the_queue(
    service: ServiceTimes, load: float, timeout: float
) -> None:
    _assert_overload(service, load, load, timeout)


def test_timeouts_of_another_overload_are_noticed(service: ServiceTimes) -> None:
    with pytest.raises(AssertionError):
        _assert_overload(service, 1.5, 1.15, 2.0)


def test_an_overload_that_ends_is_worked_off() -> None:
    """The backlog drains at the spare capacity, and latency returns to what it was."""
    mean = ServiceTimes(1.0, 1.0).mean
    plan = scenario(platform={"api": {"workers": 16, "timeout_seconds": 10.0}})
    requests = np.zeros((120, len(ENDPOINTS)), dtype=np.int64)
    requests[:, 0] = round(0.5 * 16 / mean)
    requests[20:24, 0] = round(2.0 * 16 / mean)
    now = causes(plan, [], Grid(MONDAY, 1.0, 0, 120))
    draws = Streams(1).over(0, 120)
    arrivals = Arrivals(requests, np.full((120, 4), 0.25))
    answers = Responses(plan, 1.0).answers(arrivals, now, np.zeros(120), draws)
    mean_seconds = answers.http_seconds[:, 0, 0] / answers.http[:, 0, 0].sum(axis=1)
    # 4 s at twice the capacity leave 4 s of backlog; half of the capacity is spare, so 8 s drain it
    assert mean_seconds[23] > 3.0
    assert mean_seconds[26] > 1.0
    assert mean_seconds[33:].max() < 1.3 * mean_seconds[:20].mean()
