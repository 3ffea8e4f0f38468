"""Queries without what only sorts their answer."""

import pytest

from simulator.promql.ordering import unordered


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("sort(a)", "a"),
        ("  sort_desc (\n  rate(a[5m]) # of (all\n)\n", "rate(a[5m]) # of (all"),
        ("sort(sort_desc(sum by (b) (a)))", "sum by (b) (a)"),
        ('sort(a{b=")"})', 'a{b=")"}'),
        ("sort(a) + sort(b)", "sort(a) + sort(b)"),
        ("(sort(a))", "(sort(a))"),
        ("topk(3, sort(a))", "topk(3, sort(a))"),
        ("sort_by_label(a)", "sort_by_label(a)"),
        ("sort(a) # and ) more", "sort(a) # and ) more"),
        ("sort(1)", "sort(1)"),  # refused, where 1 is not
        ("sort(", "sort("),
        ("", ""),
    ],
)
def test_what_sorts_all_of_a_query_is_taken_off_and_nothing_else(query: str, left: str) -> None:
    assert unordered(query) == left
