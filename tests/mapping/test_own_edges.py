"""Buckets with edges of one's own: whole numbers that agree wherever two metrics meet."""

from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.edges import notes, places
from simulator.mapping.export import Export
from simulator.measures.catalogue import MEASURES
from simulator.measures.refining import Place
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from simulator.simulation.trace import Trace
from tests.support.mapped import STEP, Shown, joined, mapping, shown
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_share

PLAN: Final = scenario(
    episode("slow-dependency", dependency="bureau", factor=6, start="2m", duration="5m"),
    episode("counter-reset", jobs=["scoring-api"], start="5m", duration="1m"),
    episode("model-release", version="9.9.9", canary_for="5m", start="1m", duration="9m"),
)
TICKS: Final = 40
LABELS: Final[dict[str, dict[str, str]]] = {
    "scores": {"v": "version", "c": "channel"},
    "predictions": {"v": "version", "m": "model"},
    "http_requests": {
        "c": "channel",
        "e": "endpoint",
        "m": "method",
        "s": "status_class",
        "t": "status",
        "v": "version",
    },
}
TOPS: Final = {"scores": 900.0, "predictions": 6.0, "http_requests": 12.0}


@cache
def trace() -> Trace:
    return Simulation(PLAN, origin=MONDAY, step=STEP).advance(TICKS)


def samples(**metrics: dict[str, Any]) -> list[Shown]:
    return joined([Export(mapping(**metrics), PLAN).samples(trace())])


def up_to(series: list[Shown], name: str, edges: list[float], *labels: str) -> dict[Any, Floats]:
    """Totals by these labels and edge, the last being that of all."""
    found: dict[Any, Floats] = {}
    for one in series:
        if one.name == name:
            key = tuple(one.labels[label] for label in labels)
            for edge, values in zip([*edges, np.inf], one.values.T, strict=False):
                found[key, edge] = found.get((key, edge), np.zeros(TICKS)) + values
    return found


@st.composite
def histograms(draw: st.DrawFn) -> tuple[str, list[tuple[list[str], list[float]]]]:
    """A measure, and at least three metrics of it: labels and edges of each."""
    measure = draw(st.sampled_from(sorted(LABELS)))
    low, high = (280.0, 900.0) if measure == "scores" else (1e-4, TOPS[measure])
    kernel = [edge for edge in MEASURES[measure].edges if draw(st.booleans())]
    # with so few digits that no two are written alike
    written = st.floats(low, high).map(lambda edge: float(f"{edge:.9g}"))
    some = written | st.sampled_from([*kernel, high])
    metric = st.tuples(
        st.lists(st.sampled_from(sorted(LABELS[measure])), unique=True),
        st.lists(some, min_size=1, max_size=4, unique=True).map(sorted),
    )
    found = draw(st.lists(metric, min_size=3, max_size=4))
    shared = found[0][1][0]
    return measure, [(labels, sorted({*edges, shared})) for labels, edges in found]


@settings(max_examples=25)
@given(histograms())
def test_metrics_of_a_measure_agree_at_every_edge_and_label_that_two_have(
    drawn: tuple[str, list[tuple[list[str], list[float]]]],
) -> None:
    measure, metrics = drawn
    said = {
        f"m{i}": {
            "measure": measure,
            "edges": edges,
            "labels": {k: LABELS[measure][k] for k in keys},
        }
        for i, (keys, edges) in enumerate(metrics)
    }
    series = samples(**said)
    for i, (keys, edges) in enumerate(metrics):
        for j, (others, other_edges) in enumerate(metrics[:i]):
            both = sorted({*keys} & {*others})
            one = up_to(series, f"m{i}", edges, *both)
            other = up_to(series, f"m{j}", other_edges, *both)
            common = one.keys() & other.keys()
            assert common
            for key in common:
                np.testing.assert_array_equal(one[key], other[key], err_msg=str(key))


@settings(max_examples=25)
@given(histograms())
def test_buckets_are_whole_rise_with_their_edges_and_end_with_all(
    drawn: tuple[str, list[tuple[list[str], list[float]]]],
) -> None:
    measure, metrics = drawn
    keys, edges = metrics[0]
    labels = {k: LABELS[measure][k] for k in keys}
    series = samples(
        own={"measure": measure, "edges": edges, "labels": labels},
        plain={"measure": measure, "labels": labels},
    )
    own, plain = ([s for s in series if s.name == name] for name in ("own", "plain"))
    for one, other in zip(own, plain, strict=True):
        buckets = one.values[:, : len(edges) + 1]
        assert (buckets == np.floor(buckets)).all()
        assert (np.diff(buckets, axis=1, prepend=0) >= 0).all()
        np.testing.assert_array_equal(one.values[:, -2:], other.values[:, -2:])  # count and sum


