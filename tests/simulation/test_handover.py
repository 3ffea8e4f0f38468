"""A run that goes on where another one stopped."""

from dataclasses import fields

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.simulation.trace import Totals, Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import differing, joined

STEP, TICKS = 15.0, 240
COUNTERS = [field.name for field in fields(Totals)]
STOPPED = episode("consumer-slowdown", group="archiver", capacity_ratio=0.0)
RELEASE = episode("model-release", version="9.9.9", canary_for="1h", duration="2h")


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


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_goes_on_by_what_the_run_alone_counts(
    trace: Trace, left: Handover, name: str
) -> None:
    alone = getattr(run(scenario()).advance(8).totals, name)
    after = getattr(run(scenario(), before=left).advance(8).totals, name)
    # MinIO's requests follow the archiver, which has a backlog to write
    if not name.startswith(("s3_", "first_")):
        np.testing.assert_allclose(after, getattr(trace.totals, name)[-1] + alone, rtol=1e-12)
    assert (after[0] >= getattr(trace.totals, name)[-1]).all()


def test_offsets_go_on_and_the_backlog_is_worked_off(trace: Trace, left: Handover) -> None:
    topic = run(scenario(), before=left).advance(60).topic
    assert (topic.log_end[0] >= trace.topic.log_end[-1]).all()
    assert (topic.committed[0] >= trace.topic.committed[-1]).all()
    lag = topic.lag.sum(axis=2)[:, 0]
    assert lag[0] > 100_000
    assert lag[-1] < 1000


def test_the_laws_hold_across_the_join(left: Handover) -> None:
    after = run(scenario(), before=left).advance(8)
    scored = after.totals.applications[:, :, 0].sum(axis=1)
    for other in (after.totals.scores, after.totals.levels, after.topic.log_end):
        assert (other.sum(axis=1) == scored).all()
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
    middle = run(scenario(), before=left)
    middle.advance(4)
    last = run(scenario(), before=middle.handover())
    last.advance(4)
    two_runs = sum(map(sum, np.array(last.handover().counters["applications"]).tolist()))
    assert two_runs > sum(map(sum, np.array(left.counters["applications"]).tolist()))


def test_a_version_that_was_not_there_before_starts_at_nothing(left: Handover) -> None:
    after = run(scenario(RELEASE), before=left)
    predictions = after.advance(1).totals.prediction[0].sum(axis=1)
    before = np.array(left.counters["prediction"])[0].sum()
    assert predictions[0] > before
    assert 0 < predictions[1] < 1000


def test_a_version_keeps_its_counts_by_name(left: Handover) -> None:
    renamed = left.model_copy(update={"versions": ("0.0.1",)})
    predictions = run(scenario(), before=renamed).advance(1).totals.prediction[0].sum()
    assert predictions < 2000


def test_another_number_of_partitions_is_refused(left: Handover) -> None:
    smaller = scenario(platform={"kafka": {"partitions": 6}})
    with pytest.raises(ScenarioError, match="had 12 partitions in the run before, and has 6"):
        run(smaller, before=left)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([1, 2], r"'levels' of shape \(2,\), not \(4,\)"),
        ([1, 2, 3, -4], "no count in the counter 'levels'"),
        ("none", "no usable counter 'levels'"),
        ([[1], [2, 3]], "no usable counter 'levels'"),
    ],
)
def test_a_counter_that_does_not_fit_is_refused(left: Handover, value: object, said: str) -> None:
    broken = left.model_copy(update={"counters": {**left.counters, "levels": value}})
    with pytest.raises(ScenarioError, match=said):
        run(scenario(), before=broken)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -0.5])
def test_a_time_that_is_none_is_refused(left: Handover, seconds: float) -> None:
    times = [[seconds, *row[1:]] for row in left.counters["http_seconds"]]
    broken = left.model_copy(update={"counters": {**left.counters, "http_seconds": times}})
    with pytest.raises(ScenarioError, match="no count in the counter 'http_seconds'"):
        run(scenario(), before=broken)


def test_a_missing_counter_is_refused(left: Handover) -> None:
    counters = {name: value for name, value in left.counters.items() if name != "http"}
    with pytest.raises(ScenarioError, match="no usable counter 'http'"):
        run(scenario(), before=left.model_copy(update={"counters": counters}))
