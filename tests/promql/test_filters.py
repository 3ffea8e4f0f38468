"""A condition put into every selector."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.promql.filters import filtered
from simulator.promql.selectors import Matcher, selectors

HOST = Matcher("host", "=", "a")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("up", 'up{host="a"}'),
        ("up{}", 'up{host="a"}'),
        ('up{x="y", }', 'up{x="y",host="a"}'),
        ('{__name__=~"a.*"}', '{__name__=~"a.*",host="a"}'),
        ("up offset 5m", 'up{host="a"} offset 5m'),
        ("sum by (le, job) (rate(a_b[5m]))", 'sum by (le, job) (rate(a_b{host="a"}[5m]))'),
        ("sum(up) by (job)", 'sum(up{host="a"}) by (job)'),
        (
            "a / on (x) group_left (y) b",
            'a{host="a"} / on (x) group_left (y) b{host="a"}',
        ),
        ("a > bool 1e3 or vector(0)", 'a{host="a"} > bool 1e3 or vector(0)'),
        ("a @ end() + Inf", 'a{host="a"} @ end() + Inf'),
        ("max_over_time(rate(a[5m])[1h:1m])", 'max_over_time(rate(a{host="a"}[5m])[1h:1m])'),
        ('a{x=~"b\\\\.c}"}  # a }', 'a{x=~"b\\\\.c}",host="a"}  # a }'),
        ('label_replace(a, "b", "$1", "c", "(.*)")',) * 1
        + ('label_replace(a{host="a"}, "b", "$1", "c", "(.*)")',),
        ("histogram_quantile (0.9, a)", 'histogram_quantile (0.9, a{host="a"})'),
        ("job:rate:5m / 2", 'job:rate:5m{host="a"} / 2'),
        ("1 + 1", "1 + 1"),
    ],
)
def test_every_selector_has_it(query: str, wanted: str) -> None:
    assert filtered(query, HOST) == wanted


def test_values_are_written_as_text_is() -> None:
    quoted = Matcher("host", "=", 'a"b\\c')
    found = filtered("up", quoted)
    assert found == 'up{host="a\\"b\\\\c"}'
    assert selectors(found)[0].matchers == (quoted,)


@pytest.mark.parametrize("query", ['a{x="y" or z="w"}', "sum("])
def test_what_cannot_be_told_is_not_guessed(query: str) -> None:
    assert filtered(query, HOST) in {None, query}


@given(st.text(alphabet="ab{}()[]=~!\"'\\5m:,+-*/ ^$.by", max_size=40))
def test_no_text_is_a_traceback(query: str) -> None:
    filtered(query, HOST)
