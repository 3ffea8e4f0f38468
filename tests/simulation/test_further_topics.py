"""Topics beside the scoring topic: fed in proportion, read by groups, on the same brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from simulator.measures.catalogue import MEASURES
from simulator.measures.seen import Seen
from simulator.seeding import Streams
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_share
from tests.support.trace_arrays import arrays_of, differing

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

TOPICS: Final[list[dict[str, Any]]] = [
    {
        "name": "scoring-requests",
        "fed_by": "applications",
        "partitions": 4,
        "consumer_groups": [{"name": "scorer", "members": 2}, {"name": "risk-monitoring"}],
    },
    {"name": "crm.customers", "fed_by": "decisions", "messages_each": 0.25, "partitions": 20},
    {"name": "clicks", "fed_by": "requests", "messages_each": 3.0, "retention_messages": 50},
    {"name": "failures", "fed_by": "errors"},
]


def plan(*episodes: dict[str, Any], topics: list[dict[str, Any]] = TOPICS) -> Scenario:
    return scenario(*episodes, platform={"kafka": {"further_topics": topics}})


def run(of: Scenario, n_ticks: int = 80) -> Trace:
    return Simulation(of, origin=MONDAY, step=15.0).advance(n_ticks)


@pytest.fixture(scope="module")
def health() -> Trace:
    return run(plan())


def test_they_change_nothing_of_what_there_was(health: Trace) -> None:
    alone = arrays_of(run(plan(topics=[])))
    beside = {p: a for p, a in arrays_of(health).items() if not p.startswith("further.")}

    assert differing(alone, beside) == []


def test_each_gets_a_message_for_what_feeds_it(health: Trace) -> None:
    applications, customers, clicks, failures = (
        one.topic.produced.sum(axis=1) for one in health.further
    )
    requests = health.requests

    assert np.array_equal(applications, requests.applications.sum(axis=(1, 2)))
    assert_share(int(customers.sum()), int(requests.scored.sum()), 0.25)
    assert np.array_equal(clicks, 3 * requests.http.sum(axis=(1, 2, 3)))
    assert np.array_equal(failures, requests.applications[:, :, 1:].sum(axis=(1, 2)))


def test_offsets_and_lags_keep_the_laws_of_any_topic(health: Trace) -> None:
    for one in health.further:
        topic = one.topic
        assert np.array_equal(np.cumsum(topic.produced, axis=0), topic.log_end)
        assert topic.lag.min(initial=0) >= 0
        assert (topic.oldest <= topic.log_end).all()
        assert topic.archived.sum() == 0
    assert health.further[0].topic.lag.shape == (80, 2, 4)
    assert health.further[2].topic.oldest.max() > 0, "it keeps fifty messages"


def test_lost_brokers_take_their_copies_and_what_cannot_be_written_is_dropped() -> None:
    trace = run(plan(episode("broker-loss", brokers=4, start="2m", duration="20h")), 200)
    fed, first = trace.requests.applications.sum(axis=(1, 2)), trace.further[0]

    assert (first.cluster.in_sync[150:] < 3).any()
    assert not first.cluster.writable[150:].all()
    produced = first.topic.produced.sum(axis=1)
    assert produced[150:].sum() < 0.9 * fed[150:].sum()
    assert first.topic.produced[150:][~first.cluster.writable[150:]].sum() == 0


def test_a_group_that_is_stopped_is_stopped_wherever_it_reads() -> None:
    trace = run(plan(episode("consumer-slowdown", group="risk-monitoring")))
    scorer, risk = trace.further[0].topic.lag[-1].sum(axis=1).tolist()

    assert risk == trace.further[0].topic.log_end[-1].sum()
    assert scorer < 1000


def test_a_hot_key_of_decisions_is_none_of_theirs() -> None:
    hot = run(plan(episode("hot-partition", partition=0, share=1.0)))

    assert hot.topic.produced[:, 1:].sum() == 0
    assert (hot.further[0].topic.produced.sum(axis=0) > 0).all()


@pytest.mark.parametrize("name", ["log_end_offset", "lag", "lag_sum", "topic_partitions"])
def test_measures_tell_them_apart(health: Trace, name: str) -> None:
    measure = MEASURES[name]

    found = measure.of(Seen(health, Streams(1)), measure.dimensions)
    assert isinstance(found, np.ndarray)

    sizes = {"topic": 5, "partition": 20, "group": 3}
    assert found.shape[1:] == tuple(sizes[d] for d in measure.dimensions)
    if name == "log_end_offset":
        assert np.array_equal(found[:, 0, :12], health.topic.log_end)
        assert np.isnan(found[:, 0, 12:]).all()
        assert np.array_equal(found[:, 1, :4], health.further[0].topic.log_end)
    if name == "lag_sum":
        assert np.isnan(found[:, 0, 1]).all(), "the archiver reads decisions alone"
        assert np.array_equal(found[:, 2, 1], health.further[0].topic.lag[:, 0].sum(axis=1))


def test_a_run_goes_on_where_the_one_before_ended() -> None:
    of = plan()
    first = Simulation(of, origin=MONDAY, step=15.0)
    first.advance(40)
    left = first.handover()

    again = Simulation(of, origin=MONDAY + 600.0, step=15.0, before=left)
    trace = again.advance(1)

    for one in trace.further:
        name = one.scenario.platform.kafka.topic
        before = np.array(left.further[name].log_end)
        assert np.array_equal(one.topic.log_end[0], before + one.topic.produced[0])
