"""Traffic: over-dispersion, and the hours of channels and endpoints."""

import numpy as np
import pytest

from simulator.scenario.mix import channel_shares, endpoint_shares
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Streams
from simulator.simulation.traffic import Traffic
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, scenario
from tests.support.tolerances import (
    Numbers,
    assert_mean,
    assert_near,
    assert_shares,
    variance_error,
)

N_TICKS = 30_000
RATIO = 0.3
PER_TICK = 300.0


def _counts(noise_ratio: float, noise_time: str = "20s", *, seed: int = 1) -> Numbers:
    """Requests by tick of a minute, shape (ticks, endpoints)."""
    plan = scenario(
        seed=seed,
        traffic={
            "requests_per_second": PER_TICK / 60.0,
            "noise_ratio": noise_ratio,
            "noise_time": noise_time,
        },
    )
    grid = Grid(MONDAY, 60.0, 0, N_TICKS)
    streams = Streams(seed)
    traffic = Traffic(plan, MONDAY, 60.0, streams)
    return traffic.arrivals(grid, np.ones(N_TICKS), streams.over(0, N_TICKS)).requests


@pytest.fixture(scope="module")
def noisy() -> Numbers:
    """So far from each other that ticks know nothing of others."""
    return _counts(RATIO)[::5]


@pytest.fixture(scope="module")
def steady() -> Numbers:
    return _counts(0.0)


def _assert_dispersion(counts: Numbers, cv: float) -> None:
    """Variance over mean is 1 + m cv^2 f; f is the average of exp(-|t - s| / 20 s) in a minute."""
    r = 20.0 / 60.0
    averaged = 2.0 * r * (1.0 - r * (1.0 - np.exp(-1.0 / r)))
    expected = PER_TICK * (1.0 + PER_TICK * cv**2 * averaged)
    assert_near(float(counts.var(ddof=1)), expected, variance_error(counts))


def test_counts_with_slow_noise_are_over_dispersed(noisy: Numbers) -> None:
    _assert_dispersion(noisy.sum(axis=1), RATIO)


def test_counts_without_noise_are_poisson(steady: Numbers) -> None:
    _assert_dispersion(steady.sum(axis=1), 0.0)


def test_noise_left_out_is_noticed(steady: Numbers) -> None:
    with pytest.raises(AssertionError):
        _assert_dispersion(steady.sum(axis=1), RATIO)


def test_noise_of_a_fifth_less_is_noticed(noisy: Numbers) -> None:
    with pytest.raises(AssertionError):
        _assert_dispersion(noisy.sum(axis=1), 0.8 * RATIO)


def test_noise_does_not_change_the_mean(noisy: Numbers) -> None:
    assert_mean(noisy.sum(axis=1), PER_TICK)


def test_a_mean_five_percent_higher_is_noticed(noisy: Numbers) -> None:
    with pytest.raises(AssertionError):
        assert_mean(noisy.sum(axis=1), 1.05 * PER_TICK)


@pytest.mark.parametrize("lag", [1, 10])
def test_slow_noise_is_remembered_for_its_correlation_time(lag: int) -> None:
    counts = _counts(1.0, "10m", seed=3).sum(axis=1)
    log_counts = np.log(np.maximum(counts, 1))
    seen = np.corrcoef(log_counts[:-lag], log_counts[lag:])[0, 1]
    # Bartlett: with a memory r per tick, n (1 - r) / (1 + r) ticks are worth as much as independent
    independent = N_TICKS * np.tanh(0.05)
    assert_near(float(seen), np.exp(-lag / 10.0), 1.0 / np.sqrt(independent), rounding=0.02)


def test_requests_are_split_over_endpoints_by_their_weights(steady: Numbers) -> None:
    assert_shares(steady.sum(axis=0), endpoint_shares(scenario().traffic))


def test_a_split_one_percent_off_is_noticed(steady: Numbers) -> None:
    shares = endpoint_shares(scenario().traffic)
    shares[0] *= 0.99
    with pytest.raises(AssertionError):
        assert_shares(steady.sum(axis=0), shares)


def test_an_endpoint_without_weight_gets_no_request() -> None:
    plan = scenario(traffic={"endpoints": {"score": 3, "models": 1}})
    assert endpoint_shares(plan.traffic)[[0, len(ENDPOINTS) - 1]].tolist() == [0.75, 0.25]


