"""A panel with data whose query names what is not there: how every report tells of it."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

from simulator.cli.cover_view import coverage_table
from simulator.coverage.allowances import parse_allowance, with_allowances
from simulator.coverage.findings import Code, Finding
from simulator.coverage.report.html.page import html_report
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    Track,
    Verdict,
)
from simulator.errors import AllowanceError

SAID = "label handler (in by) is on no series of requests_total: it has status"
FAILURE = Finding(Code.UNKNOWN_LABEL, SAID, "A", is_failure=True)
NOTE = Finding(Code.UNUSED_LABEL, "pod in the legend stays empty: its series have status", "A")
TRACK = Track("rate", np.array([0.0, 60.0]), np.array([1.0, 2.0]))
FIELD = FieldCoverage("rate", Verdict.EXERCISED, tracks=(TRACK,), source="A")


def coverage(*findings: Finding, verdict: Verdict = Verdict.FINDING) -> Coverage:
    panel = PanelCoverage(
        "panels[0]", 1, "By handler", "timeseries", verdict, (FIELD,), findings=findings
    )
    return Coverage(0.0, 60.0, 15.0, (DashboardCoverage("b", "Board", (panel,)),))


def printed(found: Coverage) -> str:
    console = Console(width=140, record=True)
    with console.capture() as captured:
        console.print(coverage_table(found, width=140))
    return captured.get()


def test_the_table_names_the_query_and_the_code() -> None:
    text = " ".join(printed(coverage(FAILURE)).split())
    assert "! finding By handler · query A unknown-label" in text
    assert "it has status" in text


def test_a_note_fails_nothing() -> None:
    found = coverage(NOTE, verdict=Verdict.EXERCISED)
    assert found.is_complete
    assert "not exercised" not in printed(found)
    assert "pod in the legend stays empty" in html_report(found)


def test_json_has_both_with_their_codes() -> None:
    (panel,) = coverage_json(coverage(FAILURE, NOTE))["dashboards"][0]["panels"]
    assert [(one["code"], one["failure"]) for one in panel["findings"]] == [
        ("unknown-label", True),
        ("unused-label", False),
    ]


def test_junit_has_a_case_that_fails() -> None:
    root = ET.fromstring(junit_xml(coverage(FAILURE, NOTE)))  # noqa: S314 - our own
    failed = {
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    }
    assert failed == {"query A: unknown-label"}


def test_the_page_lists_it_and_shows_it_at_the_panel() -> None:
    page = html_report(coverage(FAILURE))
    assert "query A: unknown-label" in page
    assert page.count(SAID) == 2


def test_what_a_field_says_already_is_not_said_twice() -> None:
    found = coverage(replace(NOTE, code=Code.UNKNOWN_METRIC, message="there is no metric 'x'"))
    (board,) = found.dashboards
    (panel,) = board.panels
    absent = FieldCoverage("q", Verdict.NO_DATA, reason="unknown-metric: there is no metric 'x'")
    told = replace(board, panels=(replace(panel, fields=(absent,), verdict=Verdict.NO_DATA),))
    page = html_report(replace(found, dashboards=(told,)))
    assert '<ul class="findings">' not in page


@pytest.mark.parametrize("step", ["unknown-label", "unknown-*", "*"])
def test_it_can_be_allowed(step: str) -> None:
    allowed = with_allowances(coverage(FAILURE), [parse_allowance(f"By handler:{step}")])
    assert allowed.is_complete
    assert allowed.notes == ()


def test_another_code_does_not_allow_it() -> None:
    with pytest.raises(AllowanceError, match="unknown-label"):
        with_allowances(coverage(FAILURE), [parse_allowance("By handler:unknown-metric")])
