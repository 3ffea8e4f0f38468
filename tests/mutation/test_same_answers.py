"""The rules by which a mistake in a query cannot matter hold where their premises do."""

from collections.abc import Iterator

import pytest

from simulator.mutation.same_answers import AskedSpan, same_answers
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble

ONE_EACH = "each group has a single series, of which every aggregation is the same"
COPIES = "the series of each group are copies of each other"


@pytest.fixture
def double() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as found:
        yield found


def rule(double: PrometheusDouble, query: str, mutated: str) -> str:
    with Prometheus(double.url) as prometheus:
        return same_answers(query, mutated, AskedSpan(prometheus, 0.0, 600.0))


def values(*numbers: str) -> list[list[object]]:
    return [[60.0 * at, number] for at, number in enumerate(numbers)]


def test_operands_in_another_order_compute_the_same(double: PrometheusDouble) -> None:
    assert rule(double, "2 * up", "up * 2") == "it computes the same"


@pytest.mark.parametrize(("highest", "expected"), [("1", ONE_EACH), ("2", "")])
def test_groups_of_one_series_each(double: PrometheusDouble, highest: str, expected: str) -> None:
    double.plots("count by (job) (up{})", x=values("1", highest))
    double.plots("max by (job) (up{}) - min by (job) (up{})", x=values("1"))
    assert rule(double, "sum by (job) (up) > 1", "max by (job) (up) > 1") == expected


@pytest.mark.parametrize(("apart", "expected"), [("0", COPIES), ("3", "")])
def test_groups_of_copies(double: PrometheusDouble, apart: str, expected: str) -> None:
    double.plots("count by (job) (up{})", x=values("2"))
    double.plots("max by (job) (up{}) - min by (job) (up{})", x=values("0", apart))
    assert rule(double, "max by (job) (up)", "avg by (job) (up)") == expected
    assert rule(double, "sum by (job) (up)", "avg by (job) (up)") == ""


def test_a_sum_is_never_a_count(double: PrometheusDouble) -> None:
    double.plots("count by (job) (up{})", x=values("1"))
    assert rule(double, "sum by (job) (up)", "count by (job) (up)") == ""


def test_a_rate_is_no_increase_though_it_reads_the_same_series(double: PrometheusDouble) -> None:
    double.says("series", {"status": "success", "data": [{"__name__": "up"}]})
    assert rule(double, "rate(up[5m])", "increase(up[5m])") == ""


def test_selectors_that_pick_the_same_series(double: PrometheusDouble) -> None:
    double.says("series", {"status": "success", "data": [{"__name__": "up", "job": "a"}]})
    assert rule(double, 'up{job="a"}', "up") == "the same series are picked"


@pytest.mark.parametrize(
    ("together", "expected"), [("3", "the same series are put together"), ("4", "")]
)
def test_groups_of_the_same_series(double: PrometheusDouble, together: str, expected: str) -> None:
    double.plots("count(count by (a, b) (up{}))", x=values(together))
    double.plots("count(count by (a) (up{}))", x=values("3"))
    assert rule(double, "sum by (a, b) (up)", "sum by (a) (up)") == expected


@pytest.mark.parametrize(
    ("count", "expected"), [("1", "the label that is matched has a single value"), ("2", "")]
)
def test_labels_of_a_single_value_are_matched(
    double: PrometheusDouble, count: str, expected: str
) -> None:
    double.plots("count(count by (b) ((x{}) or (y{})))", x=values(count))
    assert rule(double, "x unless on (a, b) y", "x unless on (a) y") == expected
    assert rule(double, "x + on (a, b) y", "x + on (a) y") == ""


def test_what_is_refused_is_no_premise(double: PrometheusDouble) -> None:
    double.refuses("count (up{})", "too many samples")
    double.refuses("max (up{}) - min (up{})", "too many samples")
    assert rule(double, "max(up)", "min(up)") == ""
