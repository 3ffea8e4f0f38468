"""What the demo prints, in a terminal and where there is none."""

from __future__ import annotations

import io
import math
import re

import numpy as np
import pytest
from rich.console import Console

from simulator.cli.addresses import address_lines
from simulator.cli.demo_view import (
    limit_line,
    panel_table,
    plan_line,
    progress_line,
    staying_line,
)
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage, StepCoverage, Track, Verdict
from simulator.grafana.shown import Shown
from simulator.observation.live_state import LiveState
from simulator.observation.readings import PanelReading
from simulator.runtime.demo import DemoPlan

WIDTHS = (80, 100, 120)
SECONDS = 10.0
PLAN = DemoPlan("tour", 600.0, 200, 144.0)
REFUSAL = "refusal without review (RGPD art. 22)"


def value(name: str, text: str, number: float | str, color: str = "green", row: str = "") -> Shown:
    return Shown(name, number, text, 0, color, is_color_seen=True, unit="", row=row)


def reading(title: str, *fields: Shown, error: str | None = None) -> PanelReading:
    board = "MLOps Scoring Platform - Business Metrics"
    return PanelReading("scoring-business", board, title, title, "stat", fields, error)


def seen(title: str, *levels: list[float]) -> PanelCoverage:
    """A panel with a series for each list of levels, one a second; nan where it has no value."""
    ends = [("green", -math.inf, 4.0), ("orange", 4.0, 9.0), ("red", 9.0, math.inf)]
    steps = tuple(
        StepCoverage(i, color, None, low, high, Verdict.EXERCISED)
        for i, (color, low, high) in enumerate(ends)
    )
    tracks = []
    for i, values in enumerate(map(np.array, levels)):
        has_value = ~np.isnan(values)
        times = 1.7e9 + np.arange(len(values), dtype=float)
        tracks.append(Track(str(i), times[has_value], values[has_value]))
    field = FieldCoverage("rate", Verdict.EXERCISED, steps, tuple(tracks))
    return PanelCoverage(title, 1, title, "stat", Verdict.EXERCISED, (field,) if levels else ())


def printed(
    readings: list[PanelReading], coverage: list[PanelCoverage], width: int, *, color: bool = False
) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=color, color_system="truecolor" if color else None
    )
    console.print(panel_table(readings, coverage, seconds=SECONDS, width=width))
    return file.getvalue()


def words(text: str) -> str:
    """All of a column that goes on in the next lines, the last column cut off."""
    lines = (re.sub(r"(■ \w+|no value) \d+", "", line) for line in text.splitlines())
    return " ".join(" ".join(lines).split())


COMPLIANCE = reading("Compliance Violations", value("Total", "1.36", 1.36), value(REFUSAL, "0", 0))
RED_FOR_TWO = seen("Compliance Violations", [1, 1, 1, 5, 9, 9, 5, 1, 1, 1], [1.0] * 10)


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits(width: int) -> None:
    lines = printed([COMPLIANCE], [RED_FOR_TWO], width).splitlines()
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_steps_are_named_where_there_is_no_color(width: int) -> None:
    said = printed([COMPLIANCE], [RED_FOR_TWO], width)
    assert "\x1b" not in said
    for chip in ("■ green 6", "■ orange 2", "■ red 2"):
        assert chip in said


@pytest.mark.parametrize("width", WIDTHS)
def test_no_name_is_cut(width: int) -> None:
    said = words(printed([COMPLIANCE], [RED_FOR_TWO], width))
    assert f"Total 1.36, {REFUSAL} 0" in said
    assert "…" not in said


def test_seconds_add_up_to_those_of_the_demo() -> None:
    """Also where values of one panel are in several colours at once, or there are none."""
    nan = math.nan
    coverage = seen("Lag", [nan, 1, 5, 9, 9, 9, 1, 1, 1, 1], [nan, 9, 1, 1, 1, 1, 1, 1, 5, nan])
    said = printed([reading("Lag", value("a", "1", 1.0))], [coverage], 120)
    found = {name: int(n) for name, n in re.findall(r"(green|orange|red|no value) (\d+)", said)}
    assert found == {"green": 3, "orange": 2, "red": 4, "no value": 1}
    assert sum(found.values()) == SECONDS


