"""Laws under metrics of every form: what is written agrees, and nothing changes anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from simulator.mapping.export import Export
from simulator.mapping.kinds import sources_in
from simulator.mapping.loading import default_mapping
from simulator.metrics.columns import trace_columns
from simulator.metrics.self_monitoring import JOB, RunState
from simulator.metrics.snapshot import Snapshots
from simulator.simulation.engine import Simulation
from tests.mapping.test_mapping_laws import PLAN, TICKS, run, shown
from tests.support.form_strategies import mappings_of_forms
from tests.support.mapped import over_a_file
from tests.support.scenario_builders import MONDAY, scenario
from tests.support.scenario_strategies import plans
from tests.support.trace_arrays import differing, joined

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from simulator.mapping.model import Mapping
    from simulator.mapping.sources import Source
    from simulator.metrics.families import FamilySamples
    from simulator.scenario.model import Scenario


def _by_key(samples: tuple[FamilySamples, ...]) -> dict[str, FamilySamples]:
    return {one.family.key: one for one in samples}


@settings(max_examples=15, deadline=None)
@given(mapping=mappings_of_forms(), first=st.integers(1, TICKS - 1))
def test_cutting_a_run_changes_no_sample(mapping: Mapping, first: int) -> None:
    export, simulation = Export(mapping, PLAN), run()
    whole = _by_key(export.samples(simulation.advance(TICKS)))
    cut, other = Export(mapping, PLAN), run()
    parts = [_by_key(cut.samples(other.advance(n))) for n in (first, TICKS - first)]
    for key, found in whole.items():
        for at, block in enumerate(found.blocks):
            pieces = np.concatenate([part[key].blocks[at] for part in parts])
            assert _same_as(block, pieces), key
    assert over_a_file(export.left())["memory"] == over_a_file(cut.left())["memory"]


@settings(max_examples=15, deadline=None)
@given(mapping=mappings_of_forms())
def test_no_form_changes_what_happens(mapping: Mapping) -> None:
    traces, _ = shown(mapping, [TICKS])
    others, _ = shown(default_mapping(), [TICKS])
    assert differing(joined(traces), joined(others)) == []


@settings(max_examples=20, deadline=None)
@given(one=mappings_of_forms(), other=mappings_of_forms("y"))
def test_no_form_changes_another(one: Mapping, other: Mapping) -> None:
    alone = _by_key(Export(one, PLAN).samples(run().advance(TICKS)))
    beside = _by_key(Export(other.with_more(one), PLAN).samples(run().advance(TICKS)))
    for key, found in alone.items():
        for block, same in zip(found.blocks, beside[key].blocks, strict=True):
            assert np.array_equal(block, same, equal_nan=True), key


def _same_as(block: NDArray[Any], pieces: NDArray[Any]) -> bool:
    """To the bit; sums of sizes, which are exact below 2^33, to a rounding beyond."""
    if block.dtype.kind != "f":
        return np.array_equal(block, pieces)
    is_beyond = np.abs(block) >= 2.0**33
    is_near = np.isclose(block, pieces, rtol=1e-12, atol=0.0, equal_nan=True)
    is_same = (block == pieces) | (np.isnan(block) & np.isnan(pieces))
    return bool(np.where(is_beyond, is_near, is_same).all())


def _looks_back(source: Source) -> bool:
    """Whether what it counts depends on the ticks before."""
    is_one = source.form in {"events", "offsets", "signal"}
    return is_one or any(_looks_back(inside) for _, inside in sources_in(source))


@settings(max_examples=20, deadline=None)
@given(mapping=mappings_of_forms())
def test_what_is_counted_goes_on_over_a_file_by_what_the_run_after_counts(mapping: Mapping) -> None:
    before = Export(mapping, PLAN)
    ended = _by_key(before.samples(run().advance(TICKS)))
    trace = run().advance(3)  # nothing restarts in them
    after = Export(mapping, PLAN, before=over_a_file(before.left())).samples(trace)
    alone = _by_key(Export(mapping, PLAN).samples(trace))
    for family, blocks in after:
        if family.kind == "gauge" or _looks_back(mapping.metrics[family.name]):
            continue
        for old, new, own in zip(
            ended[family.key].blocks, blocks, alone[family.key].blocks, strict=True
        ):
            assert np.allclose(new - old[-1], own, rtol=1e-9), family.key


def _written(mapping: Mapping, plan: Scenario) -> None:
    """Live text, what a parser reads in it, and columns say the same, and are what they claim."""
    simulation = Simulation(plan, origin=MONDAY, step=15.0)
    export = Export(mapping, plan)
    snapshots = Snapshots(export.families, plan)
    for _ in range(6):
        trace = simulation.advance(3)
        samples = export.samples(trace)
        _cumulative(samples)
        live = {}
        for job, text in snapshots.of(trace, samples, RunState()).texts.items():
            assert b" nan" not in text.lower(), text
            for family in text_string_to_metric_families(text.decode()):
                for one in family.samples:
                    labels = {"job": job, **one.labels}
                    key = (one.name, frozenset(labels.items()))
                    assert key not in live, key
                    live[key] = one.value
        kept = {}
        for columns in trace_columns(trace, samples, instance="i"):
            for series in columns.series:
                for column in series.columns:
                    bound = {"le": column.le} if column.le else {}
                    labels = {**dict(series.labels), **bound}
                    del labels["instance"]
                    key = (columns.name + column.suffix, frozenset(labels.items()))
                    assert key not in kept, key
                    if not np.isnan(column.values[-1]):
                        kept[key] = float(column.values[-1])
        of_platform = {k: v for k, v in live.items() if not k[0].startswith(f"{JOB}_")}
        kept = {k: v for k, v in kept.items() if not k[0].startswith(f"{JOB}_")}
        assert {_with_plain_bound(k): v for k, v in of_platform.items()} == {
            _with_plain_bound(k): v for k, v in kept.items()
        }


def _with_plain_bound(key: tuple[str, frozenset[tuple[str, str]]]) -> object:
    """Bounds are the same numbers, however they are written."""
    name, labels = key
    is_bucket = name.endswith("_bucket")
    return name, frozenset((n, float(v) if is_bucket and n == "le" else v) for n, v in labels)


def _cumulative(samples: tuple[FamilySamples, ...]) -> None:
    for family, blocks in samples:
        if family.kind != "histogram":
            continue
        buckets, counts, _ = blocks
        known = ~np.isnan(counts)
        assert (np.diff(np.where(known, buckets, 0.0), axis=2) >= 0).all(), family.key
        assert np.array_equal(buckets[:, :, -1:], counts, equal_nan=True), family.key


@settings(max_examples=15, deadline=None)
@given(mapping=mappings_of_forms())
def test_live_text_and_history_say_the_same(mapping: Mapping) -> None:
    _written(mapping, PLAN)


@settings(max_examples=15, deadline=None)
@given(mapping=mappings_of_forms(), plan=plans())
def test_the_same_holds_whatever_happens_on_any_platform(mapping: Mapping, plan: Scenario) -> None:
    _written(mapping, plan)


@settings(max_examples=15, deadline=None)
@given(mapping=mappings_of_forms(), rate=st.sampled_from([1e-6, 1e9]))
def test_the_same_holds_for_no_traffic_and_for_all_there_is(mapping: Mapping, rate: float) -> None:
    _written(mapping, scenario(traffic={"requests_per_second": rate}))