@settings(max_examples=10)
@given(st.sets(st.integers(1, TICKS - 1), max_size=4))
def test_where_a_run_is_cut_changes_no_bucket(cuts: set[int]) -> None:
    metrics = mapping(
        scores={"measure": "scores", "edges": [505, 600, 644.5], "labels": LABELS["scores"]},
        seconds={"measure": "http_requests", "edges": [0.012, 0.33], "labels": {"s": "class"}},
    )
    edges = [0, *sorted(cuts), TICKS]
    whole, cut = (shown(PLAN, metrics, n) for n in ([TICKS], np.diff(edges).tolist()))
    for one, other in zip(whole, cut, strict=True):
        np.testing.assert_array_equal(one.values, other.values, err_msg=one.name)


def test_another_metric_changes_no_bucket() -> None:
    one = {"measure": "scores", "edges": [605.0], "labels": {"c": "channel"}}
    alone = samples(one=one)
    beside = samples(other={"measure": "scores", "edges": [601.0, 603.0, 607.0]}, one=one)
    found = [s for s in beside if s.name == "one"]
    for before, after in zip(alone, found, strict=True):
        np.testing.assert_array_equal(before.values, after.values)


def test_an_edge_of_600_has_the_score_of_600_in_its_bucket() -> None:
    scores = MEASURES["scores"]
    below, at, above = places(scores, [599.9, 600.0, 600.9])
    cell = scores.edges.index(599.5)
    assert below == Place(cell + 1, 0, 1)
    assert at == above == Place(cell + 1, 1, 10)


def test_the_highest_cell_has_eleven_scores() -> None:
    scores = MEASURES["scores"]
    assert places(scores, [845.0, 850.0, 2000.0]) == (
        Place(54, 6, 11),
        Place(54, 1, 1),
        Place(54, 1, 1),
    )


def test_scores_below_the_lowest_are_in_no_bucket() -> None:
    assert places(MEASURES["scores"], [-4.0, 299.0]) == (Place(0, 0, 1), Place(0, 0, 1))


def test_an_edge_that_is_simulated_is_the_end_of_its_bucket_however_it_was_worked_out() -> None:
    http = MEASURES["http_requests"]
    assert places(http, [50.0 / 1000.0, 75.0 / 1000.0]) == (Place(5, 1, 1), Place(6, 1, 1))


def test_times_lie_by_their_logarithms_within_a_bucket() -> None:
    http = MEASURES["http_requests"]
    middle = (0.5 * 0.75) ** 0.5
    assert places(http, [middle]) == (Place(http.edges.index(0.75), 32, 64),)


def test_nothing_takes_more_than_twice_the_last_edge() -> None:
    http = MEASURES["http_requests"]
    beyond, twice = places(http, [8.0, 10.0])
    assert beyond.bucket == twice.bucket == len(http.edges)
    assert 0 < beyond.part < beyond.parts
    assert twice == Place(len(http.edges), 1, 1)


@pytest.mark.parametrize("edge", [0.0, -1.0])
def test_nothing_takes_no_time(edge: float) -> None:
    assert places(MEASURES["predictions"], [edge]) == (Place(0, 0, 1),)


def test_what_is_rounded_is_said_with_where_it_lies() -> None:
    (said,) = notes(MEASURES["http_requests"], [0.035, 0.04])
    assert said == "buckets end at 64ths of those that are simulated: 0.035 at 0.03495"


def test_scores_are_never_rounded() -> None:
    edges = {"measure": "scores", "edges": [601.0, 655.5]}
    assert not bound_metrics(mapping(one=edges), PLAN)[0].notes


def test_scores_are_alike_likely_within_their_cell() -> None:
    edges = [600.0, 604.0, 609.0]
    found = up_to(
        samples(one={"measure": "scores", "edges": [599.5, *edges]}), "one", [599.5, *edges]
    )
    # restarts take off what was counted before
    below, first, five, all_ten = (np.maximum(found[(), e], 0)[-1] for e in (599.5, *edges))
    assert_share(first - below, all_ten - below, 0.1)
    assert_share(five - below, all_ten - below, 0.5)
