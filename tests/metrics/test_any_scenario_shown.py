"""What any scenario shows, tick by tick: numbers, laws since restarts, live as in a history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.metrics.columns import trace_columns
from simulator.metrics.self_monitoring import RUN, RunState
from simulator.metrics.snapshot import Snapshots
from simulator.scenario.timed_run import TimedRun
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of, samples_from_start
from tests.support.scenario_builders import MONDAY
from tests.support.scenario_strategies import plans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from simulator.metrics.openmetrics import FamilyColumns
    from simulator.metrics.snapshot import Snapshot
    from simulator.scenario.model import Scenario

N_TICKS: Final = 24
Key = tuple[str, tuple[tuple[str, str], ...], str]
#: By a glitch of the exporter, and where there is none.
MAY_BE_BELOW_0: Final = ("kafka_consumergroup", "kafka_topic_partition_leader")


def shown(families: Iterable[FamilyColumns]) -> Iterator[tuple[Key, NDArray[np.float64]]]:
    for family in families:
        for series in family.series:
            for column in series.columns:
                yield (
                    (family.name + column.suffix, series.labels, column.le),
                    column.values.astype(np.float64),
                )


def live(snapshot: Snapshot) -> list[float]:
    own = {family.name for family in RUN}
    return sorted(
        value
        for job, series in snapshot.series.items()
        for one, value in zip(series, snapshot.values[job].tolist(), strict=True)
        if one.name not in own and not np.isnan(value)
    )


@given(plans(), st.sampled_from([1.0, 30.0]))
@settings(max_examples=8, deadline=None)
def test_samples_are_numbers_and_the_same_live_as_in_a_history(plan: Scenario, step: float) -> None:
    run, ticking = (Simulation(plan, origin=MONDAY, step=step) for _ in range(2))
    trace = run.advance(N_TICKS)
    samples = dict(shown(trace_columns(trace, samples_from_start(trace), instance="lab")))
    export = export_of(plan)
    snapshots = Snapshots(export.families, plan)

    for (name, _, _), values in samples.items():
        there = values[~np.isnan(values)]
        assert np.isfinite(there).all(), name
        assert name.startswith(MAY_BE_BELOW_0) or there.min(initial=0.0) >= 0.0, name
    for tick in range(N_TICKS):
        of_history = [float(v[tick]) for v in samples.values() if not np.isnan(v[tick])]
        one = ticking.advance()
        of_live = live(snapshots.of(one, export.samples(one), RunState()))
        assert sorted(of_history) == of_live, tick


def _falls(values: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """The ticks between which a counter fell: when it was last seen, and when it was lower."""
    seen = np.flatnonzero(~np.isnan(values))
    lower = np.flatnonzero(np.diff(values[seen]) < 0.0)
    yield from zip(seen[lower].tolist(), seen[lower + 1].tolist(), strict=True)


def _resets(plan: Scenario, step: float) -> dict[str, list[float]]:
    """When truth says that the counters of each job start again, in ticks since the start."""
    found: dict[str, list[float]] = {job: [] for job in JOBS}
    truth = TimedRun(plan, 0.0, plan.duration, step, "lab").as_json()
    for e in truth["episodes"]:
        for moment in e.get("resets", ()):
            for job in e["parameters"]["jobs"]:
                found[job].append(datetime.fromisoformat(moment).timestamp() / step)
    return found


@given(plans(), st.sampled_from([1.0, 30.0]))
@settings(max_examples=8, deadline=None)
def test_counters_fall_only_where_truth_says_that_they_do(plan: Scenario, step: float) -> None:
    trace = Simulation(plan, origin=MONDAY, step=step).advance(N_TICKS)
    resets = _resets(plan, step)
    counted = (
        one
        for one in trace_columns(trace, samples_from_start(trace), instance="lab")
        if one.kind in {"counter", "histogram"}
    )
    for (name, labels, _), values in shown(counted):
        for before, after in _falls(values):
            between = [before + 1 - 1e-6 <= at < after + 1 for at in resets[dict(labels)["job"]]]
            assert any(between), (name, labels, before, after)
