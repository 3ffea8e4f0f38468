"""Real requests and sampled ones come from the same platform: their distributions agree.

Each check has a partner with a small change of cause, and must then fail.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES, bureau_failure_probability
from simulator.simulation.population import Population
from simulator.simulation.scorecard import N_CELLS, Scorecard, cells
from simulator.simulation.service_times import ServiceTimes as Theory
from tests.support.scoring_client import Client, drawn_features, episode, scenario
from tests.support.tolerances import SMALLEST_P, assert_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

N = 4000
USUAL = Parts()


def assert_same(pvalue: float) -> None:
    assert pvalue > SMALLEST_P, f"p = {pvalue:.2g}"


# Scores.


def cells_of_the_api(*, recession: float = 0.0) -> NDArray[np.int64]:
    """Score cells of applications that were sent to the API."""
    with Client() as client:
        client.score_all(drawn_features(N, seed=11, recession=recession).tolist())
        return np.bincount(cells(client.counter.take().scores), minlength=N_CELLS)


def assert_scored_as_sampled(counts: NDArray[np.int64]) -> None:
    """Chi-square against the shares that sampled scores are drawn from."""
    assert_shares(counts, Population((), (Scorecard(),)).in_health.cells[0].sum(axis=1))


def test_scores_of_real_applications_are_distributed_as_sampled_ones() -> None:
    assert_scored_as_sampled(cells_of_the_api())


def test_scores_of_a_slightly_other_population_are_kept_apart() -> None:
    with pytest.raises(AssertionError):
        assert_scored_as_sampled(cells_of_the_api(recession=0.5))


# Errors.

ROOMY: dict[str, Any] = {"platform": {"api": {"workers": 1000}}}  # nobody waits
SINGLES: dict[str, Any] = {"traffic": {"invalid_ratio": 0.0, "endpoints": {"score": 1}}}
SETTLED_TICKS = 100  # until lost brokers have left the in-sync sets


def sampled_outcomes(*episodes: dict[str, Any]) -> NDArray[np.int64]:
    """Outcomes of sampled applications, all valid and one per request, shape (outcomes,)."""
    plan = scenario(*episodes, **ROOMY, **SINGLES)
    trace = Simulation(plan, origin=1.8e9, step=5.0).advance(SETTLED_TICKS + 400)
    return np.asarray(trace.requests.applications[SETTLED_TICKS:].sum(axis=(0, 1)))


def real_outcomes(*episodes: dict[str, Any]) -> NDArray[np.int64]:
    with Client(*episodes, has_faults=True, **ROOMY) as client:
        client.simulation.advance(SETTLED_TICKS)
        client.backend.meet(client.simulation.conditions())
        return client.outcomes(20_000)


def outcomes_pvalue(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    table = np.array([one, other])
    return float(stats.chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue)


def failing(ratio: float) -> list[dict[str, Any]]:
    return [
        episode("errors", status=500, ratio=ratio),
        episode("broker-loss", brokers=2),
        episode("hot-partition", partition=3, share=0.02),
    ]


def test_real_requests_end_as_sampled_ones_do() -> None:
    assert_same(outcomes_pvalue(real_outcomes(*failing(0.05)), sampled_outcomes(*failing(0.05))))


def test_a_slightly_other_share_of_errors_is_kept_apart() -> None:
    with pytest.raises(AssertionError):
        assert_same(
            outcomes_pvalue(real_outcomes(*failing(0.05)), sampled_outcomes(*failing(0.06)))
        )


# Time.

N_TIMED = 10_000
LONGEST = 60.0


def seconds_of_work(*, bureau: float, feature_store: float) -> NDArray[np.float64]:
    """How long each of many requests was in work when nobody had to wait."""
    seconds = np.empty(N_TIMED)
    with Client(is_delayed=True, platform={"api": {"timeout_seconds": LONGEST}}) as client:
        client.meet(bureau=bureau, feature_store=feature_store)

        async def requests() -> None:
            for i in range(N_TIMED):
                begin = client.seconds
                await client.backend.workers.work()
                seconds[i] = client.seconds - begin

        client.run(requests())
    return seconds


def timed_pvalue(seconds: NDArray[np.float64], bureau: float, feature_store: float) -> float:
    """Kolmogorov-Smirnov against the service times that sampled requests have."""
    theory = Theory(USUAL, bureau, feature_store, longest=LONGEST)
    return float(stats.kstest(theory.share_below(seconds), "uniform").pvalue)


@pytest.mark.parametrize(("bureau", "feature_store"), [(1.0, 1.0), (4.0, 1.0), (1.0, 6.0)])
def test_real_requests_are_in_work_as_long_as_sampled_ones(
    bureau: float, feature_store: float
) -> None:
    seconds = seconds_of_work(bureau=bureau, feature_store=feature_store)

    assert_same(timed_pvalue(seconds, bureau, feature_store))


@pytest.mark.parametrize(("bureau", "feature_store"), [(1.3, 1.0), (1.0, 1.15)])
def test_a_slightly_slower_platform_is_kept_apart(bureau: float, feature_store: float) -> None:
    seconds = seconds_of_work(bureau=1.0, feature_store=1.0)

    with pytest.raises(AssertionError, match="p ="):
        assert_same(timed_pvalue(seconds, bureau, feature_store))


# The tail: as many in every bucket, also where there are few.


def buckets_of_the_api(
    n: int, seed: int, times: Mapping[str, Any] = MappingProxyType({})
) -> NDArray[np.int64]:
    """Buckets of the service times that the API draws, without serving anybody."""
    platform = {"api": {"service_times": dict(times)}}
    with Client(seed=seed, platform=platform) as client:
        drawn = np.array([client.backend.workers.drawn()[1] for _ in range(n)])
    return np.bincount(np.searchsorted(HTTP_EDGES, drawn), minlength=len(HTTP_EDGES) + 1)


def sampled_buckets(
    n: int, seed: int, times: Mapping[str, Any] = MappingProxyType({})
) -> NDArray[np.int64]:
    """Buckets of at least `n` sampled answers on a platform where nobody waits."""
    traffic = {"invalid_ratio": 0.0, "endpoints": {"score": 1}, "requests_per_second": 1000}
    platform = {"api": {**ROOMY["platform"]["api"], "service_times": dict(times)}}
    plan = scenario(seed=seed, traffic=traffic, platform=platform)
    trace = Simulation(plan, origin=1.8e9, step=5.0).advance(n // 5000)
    return np.asarray(trace.requests.http[:, 0, 0].sum(axis=0))


def assert_same_in_every_bucket(one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
    """Chi-square of two samples; empty buckets tell nothing."""
    table = np.array([one, other])
    pvalue = float(stats.chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue)
    assert pvalue > 1e-3, f"p = {pvalue:.2g}: {one.tolist()}, {other.tolist()}"


def test_the_tail_of_real_requests_is_that_of_sampled_ones() -> None:
    assert_same_in_every_bucket(buckets_of_the_api(100_000, 2), sampled_buckets(1_700_000, 2))


def test_longer_stalls_are_kept_apart() -> None:
    longer = {"stall": {"median_seconds": USUAL.stall.median_seconds * 1.4}}
    sampled = sampled_buckets(1_700_000, 2, longer)

    with pytest.raises(AssertionError, match="p ="):
        assert_same_in_every_bucket(buckets_of_the_api(100_000, 2), sampled)


OTHER_TIMES = {
    "prediction": {"median_seconds": 0.09, "sigma": 0.3},
    "gateway": {"median_seconds": 0.004, "sigma": 0.9},
    "bureau": {"median_seconds": 0.8, "share": 0.5, "timeout_seconds": 0.9},
    "stall": {"median_seconds": 0.1, "share": 0.1},
}


def test_a_platform_s_own_times_are_those_of_real_and_of_sampled_requests() -> None:
    real, sampled = (
        buckets_of_the_api(100_000, 2, OTHER_TIMES),
        sampled_buckets(1_700_000, 2, OTHER_TIMES),
    )

    assert_same_in_every_bucket(real, sampled)
    assert real[:10].sum() < 0.5 * buckets_of_the_api(100_000, 2)[:10].sum()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_so_it_is_in_a_million_and_more(seed: int) -> None:
    n = 1_700_000
    assert_same_in_every_bucket(buckets_of_the_api(n, seed), sampled_buckets(n, seed))


def served(feature_store: float, bureau: float) -> Sequence[Any]:
    with Client() as client:
        client.meet(feature_store=feature_store, bureau=bureau)
        return [client.backend.workers.served() for _ in range(N_TIMED)]


def prediction_pvalue(feature_store: float, claimed: float) -> float:
    seconds = [s.prediction_seconds for s in served(feature_store, 1.0)]
    claimed_distribution = stats.lognorm(
        USUAL.prediction.sigma, scale=USUAL.prediction.median_seconds * claimed
    )
    return float(stats.kstest(seconds, claimed_distribution.cdf).pvalue)


@pytest.mark.parametrize("feature_store", [1.0, 6.0])
def test_real_predictions_take_as_long_as_sampled_ones(feature_store: float) -> None:
    assert_same(prediction_pvalue(feature_store, feature_store))


def test_slightly_slower_predictions_are_kept_apart() -> None:
    with pytest.raises(AssertionError):
        assert_same(prediction_pvalue(1.05, 1.0))


def bureau_pvalue(slowness: float, claimed: float) -> float:
    calls = [s.bureau_failed for s in served(1.0, slowness) if s.bureau_failed is not None]
    share = float(bureau_failure_probability(np.array([claimed]), USUAL.bureau)[0])
    return min(
        float(stats.binomtest(len(calls), N_TIMED, USUAL.bureau.share).pvalue),
        float(stats.binomtest(sum(calls), len(calls), share).pvalue),
    )


@pytest.mark.parametrize("slowness", [1.0, 4.0, 12.0])
def test_real_calls_of_the_bureau_fail_as_often_as_sampled_ones(slowness: float) -> None:
    assert_same(bureau_pvalue(slowness, slowness))


def test_a_slightly_slower_bureau_is_kept_apart() -> None:
    with pytest.raises(AssertionError):
        assert_same(bureau_pvalue(12.0, 10.0))
