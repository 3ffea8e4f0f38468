import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.reducers import UnknownReducer, reduced

INF, NAN = math.inf, math.nan
GAPPED = (4.0, NAN, 2.0, 8.0, NAN)


def of(name: str, *values: float) -> object:
    return reduced(np.array(values, dtype=float), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lastNotNull", 8.0),
        ("firstNotNull", 4.0),
        ("first", 4.0),
        ("min", 2.0),
        ("max", 8.0),
        ("sum", 14.0),
        ("mean", 14 / 3),
        ("count", 5.0),
        ("countAll", 5.0),
        ("range", 6.0),
        ("diff", 4.0),
        ("diffperc", 100.0),
        ("delta", 0.0),
        ("step", -2.0),
        ("logmin", 2.0),
        ("distinctCount", 4.0),
        ("changeCount", 4.0),
    ],
)
def test_gaps_are_treated_as_by_each_reducer_of_grafana(name: str, value: float) -> None:
    assert of(name, *GAPPED) == value


@pytest.mark.parametrize("name", ["last", "stdDev", "variance"])
def test_some_reducers_do_not_skip_nan(name: str) -> None:
    found = of(name, *GAPPED)
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("name", "values", "value"),
    [
        ("median", (4, 1, 3, 2), 2.5),
        ("median", (4, 1, 3), 3.0),
        ("p90", tuple(range(1, 11)), 9.0),
        ("p1", tuple(range(1, 11)), 1.0),
        ("p99", tuple(range(1, 11)), 10.0),
        ("stdDev", (2, 4), 1.0),
        ("variance", (2, 4), 1.0),
        ("delta", (1, 5, 2, 4), 4.0),
        ("delta", (1, 5, 2, 4, 6), 6.0),
        ("step", (1, 5, 6, 9), 1.0),
        ("logmin", (-1, 0, 3, 2), 2.0),
        ("changeCount", (1, 1, 2, 1), 2.0),
        ("distinctCount", (1, 1, 2, 1), 2.0),
        ("lastNotNull", (1, INF), INF),
        ("min", (INF, 3), 3.0),
        ("diffperc", (0, 5), INF),
    ],
)
def test_values_computed_by_hand(name: str, values: tuple[float, ...], value: float) -> None:
    assert of(name, *values) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, None) for name in ("lastNotNull", "firstNotNull", "mean", "min", "max", "range")),
        *((name, None) for name in ("diff", "step")),
        *((name, 0.0) for name in ("sum", "delta", "diffperc")),
        ("count", 2.0),
    ],
)
def test_only_nan_is_null_for_most_and_zero_for_sums(name: str, value: float | None) -> None:
    assert of(name, NAN, NAN) == value


@pytest.mark.parametrize(
    ("name", "value"), [("sum", 0.0), ("count", 0.0), ("last", None), ("mean", None), ("p50", None)]
)
def test_no_points_are_null_but_counted_and_summed_as_zero(name: str, value: float | None) -> None:
    assert of(name) == value


@pytest.mark.parametrize(("name", "value"), [("min", INF), ("max", -INF)])
def test_infinity_alone_has_no_extreme_on_its_own_side(name: str, value: float) -> None:
    assert of(name, value) is None


@pytest.mark.parametrize("name", ["mode", "", "p0", "p100", "p05", "pp", "allIsZero", "allValues"])
def test_an_unknown_reducer_is_an_error_value_that_names_it(name: str) -> None:
    found = of(name, 1, 2)
    assert found == UnknownReducer(name)
    assert repr(name) in str(found)


@pytest.mark.parametrize("name", ["current", "avg", "total"])
def test_the_old_names_show_nothing_in_grafana_and_are_unknown(name: str) -> None:
    assert of(name, 1, 2) == UnknownReducer(name)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_extremes_bound_every_other_value(values: list[float]) -> None:
    low, high = of("min", *values), of("max", *values)
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert of("range", *values) == high - low
    for name in ("first", "last", "median", "p50", "lastNotNull"):
        found = of(name, *values)
        assert isinstance(found, float)
        assert low <= found <= high


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_the_delta_of_a_counter_without_a_reset_is_its_difference(values: list[float]) -> None:
    rising = sorted(values)
    found, difference = of("delta", *rising), of("diff", *rising)
    assert found == pytest.approx(difference, abs=1e-6)
