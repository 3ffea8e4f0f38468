"""A tick is exposed live as its samples are in a history: both read a family in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.metrics.columns import trace_columns
from simulator.metrics.self_monitoring import JOB, RUN, RunState
from simulator.metrics.snapshot import Snapshots
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of, samples_from_start
from tests.support.scenario_builders import episode, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.metrics.exposition import Series
    from simulator.metrics.openmetrics import Pairs
    from simulator.metrics.snapshot import Snapshot
    from simulator.scenario.model import Scenario

STEP: Final = 15.0
SHORT: Final = 60.0
N_TICKS: Final = 40

Values = dict[tuple[str, str, frozenset[tuple[str, str]]], list[float]]


def of_history(simulation: Simulation) -> Values:
    """The values of every sample at every tick, by job, name and labels."""
    trace = simulation.advance(N_TICKS)
    columns = trace_columns(trace, samples_from_start(trace), instance="lab", bound=str)
    return {
        named(family.name + column.suffix, series.labels, column.le): column.values.tolist()
        for family in columns
        for series in family.series
        for column in series.columns
    }


def named(name: str, labels: Pairs, le: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    others = dict(labels)
    job = others.pop("job")
    del others["instance"]
    return job, name, frozenset({**others, **({"le": le} if le else {})}.items())


def of_live(simulation: Simulation) -> Values:
    """The same of a live run, tick after tick; without what that tells of itself."""
    export = export_of(simulation.scenario)
    snapshots = Snapshots(export.families, simulation.scenario)
    traces = (simulation.advance() for _ in range(N_TICKS))
    ticks = [dict(exposed(snapshots.of(t, export.samples(t), RunState()))) for t in traces]
    return {key: [tick[key] for tick in ticks] for key in ticks[0]}


def exposed(
    snapshot: Snapshot,
) -> Iterator[tuple[tuple[str, str, frozenset[tuple[str, str]]], float]]:
    own = {family.name for family in RUN}
    for job, series in snapshot.series.items():
        for one, value in zip(series, snapshot.values[job].tolist(), strict=True):
            if one.name not in own:
                yield key_of(job, one), value


def key_of(job: str, series: Series) -> tuple[str, str, frozenset[tuple[str, str]]]:
    return job, series.name, frozenset(series.labels.items())


@pytest.fixture(scope="module")
def unseen() -> Scenario:
    """All that comes between the platform and Prometheus, within the ticks that are compared."""
    span = {"start": "2m", "duration": "5m"}
    return scenario(
        episode("counter-reset", jobs=["scoring-api", "ml-model"], every="1m", down="20s", **span),
        episode("counter-reset", name="store", jobs=["minio"], start="8m", duration="1m"),
        episode("scrape-gap", jobs=["minio", "compliance"], **span),
        episode("scrape-gap", name="late", jobs=["minio"], mode="late", late_seconds=9, **span),
        episode("exporter-glitch", form="negative", apart_seconds=8, **span),
        episode("exporter-glitch", name="gone", form="vanish", group="archiver", **span),
        episode(
            "exporter-glitch",
            name="uncommitted",
            form="no-commit",
            group="risk-monitoring",
            partitions=5,
            **span,
        ),
    )


@pytest.mark.parametrize("name", ["tour", "model-release", "unseen"])
def test_every_sample_of_every_tick_is_the_same_live_and_in_a_history(
    name: str, unseen: Scenario
) -> None:
    plan = unseen if name == "unseen" else load_scenario(name).compressed(SHORT)

    def run() -> Simulation:
        return Simulation(plan, origin=1.8e9, step=STEP)

    history, live = of_history(run()), of_live(run())

    assert history.keys() == live.keys()
    assert {job for job, _, _ in live} > {JOB, "minio"}
    differing = [key for key in live if not same(history[key], live[key])]
    assert differing == []


def same(one: list[float], other: list[float]) -> bool:
    """Whether values are equal, and absent at the same ticks."""
    return bool(np.array_equal(array(one), array(other), equal_nan=True))


def array(values: list[float]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)
