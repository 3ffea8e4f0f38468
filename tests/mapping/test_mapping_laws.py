"""Laws under mappings of any kind: totals agree, and no mapping changes what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.simulation.engine import Simulation
from tests.support.mapping_strategies import WHOLE, mappings
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import differing, joined

if TYPE_CHECKING:
    from simulator.mapping.model import Mapping
    from simulator.metrics.families import FamilySamples
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

TICKS = 24
SPAN = {"start": "1m", "duration": "3m"}
PLAN = scenario(
    episode("errors", status=503, ratio=0.4, **SPAN),
    episode("errors", name="late", status=504, ratio=0.3, start="2m", duration="2m"),
    episode("model-release", version="4.0.0", canary_for="1m", canary_share=0.4, **SPAN),
    episode("counter-reset", jobs=["scoring-api"], every="2m", **SPAN),
    duration="10m",
    traffic={"requests_per_second": 60.0, "invalid_ratio": 0.05},
)


def run(plan: Scenario = PLAN) -> Simulation:
    return Simulation(plan, origin=MONDAY, step=15.0)


def shown(
    mapping: Mapping, counts: list[int], plan: Scenario = PLAN
) -> tuple[list[Trace], list[dict[str, FamilySamples]]]:
    simulation, export = run(plan), Export(mapping, plan)
    traces = [simulation.advance(count) for count in counts]
    return traces, [{s.family.name: s for s in export.samples(trace)} for trace in traces]


@settings(max_examples=25, deadline=None)
@given(mapping=mappings())
def test_totals_agree_whatever_they_are_told_apart_by(mapping: Mapping) -> None:
    _, (samples,) = shown(mapping, [TICKS])
    for name, found in samples.items():
        whole = samples.get(f"{name.rpartition('_')[0]}_{WHOLE}")
        if whole is None or "le" in whole.family.labels:
            continue
        for block, total in zip(found.blocks, whole.blocks, strict=True):
            assert np.array_equal(block.sum(axis=1), total.sum(axis=1)), name


@settings(max_examples=10, deadline=None)
@given(mapping=mappings(), first=st.integers(1, TICKS - 1))
def test_cutting_a_run_changes_no_sample(mapping: Mapping, first: int) -> None:
    _, (whole,) = shown(mapping, [TICKS])
    _, parts = shown(mapping, [first, TICKS - first])
    for name, found in whole.items():
        for at, block in enumerate(found.blocks):
            cut = np.concatenate([part[name].blocks[at] for part in parts])
            assert np.array_equal(block, cut, equal_nan=True), name


@settings(max_examples=10, deadline=None)
@given(mapping=mappings())
def test_no_mapping_changes_what_happens(mapping: Mapping) -> None:
    traces, _ = shown(mapping, [TICKS])
    others, _ = shown(default_mapping(), [TICKS])
    assert differing(joined(traces), joined(others)) == []


@settings(max_examples=10, deadline=None)
@given(one=mappings(), other=mappings())
def test_no_metric_changes_another(one: Mapping, other: Mapping) -> None:
    _, (alone,) = shown(one, [TICKS])
    _, (beside,) = shown(other.with_more(one), [TICKS])
    for name, found in alone.items():
        for block, same in zip(found.blocks, beside[name].blocks, strict=True):
            assert np.array_equal(block, same, equal_nan=True), name


@settings(max_examples=10, deadline=None)
@given(mapping=mappings())
def test_counters_go_on_in_the_run_after(mapping: Mapping) -> None:
    simulation, export = run(), Export(mapping, PLAN)
    before = export.samples(simulation.advance(TICKS))
    after = Export(mapping, PLAN, before=export.left()).samples(simulation.advance(4))
    alone = Export(mapping, PLAN)
    alone.samples(run().advance(TICKS))
    for old, new in zip(before, after, strict=True):
        for ended, begun in zip(old.blocks, new.blocks, strict=True):
            assert (begun[0] >= ended[-1]).all(), old.family.name
