"""Panels drawn from a small grammar show what Grafana's own libraries show of the same answers.

Types, overrides, steps, mappings, queries and transformations are drawn at random; of each panel
@grafana/data 13.2.2 said which values it shows, on which step, and whether its colour is seen.
They are kept as how many values a name has on a step, and their sum.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.grafana.parsing import dashboard_from
from simulator.observation.every_panel import Opened
from simulator.observation.readings import PanelReading, panel_readings
from tests.support.grafana_cases import PLAN, served_cases

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

ANSWERS = Path(__file__).parent / "answers" / "panels.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in ANSWERS.read_text().splitlines()]
Sums = dict[tuple[str, int | None, bool], tuple[int, float]]
"""How many values there are, and their sum, by name, step, and whether the colour is seen."""


@pytest.fixture(scope="module")
def readings(
    find_program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[PanelReading, ...]:
    """All panels at the end of the data, as one dashboard of twenty minutes."""
    time = {"from": "now-20m", "to": "now"}
    panels = [case["panel"] for case in CASES]
    board = dashboard_from({"title": "B", "schemaVersion": 41, "time": time, "panels": panels})
    with served_cases(find_program, tmp_path_factory.mktemp("panels") / "blocks") as prometheus:
        return panel_readings([board], prometheus, Opened(PLAN.end))


def sums(reading: PanelReading) -> Sums:
    found: dict[tuple[str, int | None, bool], list[float]] = defaultdict(list)
    for one in reading.fields:
        if isinstance(one.value, float) and not math.isnan(one.value):
            found[one.name, one.step, one.is_color_seen].append(one.value)
    return {key: (len(values), sum(values)) for key, values in found.items()}


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_panel_shows_what_grafanas_libraries_show(
    readings: tuple[PanelReading, ...], number: int
) -> None:
    reading, case = readings[number], CASES[number]
    assert (reading.error, reading.unsupported) == (None, ())
    wanted: dict[Any, Any] = {
        (name, step, is_seen): (count, pytest.approx(float(total), rel=1e-6, abs=1e-6))
        for name, step, is_seen, count, total in case["shown"]
    }
    assert sums(reading) == wanted
