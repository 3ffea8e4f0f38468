"""A member of a consumer group dies: who reads its partitions, from when on, and how fast."""

from typing import Any

import numpy as np
import pytest

from simulator.scenario.model import Scenario
from simulator.simulation.assignment import NOBODY, range_assignment, sticky_assignment
from simulator.simulation.causes import causes
from simulator.simulation.engine import Simulation
from simulator.simulation.trace import Trace
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers

STEP = 5.0
TIMEOUT, REBALANCE = 45, 10
CRASH = {
    "group": "archiver",
    "start": "10m",
    "duration": "10m",
    "session_timeout": f"{TIMEOUT}s",
    "rebalance_time": f"{REBALANCE}s",
}


def _plan(
    members: int = 3,
    partitions: int = 12,
    **fields: Any,  # noqa: ANN401 - a file's own values
) -> Scenario:
    groups = [{"name": "archiver", "members": members, "messages_per_second": 1500.0}]
    kafka = {"consumer_groups": groups, "partitions": partitions}
    return scenario(episode("consumer-crash", **(CRASH | fields)), platform={"kafka": kafka})


def _reading(plan: Scenario, n_ticks: int = 300, step: float = STEP) -> Numbers:
    return causes(plan, [], Grid(MONDAY, step, 0, n_ticks)).reading["archiver"]


def _at(seconds: float) -> int:
    return round(seconds / STEP)


DIES, MISSED = _at(600), _at(600 + TIMEOUT)
TAKEN_OVER, BACK, WHOLE = _at(600 + TIMEOUT + REBALANCE), _at(1200), _at(1200 + REBALANCE)
ITS_OWN = np.arange(12) < 4  # the first of three members has the first of three ranges


@pytest.mark.parametrize("assignment", ["cooperative", "eager"])
def test_until_the_session_timeout_only_its_partitions_stand_still(assignment: str) -> None:
    reading = _reading(_plan(assignment=assignment))
    assert (reading[:DIES] == 1.0).all()
    assert (reading[DIES:MISSED] == np.where(ITS_OWN, 0.0, 1.0)).all()


@pytest.mark.parametrize("at", [slice(MISSED, TAKEN_OVER), slice(BACK, WHOLE)])
def test_an_eager_group_stops_altogether_while_it_rebalances(at: slice) -> None:
    assert not _reading(_plan(assignment="eager"))[at].any()


def test_a_cooperative_group_stops_only_on_partitions_that_change_hands() -> None:
    reading = _reading(_plan())
    for at in (slice(MISSED, TAKEN_OVER), slice(BACK, WHOLE)):
        assert not reading[at][:, ITS_OWN].any()
        assert reading[at][:, ~ITS_OWN].min() > 0.6
    assert (reading[MISSED:TAKEN_OVER, ~ITS_OWN] == 1.0).all()


@pytest.mark.parametrize("assignment", ["cooperative", "eager"])
def test_those_who_are_left_read_all_partitions_with_the_capacity_that_they_have(
    assignment: str,
) -> None:
    reading = _reading(_plan(assignment=assignment))
    assert reading[TAKEN_OVER:BACK] == pytest.approx(2.0 / 3.0)
    assert (reading[WHOLE:] == 1.0).all()


def test_a_group_of_one_reads_nothing_until_it_is_back() -> None:
    reading = _reading(_plan(members=1))
    assert not reading[DIES:WHOLE].any()
    assert (reading[WHOLE:] == 1.0).all()


@pytest.mark.parametrize("member", [0, 1])
def test_a_member_that_had_nothing_to_read_takes_over_at_full_speed(member: int) -> None:
    reading = _reading(_plan(members=3, partitions=2, member=member))
    assert (reading[TAKEN_OVER:BACK] == 1.0).all()
    assert (reading[DIES:MISSED].sum(axis=1) == 1.0).all()


def test_one_that_had_nothing_to_read_is_missed_by_nobody() -> None:
    assert (_reading(_plan(members=3, partitions=2, member=2)) == 1.0).all()


def test_one_that_is_back_before_anybody_noticed_only_makes_the_group_rebalance() -> None:
    plan = _plan(assignment="eager", duration="30s")
    reading = _reading(plan)
    back, whole = _at(630), _at(630 + REBALANCE)
    assert (reading[DIES:back] == np.where(ITS_OWN, 0.0, 1.0)).all()
    assert not reading[back:whole].any()
    assert (reading[whole:] == 1.0).all()
    assert (causes(plan, [], Grid(MONDAY, STEP, 0, 300)).members == 3).all()


def test_members_are_one_less_from_the_session_timeout_until_it_is_back() -> None:
    members = causes(_plan(), [], Grid(MONDAY, STEP, 0, 300)).members[:, 0]
    assert np.flatnonzero(members == 2).tolist() == list(range(MISSED, BACK))
    assert set(members) == {2, 3}


def test_a_tick_longer_than_a_rebalance_has_its_share_of_it() -> None:
    plan = _plan(assignment="eager")
    fine, coarse = _reading(plan, 360, 5.0), _reading(plan, 30, 60.0)
    np.testing.assert_allclose(fine.reshape(30, 12, 12).mean(axis=1), coarse, atol=1e-12)


def test_one_that_dies_again_and_again_is_missed_each_time() -> None:
    onset = {"shape": "recurring", "period": "5m", "duty": 0.5}
    members = causes(_plan(onset=onset), [], Grid(MONDAY, STEP, 0, 300)).members[:, 0]
    missed = np.flatnonzero(np.diff((members == 2).astype(int)) == 1) + 1
    assert missed.tolist() == [MISSED, MISSED + _at(300)]
    assert (members == 2).sum() == 2 * _at(150 - TIMEOUT)


@pytest.fixture(scope="module")
def trace() -> Trace:
    return Simulation(_plan(assignment="cooperative"), origin=MONDAY, step=STEP).advance(300)


def test_lag_rises_on_the_partitions_of_the_dead_only(trace: Trace) -> None:
    lag = trace.topic.lag[MISSED - 1, 0]
    assert lag[ITS_OWN].min() > 20 * lag[~ITS_OWN].max()


def test_the_dead_commit_nothing(trace: Trace) -> None:
    committed = trace.topic.committed[DIES : MISSED + 1, 0]
    assert (committed[1:, ITS_OWN] == committed[0, ITS_OWN]).all()
    assert (committed[-1, ~ITS_OWN] > committed[0, ~ITS_OWN]).all()


def test_those_who_are_left_catch_up_with_what_was_left(trace: Trace) -> None:
    assert trace.topic.lag[BACK - 1, 0].sum() < 2 * trace.topic.lag[DIES - 1, 0].sum() + 100
    assert trace.topic.consumed.sum() == pytest.approx(trace.topic.log_end[-1].sum(), abs=100)


def test_kafka_gives_neighbouring_partitions_to_a_member() -> None:
    assert range_assignment(5, 2).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(("partitions", "members"), [(12, 3), (7, 3), (100, 9), (2, 5), (5, 4)])
def test_a_takeover_moves_nothing_else_and_leaves_nobody_out(partitions: int, members: int) -> None:
    before = range_assignment(partitions, members)
    for gone in range(members):
        after = sticky_assignment(before, gone, members)
        assert (after[before != gone] == before[before != gone]).all()
        held = np.bincount(after, minlength=members)
        assert held[gone] == 0
        assert np.ptp(np.delete(held, gone)) <= 1


def test_nobody_takes_over_from_the_only_one() -> None:
    assert set(sticky_assignment(range_assignment(4, 1), 0, 1).tolist()) == {NOBODY}
