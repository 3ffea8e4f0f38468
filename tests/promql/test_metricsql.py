"""What MetricsQL has and Prometheus refuses gets a hint, and nothing else does."""

import pytest

from simulator.promql.metricsql import metricsql_hint

UNKNOWN = 'bad_data: invalid parameter "query": 1:1: parse error: unknown function with name "{}"'
NO_RANGE = 'parse error: expected type range vector in call to function "rate", got instant vector'
UNEXPECTED = 'parse error: unexpected identifier "{}"'


@pytest.mark.parametrize(
    ("query", "refusal", "hint"),
    [
        ("median_over_time(up[5m])", UNKNOWN.format("median_over_time"), "median_over_time is"),
        ("range_median(up)", UNKNOWN.format("range_median"), "range_median is"),
        ("rats(up[5m])", UNKNOWN.format("rats"), ""),
        ("rate(up)", NO_RANGE, "a range that is left out is"),
        ("up default 0", UNEXPECTED.format("default"), "default is"),
        ("up keep_metric_names", UNEXPECTED.format("keep_metric_names"), "keep_metric_names is"),
        ("WITH (x = up) x", "parse error: unexpected <with>", "WITH is"),
        ("sum(up", "parse error: unclosed left parenthesis", ""),
        ("up default 0", "connection refused", ""),
        ('up{default="x"} +', "parse error: unexpected end of input", ""),
    ],
)
def test_a_refusal_says_what_is_of_metricsql(query: str, refusal: str, hint: str) -> None:
    found = metricsql_hint(query, refusal)
    assert found == (f"; {hint} of MetricsQL, which Prometheus does not speak" if hint else "")
