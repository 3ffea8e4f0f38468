"""Two queries held against each other."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.promql.bounds import bounds
from simulator.promql.differences import differences
from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, shape_of

METRICS = st.sampled_from(["a_total", 'b_total{x="y"}', "up"])
RATES = st.builds(
    "{}({}[{}])".format, st.sampled_from(["rate", "increase"]), METRICS, st.just("5m")
)
SUMS = st.builds(
    "{} {} ({})".format,
    st.sampled_from(["sum", "max", "avg", "count"]),
    st.sampled_from(["", "by (x)", "without (x)"]),
    RATES,
)
QUERIES = st.recursive(
    SUMS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=4,
)


def shape(query: str) -> Shape:
    tree = parsed(query)
    assert tree is not None, query
    return shape_of(tree)


@given(QUERIES)
def test_nothing_differs_from_itself(query: str) -> None:
    assert differences(shape(query), shape(f"( {query} )")) == ()


@given(QUERIES, QUERIES)
def test_what_differs_does_so_both_ways(one: str, other: str) -> None:
    there, back = differences(shape(one), shape(other)), differences(shape(other), shape(one))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert {(d.what, d.one, d.other) for d in there} == {(d.what, d.other, d.one) for d in back}


@given(QUERIES, st.floats(0.001, 1000.0))
def test_bounds_are_scaled_as_values_are(query: str, factor: float) -> None:
    plain, scaled = bounds(shape(query)), bounds(shape(f"{factor!r} * {query}"))
    assert (scaled.low, scaled.high) == (plain.times(factor).low, plain.times(factor).high)


def test_a_part_of_a_counter_is_a_share_of_it() -> None:
    found = bounds(shape('sum(rate(a_total{x="y"}[5m])) / sum(rate(a_total[5m]))'))
    assert found.is_share
