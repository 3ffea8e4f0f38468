"""A scenario planned for dashboards, and covered: thresholds may change, the steps are reached."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.installation import shipped

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(400)]

PROGRAM = Path(sys.executable).with_name("simulator")
OWN = sorted(shipped("dashboards").glob("*.json"))

# Thresholds by panel, or by the field of an override: other ones than ours, both ways.
EDITED = {
    "Prediction Latency": (0.2, 0.6),
    "API Response Times": (0.2, 0.6),
    "Scoring Success Rate": (0.90, 0.97),
    "Compliance Violations per 10,000": (5.0, 20.0),
    "Model Performance Overview": (0.60, 0.70),
    "Accuracy over Time": (0.60, 0.70),
    "Drift over Time": (0.2, 0.5),
    "Observed vs Expected Defaults": (1.3, 2.2),
    "Consumer Lag": (5_000.0, 50_000.0),
    "Kafka consumer lag": (5_000.0, 50_000.0),
    "MinIO free space": (0.15, 0.30),
    "PSI": (0.2, 0.5),
}


@pytest.fixture(scope="module")
def simulator(find_program: Callable[[str], str]) -> Callable[..., Any]:
    """The command line as a user runs it; needs the real programs."""
    find_program("prometheus")

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=380,
            check=False,
        )

    return run


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """All panels, those of rows too."""
    return [one for panel in dashboard["panels"] for one in (panel, *panel.get("panels", ()))]


def set_values(thresholds: dict[str, Any], values: tuple[float, ...]) -> None:
    """Moves the steps after the first, which has no value."""
    for step, value in zip(thresholds["steps"][1:], values, strict=True):
        step["value"] = value


def edit(dashboard: dict[str, Any]) -> None:
    """Moves the thresholds as somebody would in Grafana."""
    for panel in panels(dashboard):
        config = panel.get("fieldConfig", {})
        if panel["title"] in EDITED:
            set_values(config["defaults"]["thresholds"], EDITED[panel["title"]])
        for override in config.get("overrides", ()):
            values = EDITED.get(str(override["matcher"]["options"]))
            for one in override["properties"]:
                if one["id"] == "thresholds" and values:
                    set_values(one["value"], values)


def test_a_plan_for_our_own_dashboards_reaches_every_step(
    simulator: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "planned.yaml"

    planned = simulator("scenario", "plan", "-o", file)
    covered = simulator("cover", file)

    assert planned.returncode == 0, planned.stderr
    assert "not reached" not in planned.stderr
    assert covered.returncode == 0, covered.stdout


def test_after_thresholds_were_edited_a_new_plan_reaches_them_again(
    simulator: Callable[..., Any], tmp_path: Path
) -> None:
    folder, file = tmp_path / "edited", tmp_path / "planned.yaml"
    folder.mkdir()
    for own in OWN:
        dashboard = json.loads(own.read_text())
        edit(dashboard)
        (folder / own.name).write_text(json.dumps(dashboard))

    planned = simulator(
        "scenario", "plan", "--dashboards", folder, "--var", "window=5m", "-o", file
    )
    covered = simulator("cover", file, "--dashboards", folder, "--var", "window=5m")

    assert planned.returncode == 0, planned.stderr
    assert covered.returncode == 0, covered.stdout


@pytest.fixture(scope="module")
def impossible(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four panels: a step that nothing reaches, an empty one, and two broken queries."""
    dashboard = json.loads(next(f for f in OWN if "business" in f.name).read_text())
    by_title = {panel["title"]: panel for panel in panels(dashboard)}
    success, lag = by_title["Scoring Success Rate"], by_title["Consumer Lag"]
    reasons, decisions = by_title["Errors by Reason"], by_title["Decisions"]
    steps = success["fieldConfig"]["defaults"]["thresholds"]["steps"]
    success["fieldConfig"]["defaults"]["thresholds"]["steps"] = [
        {"color": "purple", "value": None},
        {"color": "red", "value": -0.5},
        *steps[1:],
    ]
    set_values(lag["fieldConfig"]["defaults"]["thresholds"], (5_000.0, 1_000.0))
    reasons["targets"][0]["expr"] = "sum(rate(scoring_errors_total[$window])"
    decisions["targets"][0]["expr"] = "sum(rate(nothing_of_the_kind[$window]))"
    dashboard["panels"] = [success, lag, reasons, decisions]
    file = tmp_path_factory.mktemp("impossible") / "dashboard.json"
    file.write_text(json.dumps(dashboard))
    return file


def test_what_cannot_be_reached_is_named_and_all_else_is_reached(
    simulator: Callable[..., Any], impossible: Path, tmp_path: Path
) -> None:
    file = tmp_path / "planned.yaml"

    planned = simulator(
        "scenario", "plan", "--dashboards", impossible, "--var", "window=2m", "-o", file, "--json"
    )

    assert planned.returncode == 1, planned.stderr
    reported = json.loads(planned.stdout)
    missing = {(one["panel"], one["color"]): one["reason"] for one in reported["missing"]}
    assert set(missing) == {
        ("Scoring Success Rate", "purple"),
        ("Consumer Lag", "orange"),
        ("Errors by Reason", None),
        ("Decisions", None),
    }
    purple = missing["Scoring Success Rate", "purple"]
    assert re.fullmatch(
        r"out of reach \(below -0\.5\): the nearest of \d+ trials was 0 with .+, 0\.5 away", purple
    )
    assert missing["Consumer Lag", "orange"].startswith("no value is on it")
    assert "unclosed left parenthesis" in missing["Errors by Reason", None]
    unknown = "unknown-metric: there is no metric 'nothing_of_the_kind'"
    assert missing["Decisions", None].startswith(unknown)
    assert f"cannot be reached: Decisions: data: {unknown}" in planned.stderr
    assert {(one["panel"], one["color"]) for one in reported["reached"]} == {
        ("Scoring Success Rate", "red"),
        ("Scoring Success Rate", "orange"),
        ("Scoring Success Rate", "green"),
        ("Consumer Lag", "green"),
        ("Consumer Lag", "red"),
    }
    assert f"# - Scoring Success Rate, Success rate: purple: {purple}"[:80] in file.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--base", "nobody"],
        ["--json"],
        ["--name", "No Name"],
        ["--dashboards", "/nowhere"],
        ["--var", "window"],
    ],
)
def test_what_is_no_plan_exits_2_at_once(
    simulator: Callable[..., Any], arguments: list[str]
) -> None:
    ended = simulator("scenario", "plan", *arguments)

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