def test_channel_shares_sum_to_one() -> None:
    assert channel_shares(scenario().traffic).sum() == pytest.approx(1.0)


@pytest.fixture(scope="module")
def week() -> dict[str, Numbers]:
    """An ordinary week of a daily profile without noise, by hour: requests and channels' shares."""
    plan = scenario(traffic={"profile": "daily", "requests_per_second": 1000.0})
    origin = MONDAY + 7 * 86400.0  # there is a holiday in the first week
    streams, grid = Streams(1), Grid(origin, 3600.0, 0, 168)
    traffic = Traffic(plan, origin, 3600.0, streams)
    arrivals = traffic.arrivals(grid, np.ones(168), streams.over(0, 168))
    return {"requests": arrivals.requests, "channels": arrivals.channels}


def test_over_a_week_requests_have_the_scenario_s_rate_and_mix(week: dict[str, Numbers]) -> None:
    total = week["requests"].sum(axis=0)
    assert total.sum() == pytest.approx(1000.0 * 7 * 86400, rel=1e-3)
    assert total / total.sum() == pytest.approx(endpoint_shares(scenario().traffic), rel=2e-3)


def test_over_a_week_single_applications_have_the_scenario_s_channels(
    week: dict[str, Numbers],
) -> None:
    singles = week["requests"][:, [0]] * week["channels"]
    shares = singles.sum(axis=0) / singles.sum()
    assert shares == pytest.approx(channel_shares(scenario().traffic), rel=2e-3)


@pytest.mark.parametrize("hour", [3, 8, 18, 23, 6 * 24 + 12])
def test_nobody_applies_in_a_branch_at_night_or_on_sunday(
    week: dict[str, Numbers], hour: int
) -> None:
    assert week["channels"][hour, CHANNELS.index("branch")] == 0.0
    assert week["channels"][hour].sum() == pytest.approx(1.0)


def test_batches_come_when_partners_are_at_work(week: dict[str, Numbers]) -> None:
    batch = week["requests"][:, ENDPOINTS.index("batch")] / week["requests"].sum(axis=1)
    assert batch[11] > 1.1 * batch[21]


def test_where_everybody_is_closed_nothing_arrives() -> None:
    plan = scenario(
        traffic={"profile": "daily", "channels": {"branch": 1}, "endpoints": {"score": 1}}
    )
    streams = Streams(1)
    traffic = Traffic(plan, MONDAY, 3600.0, streams)
    arrivals = traffic.arrivals(Grid(MONDAY, 3600.0, 0, 24), np.ones(24), streams.over(0, 24))
    assert np.flatnonzero(arrivals.requests.sum(axis=1)).tolist() == [*range(9, 18)]


def _spread(step: float) -> Numbers:
    """Requests in each ten minutes of a hundred hours, with a flat rate and noise."""
    plan = scenario(traffic={"requests_per_second": 1e6, "noise_ratio": 0.3, "noise_time": "10m"})
    n_ticks = round(360_000 / step)
    streams = Streams(1)
    traffic = Traffic(plan, MONDAY, step, streams)
    grid = Grid(MONDAY, step, 0, n_ticks)
    counts = traffic.arrivals(grid, np.ones(n_ticks), streams.over(0, n_ticks)).requests
    return counts.sum(axis=1).reshape(600, -1).sum(axis=1) / 6e8


def test_counts_of_ten_minutes_spread_as_much_whatever_a_tick_is() -> None:
    by_step = [_spread(step) for step in (1.0, 15.0, 60.0, 600.0)]
    for other in by_step[1:]:
        assert other == pytest.approx(by_step[0], abs=1e-3)  # the noise has one path
    assert by_step[0].std() > 0.2


def test_a_surge_multiplies_the_expected_requests() -> None:
    plan = scenario(traffic={"requests_per_second": 50.0})
    grid = Grid(MONDAY, 60.0, 0, 400)
    streams = Streams(1)
    traffic = Traffic(plan, MONDAY, 60.0, streams)
    arrivals = traffic.arrivals(grid, np.full(400, 3.0), streams.over(0, 400))
    assert_mean(arrivals.requests.sum(axis=1), 9000.0)
