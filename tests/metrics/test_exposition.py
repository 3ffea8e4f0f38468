"""The text format: byte for byte what prometheus_client writes of the same samples."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric

from simulator.metrics.exposition import Exposition, Series, TextFamily
from simulator.metrics.self_monitoring import RunState
from simulator.metrics.snapshot import Snapshots
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of
from tests.support.exposition_oracle import clients_metrics, clients_text

if TYPE_CHECKING:
    from collections.abc import Sequence

#: None where a series is absent.
VALUES: Final = st.none() | st.one_of(
    st.floats(allow_nan=False),
    st.integers(-(2**63), 2**63).map(float),
    st.integers(0, 400).map(lambda e: 10.0 ** (e / 20 - 10)),
    st.sampled_from([999_999.0, 999_999.5, 1e6, 1e15, 1e16, 1e17, 1e-4, 1e-5, -0.0, -1e6, -1e16]),
)
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"])) | st.text('%s\\\n"{}')
LABELS: Final = st.dictionaries(st.sampled_from(["le", "a", "zone", "B"]), TEXTS)


@st.composite
def families(draw: st.DrawFn) -> list[TextFamily]:
    heads = draw(st.lists(st.tuples(st.sampled_from(["counter", "gauge"]), TEXTS), max_size=4))
    found = []
    for number, (kind, help_text) in zip(count(), heads):
        name = f"family_{number}{'_total' if kind == 'counter' else ''}"
        series = [Series(name, labels) for labels in draw(st.lists(LABELS, max_size=4))]
        found.append(TextFamily(name, kind, help_text, tuple(series)))  # type: ignore[arg-type]  # one of both
    return found


def clients(shown: Sequence[TextFamily], values: Sequence[float | None]) -> bytes:
    """The text of prometheus_client, which is given no sample of an absent series."""
    left = iter(values)
    metrics = []
    for family in shown:
        metric = Metric(family.name.removesuffix("_total"), family.help, family.kind)
        for series in family.series:
            if (value := next(left)) is not None:
                metric.add_sample(series.name, dict(series.labels), value)
        metrics.append(metric)
    return clients_text(metrics)


def as_array(values: Sequence[float | None]) -> np.typing.NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


@given(data=st.data(), shown=families())
def test_text_is_that_of_prometheus_client_whatever_comes_and_goes(
    data: st.DataObject, shown: list[TextFamily]
) -> None:
    exposition = Exposition(shown)
    n = len(exposition.series)
    for values in data.draw(st.lists(st.lists(VALUES, min_size=n, max_size=n), max_size=4)):
        assert exposition.text(as_array(values)) == clients(shown, values)


@given(value=st.floats(allow_nan=False))
def test_a_number_is_written_as_prometheus_client_does(value: float) -> None:
    shown = [TextFamily.of_one("one", "gauge", "")]

    assert Exposition(shown).text(np.array([value])) == clients(shown, [value])


@pytest.mark.parametrize("name", ["tour", "model-release"])
def test_every_tick_is_as_prometheus_client_writes_it(name: str) -> None:
    simulation = Simulation(load_scenario(name).compressed(60.0), origin=1.8e9, step=15.0)
    export = export_of(simulation.scenario)
    snapshots = Snapshots(export.families, simulation.scenario)
    for _ in range(60):
        trace = simulation.advance()
        samples = export.samples(trace)
        *platform, _ = snapshots.of(trace, samples, RunState()).texts.values()
        assert b"".join(platform) == clients_text(clients_metrics(samples))


def test_samples_of_a_snapshot_are_those_of_its_text() -> None:
    simulation = Simulation(load_scenario("model-release"), origin=1.8e9, step=15.0)
    trace = simulation.advance()
    export = export_of(simulation.scenario)
    samples = export.samples(trace)
    snapshots = Snapshots(export.families, simulation.scenario)
    snapshot = snapshots.of(trace, samples, RunState(ticks=7))

    platform = [s for job in list(snapshot.texts)[:-1] for s in snapshot.samples(job)]
    assert platform == [s for metric in clients_metrics(samples) for s in metric.samples]
    assert ("simulator_ticks_total", {}, 7.0) in [s[:3] for s in snapshot.samples("simulator")]
