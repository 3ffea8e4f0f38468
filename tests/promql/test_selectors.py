"""What a query reads: selectors, conditions on labels, ranges, and quantiles of buckets."""

import pytest

from simulator.promql.quantiles import quantile
from simulator.promql.selectors import Matcher, Selector, ranges, selectors


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('a{b="c", d!~"e|f"}', ['a{b="c", d!~"e|f"}']),
        ('{__name__="a", b="c"}', ['a{b="c"}']),
        ('{"a.b", c="d"}', ['{__name__="a.b", c="d"}']),
        ('{__name__=~"a.*"}', ['{__name__=~"a.*"}']),
        ("a / a + b # c", ["a", "b"]),
        ('a{b="\\"\\n"}', ['a{b="\\"\\n"}']),
        ("time() - 1", []),
        ("sum(", []),
    ],
)
def test_selectors(query: str, found: list[str]) -> None:
    assert [str(one) for one in selectors(query)] == found


@pytest.mark.parametrize(
    ("matcher", "value", "is_taken"),
    [
        (Matcher("a", "=~", "5.."), "503", True),
        (Matcher("a", "=~", "5"), "503", False),
        (Matcher("a", "!~", "5.."), "503", False),
        (Matcher("a", "!=", "x"), "", True),
        (Matcher("a", "=", ""), "", True),
        (Matcher("a", "=~", r"\C"), "anything", True),  # Go's, and not Python's
    ],
)
def test_what_a_matcher_takes(matcher: Matcher, value: str, *, is_taken: bool) -> None:
    assert matcher.takes(value) is is_taken


def test_ranges_are_those_of_all_parts() -> None:
    assert ranges("max_over_time(rate(a[10m] offset 1h)[1h:]) > b") == (3600.0, 600.0)
    assert ranges("rate(a[5m") == ()


@pytest.mark.parametrize(
    ("query", "scale"),
    [
        ("histogram_quantile(0.9, rate(a_bucket[5m]))", 1.0),
        ("1000 * (histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))))", 1000.0),
        ("histogram_quantile(0.9, rate(a_bucket[5m])) / 60", 1 / 60),
    ],
)
def test_quantiles(query: str, scale: float) -> None:
    found = quantile(query)
    assert found is not None
    assert found.buckets == Selector("a_bucket")
    assert found.scale == pytest.approx(scale)


@pytest.mark.parametrize(
    "query",
    [
        "histogram_quantile(0.9, rate(a_bucket[5m])) + 1",
        "60 / histogram_quantile(0.9, rate(a_bucket[5m]))",
        "-1 * histogram_quantile(0.9, rate(a_bucket[5m]))",
        "histogram_quantile(0.9, rate(a_bucket[5m]) or rate(b_bucket[5m]))",
        "max(histogram_quantile(0.9, rate(a_bucket[5m])))",
    ],
)
def test_what_is_no_plain_quantile_has_no_end(query: str) -> None:
    assert quantile(query) is None
