"""Service times: log-normal parts, their buckets, and the distribution of their sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.scenario.platform.service_times import Bureau, Gateway, LogNormal, Prediction, Stall
from simulator.scenario.platform.service_times import ServiceTimes as Parts
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
    seconds = stats.lognorm(Parts().prediction.sigma, scale=Parts().prediction.median_seconds).ppf(
        probability
    )
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
    assert bureau_failure_probability(np.array([1.0]), Bureau())[0] == pytest.approx(3e-3, rel=1e-3)


def test_half_of_bureau_calls_time_out_when_the_median_reaches_the_timeout() -> None:
    slowness = np.array([Bureau().timeout_seconds / 0.120])
    assert bureau_failure_probability(slowness, Bureau())[0] == pytest.approx(0.5, abs=2e-3)


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

    assert_distributed(drawn(*parts), ServiceTimes(Parts(), *parts, longest=longest), longest)


def test_a_gateway_that_stalls_a_fifth_more_often_is_noticed() -> None:
    seconds, oftener = drawn(1.0, 1.0, 0.0, 1.0), Parts(stall=Stall(share=0.0072))

    with pytest.raises(AssertionError, match="chi-square"):
        assert_distributed(seconds, ServiceTimes(oftener, 1.0, 1.0, longest=2.0), 2.0)


@pytest.mark.parametrize(
    "parts",
    [
        Parts(gateway=Gateway(median_seconds=8e-3, sigma=1.2), stall=Stall(share=0.5)),
        Parts(bureau=Bureau(median_seconds=0.01, share=1.0, timeout_seconds=0.012)),
        Parts(prediction=Prediction(median_seconds=0.4, sigma=0.05), bureau=Bureau(share=0.0)),
    ],
)
def test_the_same_holds_of_a_platform_s_own_times(parts: Parts) -> None:
    seconds = service_seconds(N, parts=parts)

    assert_distributed(seconds, ServiceTimes(parts, 1.0, 1.0, longest=5.0), 5.0)


@pytest.mark.parametrize("longest", [0.001, 0.05, 0.5, 2.0])
@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_worker_is_kept_no_longer_than_a_client_stays(
    conditions: tuple[float, float, float, float, float], longest: float
) -> None:
    parts = conditions[:4]
    service, kept = (
        ServiceTimes(Parts(), *parts, longest=longest),
        np.minimum(drawn(*parts), longest),
    )

    assert_mean(kept, service.mean, rounding=1e-6)
    assert_mean(kept**2, float(service.least_squared(np.array(longest))), rounding=2e-7)


def test_a_share_between_two_points_of_the_grid_is_that_of_the_draws() -> None:
    seconds, service = drawn(1.0, 1.0, 0.0, 1.0), ServiceTimes(Parts(), 1.0, 1.0, longest=2.0)

    for at in (0.01234, 0.0507, 0.4321):
        assert_share(int((seconds <= at).sum()), N, float(service.share_below(np.array(at))))


@pytest.mark.parametrize("spent", [0.1, 0.5, 0.9, 0.99])
def test_the_longest_within_a_mean_uses_it_up(spent: float) -> None:
    service = ServiceTimes(Parts(), 1.0, 1.0, longest=2.0)
    x = service.longest_within(np.array(service.mean * spent))

    assert service.least(x) == pytest.approx(service.mean * spent)


def test_nothing_is_done_before_it_began() -> None:
    assert ServiceTimes(Parts(), 1.0, 1.0, longest=2.0).share_below(
        np.array([-1.0, 0.0])
    ).tolist() == [0, 0]


def test_the_slow_bureau_costs_no_more_than_its_timeout() -> None:
    slow, usual = (
        ServiceTimes(Parts(), bureau, 1.0, longest=60.0).mean for bureau in (1000.0, 1.0)
    )

    assert slow - usual < 0.1 * Bureau().timeout_seconds
