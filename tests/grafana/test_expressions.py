"""Server-side expressions give what Grafana's own code (pkg/expr, read in Go) gives."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from simulator.grafana.expressions import (
    ExpressionError,
    Value,
    evaluated,
    inputs_of,
    why_unread,
)
from simulator.grafana.model import Expression

NAN, INF = math.nan, math.inf


def number(value: float, **labels: str) -> Value:
    return Value(labels, np.array([value]))


def series(*values: float, start: float = 0.0, **labels: str) -> Value:
    times = np.array([start + 10.0 * n for n in range(len(values))])
    return Value(labels, np.array(values, dtype=float), times)


def result(kind: str, text: str, *inputs: Sequence[Value], **options: object) -> list[Value]:
    known = dict(zip("ABC", inputs, strict=False))
    return list(evaluated(Expression(kind, text, options), known, start=0.0, end=30.0))


def plain(values: Sequence[Value]) -> list[tuple[dict[str, str], list[float]]]:
    return [(dict(one.labels), one.numbers.tolist()) for one in values]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 ** 3 ** 2", 64.0),  # to the left
        ("-2 ** 2", 4.0),  # a sign binds closest
        ("7 % 4 - -1", 4.0),
        ("-7 % 4", -3.0),  # as Go's
        ("3 > 2 && 0 || !1", 0.0),
        ("1 == 1 != 0", 1.0),
        ("abs(-3) + round(2.5) + floor(-0.5) + ceil(0.1)", 6.0),
        ("round(-2.5)", -3.0),
        ("1 / 0", INF),
        ("infn()", -INF),
        ("is_nan(nan()) + is_inf(inf()) + is_number(1) + is_null(1)", 3.0),
        ("0x1F", 31.0),
        ("1e2", 100.0),
        ("nan() || 1", NAN),
        ("1 || nan()", 1.0),
        ("0 && nan()", 0.0),
        ("!nan()", NAN),
        ("nan() > 1", NAN),
    ],
)
def test_math_of_numbers(text: str, wanted: float) -> None:
    ((_, [found]),) = plain(result("math", text))
    assert found == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    "text", ["", "1 +", "$A $B", "(1", "1)", "nope(1)", "abs(1, 2)", "a", "1 ? 2", "(" * 500]
)
def test_what_is_no_expression_is_an_error(text: str) -> None:
    with pytest.raises(ExpressionError):
        result("math", text, [number(1)], [number(2)])


def test_values_go_together_by_their_labels() -> None:
    left = [number(1, host="a"), number(2, host="b")]
    right = [number(10, host="a"), number(20, host="c")]
    assert plain(result("math", "$A + $B", left, right)) == [({"host": "a"}, [11.0])]
    all_of_it = [number(100, job="x")]
    assert plain(result("math", "$A + $B", left, all_of_it)) == []
    assert plain(result("math", "$A + $B", left, [number(100)])) == [
        ({"host": "a"}, [101.0]),
        ({"host": "b"}, [102.0]),
    ]


def test_the_one_with_more_labels_gives_the_names() -> None:
    more = [number(1, host="a", job="x"), number(2, host="a", job="y")]
    assert plain(result("math", "$B * $A", more, [number(3, host="a")])) == [
        ({"host": "a", "job": "x"}, [3.0]),
        ({"host": "a", "job": "y"}, [6.0]),
    ]


def test_one_value_on_each_side_goes_together_whatever_its_labels() -> None:
    found = result("math", "$A - $B", [number(5, host="a")], [number(3, host="b")])
    assert plain(found) == [({}, [2.0])]


def test_series_are_calculated_where_both_have_a_point() -> None:
    (found,) = result("math", "${A} * $B", [series(1, 2, 3)], [series(10, 20, start=10.0)])
    assert found.times is not None
    assert (found.times.tolist(), found.numbers.tolist()) == ([10.0, 20.0], [20.0, 60.0])


def test_a_number_is_calculated_with_every_point() -> None:
    (found,) = result("math", "$B / $A", [series(1, 2)], [number(8)])
    assert found.numbers.tolist() == [8.0, 4.0]


def test_nothing_with_something_is_nothing() -> None:
    assert result("math", "$A + $B", [number(1)], []) == []


@pytest.mark.parametrize(
    ("reducer", "plainly", "dropped", "replaced"),
    [
        ("sum", NAN, 5.0, 6.0),
        ("mean", NAN, 2.5, 2.0),
        ("min", NAN, 1.0, 1.0),
        ("max", NAN, 4.0, 4.0),
        ("count", 3.0, 2.0, 3.0),
        ("last", 4.0, 4.0, 4.0),
        ("median", NAN, 2.5, 1.0),
    ],
)
def test_a_series_is_one_number(
    reducer: str, plainly: float, dropped: float, replaced: float
) -> None:
    settings: tuple[dict[str, object], ...] = (
        {},
        {"mode": "dropNN"},
        {"mode": "replaceNN", "replaceWithValue": 1},
    )
    for wanted, one in zip((plainly, dropped, replaced), settings, strict=True):
        (found,) = result("reduce", "A", [series(1, NAN, 4, l="x")], reducer=reducer, settings=one)
        assert found.times is None
        assert found.number == pytest.approx(wanted, nan_ok=True)


def test_a_number_is_reduced_to_itself() -> None:
    assert plain(result("reduce", "$A", [number(7, l="x")], reducer="sum")) == [({"l": "x"}, [7.0])]


@pytest.mark.parametrize(
    ("up", "wanted"),
    [("pad", [1, 3, 3, 3]), ("backfilling", [1, 3, NAN, NAN]), ("fillna", [1, 3, NAN, NAN])],
)
def test_a_series_is_resampled_from_the_start_on(up: str, wanted: list[float]) -> None:
    points = Value({}, np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 9.0]))
    (found,) = result("resample", "A", [points], window="10s", downsampler="last", upsampler=up)
    assert found.times is not None
    assert found.times.tolist() == [0.0, 10.0, 20.0, 30.0]
    np.testing.assert_array_equal(found.numbers, wanted)


@pytest.mark.parametrize(
    ("down", "wanted"), [("sum", 5.0), ("mean", 2.5), ("min", 2.0), ("max", 3.0), ("last", 3.0)]
)
def test_points_of_a_window_are_made_one(down: str, wanted: float) -> None:
    points = Value({}, np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 9.0]))
    (found,) = result("resample", "A", [points], window="10s", downsampler=down, upsampler="pad")
    assert found.numbers[1] == wanted


@pytest.mark.parametrize(
    ("kind", "params", "wanted"),
    [
        ("gt", [2], [0, 0, 1]),
        ("gte", [2], [0, 1, 1]),
        ("lt", [2], [1, 0, 0]),
        ("lte", [2], [1, 1, 0]),
        ("eq", [2], [0, 1, 0]),
        ("ne", [2], [1, 0, 1]),
        ("within_range", [1, 3], [0, 1, 0]),
        ("outside_range", [1, 2], [0, 0, 1]),
        ("within_range_included", [1, 2], [1, 1, 0]),
        ("outside_range_included", [1, 2], [1, 1, 1]),
    ],
)
def test_a_threshold_says_where_it_is_met(
    kind: str, params: list[float], wanted: list[float]
) -> None:
    conditions = [{"evaluator": {"type": kind, "params": params}}]
    (found,) = result("threshold", "A", [series(1, 2, 3)], conditions=conditions)
    assert found.numbers.tolist() == wanted


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("reduce", {"reducer": "mode"}),
        ("resample", {"window": "10s", "downsampler": "last", "upsampler": "?"}),
        ("resample", {"window": "1h", "downsampler": "last", "upsampler": "pad"}),
        ("threshold", {}),
        ("threshold", {"conditions": [{"evaluator": {"type": "within_range", "params": [1]}}]}),
    ],
)
def test_a_setting_that_grafana_refuses_is_an_error(kind: str, options: dict[str, object]) -> None:
    with pytest.raises(ExpressionError):
        result(kind, "A", [series(1, 2)], **options)


def test_what_is_read_is_known_before_anything_is_asked() -> None:
    assert inputs_of(Expression("math", "$A + ${b c} / abs($A)", {})) == ("A", "b c")
    classic = {"conditions": [{"query": {"params": ["B"]}}, {"query": {"params": ["A"]}}]}
    assert inputs_of(Expression("classic_conditions", "", classic)) == ("B", "A")
    assert "statement of SQL" in why_unread(Expression("sql", "SELECT * FROM A", {}))
    hysteresis = {"conditions": [{"evaluator": {"type": "gt"}, "unloadEvaluator": {"type": "lt"}}]}
    assert why_unread(Expression("threshold", "A", hysteresis)) == ""
    loaded: dict[str, object] = {"conditions": [{"loadedDimensions": {"schema": {}}}]}
    assert "crossed its threshold before" in why_unread(Expression("threshold", "A", loaded))


def condition(of: str, reducer: str, kind: str, *params: float, by: str = "and") -> object:
    return {
        "query": {"params": [of]},
        "reducer": {"type": reducer},
        "evaluator": {"type": kind, "params": list(params)},
        "operator": {"type": by},
    }


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        ([condition("A", "max", "gt", 8)], 1.0),
        ([condition("A", "min", "gt", 8)], 0.0),
        ([condition("A", "avg", "within_range", 6, 5)], 1.0),  # NaN is left out, and ends may swap
        ([condition("A", "median", "eq", 5)], 1.0),
        ([condition("A", "last", "outside_range", 2, 8)], 1.0),
        ([condition("A", "sum", "within_range_included", 16, 17)], 1.0),
        ([condition("A", "count", "eq", 4)], 1.0),
        ([condition("A", "count_non_null", "eq", 3)], 1.0),
        ([condition("A", "diff", "eq", 7)], 1.0),
        ([condition("A", "percent_diff_abs", "eq", 350)], 1.0),
        ([condition("B", "last", "lt", 0)], 1.0),  # a number needs no reducer; any value counts
        ([condition("C", "last", "gt", 0)], NAN),
        ([condition("C", "last", "no_value")], 1.0),
        ([condition("A", "last", "no_value")], 0.0),
        # from left to right: false or true, and true
        (
            [
                condition("A", "min", "gt", 5),
                condition("A", "max", "gt", 5, by="or"),
                condition("B", "last", "gt", 0),
            ],
            1.0,
        ),
        ([condition("A", "max", "gt", 5), condition("C", "max", "gt", 5)], 0.0),
        ([condition("A", "max", "gt", 5), condition("C", "max", "gt", 5, by="or")], NAN),
        ([], 0.0),
    ],
)
def test_classic_conditions_give_one_number(conditions: list[object], wanted: float) -> None:
    values: list[list[Value]] = [[series(2, 5, NAN, 9)], [number(-1.0), number(3.0)], []]
    ((labels, numbers),) = plain(result("classic_conditions", "", *values, conditions=conditions))
    assert labels == {}
    assert numbers == pytest.approx([wanted], nan_ok=True)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (condition("", "max", "gt", 1), "names no query"),
        (condition("A", "p95", "gt", 1), "reducer 'p95'"),
        (condition("A", "max", "gt"), "too few numbers"),
        (condition("A", "max", "about", 1), "'about' is not known"),
        (condition("A", "max", "gt", 1, by="xor"), "neither and nor or"),
        (7, "names no query"),
    ],
)
def test_a_condition_that_is_none_is_refused(spoilt: object, said: str) -> None:
    conditions = [condition("A", "max", "gt", 1), spoilt]
    with pytest.raises(ExpressionError, match=said):
        result("classic_conditions", "", [series(1, 2)], conditions=conditions)


def test_a_threshold_with_recovery_is_that_of_what_has_not_crossed_it() -> None:
    """A dashboard has no memory of evaluations before, unlike an alert rule."""
    conditions = [
        {
            "evaluator": {"type": "gt", "params": [5]},
            "unloadEvaluator": {"type": "lt", "params": [2]},
        }
    ]
    (found,) = result("threshold", "A", [series(3, 8, 3, 1)], conditions=conditions)
    assert found.numbers.tolist() == [0.0, 1.0, 0.0, 0.0]
