"""What is said of alerts: whether they fire, resolve, and are silent on a calm day."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.coverage.alert_coverage import Watch, alert_coverage
from simulator.coverage.allowances import parse_allowance, with_allowances
from simulator.coverage.report.html.page import html_report
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.coverage.report.verdict_text import alert_text, summary_text
from simulator.coverage.verdicts import AlertCoverage, Coverage, Verdict
from simulator.errors import AllowanceError
from simulator.observation.known_series import KnownSeries
from simulator.observation.prometheus import Prometheus
from simulator.rules.model import Group
from simulator.rules.reading import groups_in
from simulator.scenario.timed_run import EpisodeSpan
from tests.support.coverage_values import complete_coverage
from tests.support.prometheus_double import PrometheusDouble

EVERY = 60.0
START, END = 6000.0, 7200.0


@pytest.fixture
def double() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as found:
        found.says("label/__name__/values", {"status": "success", "data": ["a", "up"]})
        yield found


def judged(
    double: PrometheusDouble, *, expr: str = "a > 1", hold: str = "2m", **more: object
) -> AlertCoverage:
    rule = {"alert": "A", "expr": expr, "for": hold, "labels": {"severity": "page"}}
    groups = groups_in(json.dumps({"groups": [{"name": "g", "rules": [rule]}]}), Path("r.yml"))
    watch = replace(Watch(START, END, EVERY), **more)  # type: ignore[arg-type] # its fields
    return looked_at(double, groups, watch)


def looked_at(double: PrometheusDouble, groups: Sequence[Group], watch: Watch) -> AlertCoverage:
    with Prometheus(double.url) as prometheus:
        known = KnownSeries(prometheus, START, END)
        (found,) = alert_coverage(groups, prometheus, watch, known)
    return found


def points(*spans: tuple[float, float]) -> list[list[object]]:
    return [
        [at, "2"]
        for first, last in spans
        for at in (first + EVERY * n for n in range(int((last - first) / EVERY) + 1))
    ]


def test_one_that_fires_and_resolves_is_exercised(double: PrometheusDouble) -> None:
    double.plots("a > 1", x=points((6120.0, 6540.0)))
    found = judged(double, episodes=(EpisodeSpan("e", "errors", 6100.0, 6500.0),))
    assert (found.verdict, found.reason) == (Verdict.EXERCISED, "")
    assert found.is_pending
    assert (found.fires, found.resolves, found.firings) == (True, True, 1)
    assert found.first_seen == 6120.0 + 120.0
    assert found.seconds == 6540.0 - 6240.0 + EVERY
    assert found.episodes == ("e",)
    assert found.severity == "page"


def test_one_that_holds_too_shortly_says_how_long(double: PrometheusDouble) -> None:
    double.plots("a > 1", x=points((6120.0, 6180.0)))
    found = judged(double)
    assert found.verdict is Verdict.NOT_REACHED
    assert found.reason == "it held for 2m at most, and fires after 2m"


def test_one_that_fires_until_the_end_does_not_resolve(double: PrometheusDouble) -> None:
    double.plots("a > 1", x=points((6600.0, END)))
    assert judged(double).reason == "it does not resolve before the end"


def test_one_that_fires_on_a_calm_day_is_a_finding(double: PrometheusDouble) -> None:
    double.plots("a > 1", x=points((6120.0, 6540.0)))
    found = judged(double, calm=(START, END))
    assert found.verdict is Verdict.FINDING
    assert found.reason.endswith("while nothing is wrong")


@pytest.mark.parametrize(
    ("expr", "verdict", "reason"),
    [
        ("a > 1", Verdict.NOT_REACHED, "its expression never held"),
        ("b > 1", Verdict.NO_DATA, "there is no metric b"),
        ("a > 1 or b > 1", Verdict.NOT_REACHED, "its expression never held"),
    ],
)
def test_one_that_never_holds_says_why(
    double: PrometheusDouble, expr: str, verdict: Verdict, reason: str
) -> None:
    double.plots(expr)
    found = judged(double, expr=expr)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_one_that_prometheus_refuses_says_it_in_its_words(double: PrometheusDouble) -> None:
    double.refuses("a > 1", "bad_data: parse error")
    found = judged(double)
    assert found.verdict is Verdict.ERROR
    assert "parse error" in found.reason


@pytest.mark.parametrize(
    ("state", "told"),
    [("Error", "DatasourceError always fires"), ("Alerting", "it always fires")]
    + [("OK", "nobody is told"), ("KeepLast", "nobody is told")],
)
def test_one_of_grafanas_that_is_refused_says_what_grafana_makes_of_it(
    double: PrometheusDouble, state: str, told: str
) -> None:
    double.refuses("a >", "bad_data: parse error")
    query = {"refId": "A", "datasourceUid": "p", "model": {"expr": "a >", "instant": True}}
    rule = {"title": "A", "condition": "A", "data": [query], "execErrState": state}
    found = looked_at(double, groups_in(str([rule]), Path("r.yml")), Watch(START, END, EVERY))
    assert found.verdict is Verdict.ERROR
    assert found.reason.endswith(f"; its state for errors is {state}, so that {told}")


FIRED = AlertCoverage(
    "Lag",
    "page",
    "r.yml: groups.0.rules.0",
    Verdict.EXERCISED,
    fires=True,
    resolves=True,
    seconds_on_calm=0.0,
    first_seen=1_767_225_600.0,
    seconds=300.0,
    firings=1,
)
SILENT = AlertCoverage("Gone", "", "r.yml: groups.0.rules.1", Verdict.NO_DATA, reason="no metric x")


def covered(*alerts: AlertCoverage) -> Coverage:
    return replace(complete_coverage(), alerts=alerts)


def test_all_reports_tell_of_alerts_beside_panels() -> None:
    coverage = covered(FIRED, SILENT)
    assert not coverage.is_complete
    assert summary_text(coverage).endswith("1 of 2 alerts exercised")
    assert "silent on a calm day" in alert_text(FIRED, coverage)
    told = coverage_json(coverage)
    assert [one["silent_on_calm"] for one in told["alerts"]] == [True, None]
    assert told["summary"]["alerts_exercised"] == 1
    suite = ET.fromstring(junit_xml(coverage)).find("testsuite[@name='alerts']")  # noqa: S314 - ours
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    page = html_report(coverage)
    assert all(text in page for text in ("Lag", "Gone", "no metric x", "1 of 2 alerts exercised"))


def test_an_alert_can_be_allowed_and_a_name_that_is_none_is_refused() -> None:
    coverage = with_allowances(covered(FIRED, SILENT), [parse_allowance("Gone:*")])
    assert coverage.is_complete
    with pytest.raises(AllowanceError):
        with_allowances(covered(FIRED), [parse_allowance("Gone:*")])
