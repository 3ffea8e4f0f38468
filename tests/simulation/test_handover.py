"""A run that goes on where another one stopped."""

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import differing, joined

STEP, TICKS = 15.0, 240
STOPPED = episode("consumer-slowdown", group="archiver", capacity_ratio=0.0)


def run(plan: Scenario, *, before: Handover | None = None) -> Simulation:
    return Simulation(plan, origin=MONDAY, step=STEP, before=before)


@pytest.fixture(scope="module")
def first() -> tuple[Trace, Handover]:
    """An hour in which the archiver reads nothing, and what it leaves."""
    simulation = run(scenario(STOPPED))
    return simulation.advance(TICKS), simulation.handover()


@pytest.fixture(scope="module")
def trace(first: tuple[Trace, Handover]) -> Trace:
    return first[0]


@pytest.fixture(scope="module")
def left(first: tuple[Trace, Handover]) -> Handover:
    return first[1]


def test_offsets_go_on_and_the_backlog_is_worked_off(trace: Trace, left: Handover) -> None:
    topic = run(scenario(), before=left).advance(60).topic
    assert (topic.log_end[0] >= trace.topic.log_end[-1]).all()
    assert (topic.committed[0] >= trace.topic.committed[-1]).all()
    lag = topic.lag.sum(axis=2)[:, 0]
    assert lag[0] > 100_000
    assert lag[-1] < 1000


def test_the_laws_hold_across_the_join(left: Handover) -> None:
    after = run(scenario(), before=left).advance(8)
    scored = after.requests.applications[:, :, 0].sum(axis=1)
    growth = np.diff(after.topic.log_end.sum(axis=1), prepend=sum(left.log_end))
    assert (growth == scored).all()
    assert (after.topic.lag >= 0).all()


def test_what_is_stored_stays_stored(trace: Trace, left: Handover) -> None:
    after = run(scenario(), before=left).advance(1)
    assert after.storage.used[0] >= trace.storage.used[-1]


def test_the_state_survives_being_written_down(left: Handover) -> None:
    assert Handover.model_validate_json(left.model_dump_json()) == left


def test_a_run_that_goes_on_is_the_same_however_it_is_cut(left: Handover) -> None:
    whole = run(scenario(), before=left).advance(60)
    pieces = run(scenario(), before=left)
    parts = [pieces.advance(count) for count in (1, 7, 52)]
    assert differing(joined([whole]), joined(parts)) == []


def test_handing_over_twice_is_handing_over_once(left: Handover) -> None:
    middle, whole = (run(scenario(), before=left) for _ in range(2))
    middle.advance(4)
    last = run(scenario(), before=middle.handover())
    last.advance(4)
    whole.advance(4)
    assert sum(last.handover().log_end) > sum(whole.handover().log_end) > sum(left.log_end)


def test_another_number_of_partitions_is_refused(left: Handover) -> None:
    smaller = scenario(platform={"kafka": {"partitions": 6}})
    with pytest.raises(ScenarioError, match="had 12 partitions in the run before, and has 6"):
        run(smaller, before=left)
