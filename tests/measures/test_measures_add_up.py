"""Every measure, along whatever it is told apart by: the same events, however finely and cut."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Histogram, Measure, Values
from simulator.measures.seen import Seen
from simulator.seeding import Streams
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

N_TICKS: Final = 40
PLAN: Final = scenario(
    episode("errors", status=503, ratio=0.2, start="2m", duration="5m"),
    episode("drive-loss", drives=5, start="4m", duration="3m"),
    episode("model-release", version="9.9.9", canary_for="5m", duration="2h", start="1m"),
    platform={
        "model": {"hidden_features": ["age", "amount"]},
        "monitoring": {"label_delay": "1m"},
    },
)


def advanced(plan: Scenario, *sizes: int) -> list[Trace]:
    simulation = Simulation(plan, origin=MONDAY, step=15.0)
    return [simulation.advance(size) for size in sizes]


@pytest.fixture(scope="module")
def trace() -> Trace:
    return advanced(PLAN, N_TICKS)[0]


def looked_at(trace: Trace) -> Seen:
    return Seen(trace, Streams(trace.scenario.seed))


def arrays(values: Values) -> tuple[NDArray[Any], ...]:
    return tuple(values) if isinstance(values, Histogram) else (values,)


def subsets(measure: Measure) -> Iterator[tuple[str, ...]]:
    """All dimensions that can be asked for together, in every choice."""
    choices = chain.from_iterable(
        combinations(measure.dimensions, n) for n in range(len(measure.dimensions) + 1)
    )
    for asked in choices:
        is_apart = any(apart <= set(asked) for apart in measure.apart)
        if set(measure.needs) <= set(asked) and not is_apart:
            yield asked


def size_of(measure: Measure, dimension: str) -> int:
    """One value more where there may be none."""
    return len(DIMENSIONS[dimension].values(PLAN)) + (dimension in measure.open_ended)


COUNTED: Final = [m for m in MEASURES.values() if m.kind != "state"]
STATES: Final = [m for m in MEASURES.values() if m.kind == "state"]
each_counted = pytest.mark.parametrize("measure", COUNTED, ids=lambda m: m.name)


@each_counted
def test_values_have_an_axis_for_each_dimension_asked_for_in_its_order(
    trace: Trace, measure: Measure
) -> None:
    seen = looked_at(trace)
    for asked in subsets(measure):
        for order in (asked, asked[::-1]):
            sizes = tuple(size_of(measure, d) for d in order)
            found, *sums = arrays(measure.of(seen, order))
            n_buckets = (len(measure.edges) + 1,) if measure.kind == "histogram" else ()
            assert found.shape == (N_TICKS, *sizes, *n_buckets)
            assert all(each.shape == (N_TICKS, *sizes) for each in sums)


@each_counted
def test_what_is_told_apart_adds_up_to_what_is_not(trace: Trace, measure: Measure) -> None:
    """Of all subsets, so that finer splits agree with each other, too."""
    seen = looked_at(trace)
    found = {asked: arrays(measure.of(seen, asked)) for asked in subsets(measure)}
    for finer, parts in found.items():
        for coarser in (c for c in found if set(c) < set(finer)):
            gone = tuple(i + 1 for i, d in enumerate(finer) if d not in coarser)
            for part, whole in zip(parts, found[coarser], strict=True):
                np.testing.assert_allclose(part.sum(axis=gone), whole, rtol=1e-9)


@each_counted
def test_nothing_is_counted_below_0_and_something_is(trace: Trace, measure: Measure) -> None:
    finest = max(subsets(measure), key=len)
    counts = arrays(measure.of(looked_at(trace), finest))[0]
    assert counts.min() >= 0
    assert counts.sum() > 0


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.name)
def test_values_are_the_same_however_a_run_is_cut(trace: Trace, measure: Measure) -> None:
    whole, streams = looked_at(trace), Streams(PLAN.seed)
    finest = max(subsets(measure), key=len) if measure.kind != "state" else measure.dimensions
    parts = [Seen(part, streams) for part in advanced(PLAN, 1, 16, 23)]
    joined = zip(*(arrays(measure.of(part, finest)) for part in parts), strict=True)
    at_once = arrays(measure.of(whole, finest))
    for of_parts, of_whole in zip(joined, at_once, strict=True):
        np.testing.assert_array_equal(np.concatenate(of_parts), of_whole)


@pytest.mark.parametrize("measure", STATES, ids=lambda m: m.name)
def test_a_state_has_an_axis_for_each_of_its_dimensions(trace: Trace, measure: Measure) -> None:
    sizes = tuple(len(DIMENSIONS[d].values(PLAN)) for d in measure.dimensions)
    (found,) = arrays(measure.of(looked_at(trace), measure.dimensions))
    assert found.shape == (N_TICKS, *sizes)


def test_what_is_told_apart_adds_up_and_fits_where_there_are_further_topics() -> None:
    topics = [{"name": "requests", "partitions": 3, "consumer_groups": [{"name": "scorer"}]}]
    plan = scenario(platform={"kafka": {"further_topics": topics}})
    seen = looked_at(advanced(plan, 4)[0])
    for measure in (m for m in MEASURES.values() if m.component == "kafka-exporter"):
        (found,) = arrays(measure.of(seen, measure.dimensions))
        assert found.shape == (4, *(len(DIMENSIONS[d].values(plan)) for d in measure.dimensions))
    whole, by_topic = (MEASURES["messages_in"].of(seen, asked) for asked in ((), ("topic",)))
    assert isinstance(by_topic, np.ndarray)
    assert (by_topic.sum(axis=0) > 0).all()
    np.testing.assert_array_equal(by_topic.sum(axis=1), whole)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.name)
def test_a_measure_is_described_in_terms_that_are_known(measure: Measure) -> None:
    assert set(measure.dimensions) <= DIMENSIONS.keys()
    assert set(measure.needs) <= set(measure.dimensions)
    assert all(DIMENSIONS[d].of is None for d in measure.dimensions)
    assert (measure.kind == "histogram") == bool(measure.edges)
    assert measure.folds


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda d: d.name)
def test_the_values_of_a_dimension_are_its_own(dimension: Any) -> None:  # noqa: ANN401 - of pytest
    values = dimension.values(PLAN)
    assert len(set(values)) == len(values) > 0
    if dimension.of is not None:
        of_each = dimension.each(PLAN)
        assert len(of_each) == len(DIMENSIONS[dimension.of].values(PLAN))
        assert set(of_each) <= set(values)
    if dimension.called is not None:
        assert len(dimension.called(PLAN)) == len(values)


def test_applications_that_were_scored_are_of_the_version_that_scored_them(trace: Trace) -> None:
    by_version = MEASURES["applications"].of(looked_at(trace), ("outcome", "version"))
    assert isinstance(by_version, np.ndarray)
    assert by_version[:, 0, -1].sum() == 0
    np.testing.assert_array_equal(by_version[:, 0, :-1], trace.scored.cells.sum(axis=(2, 3)))


def test_no_application_is_of_a_version_without_traffic(trace: Trace) -> None:
    by_version = MEASURES["applications"].of(looked_at(trace), ("version",))
    assert isinstance(by_version, np.ndarray)
    assert by_version[:, :-1][trace.causes.version_shares == 0.0].sum() == 0
