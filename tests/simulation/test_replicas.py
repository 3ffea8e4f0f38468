"""Replicas of the API that are gone or slow: who fails, who waits, and what is left afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.scenario.waits import slowest_in_twenty
from simulator.seeding import BLOCK_TICKS
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.requests import OUTCOMES
from simulator.simulation.service_times import ServiceTimes
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.service_draws import service_seconds
from tests.support.tolerances import assert_near, assert_share, assert_shares
from tests.support.totals import totals_of
from tests.support.trace_arrays import arrays_of, differing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.simulation.trace import Trace

SINGLES = {"endpoints": {"score": 1}, "invalid_ratio": 0.0, "requests_per_second": 500.0}
ROOMY = {"workers": 4000}
UNAVAILABLE = OUTCOMES.index("unavailable")
#: Share of 503s in health, and of all faults.
HEALTHY_503, HEALTHY = 0.0003, 0.0015
START = 600.0


def run(
    *episodes: dict[str, Any],
    api: dict[str, Any] | None = None,
    step: float = 15.0,
    ticks: int = 120,
    traffic: dict[str, Any] | None = None,
) -> Trace:
    plan = scenario(
        *episodes,
        platform={"api": {**ROOMY, **(api or {})}},
        traffic={**SINGLES, **(traffic or {})},
    )
    return Simulation(plan, origin=MONDAY, step=step).advance(ticks)


def loss(replicas: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    return episode("instance-loss", replicas=replicas, start="10m", **{"duration": "1h", **changes})


def slow(factor: float, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    return episode("instance-slow", factor=factor, **changes)


def during(trace: Trace, first: float, last: float) -> NDArray[np.int64]:
    """Outcomes of applications between seconds of the run, shape (outcomes,)."""
    totals = totals_of(trace).applications.sum(axis=1)
    at = [round(s / trace.grid.step) - 1 for s in (first, last)]
    return np.asarray(totals[at[1]] - totals[at[0]])


# Gone.


@pytest.mark.parametrize(("replicas", "of"), [(1, 4), (2, 4), (1, 2), (3, 10)])
def test_requests_sent_to_a_replica_that_is_gone_fail(replicas: int, of: int) -> None:
    outcomes = during(run(loss(replicas), api={"replicas": of}), START + 15.0, START + 30.0)

    assert_share(int(outcomes[UNAVAILABLE]), int(outcomes.sum()), replicas / of, rounding=5e-4)


def test_nothing_fails_any_more_once_the_health_check_has_noticed() -> None:
    outcomes = during(run(loss(2)), START + 30.0, START + 600.0)

    assert_share(int(outcomes[UNAVAILABLE]), int(outcomes.sum()), HEALTHY_503)


def test_the_rest_carries_the_traffic() -> None:
    trace = run(loss(3), api={"workers": 64})
    at = round(START / 15.0)

    assert trace.causes.workers[[at - 1, at]].tolist() == [64, 16]


def test_where_the_rest_is_too_few_clients_time_out() -> None:
    api = {"workers": 64}  # 500 a second are 32 requests in work
    late = during(run(loss(3), api=api), START + 60.0, START + 600.0)
    early = during(run(loss(1), api=api), START + 60.0, START + 600.0)

    assert late[OUTCOMES.index("timeout")] > 0.3 * late.sum()
    assert early[OUTCOMES.index("timeout")] < 0.001 * early.sum()


@pytest.mark.parametrize("step", [1.0, 7.0, 15.0, 60.0])
@pytest.mark.parametrize("health_check", ["10s", "45s"])
def test_as_many_fail_however_long_a_tick_is(step: float, health_check: str) -> None:
    trace = run(loss(), api={"health_check": health_check}, step=step, ticks=round(1800.0 / step))
    seconds = float(trace.causes.replicas.unreachable.sum() * step)

    assert seconds == pytest.approx(0.25 * float(health_check[:-1]), rel=1e-9)


def test_what_a_lost_replica_was_working_on_is_lost_with_it() -> None:
    """Half of the requests in work, beside those that are sent to it in the first tick."""
    api, traffic = {"health_check": "1ms", "replicas": 2}, {"requests_per_second": 2e4}
    trace = run(loss(), step=1.0, ticks=700, api=api, traffic=traffic)
    outcomes = during(trace, START, START + 1.0)
    n, in_work = int(outcomes.sum()), 2e4 * 0.0645
    expected = 0.5 * in_work + n * HEALTHY_503

    assert_near(float(outcomes[UNAVAILABLE]), expected, np.sqrt(expected), rounding=0.02 * expected)


def test_without_any_replica_nobody_is_answered() -> None:
    trace = run(loss(4), traffic={"endpoints": {"score": 1, "decision": 1}})
    at = [round(START / 15.0), round(START / 15.0) + 70]
    http = np.diff(totals_of(trace).http[at], axis=0)[0].sum(axis=2)

    assert http[:, :2].sum() < 0.001 * http.sum()
    assert http[ENDPOINTS.index("decision"), 2] > 0


def test_look_ups_fail_as_applications_do() -> None:
    trace = run(loss(), traffic={"endpoints": {"decision": 1, "models": 1}})
    at = round(START / 15.0)
    http = np.diff(totals_of(trace).http[at - 1 : at + 1], axis=0)[0].sum(axis=2)

    assert_share(int(http[:, 2].sum()), int(http.sum()), 0.25)


def test_a_replica_that_comes_and_goes_is_noticed_every_time() -> None:
    flapping = loss(onset={"shape": "recurring", "period": "5m", "duty": 0.5}, duration="20m")
    unreachable = run(flapping).causes.replicas.unreachable

    assert (unreachable > 0.0).sum() == 4 * 2  # of 30 s each, in ticks of 15 s


# Slow.


def test_the_share_of_a_slow_replica_is_slower() -> None:
    trace = run(slow(8.0), ticks=200)
    http = totals_of(trace).http[-1, 0, 0]
    seconds = service_seconds(400_000, slow_share=0.25, slow_factor=8.0)
    seen = seconds[seconds <= 2.0]
    counts = np.histogram(seen, np.concatenate([[0.0], HTTP_EDGES, [np.inf]]))[0]

    assert_shares(counts, http / http.sum())


def test_a_replica_slower_by_another_factor_is_told_apart() -> None:
    http = totals_of(run(slow(7.5), ticks=200)).http[-1, 0, 0]
    seconds = service_seconds(400_000, slow_share=0.25, slow_factor=8.0)
    counts = np.histogram(seconds[seconds <= 2.0], np.concatenate([[0.0], HTTP_EDGES, [60.0]]))[0]

    with pytest.raises(AssertionError, match="chi-square"):
        assert_shares(counts, http / http.sum())


def quantiles(counts: NDArray[np.int64], edges: NDArray[np.floating]) -> list[float]:
    """The p50 and the p95."""
    below = np.append(0.0, np.cumsum(counts)[:-1] / counts.sum())
    return [float(np.interp(p, below, np.append(0.0, edges))) for p in (0.5, 0.95)]


@pytest.mark.parametrize("metric", ["http", "prediction"])
def test_the_tail_moves_and_the_median_hardly(metric: str) -> None:
    edges = HTTP_EDGES if metric == "http" else PREDICTION_EDGES
    slower, usual = (
        quantiles(getattr(totals_of(run(*e)), metric)[-1].reshape(-1, len(edges) + 1)[0], edges)
        for e in ([slow(10.0)], [])
    )
    assert slower[0] < 1.35 * usual[0]
    assert slower[1] > 3.0 * usual[1]


def test_look_ups_of_a_slow_replica_are_slower() -> None:
    traffic = {"endpoints": {"models": 1}}
    slower, usual = (
        float(totals_of(trace).http_seconds[-1].sum() / totals_of(trace).http[-1].sum())
        for trace in (run(slow(9.0), traffic=traffic), run(traffic=traffic))
    )
    assert slower == pytest.approx(usual * (1.0 + 0.25 * 8.0), rel=0.02)


def test_slow_replicas_keep_workers_for_longer() -> None:
    """40 workers are 80 % busy in health; with one of four replicas slower, they are too few."""
    api = {"workers": 40}
    healthy, hampered = (during(run(*e, api=api), 900.0, 1800.0) for e in ([], [slow(5.0)]))
    late = OUTCOMES.index("timeout")

    assert healthy[late] < 0.001 * healthy.sum()
    assert hampered[late] > 0.2 * hampered.sum()


def test_of_fewer_replicas_a_slow_one_serves_more() -> None:
    share = run(loss(2), slow(5.0)).causes.replicas.slow_share

    assert (share[0], share[-1]) == (0.25, 0.5)


@pytest.mark.parametrize(("share", "factor"), [(0.25, 6.0), (0.25, 20.0), (0.5, 10.0), (1.0, 8.0)])
def test_one_in_twenty_waits_about_as_long_as_is_said(share: float, factor: float) -> None:
    service = ServiceTimes(Parts(), 1.0, 1.0, share, factor, longest=60.0)
    at = np.linspace(0.0, 9.0, 9001)
    p95 = float(np.interp(0.95, service.share_below(at), at))

    assert slowest_in_twenty(Parts(), share, factor) == pytest.approx(p95, rel=0.2)


# Afterwards.


@pytest.mark.parametrize("e", [loss(3, name="it"), slow(20.0, name="it", start="10m")])
def test_two_blocks_after_its_end_it_has_never_been(e: dict[str, Any]) -> None:
    plan = scenario({**e, "duration": "30m"})
    after = round(2400.0 / 30.0) + 2 * BLOCK_TICKS
    loud, quiet = (
        arrays_of(Simulation(each, origin=MONDAY, step=30.0).advance(after + 40))
        for each in (plan, plan.muted("it"))
    )
    api = [path for path in loud if path.startswith("requests.")]
    assert {"requests.http", "requests.applications", "requests.in_flight"} <= set(api)
    assert differing(*({p: a[p][:after] for p in api} for a in (loud, quiet)))
    assert differing(*({p: a[p][after:] for p in api} for a in (loud, quiet))) == []


# In flight.


def test_as_many_are_in_flight_as_come_in_a_second_times_how_long_they_take() -> None:
    trace = run(ticks=400)
    seconds, count = totals_of(trace).http_seconds[-1].sum(), totals_of(trace).http[-1].sum()
    elapsed = 400 * 15.0

    assert trace.requests.in_flight.mean() == pytest.approx(count / elapsed * (seconds / count))
    assert trace.requests.in_flight.mean() == pytest.approx(500.0 * 0.0645, rel=0.01)


def test_requests_pile_up_where_workers_are_too_few() -> None:
    trace = run(loss(3), api={"workers": 64})
    at = round(START / 15.0)

    in_flight = trace.requests.in_flight
    assert in_flight[at + 4 : at + 30].mean() > 15.0 * in_flight[:at].mean()
