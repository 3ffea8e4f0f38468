"""The laws of docs/design.md, at every tick of a day on which everything happens at once."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES
from simulator.simulation.requests import OUTCOMES, STATUS_CLASSES, class_of_outcome
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers
from tests.support.totals import Totals, totals_of

SPAN = {"start": "1h", "duration": "5h"}
EPISODES: tuple[dict[str, Any], ...] = (
    episode("population-shift", preset="young-channel", **SPAN),
    episode("data-bug", feature="amount", null_ratio=0.4, start="2h", duration="2h"),
    episode("concept-drift", scale=0.3, **SPAN),
    episode("traffic-surge", factor=8.0, start="3h", duration="2h"),
    episode("traffic-surge", name="lull", factor=0.001, start="6h", duration="1h"),
    episode("slow-dependency", dependency="bureau", factor=20.0, **SPAN),
    episode("slow-dependency", name="slow-store", dependency="feature-store", factor=30.0, **SPAN),
    episode("overload", workers_lost_ratio=0.9, start="2h", duration="1h"),
    episode("errors", status=401, ratio=0.2, **SPAN),
    episode("errors", name="late", status=504, ratio=0.2, **SPAN),
    episode("consumer-slowdown", group="archiver", capacity_ratio=0.0, start="2h", duration="1h"),
    episode("rebalance", group="archiver", every="7m", pause="41s", **SPAN),
    episode("consumer-crash", group="risk-monitoring", session_timeout="10m", **SPAN),
    episode("broker-loss", brokers=5, start="4h", duration="1h"),
    episode("hot-partition", partition=11, share=0.7, **SPAN),
    episode("drive-loss", drives=5, start="2h", duration="2h"),
    episode("node-loss", nodes=3, start="3h", duration="2h"),
    episode("capacity-filling", used_ratio=0.99, **SPAN),
    episode("compliance-incident", violation="refusal_reason_missing", factor=1000.0, **SPAN),
    episode("model-release", version="4.0.0", canary_for="1h", outcome="promotion", **SPAN),
)


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Batches of one, so that requests and applications can be compared."""
    traffic = {"requests_per_second": 30.0, "noise_ratio": 0.3, "batch_sizes": [1]}
    plan = scenario(*EPISODES, duration="7h", traffic=traffic)
    return Simulation(plan, origin=MONDAY, step=15.0).advance(1680)


@pytest.fixture(scope="module")
def totals(trace: Trace) -> Totals:
    return totals_of(trace)


@pytest.fixture(scope="module")
def scored(totals: Totals) -> Numbers:
    """Successes since the start, shape (ticks,)."""
    return totals.applications[:, :, OUTCOMES.index("success")].sum(axis=1)


SCORING = [ENDPOINTS.index("score"), ENDPOINTS.index("batch")]


def test_every_application_was_an_http_request(totals: Totals) -> None:
    requests = totals.http[:, SCORING].sum(axis=(1, 2, 3))
    assert np.array_equal(totals.applications.sum(axis=(1, 2)), requests)


@pytest.mark.parametrize("status", range(len(STATUS_CLASSES)))
def test_outcomes_are_http_answers_of_their_status_class(totals: Totals, status: int) -> None:
    outcomes = [i for i, o in enumerate(OUTCOMES) if class_of_outcome(o) == status]
    answered = totals.http[:, SCORING, status].sum(axis=(1, 2))
    assert np.array_equal(totals.applications[:, :, outcomes].sum(axis=(1, 2)), answered)


@pytest.mark.parametrize("name", ["scores", "levels", "decisions"])
def test_scores_levels_and_decisions_each_count_every_success(
    totals: Totals, scored: Numbers, name: str
) -> None:
    assert np.array_equal(getattr(totals, name).sum(axis=1), scored)


def test_every_success_was_predicted_by_one_version(totals: Totals, scored: Numbers) -> None:
    assert np.array_equal(totals.prediction.sum(axis=(1, 2)), scored)


def test_every_success_is_a_message_in_the_scoring_topic(trace: Trace, scored: Numbers) -> None:
    assert np.array_equal(trace.topic.log_end.sum(axis=1), scored)


