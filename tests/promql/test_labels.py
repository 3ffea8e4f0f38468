"""Labels followed through queries, as Prometheus's engine keeps and drops them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.promql.labels import Labels, label_flow
from simulator.promql.selectors import Selector

SERIES = {
    "requests": frozenset({"job", "status", "method"}),
    "seconds_bucket": frozenset({"job", "le", "method"}),
    "info": frozenset({"job", "version"}),
}


def labels_of(selector: Selector) -> Labels:
    return SERIES.get(selector.metric)


def missed(query: str) -> list[tuple[str, str, bool]]:
    return [(u.label, u.place, u.is_lenient) for u in label_flow(query, labels_of).missed]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("requests", "job status method"),
        ("rate(requests[5m])", "job status method"),
        ("max_over_time(rate(requests[5m])[1h:1m])", "job status method"),
        ("sum(requests)", ""),
        ("sum by (job) (requests)", "job"),
        ("sum without (job) (requests)", "status method"),
        ("topk by (job) (3, requests)", "job status method"),
        ('count_values by (job) ("value", requests)', "job value"),
        ("histogram_quantile(0.9, sum by (le, method) (rate(seconds_bucket[5m])))", "method"),
        ('label_replace(requests, "pod", "$1", "job", "(.*)")', "job status method pod"),
        ('absent(requests{job="a", method!="b"})', "job"),
        ("vector(1)", ""),
        ("-requests", "job status method"),
        ("2 * (requests)", "job status method"),
        ("requests > 1", "job status method"),
        ("requests / on (job) sum by (job) (requests)", "job"),
        ("requests / ignoring (status) requests", "job method"),
        ("requests * on (job) group_left (version) info", "job status method version"),
        ("info * on (job) group_right (version) requests", "job status method version"),
        ("requests and on (job) info", "job status method"),
        ("info or requests", "job status method version"),
    ],
)
def test_labels_that_come_out(query: str, labels: str) -> None:
    assert label_flow(query, labels_of).labels == frozenset(labels.split())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sum by (handler) (requests)", [("handler", "by", False)]),
        ("sum by (status) (sum by (job) (requests))", [("status", "by", False)]),
        ("sum without (handler) (requests)", [("handler", "without", True)]),
        ('requests{handler="/"}', [("handler", "matcher", False)]),
        ('requests{handler!="/health"}', [("handler", "matcher", False)]),
        ('requests{handler=~".*"}', [("handler", "matcher", True)]),
        ('requests{handler=""}', [("handler", "matcher", True)]),
        ('sum(requests{handler="/"}) or vector(0)', [("handler", "matcher", True)]),
        ('absent(requests{handler="/"})', [("handler", "matcher", True)]),
        ("requests / on (pod) info", [("pod", "on", False)]),
        ("requests / ignoring (pod) requests", [("pod", "ignoring", True)]),
        ("requests * on (job) group_left (pod) info", [("pod", "group_left", False)]),
        ("requests * on (job) group_left (status) info", [("status", "group_left", False)]),
        ("sum by (job) (requests)", []),
        ("sum by (handler) (nothing_known)", []),
        ("sum by (", []),
        ("sum by (version) (info(requests))", []),
        ("rate(requests[5m] smoothed)", []),
    ],
)
def test_names_that_nothing_below_has(query: str, names: list[tuple[str, str, bool]]) -> None:
    assert missed(query) == names


def test_a_use_says_of_which_series_it_is() -> None:
    (use,) = label_flow("sum by (pod) (requests / info)", labels_of).missed
    assert [one.metric for one in use.selectors] == ["requests", "info"]


@pytest.mark.parametrize(
    "query",
    ["(" * 10_000 + "up" + ")" * 10_000, "-" * 50_000 + "up", "up" + "+up" * 20_000, "a" * 200_000],
)
def test_no_depth_is_too_deep(query: str) -> None:
    assert label_flow(query, labels_of).labels is None


@given(st.text(alphabet="ab{}()[]=~!\"'\\5m:,+-*/ ^$.", max_size=40))
def test_no_text_is_a_traceback(query: str) -> None:
    label_flow(query, labels_of)
