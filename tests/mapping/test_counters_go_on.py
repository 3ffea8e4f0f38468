"""Counters that go on where another run stopped, by metric and series."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.simulation.engine import Simulation
from tests.support.exported import default_families, exposed
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.metrics.families import FamilySamples
    from simulator.scenario.model import Scenario
    from simulator.simulation.handover import Handover

STEP: Final = 15.0
COUNTED: Final = [f.name for f in default_families() if f.kind != "gauge"]
STOPPED: Final = episode("consumer-slowdown", group="archiver", capacity_ratio=0.0)
RELEASE: Final = episode("model-release", version="9.9.9", canary_for="1h", duration="2h")
CALM: Final = scenario()


class Left(NamedTuple):
    """The samples of a run, and what it leaves."""

    samples: tuple[FamilySamples, ...]
    counters: dict[str, Any]
    state: Handover


def of(counters: dict[str, Any]) -> dict[str, Any]:
    """What an export leaves that remembers nothing else."""
    return {"counters": counters, "memory": {}}


def run(plan: Scenario, n_ticks: int, *, before: Left | None = None) -> Left:
    """Some ticks of a run that goes on after another."""
    simulation = Simulation(
        plan, origin=MONDAY, step=STEP, before=None if before is None else before.state
    )
    export = Export(default_mapping(), plan, before=None if before is None else of(before.counters))
    samples = export.samples(simulation.advance(n_ticks))
    return Left(samples, export.left()["counters"], simulation.handover())


@pytest.fixture(scope="module")
def left() -> Left:
    """An hour in which the archiver reads nothing, and what it leaves."""
    return run(scenario(STOPPED), 240)


@pytest.fixture(scope="module")
def after(left: Left) -> Left:
    return run(CALM, 8, before=left)


@pytest.fixture(scope="module")
def alone() -> Left:
    return run(CALM, 8)


@pytest.mark.parametrize("name", COUNTED)
def test_a_counter_goes_on_by_what_the_run_alone_counts(
    left: Left, after: Left, alone: Left, name: str
) -> None:
    last, found, counted = (exposed(r.samples, name) for r in (left, after, alone))
    # MinIO's requests follow the archiver, which has a backlog to write
    if not name.startswith("minio_"):
        np.testing.assert_allclose(found, last[-1] + counted, rtol=1e-12)
    assert (found[0] >= last[-1]).all()


def test_what_is_left_survives_being_written_down(left: Left) -> None:
    assert json.loads(json.dumps(left.counters)) == left.counters


def test_what_is_left_has_the_counters_and_no_gauge(left: Left) -> None:
    assert left.counters.keys() - set(COUNTED) == {"minio_s3_requests_ttfb_seconds_distribution"}
    assert set(COUNTED) <= left.counters.keys()


def test_a_run_that_goes_on_is_the_same_however_it_is_cut(left: Left) -> None:
    trace = Simulation(CALM, origin=MONDAY, step=STEP).advance(60)
    whole = Export(default_mapping(), CALM, before=of(left.counters))
    cut = Export(default_mapping(), CALM, before=of(left.counters))
    simulation = Simulation(CALM, origin=MONDAY, step=STEP)
    pieces = [cut.samples(simulation.advance(count)) for count in (1, 7, 52)]

    at_once = whole.samples(trace)
    for name in COUNTED:
        joined = np.concatenate([exposed(piece, name) for piece in pieces])
        np.testing.assert_array_equal(joined, exposed(at_once, name))
    assert whole.left() == cut.left()


def test_handing_over_twice_counts_on_twice(left: Left, after: Left) -> None:
    last = run(CALM, 8, before=after)
    received = [exposed(r.samples, "scoring_requests_total")[-1] for r in (left, after, last)]
    assert (received[0] < received[1]).all()
    np.testing.assert_array_equal(received[2] - received[1], received[1] - received[0])


def predictions(samples: Sequence[FamilySamples]) -> list[float]:
    """How many predictions each version has made after the last tick."""
    (found,) = (s for s in samples if s.family.name == "ml_prediction_duration")
    return np.asarray(found.blocks[1][-1, :, 0], dtype=np.float64).tolist()


def test_a_version_that_was_not_there_before_starts_at_nothing(left: Left) -> None:
    (before,) = predictions(left.samples)
    old, new = predictions(run(scenario(RELEASE), 1, before=left).samples)
    assert old > before
    assert 0 < new < 1000


def test_a_version_keeps_its_counts_by_name(left: Left) -> None:
    renamed = scenario(platform={"model": {"version": "0.0.1"}})
    (found,) = predictions(run(renamed, 1, before=left).samples)
    assert 0 < found < 2000


DECISIONS: Final = "scoring_decisions_total"
ACCEPTED: Final = '{"decision": "accepted"}'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([1, 2], r"left \[1, 2\] in the counter 'scoring_decisions_total', not 1 number$"),
        (-4, "no count in the counter 'scoring_decisions_total'"),
        (0.5, "no count in the counter 'scoring_decisions_total'"),
        (2**53 + 2, "no count in the counter 'scoring_decisions_total'"),
        ("none", "left 'none' in the counter 'scoring_decisions_total'"),
        (None, "in the counter 'scoring_decisions_total'"),
        (True, "in the counter 'scoring_decisions_total'"),
    ],
)
def test_a_count_that_is_none_is_refused(left: Left, value: object, said: str) -> None:
    counters = {**left.counters, DECISIONS: {**left.counters[DECISIONS], ACCEPTED: value}}
    with pytest.raises(ScenarioError, match=said):
        Export(default_mapping(), CALM, before=of(counters))


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -0.5])
def test_a_time_that_is_none_is_refused(left: Left, seconds: float) -> None:
    name = "http_request_duration_seconds"
    times = {key: [*row[:-1], seconds] for key, row in left.counters[name].items()}
    with pytest.raises(ScenarioError, match=f"no count in the counter '{name}'"):
        Export(default_mapping(), CALM, before=of({**left.counters, name: times}))


def test_buckets_of_another_number_are_refused(left: Left) -> None:
    name = "scoring_credit_score"
    rows = {key: row[1:] for key, row in left.counters[name].items()}
    with pytest.raises(ScenarioError, match=rf"in the counter '{name}', not 16 numbers"):
        Export(default_mapping(), CALM, before=of({**left.counters, name: rows}))


@pytest.mark.parametrize("value", [None, 3, [1, 2], "none"])
def test_a_counter_that_is_none_is_refused(left: Left, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"no usable counter '{DECISIONS}'"):
        Export(default_mapping(), CALM, before=of({**left.counters, DECISIONS: value}))


def test_a_missing_counter_is_refused(left: Left) -> None:
    counters = {name: value for name, value in left.counters.items() if name != DECISIONS}
    with pytest.raises(ScenarioError, match=f"no usable counter '{DECISIONS}'"):
        Export(default_mapping(), CALM, before=of(counters))
