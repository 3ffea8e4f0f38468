"""Who writes into the object store is a group's role; where no group has it, nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.vocabulary import VIOLATION_TYPES
from simulator.simulation.engine import Simulation
from simulator.simulation.minio import APIS
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

PUT: Final = APIS.index("putobject")
GAP: Final = VIOLATION_TYPES.index("audit_log_gap")
QUORUM_LOST: Final = episode("drive-loss", drives=8, start="30m", duration="2h")
NOBODY: Final[list[list[dict[str, Any]]]] = [
    [{"name": "archiver", "archives": False}, {"name": "risk-monitoring"}],
    [{"name": "risk-monitoring"}],
    [],
]


def read_by(*groups: dict[str, Any]) -> Scenario:
    return scenario(QUORUM_LOST, platform={"kafka": {"consumer_groups": list(groups)}})


def run(plan: Scenario) -> Trace:
    return Simulation(plan, origin=MONDAY, step=15.0).advance(720)


@pytest.fixture(scope="module")
def usual() -> Trace:
    return run(scenario(QUORUM_LOST))


@pytest.mark.parametrize(
    "groups",
    [
        [{"name": "sink", "archives": True}, {"name": "risk-monitoring"}],
        [{"name": "risk-monitoring"}, {"name": "sink", "archives": True}],
        [{"name": "archiver"}, {"name": "sink", "archives": True}],
    ],
)
def test_the_group_that_archives_stores_what_it_reads(
    usual: Trace, groups: list[dict[str, Any]]
) -> None:
    other = run(read_by(*groups))
    sink = [g["name"] for g in groups].index("sink")

    assert np.array_equal(other.storage.used, usual.storage.used)
    assert np.array_equal(other.storage.requests, usual.storage.requests)
    assert np.array_equal(other.violations.counts, usual.violations.counts)
    assert np.array_equal(other.topic.archived, other.topic.consumed[:, sink])
    assert other.topic.lag[300, sink].sum() > 10_000, "it waits for the store"


@pytest.fixture(scope="module", params=NOBODY, ids=["told not to", "not there", "no groups"])
def nobody(request: pytest.FixtureRequest) -> Trace:
    return run(read_by(*request.param))


def test_without_an_archiver_nothing_is_stored(nobody: Trace) -> None:
    assert np.unique(nobody.storage.used).size == 1
    assert nobody.storage.requests[:, PUT].sum() == 0
    assert not nobody.topic.refused.any()


def test_without_an_archiver_the_store_is_read_and_probed_all_the_same(
    nobody: Trace, usual: Trace
) -> None:
    others = [api for api in range(len(APIS)) if api != PUT]

    assert np.array_equal(nobody.storage.requests[:, others], usual.storage.requests[:, others])
    assert np.array_equal(nobody.drives.can_write, usual.drives.can_write)


def test_without_an_archiver_a_store_that_takes_nothing_loses_no_records(
    nobody: Trace, usual: Trace
) -> None:
    during = ~usual.drives.can_write
    assert usual.violations.counts[during, GAP].sum() > 100
    assert nobody.violations.counts[during, GAP].sum() < 20


def test_without_an_archiver_no_group_falls_behind_a_store_that_takes_nothing(
    nobody: Trace,
) -> None:
    assert nobody.topic.lag.sum(axis=2).max(initial=0) < 5000


@pytest.mark.parametrize("groups", NOBODY)
def test_without_an_archiver_a_lost_quorum_is_worth_an_alarm_of_its_own_alone(
    groups: list[dict[str, Any]],
) -> None:
    plan = read_by(*groups)

    assert wanted_alarms(plan.episodes[0], plan) == {
        "free-space": "red",
        "drives": "red",
        "write-quorum": "red",
    }
