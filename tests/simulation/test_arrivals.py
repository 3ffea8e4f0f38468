"""Traffic: over-dispersion, the day's shape in Paris, and what compression leaves alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.vocabulary import ENDPOINTS
from simulator.seeding import Streams
from simulator.simulation.traffic import Traffic, channel_shares, endpoint_shares
from simulator.timeline.grid import Grid
from simulator.timeline.profile import HOURLY_WEIGHTS, WEEKDAY_WEIGHTS, Profile
from tests.support.scenario_builders import MONDAY, scenario
from tests.support.tolerances import (
    Numbers,
    assert_mean,
    assert_near,
    assert_shares,
    variance_error,
)

PARIS = ZoneInfo("Europe/Paris")
N_TICKS = 20_000
PER_TICK = 300.0


def _counts(noise_ratio: float, noise_time: str = "1s", *, seed: int = 1) -> Numbers:
    """Requests by tick of a minute, shape (ticks, endpoints); ticks know nothing of others."""
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
    return traffic.arrivals(grid, np.ones(N_TICKS), streams.over(0, N_TICKS))


@pytest.fixture(scope="module")
def noisy() -> Numbers:
    return _counts(0.15)


@pytest.fixture(scope="module")
def steady() -> Numbers:
    return _counts(0.0)


def _assert_dispersion(counts: Numbers, cv: float) -> None:
    """Variance over mean is 1 + m cv^2."""
    expected = PER_TICK * (1.0 + PER_TICK * cv**2)
    assert_near(float(counts.var(ddof=1)), expected, variance_error(counts))


def test_counts_with_slow_noise_are_over_dispersed(noisy: Numbers) -> None:
    _assert_dispersion(noisy.sum(axis=1), 0.15)


def test_counts_without_noise_are_poisson(steady: Numbers) -> None:
    _assert_dispersion(steady.sum(axis=1), 0.0)


def test_noise_left_out_is_noticed(steady: Numbers) -> None:
    with pytest.raises(AssertionError):
        _assert_dispersion(steady.sum(axis=1), 0.15)


def test_noise_of_three_points_less_is_noticed(noisy: Numbers) -> None:
    with pytest.raises(AssertionError):
        _assert_dispersion(noisy.sum(axis=1), 0.12)


def test_noise_does_not_change_the_mean(noisy: Numbers) -> None:
    assert_mean(noisy.sum(axis=1), PER_TICK)


def test_a_mean_two_percent_higher_is_noticed(noisy: Numbers) -> None:
    with pytest.raises(AssertionError):
        assert_mean(noisy.sum(axis=1), 1.02 * PER_TICK)


@pytest.mark.parametrize("lag", [1, 10])
def test_slow_noise_is_remembered_for_its_correlation_time(lag: int) -> None:
    counts = _counts(1.0, "10m", seed=3).sum(axis=1)
    log_counts = np.log(np.maximum(counts, 1))
    seen = np.corrcoef(log_counts[:-lag], log_counts[lag:])[0, 1]
    # Bartlett: with a memory r per tick, n (1 - r) / (1 + r) ticks are worth as much as independent
    independent = N_TICKS * np.tanh(0.05)
    assert_near(float(seen), np.exp(-lag / 10.0), 1.0 / np.sqrt(independent), rounding=0.02)


def test_requests_are_split_over_endpoints_by_their_weights(steady: Numbers) -> None:
    assert_shares(steady.sum(axis=0), endpoint_shares(scenario()))


def test_a_split_one_percent_off_is_noticed(steady: Numbers) -> None:
    shares = endpoint_shares(scenario())
    shares[0] *= 0.99
    with pytest.raises(AssertionError):
        assert_shares(steady.sum(axis=0), shares)


def test_an_endpoint_without_weight_gets_no_request() -> None:
    plan = scenario(traffic={"endpoints": {"score": 3, "models": 1}})
    assert endpoint_shares(plan)[[0, len(ENDPOINTS) - 1]].tolist() == [0.75, 0.25]


def test_channel_shares_sum_to_one() -> None:
    assert channel_shares(scenario()).sum() == pytest.approx(1.0)


def _paris_hours(year: int, month: int, day: int) -> list[datetime]:
    """The real hours of a day in Paris, 23 to 25 of them."""
    start = datetime(year, month, day, tzinfo=PARIS)
    end = start + timedelta(days=1)
    hours = round((end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(hours=1))
    return [start.astimezone(UTC) + timedelta(hours=h) for h in range(hours)]


def _rates(hours: list[datetime]) -> Numbers:
    times = np.array([h.timestamp() for h in hours])
    return Profile(1.0, float(times[0])).rate(times + 1800.0)


DAYS = [(2026, 11, 9), (2026, 7, 14), (2026, 11, 14), (2026, 11, 3), (2026, 3, 29), (2026, 10, 25)]


@pytest.mark.parametrize("day", DAYS)
def test_the_rate_follows_the_hour_on_paris_clocks(day: tuple[int, int, int]) -> None:
    hours = _paris_hours(*day)
    local = [h.astimezone(PARIS) for h in hours]
    weights = [HOURLY_WEIGHTS[h.hour] * WEEKDAY_WEIGHTS[h.weekday()] for h in local]
    payday = 1.10 if day[2] <= 5 else 1.0
    expected = np.array(weights) * payday / HOURLY_WEIGHTS.mean() / WEEKDAY_WEIGHTS.mean()
    assert _rates(hours) == pytest.approx(expected)


def test_clocks_that_ignore_summer_time_are_noticed() -> None:
    hours = _paris_hours(2026, 7, 14)
    as_in_winter = [(h + timedelta(hours=1)).hour for h in hours]
    weights = HOURLY_WEIGHTS[as_in_winter]
    with pytest.raises(AssertionError):
        assert _rates(hours) / _rates(hours)[0] == pytest.approx(weights / weights[0])


def test_the_day_when_clocks_go_forward_has_23_hours_and_no_two_oclock() -> None:
    rates = _rates(_paris_hours(2026, 3, 29))
    assert len(rates) == 23
    assert rates[2] / rates[1] == pytest.approx(HOURLY_WEIGHTS[3] / HOURLY_WEIGHTS[1])


def test_the_day_when_clocks_go_back_has_two_oclock_twice() -> None:
    rates = _rates(_paris_hours(2026, 10, 25))
    assert len(rates) == 25
    assert rates[2] == rates[3]


def test_peak_and_trough_are_twenty_apart() -> None:
    rates = _rates(_paris_hours(2026, 11, 9))
    assert rates.max() / rates.min() == pytest.approx(20.0, rel=0.05)


def test_a_week_without_payday_has_the_mean_rate() -> None:
    week = 7 * 86400.0
    total = Profile(5.0, MONDAY).integral(np.array([MONDAY]), np.array([MONDAY + week]))
    assert total[0] == pytest.approx(5.0 * week)


@given(
    edges=st.lists(st.floats(0.0, 8 * 86400.0), min_size=2, max_size=8),
    offset=st.floats(0.0, 3600.0),
    compression=st.sampled_from([1.0, 60.0]),
)
def test_the_integral_over_a_span_is_the_sum_over_its_parts(
    edges: list[float], offset: float, compression: float
) -> None:
    profile = Profile(3.0, MONDAY + offset, "daily", compression)
    at = MONDAY + offset + np.sort(np.array(edges))
    parts = profile.integral(at[:-1], at[1:])
    assert parts.sum() == pytest.approx(profile.integral(at[:1], at[-1:])[0], abs=1e-3)


@pytest.mark.parametrize("compression", [1.0, 24.0])
def test_the_integral_is_the_sum_of_the_rate(compression: float) -> None:
    profile = Profile(3.0, MONDAY, "daily", compression)
    span = 26 * 3600.0 / compression
    fine = MONDAY + (np.arange(260_000) + 0.5) * span / 260_000
    summed = profile.rate(fine).sum() * span / 260_000
    integral = profile.integral(np.array([MONDAY]), np.array([MONDAY + span]))[0]
    assert integral == pytest.approx(summed, rel=1e-6)


@given(hours=st.floats(0.0, 167.0), factor=st.floats(1.0, 5000.0))
def test_compression_moves_the_rate_in_time_and_leaves_it_as_it_was(
    hours: float, factor: float
) -> None:
    plan = scenario(traffic={"profile": "daily", "requests_per_second": 5.0})
    # a boundary between hours is met exactly by neither
    inside = np.floor(hours) + 0.25 + 0.5 * (hours % 1.0)
    at = inside * 3600.0
    plain = plan.profile(MONDAY).rate(np.array([MONDAY + at]))
    faster = plan.compressed(factor).profile(MONDAY).rate(np.array([MONDAY + at / factor]))
    assert faster == pytest.approx(plain)


def test_a_surge_multiplies_the_expected_requests() -> None:
    plan = scenario(traffic={"requests_per_second": 50.0})
    grid = Grid(MONDAY, 60.0, 0, 400)
    streams = Streams(1)
    traffic = Traffic(plan, MONDAY, 60.0, streams)
    arrivals = traffic.arrivals(grid, np.full(400, 3.0), streams.over(0, 400))
    assert_mean(arrivals.sum(axis=1), 9000.0)