def test_what_is_no_number_is_said_to_be_no_value() -> None:
    versions = reading(
        "Model Versions",
        value("Version", "3.3.0", "3.3.0", row="3.3.0 canary regression 2026-10-31"),
        value("Stage", "canary", "canary", row="3.3.0 canary regression 2026-10-31"),
        value("Accuracy", "NaN", math.nan, row="3.3.0 canary regression 2026-10-31"),
        value("p95", "26 ms", 0.026, row="3.3.0 canary regression 2026-10-31"),
    )
    said = words(printed([versions], [seen("Model Versions")], 120))
    assert "3.3.0 canary: Accuracy no value p95 26 ms" in said
    assert "NaN" not in said


def test_a_series_that_is_no_number_had_no_traffic_yet() -> None:
    times = reading("API Response Times", value("POST /v1/score", "NaN", math.nan))
    said = words(printed([times], [seen("API Response Times")], 120))
    assert "POST /v1/score no traffic yet" in said
    assert "NaN" not in said


def test_the_worst_values_come_first() -> None:
    fields = [value(f"queue {i}", str(i), float(i)) for i in range(9)]
    fields.append(value("archive", "12", 12.0, "red"))
    said = words(printed([reading("Lag", *fields)], [seen("Lag")], 80))
    assert "archive 12, queue 0 0, queue 1 1, queue 2 2 +6 more" in said


def test_a_panel_without_data_says_so() -> None:
    said = words(printed([reading("Lag"), reading("Bad", error="boom")], [seen(""), seen("")], 80))
    assert "Lag no data Bad boom" in said


def test_values_have_the_colors_of_their_panels() -> None:
    said = printed([reading("Lag", value("a", "12", 12.0, "red"))], [RED_FOR_TWO], 120, color=True)
    assert "\x1b[31m12\x1b[0m" in said
    assert "■" in said


def test_progress_counts_to_the_length_that_was_asked_for() -> None:
    state = LiveState(ticks=24, episodes=("bureau-slow",), applications_per_second=290.2)
    line = progress_line(PLAN, 24.0, state, 12, 12)
    assert line == (
        "  24 of 144 s (4h of 1d)   290 scoring req/s  panels 12/12 with data  bureau-slow"
    )
    assert progress_line(PLAN, 151.0, state, 12, 12).startswith(" 144 of 144 s (1d of 1d)")


def test_progress_names_four_incidents_and_how_many_more() -> None:
    state = LiveState(24, ("a", "b", "c", "d", "e"), 290.0)
    assert progress_line(PLAN, 24.0, state, 12, 12).endswith("  a, b, c, d +1")
    none = LiveState(24, (), 290.0)
    assert progress_line(PLAN, 24.0, none, 12, 12).endswith("  no incident")


def test_a_machine_that_could_not_keep_up_is_said() -> None:
    assert (limit_line(PLAN, 46) or "").startswith("In 46 of 144 s this machine could not keep up")
    assert limit_line(PLAN, 0) is None


def test_make_is_named_only_where_there_is_a_makefile() -> None:
    assert "make up, or simulator demo --stay" in staying_line(in_checkout=True)
    assert "make" not in staying_line(in_checkout=False).partition(": ")[2]


def test_the_plan_is_one_sentence() -> None:
    assert plan_line(PLAN) == (
        "tour: 1d of it in 144 s (600 times as fast), under the load of 200 users of Locust"
    )


def test_addresses_are_never_broken() -> None:
    long = "http://127.0.0.1:3000/d/scoring-business?" + "x" * 200
    (line,) = address_lines({"panels": long})
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(line, soft_wrap=True)
    assert console.export_text() == f"panels  {long}\n"
