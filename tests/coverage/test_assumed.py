"""What coverage says of ranges that were taken from the thresholds themselves."""

from __future__ import annotations

from dataclasses import replace

from simulator.coverage.assumed import with_assumed
from simulator.coverage.findings import Code
from simulator.coverage.verdicts import (
    AlertCoverage,
    Coverage,
    DashboardCoverage,
    PanelCoverage,
    Verdict,
)
from simulator.mapping.assumed import assumed_names
from simulator.mapping.loading import parse_mapping
from tests.support.boards import board, rules

MAPPING = parse_mapping(
    "{version: 1, name: m, metrics: {x: {measure: accuracy, shift: 0.1, assumed: true}}}", "m"
)
BOARD = board("avg(x) * 100", "y")
RULES = rules("x < 0.8", "y > 1")
PANELS = tuple(
    PanelCoverage(one.path, one.id, one.title, one.type, Verdict.EXERCISED) for one in BOARD.panels
)
ALERTS = tuple(
    AlertCoverage(one.name, "", str(one.place), Verdict.EXERCISED) for one in RULES[0].alerts
)
FOUND = Coverage(0.0, 1.0, 1.0, dashboards=(DashboardCoverage("b", "B", PANELS),), alerts=ALERTS)


def test_a_panel_of_an_assumed_range_has_a_note_that_fails_nothing() -> None:
    first, second = with_assumed(FOUND, [BOARD], RULES, assumed_names(MAPPING)).panels
    assert [(one.code, one.is_failure) for one in first.findings] == [(Code.ASSUMED_RANGE, False)]
    assert "assumed range: that of x" in first.findings[0].message
    assert second == PANELS[1]


def test_an_alert_of_an_assumed_range_says_so() -> None:
    first, second = with_assumed(FOUND, [BOARD], RULES, assumed_names(MAPPING)).alerts
    assert first == replace(ALERTS[0], reason="reached on an assumed range: that of x")
    assert second == ALERTS[1]


def test_without_assumed_ranges_nothing_is_said() -> None:
    assert with_assumed(FOUND, [BOARD], RULES, frozenset()) is FOUND
