"""What queries ask for and is not there, over a Prometheus with a few known series."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from simulator.coverage.findings import Code
from simulator.coverage.query_findings import absence, query_findings
from simulator.coverage.reach import bucket_notes, within_reach
from simulator.coverage.verdicts import FieldCoverage, StepCoverage, Verdict
from simulator.errors import PrometheusError
from simulator.grafana.model import Target
from simulator.observation.known_series import KnownSeries
from simulator.promql.selectors import selectors

if TYPE_CHECKING:
    from simulator.observation.prometheus import Prometheus

SERIES: dict[str, dict[str, list[str]]] = {
    "requests_total": {"status": ["2xx", "4xx", "5xx"], "method": ["GET"]},
    "seconds_bucket": {"le": ["0.25", "0.5", "1", "5", "+Inf"], "method": ["GET"]},
    "port_info": {"port": ["80"]},
}


class Recorded:
    """Knows the labels above; counts what it is asked."""

    def __init__(self, *, is_dumb: bool = False) -> None:
        self.is_dumb = is_dumb
        self.asked = 0

    def label_names(self, *, match: str, **_: float) -> tuple[str, ...]:
        return self._told(["__name__", *SERIES[m]] if (m := self._metric(match)) in SERIES else [])

    def label_values(self, label: str, *, match: str, **_: float) -> tuple[str, ...]:
        if not match:
            return self._told(list(SERIES))
        return self._told(SERIES.get(self._metric(match), {}).get(label, []))

    def _metric(self, match: str) -> str:
        (selector,) = selectors(match)
        return selector.metric

    def _told(self, found: list[str]) -> tuple[str, ...]:
        self.asked += 1
        if self.is_dumb:
            raise PrometheusError("404 page not found")
        return tuple(found)


def known(recorded: Recorded | None = None) -> KnownSeries:
    return KnownSeries(cast("Prometheus", recorded or Recorded()), 0.0, 100.0)


def found(query: str, legend: str = "") -> list[tuple[str, bool, str]]:
    findings = query_findings(Target("A", query, legend_format=legend), known())
    return [(one.code.value, one.is_failure, one.message) for one in findings]


def test_a_label_that_no_series_has_is_a_failure_with_those_there_are() -> None:
    assert found("sum by (handler, method) (rate(requests_total[5m]))") == [
        (
            "unknown-label",
            True,
            "label handler (in by) is on no series of requests_total: it has method, status",
        )
    ]


def test_a_slip_of_the_finger_is_asked_about() -> None:
    ((_, _, said),) = found("sum by (metod) (requests_total)")
    assert said.endswith("did you mean 'method'?")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("sum by (method) (requests_total)", []),
        ("sum without (pod) (requests_total)", [("unused-label", False)]),
        ('sum(requests_total{pod="x"}) or vector(0)', [("unused-label", False)]),
        ('requests_total{pod!="x"}', [("unknown-label", True)]),
        ('requests_total{status="500"}', [("unknown-value", False)]),
        ('requests_total{status=~"5.."}', []),
        ('seconds_bucket{le="1.0"}', [("other-spelling", False)]),
        ("request_total", [("unknown-metric", False)]),
        ("up smoothed", []),
    ],
)
def test_codes(query: str, codes: list[tuple[str, bool]]) -> None:
    assert [one[:2] for one in found(query)] == codes


def test_a_legend_is_held_against_what_comes_out_of_the_query() -> None:
    legend = "{{method}} {{status}}"
    assert found("requests_total", legend) == []
    ((code, is_failure, said),) = found("sum by (method) (requests_total)", legend)
    assert (code, is_failure) == ("unused-label", False)
    assert said == "status in the legend stays empty: its series have method"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("request_total", "no metric 'request_total'; did you mean 'requests_total'?"),
        ("node_requests", "no metric 'node_requests'; the nearest are 'requests_total'"),
        ('requests_total{status="500"}', "values are 2xx, 4xx, 5xx"),
        ('requests_total{pod="x"}', "label pod (in matcher)"),
        ('seconds_bucket{le="1.0"}', "it is written '1' there"),
        ("rate(requests_total[20s])", "holds no two samples, which come every 15 s"),
        ("rate(requests_total[5m]) > 1e9", "its series are there"),
        ("vector(1) > 2", "Prometheus has nothing for its query"),
    ],
)
def test_no_data_says_why(query: str, said: str) -> None:
    assert said in absence(Target("A", query), known())


def test_what_a_server_does_not_tell_is_not_held_against_a_query() -> None:
    dumb = Recorded(is_dumb=True)
    assert query_findings(Target("A", "sum by (pod) (requests_total)"), known(dumb)) == ()
    asked = absence(Target("A", "requests_total"), known(dumb))
    assert asked == "Prometheus has nothing for its query"


def test_each_question_is_asked_once() -> None:
    recorded = Recorded()
    series = known(recorded)
    for _ in range(3):
        query_findings(Target("A", 'sum by (pod) (requests_total{status="x"})'), series)
    assert recorded.asked == 3  # metrics, values of status, labels


P99 = Target("A", "histogram_quantile(0.99, sum by (le) (rate(seconds_bucket[5m])))")


def of_steps(*lows: float, unit: str = "s") -> FieldCoverage:
    steps = tuple(
        StepCoverage(i, "red", low, low, low + 1, Verdict.NOT_REACHED) for i, low in enumerate(lows)
    )
    return FieldCoverage("p99", Verdict.NOT_REACHED, steps, unit=unit, source="A")


def test_a_step_beyond_the_last_bucket_is_out_of_reach() -> None:
    reasons = [one.reason for one in within_reach(of_steps(5.0, 15.0), P99, known()).steps]
    assert reasons == ["", "out-of-reach: the highest bucket is 5 s"]


def test_the_query_may_be_in_another_unit() -> None:
    in_ms = Target("A", f"{P99.expr} * 1000")
    reasons = [s.reason for s in within_reach(of_steps(15.0, 6000.0), in_ms, known()).steps]
    assert reasons == ["", "out-of-reach: the highest bucket is 1.39 hours"]  # its unit is wrong


def test_a_threshold_inside_a_bucket_is_noted() -> None:
    (note,) = bucket_notes(of_steps(0.3, 0.5, 7.0), P99, known())
    assert (note.code, note.is_failure) == (Code.INSIDE_BUCKET, False)
    assert note.message.startswith("300 ms lies inside the bucket from 250 ms to 500 ms")


def test_the_page_of_findings_explains_every_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "findings.md").read_text()
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == {*Code}
