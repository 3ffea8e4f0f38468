"""Notifications in every report of a coverage."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from rich.console import Console

from simulator.cli.cover_view import coverage_table
from simulator.coverage.allowances import parse_allowance, with_allowances
from simulator.coverage.report.html.page import html_report
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.coverage.report.notice_text import notice_text
from simulator.coverage.report.verdict_text import summary_text
from simulator.coverage.verdicts import AlertCoverage, Coverage, Verdict
from simulator.notifying.notification import Notification, NotifiedAlert
from simulator.notifying.results import (
    AlertNotices,
    LinkNotice,
    NoticeVerdict,
    NotificationCoverage,
    Opens,
)
from tests.support.coverage_values import complete_coverage

LINK = LinkNotice("https://x", "runbook_url", Opens.NOT_JUDGED, "no dashboard that is given")
TOLD = AlertNotices(
    "Lag",
    "r.yml: 0",
    NoticeVerdict.TOLD,
    n_firings=3,
    n_told=2,
    n_too_short=1,
    n_notifications=2,
    n_largest=4,
    waits=(30.0, 310.0),
    receivers=("page",),
    group_by=("alertname",),
    links=(LINK,),
)
WRONG = AlertNotices(
    "Drives",
    "r.yml: 1",
    NoticeVerdict.WRONG,
    n_firings=1,
    problems=("nobody is told of 1 of its 1 firings",),
)
NEVER = AlertNotices("Never", "r.yml: 2", NoticeVerdict.NEVER_FIRES)
SENT = Notification(
    60.0, "page", {"alertname": "Lag"}, (NotifiedAlert({"alertname": "Lag"}, {}, is_firing=True),)
)


@pytest.fixture
def coverage() -> Coverage:
    alerts = tuple(
        AlertCoverage(one.name, "", one.place, Verdict.EXERCISED) for one in (TOLD, WRONG, NEVER)
    )
    told = NotificationCoverage(
        (SENT,), (TOLD, WRONG, NEVER), ("a note",), 400.0, 20.0, {"page": 1}
    )
    return replace(complete_coverage(), alerts=alerts, notifications=told)


def test_an_alert_is_told_in_words() -> None:
    assert notice_text(TOLD) == (
        "page is told 2 of 3 times, after 30s to 5m10s, grouped by alertname; 2 notifications, of "
        "up to 4 alerts; 1 time over too soon to be told; runbook_url not judged: no dashboard "
        "that is given"
    )


def test_something_wrong_is_not_complete_until_it_is_allowed(coverage: Coverage) -> None:
    assert not coverage.is_complete
    allowed = with_allowances(coverage, [parse_allowance("Drives:*")])
    assert allowed.is_complete
    assert not any("not needed" in note for note in allowed.notes)


def test_the_summary_counts_alerts_that_fired(coverage: Coverage) -> None:
    assert summary_text(coverage).endswith(
        "; 1 of 2 alerts that fired told as they should, by 1 notification"
    )


def test_json_has_alerts_and_all_that_came(coverage: Coverage) -> None:
    found = coverage_json(coverage)["notifications"]
    assert found["is_complete"] is False
    assert [one["verdict"] for one in found["alerts"]] == ["TOLD", "WRONG", "NEVER_FIRES"]
    assert found["came"] == [
        {
            "at": "1970-01-01T00:01:00Z",
            "receiver": "page",
            "group": {"alertname": "Lag"},
            "firing": [{"alertname": "Lag"}],
            "resolved": [],
        }
    ]


def test_junit_has_a_case_for_each_alert(coverage: Coverage) -> None:
    root = ET.fromstring(junit_xml(coverage))  # noqa: S314 - written by the test itself
    (suite,) = (one for one in root if one.get("name") == "notifications")
    assert [suite.get(key) for key in ("tests", "failures", "skipped")] == ["3", "1", "1"]


def test_the_page_has_them_beside_the_alerts(coverage: Coverage) -> None:
    page = html_report(coverage)
    assert "nobody is told of 1 of its 1 firings" in page
    assert "1 of 2 alerts that fired told as they should" in page


def test_the_table_has_those_that_fired_and_names_the_others(coverage: Coverage) -> None:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(coverage_table(coverage, width=100))
    text = " ".join(captured.get().split())
    assert "! wrong nobody is told of 1 of its 1 firings" in text
    assert "never fire: Never" in text
    assert "played 400 times as fast to a real Alertmanager; times are right to 20s" in text
