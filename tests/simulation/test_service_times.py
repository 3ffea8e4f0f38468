"""Service times: log-normal parts, their buckets, and the distribution of their sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.scenario.service_times import BUREAU_TIMEOUT_SECONDS, PREDICTION, LogNormal
from simulator.simulation.latency import (
    HTTP_EDGES,
    PREDICTION_EDGES,
    bucket_means,
    bucket_shares,
    bureau_failure_probability,
)
from simulator.simulation.service_times import ServiceTimes
from tests.support.service_draws import service_seconds
from tests.support.tolerances import assert_mean, assert_share, assert_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

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


# The sum of the parts.

#: Bureau, feature store, share of a slow replica, its factor; the longest that is asked for.
CONDITIONS = [
    (1.0, 1.0, 0.0, 1.0, 2.0),
    (1.0, 1.0, 0.0, 1.0, 60.0),
    (9.0, 1.0, 0.0, 1.0, 2.0),
    (1.0, 25.0, 0.0, 1.0, 5.0),
    (1.0, 1.0, 0.25, 8.0, 2.0),
]
N = 400_000


def drawn(bureau: float, feature_store: float, slow_share: float, slow_factor: float) -> Floats:
    return service_seconds(
        N,
        bureau=bureau,
        feature_store=feature_store,
        slow_share=slow_share,
        slow_factor=slow_factor,
    )


def assert_distributed(seconds: Floats, service: ServiceTimes, longest: float) -> None:
    """Chi-square of the buckets up to the longest that was asked for."""
    edges = HTTP_EDGES[longest >= HTTP_EDGES]
    counts = np.histogram(seconds, np.concatenate([[0.0], edges, [np.inf]]))[0]
    assert_shares(counts, np.diff(service.share_below(edges), prepend=0.0, append=1.0))


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_sum_of_parts_falls_into_buckets_as_its_draws_do(
    conditions: tuple[float, float, float, float, float],
) -> None:
    *parts, longest = conditions

    assert_distributed(drawn(*parts), ServiceTimes(*parts, longest=longest), longest)


def test_a_gateway_that_stalls_a_fifth_more_often_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = drawn(1.0, 1.0, 0.0, 1.0)
    monkeypatch.setattr("simulator.simulation.service_times.STALL_SHARE", 0.0072)

    with pytest.raises(AssertionError, match="chi-square"):
        assert_distributed(seconds, ServiceTimes(1.0, 1.0, longest=2.0), 2.0)


@pytest.mark.parametrize("longest", [0.001, 0.05, 0.5, 2.0])
@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_worker_is_kept_no_longer_than_a_client_stays(
    conditions: tuple[float, float, float, float, float], longest: float
) -> None:
    parts = conditions[:4]
    service, kept = ServiceTimes(*parts, longest=longest), np.minimum(drawn(*parts), longest)

    assert_mean(kept, service.mean, rounding=1e-6)
    assert_mean(kept**2, float(service.least_squared(np.array(longest))), rounding=2e-7)


def test_a_share_between_two_points_of_the_grid_is_that_of_the_draws() -> None:
    seconds, service = drawn(1.0, 1.0, 0.0, 1.0), ServiceTimes(1.0, 1.0, longest=2.0)

    for at in (0.01234, 0.0507, 0.4321):
        assert_share(int((seconds <= at).sum()), N, float(service.share_below(np.array(at))))


@pytest.mark.parametrize("spent", [0.1, 0.5, 0.9, 0.99])
def test_the_longest_within_a_mean_uses_it_up(spent: float) -> None:
    service = ServiceTimes(1.0, 1.0, longest=2.0)
    x = service.longest_within(np.array(service.mean * spent))

    assert service.least(x) == pytest.approx(service.mean * spent)


def test_nothing_is_done_before_it_began() -> None:
    assert ServiceTimes(1.0, 1.0, longest=2.0).share_below(np.array([-1.0, 0.0])).tolist() == [0, 0]


def test_the_slow_bureau_costs_no_more_than_its_timeout() -> None:
    slow, usual = (ServiceTimes(bureau, 1.0, longest=60.0).mean for bureau in (1000.0, 1.0))

    assert slow - usual < 0.1 * BUREAU_TIMEOUT_SECONDS
