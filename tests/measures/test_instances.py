"""Requests by the replica that answered: the same requests, sent to those that work."""

from typing import Any, Final

import numpy as np
import pytest

from simulator.errors import MappingError
from simulator.measures.http_details import by_status
from simulator.measures.instances import by_instance
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.seeding import Streams
from simulator.simulation.arrays import Ints
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES
from simulator.simulation.requests import STATUSES
from tests.support.mapped import mapping, shown
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_share

TICKS: Final = 80
LOSS: Final = episode("instance-loss", replicas=1, start="5m", duration="8m")
SLOW: Final = episode("instance-slow", replicas=1, factor=8, start="5m", duration="10m")
BUSY: Final = {"requests_per_second": 200.0}


def plan(*episodes: dict[str, Any]) -> Scenario:
    return scenario(*episodes, traffic=BUSY, platform={"api": {"workers": 200}})


def seen(of: Scenario, *sizes: int) -> list[Seen]:
    run, streams = Simulation(of, origin=MONDAY, step=15.0), Streams(of.seed)
    return [Seen(run.advance(size), streams) for size in sizes or (TICKS,)]


def by_replica(of: Scenario) -> Ints:
    """Shape (ticks, endpoints, statuses, replicas + 1, buckets)."""
    return by_instance(seen(of)[0])


def test_each_replica_gets_as_many_as_the_others_in_health() -> None:
    counts = by_replica(plan()).sum(axis=(0, 1, 2, 4))

    assert counts[-1] == 0
    for one in counts[:-1].tolist():
        assert_share(one, int(counts.sum()), 0.25)


def test_one_that_is_gone_answers_nothing_and_what_is_sent_to_it_is_for_nobody() -> None:
    of = plan(LOSS)
    (run,) = seen(of)
    counts = by_instance(run).sum(axis=(1, 4))  # by tick, status and replica
    is_up = run.trace.causes.replicas.is_up

    assert (counts.sum(axis=1)[:, :-1] > 0)[is_up].all()
    assert (counts.sum(axis=1)[:, :-1] == 0)[~is_up].all()
    for_nobody = counts[..., -1]
    unnoticed = run.trace.causes.replicas.unreachable > 0.0
    assert for_nobody[~unnoticed].sum() == 0
    assert for_nobody[unnoticed].sum() > 100
    assert for_nobody.sum() == for_nobody[:, STATUSES.index(503)].sum()


def test_a_slow_one_has_the_slow_answers() -> None:
    counts = by_replica(plan(SLOW))[20:60, 0, STATUSES.index(200)].sum(axis=0)
    late = int(np.searchsorted(HTTP_EDGES, 0.4))
    n_answers, n_late = counts.sum(axis=1)[:-1], counts[:, late:].sum(axis=1)[:-1]

    for one in n_answers.tolist():
        assert_share(one, int(n_answers.sum()), 0.25)
    assert n_late[0] > 5 * n_late[1:].max()


@pytest.mark.parametrize("episodes", [(), (LOSS,), (SLOW, LOSS)])
def test_they_are_the_requests_that_there_are_however_a_run_is_cut(
    episodes: tuple[dict[str, Any], ...],
) -> None:
    of = plan(*episodes)
    whole, parts = seen(of)[0], [by_instance(one) for one in seen(of, 1, 36, 43)]

    np.testing.assert_array_equal(by_instance(whole).sum(axis=3), by_status(whole))
    np.testing.assert_array_equal(np.concatenate(parts), by_instance(whole))


def test_totals_agree_at_every_edge_with_and_without_replicas() -> None:
    metrics = {
        "by_pod": {"labels": {"pod": "instance", "code": "status"}, "edges": [0.033, 0.1, 0.47]},
        "by_class": {"labels": {"code": "class"}, "edges": [0.033, 0.47]},
        "by_version": {"labels": {"version": "version"}, "edges": [0.1, 0.47]},
    }
    of = {name: {"measure": "http_requests", **said} for name, said in metrics.items()}
    run = shown(plan(LOSS), mapping(**of), [20, 20])

    def total(name: str, column: int) -> list[float]:
        rows = [one.values[:, column] for one in run if one.name == name]
        return np.sum(rows, axis=0).tolist()

    assert total("by_pod", 0) == total("by_class", 0)
    assert total("by_pod", 2) == total("by_class", 1) == total("by_version", 1)
    assert total("by_pod", 1) == total("by_version", 0)
    assert {one.labels.get("pod") for one in run if one.name == "by_pod"} == {
        *("api-1", "api-2", "api-3", "api-4"),
        "",
    }


def test_with_the_version_it_is_refused() -> None:
    labels = {"pod": "instance", "version": "version"}
    with pytest.raises(MappingError, match="not simulated by instance and version together"):
        mapping(one={"measure": "http_requests", "labels": labels})