def test_lag_is_log_end_less_committed_and_never_negative(trace: Trace) -> None:
    topic = trace.topic
    assert np.array_equal(topic.lag, topic.log_end[:, np.newaxis] - topic.committed)
    assert topic.lag.min() >= 0


def test_no_group_reads_more_than_was_produced(trace: Trace, scored: Numbers) -> None:
    consumed = np.cumsum(trace.topic.consumed, axis=0)
    assert (consumed <= scored[:, np.newaxis]).all()
    assert trace.topic.consumed.min() >= 0


def test_in_sync_replicas_are_never_more_than_replicas(trace: Trace) -> None:
    assert trace.cluster.in_sync.max() <= trace.scenario.platform.kafka.replication
    assert trace.cluster.in_sync.min() >= 0


def test_leaders_are_brokers_that_are_online(trace: Trace) -> None:
    assert (trace.cluster.leader < trace.cluster.brokers[:, np.newaxis]).all()
    assert trace.cluster.leader.min() == -1


def test_nothing_is_produced_to_a_topic_that_takes_no_writes(trace: Trace) -> None:
    shut = ~trace.cluster.writable.any(axis=1)
    assert shut.any()
    assert trace.topic.produced[shut].sum() == 0


def test_drives_offline_and_healing_are_never_more_than_all(trace: Trace) -> None:
    assert (trace.drives.drives_offline + trace.drives.healing).max() <= 16
    assert trace.drives.nodes_offline.max() <= 4


def test_object_store_errors_are_never_more_than_requests(totals: Totals) -> None:
    assert (totals.s3_errors <= totals.s3_requests).all()


def test_violations_of_a_type_are_never_more_than_their_parents(totals: Totals) -> None:
    assert (totals.violations <= totals.violation_parents).all()


@pytest.mark.parametrize("name", [f.name for f in fields(Totals)])
def test_a_counter_never_falls(totals: Totals, name: str) -> None:
    counter = getattr(totals, name)
    assert counter[0].min() >= 0
    assert np.diff(counter, axis=0).min() >= 0


@pytest.mark.parametrize("name", [f.name for f in fields(Totals)])
def test_a_counter_moves(totals: Totals, name: str) -> None:
    assert getattr(totals, name)[-1].sum() > getattr(totals, name)[0].sum()


def test_seconds_of_http_requests_lie_within_their_buckets(totals: Totals) -> None:
    counts, seconds = totals.http[-1], totals.http_seconds[-1]
    assert counts[..., -1].sum() == 0  # nobody waits beyond the timeout of two seconds
    lowest = (counts * np.append(0.0, HTTP_EDGES)).sum(axis=-1)
    highest = (counts[..., :-1] * HTTP_EDGES).sum(axis=-1)
    assert (seconds >= lowest - 1e-6).all()
    assert (seconds <= highest + 1e-6).all()


def test_an_application_is_received_by_every_channel(totals: Totals) -> None:
    assert totals.applications[-1].sum(axis=1).shape == (len(CHANNELS),)
    assert totals.applications[-1].sum(axis=1).min() > 0


def test_batches_count_each_of_their_applications() -> None:
    traffic = {"endpoints": {"batch": 1}, "batch_sizes": [7], "requests_per_second": 5.0}
    requests = Simulation(scenario(traffic=traffic), origin=MONDAY, step=15.0).advance(60).requests
    n_batches = requests.http.sum(axis=(1, 2, 3))
    assert np.array_equal(requests.applications.sum(axis=(1, 2)), 7 * n_batches)


@pytest.mark.parametrize("name", ["faults", "partition_weights", "version_shares"])
def test_shares_of_causes_lie_between_zero_and_one(trace: Trace, name: str) -> None:
    shares = getattr(trace.causes, name)
    assert shares.min() >= 0.0
    assert shares.max() <= 1.0


@pytest.mark.parametrize("name", ["partition_weights", "version_shares"])
def test_shares_of_a_whole_sum_to_one(trace: Trace, name: str) -> None:
    assert getattr(trace.causes, name).sum(axis=1) == pytest.approx(1.0)


def test_exactly_one_version_is_in_production(trace: Trace) -> None:
    assert ((trace.causes.stages == 0).sum(axis=1) == 1).all()
