"""The main job as a user runs it: Locust, platform, Pushgateway, Prometheus, dashboards."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(420)]

# Colours of the steps that each panel with thresholds is to go through, and end on.
STEPS = {"green", "orange", "red"}
JUDGED = {
    "Model Performance Overview",
    "Prediction Latency",
    "Model Drift Detection",
    "Observed vs Expected Defaults",
    "Scoring Success Rate",
    "API Response Times",
    "Data Pipeline Health",
    "Compliance Violations per 10,000",
}


@pytest.fixture(scope="module")
def demo() -> "subprocess.CompletedProcess[str]":
    """One whole demo; what it says on the way goes to stderr."""
    program = Path(sys.executable).with_name("simulator")
    return subprocess.run(
        [program, "demo", "--json"], capture_output=True, text=True, timeout=400, check=False
    )


@pytest.fixture(scope="module")
def panels(demo: "subprocess.CompletedProcess[str]") -> dict[str, dict[str, Any]]:
    assert demo.returncode == 0, demo.stderr
    return {p["panel"]: p for p in json.loads(demo.stdout)}


def test_all_thirteen_panels_show_values(panels: dict[str, dict[str, Any]]) -> None:
    assert len(panels) == 13
    assert [name for name, p in panels.items() if not p["fields"] or p["error"]] == []


def test_daily_panels_have_the_day_before(panels: dict[str, dict[str, Any]]) -> None:
    daily = {f["name"]: f["value"] for f in panels["Daily Scoring Requests"]["fields"]}
    # a day of 200 requests a second, many of them batches; the demo itself sends 300 000
    assert daily["Last 24 h"] > 200 * 80_000


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_a_panel_goes_through_each_of_its_steps(
    panels: dict[str, dict[str, Any]], name: str
) -> None:
    steps = panels[name]["steps"]
    assert {s["color"] for s in steps if s["verdict"] == "EXERCISED"} >= STEPS


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_no_panel_is_red_for_more_than_a_fifth(
    panels: dict[str, dict[str, Any]], name: str
) -> None:
    red = [s["seconds"] for s in panels[name]["steps"] if s["color"] == "red"]
    assert 0.0 < max(red) <= 0.2 * 144.0


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_a_panel_comes_back_to_green(panels: dict[str, dict[str, Any]], name: str) -> None:
    last = dict.fromkeys(STEPS, 0.0)
    for step in panels[name]["steps"]:
        last[step["color"]] = max(last.get(step["color"], 0.0), step["last_seen"] or 0.0)
    assert last["green"] > last["red"]
    assert last["green"] > last["orange"] - 10.0  # a window of five seconds is noisy


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_seconds_of_a_panel_add_up_to_the_demos(
    panels: dict[str, dict[str, Any]], name: str
) -> None:
    total = sum(panels[name]["seconds_by_color"].values())
    assert 144.0 * 0.95 < total <= 144.0  # before the first scrapes there is no value


def test_progress_tells_episodes_rates_and_panels(
    demo: "subprocess.CompletedProcess[str]",
) -> None:
    lines = [line for line in demo.stderr.splitlines() if "req/s" in line]
    assert len(lines) > 8
    assert all(" of 144 s (" in line for line in lines)
    # a line comes every ten seconds, and this one lasts for twelve
    assert any("reasons-vanish" in line and "panels 13/13" in line for line in lines)
