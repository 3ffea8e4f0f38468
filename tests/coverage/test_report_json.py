"""The coverage as JSON."""

import json
import math
from dataclasses import replace

import numpy as np

from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.verdicts import Coverage, DashboardCoverage, Nearest, Track, Verdict
from tests.support.coverage_values import complete_coverage, coverage_value, field, panel


def test_it_has_the_promised_form() -> None:
    report = coverage_json(coverage_value())
    assert set(report) >= {"summary", "dashboards", "start", "end", "resolution", "scenario"}
    assert report["summary"] == {
        "panels": 16,
        "panels_with_data": 13,
        "panels_excluded": 0,
        "steps": 35,
        "steps_exercised": 25,
        "is_complete": False,
    }
    first = report["dashboards"][0]["panels"][0]
    assert {"id", "title", "type", "verdict", "fields", "reason", "allowed", "path"} <= set(first)
    names = {"index", "color", "value", "verdict", "first_seen", "seconds", "episodes", "nearest"}
    assert names <= set(first["fields"][0]["steps"][0])


def test_times_are_rfc_3339() -> None:
    report = coverage_json(coverage_value())
    assert (report["start"], report["end"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    step = report["dashboards"][0]["panels"][0]["fields"][0]["steps"][2]
    assert step["first_seen"] == "2026-01-01T00:00:00Z"


def test_it_has_no_number_that_json_cannot_write() -> None:
    json.dumps(coverage_json(coverage_value()), allow_nan=False)


def test_an_infinite_distance_is_null() -> None:
    steps = field("x", [_flat(1.0)], [2.0], ("green", "red")).steps
    nearest = replace(steps[1], nearest=Nearest(1.0, 0.0, math.inf))
    judged = replace(field("x", [_flat(1.0)], [2.0], ("green", "red")), steps=(steps[0], nearest))
    board = DashboardCoverage("u", "t", (panel(1, "p", "stat", [judged]),))
    report = coverage_json(Coverage(0.0, 60.0, 1.0, (board,)))
    found = report["dashboards"][0]["panels"][0]["fields"][0]["steps"][1]["nearest"]
    assert found == {"value": 1.0, "at": "1970-01-01T00:00:00Z", "distance": None}


def test_a_complete_coverage_says_so() -> None:
    report = coverage_json(complete_coverage())
    assert report["summary"]["is_complete"] is True
    verdicts = {p["verdict"] for board in report["dashboards"] for p in board["panels"]}
    assert verdicts == {Verdict.EXERCISED.value}


def _flat(value: float) -> Track:
    return Track("flat", np.array([0.0, 1.0]), np.array([value, value]))
