"""Each mistake that can be made in a query, and no other."""

import pytest

from simulator.mutation.edits import edited
from simulator.mutation.kinds import Kind
from simulator.mutation.names import Names
from simulator.mutation.query_edits import query_edits
from simulator.promql.labels import Labels
from simulator.promql.parsing import parsed
from simulator.promql.selectors import Selector

METRICS = frozenset({"a_total", "b_total", "c_total", "x_bucket", "y_bucket", "up"})


class Known:
    """Series with the labels job and status, which has three values."""

    def labels(self, selector: Selector) -> Labels:
        return frozenset({"job", "status"}) if selector.metric else None

    def values(self, label: str, selector: Selector) -> tuple[str, ...]:
        return ("200", "404", "500") if label == "status" and selector.metric else ()


def mutated(query: str, kind: Kind) -> list[str]:
    names = Names(METRICS, Known())
    return [edited(query, one) for one in query_edits(query, names) if one.kind is kind]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("up > 1", ["up < 1"]),
        ("up >= 1", ["up <= 1"]),
        ("up == 0", ["up != 0"]),
        ("1 - up", ["1 + up"]),
        ('up{a="-"} offset -5m', []),
        ("rate(up[5m:-1m])", []),
    ],
)
def test_signs_are_turned_around(query: str, expected: list[str]) -> None:
    assert mutated(query, Kind.SIGN) == expected


def test_conditions_are_turned_left_out_and_get_the_values_beside_their_own() -> None:
    assert mutated('a_total{status="404", job="x"}', Kind.LABEL) == [
        'a_total{status!="404", job="x"}',
        'a_total{job="x"}',
        'a_total{status="200", job="x"}',
        'a_total{status="500", job="x"}',
        'a_total{status="404", job!="x"}',
        'a_total{status="404"}',
    ]


def test_what_a_viewer_chooses_is_turned_or_left_out_only() -> None:
    query = 'a_total{status=~"$status"}'
    assert mutated(query, Kind.LABEL) == ['a_total{status!~"$status"}', "a_total{}"]


def test_labels_of_a_list_are_left_out_or_exchanged() -> None:
    assert mutated("sum by (job) (a_total)", Kind.LABEL) == [
        "sum by () (a_total)",
        "sum by (status) (a_total)",
    ]
    assert mutated("up and on (job, status) up", Kind.LABEL) == [
        "up and on (status) up",
        "up and on (job) up",
    ]


def test_a_metric_becomes_one_of_the_same_form_beside_it() -> None:
    assert mutated("rate(b_total[$window])", Kind.METRIC) == [
        "rate(a_total[$window])",
        "rate(c_total[$window])",
    ]
    assert mutated("x_bucket", Kind.METRIC) == ["y_bucket"]


def test_labels_and_variables_called_as_metrics_are_stay() -> None:
    assert mutated('sum by (z) (z{up="up"}) > $up', Kind.METRIC) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sum(up)", ["avg(up)", "min(up)", "max(up)", "count(up)"]),
        ("max by (job) (up)", [f"{one} by (job) (up)" for one in ("sum", "avg", "min", "count")]),
        ("max_over_time(up[5m])", ["avg_over_time(up[5m])", "min_over_time(up[5m])"]),
        ("increase(up[5m])", ["rate(up[5m])"]),
        (
            "histogram_quantile(0.95, x_bucket)",
            ["histogram_quantile(0.5, x_bucket)", "histogram_quantile(0.99, x_bucket)"],
        ),
        ("sum_x + avg_y", []),
    ],
)
def test_aggregations_are_taken_for_each_other(query: str, expected: list[str]) -> None:
    assert mutated(query, Kind.AGGREGATION) == expected


@pytest.mark.parametrize(
    "query",
    [
        'sum by (job) (rate(a_total{status=~"5.."}[5m])) / on (job) b_total > 0.5',
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) # why\n >= 1e-3",
        'topk(3, up{status="200",}) unless on () vector(1) == 1',
    ],
)
def test_what_is_mutated_can_still_be_read(query: str) -> None:
    every = [one for kind in Kind for one in mutated(query, kind)]
    assert every
    assert len(set(every)) == len(every)
    assert all(parsed(one) is not None for one in every), every
