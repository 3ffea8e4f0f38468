"""`simulator cover` as a user runs it, with the real Prometheus."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from tests.support.checkout import CHECKOUT
from tests.support.simulator_process import Ended, simulator_process

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

A_DAY = 150.0
"""Seconds that covering a day may take on a busy machine; some ten on one that is not."""

PANELS = {
    *("Model Performance Overview", "Prediction Latency", "Model Drift Detection"),
    *("Feature Importance", "Model Versions", "Daily Scoring Requests", "Scoring Success Rate"),
    *("Credit Score Distribution", "Risk Level Breakdown", "API Response Times"),
    *("Data Pipeline Health", "Compliance Violations per 10,000"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def tour(folder: Path) -> Ended:
    reports = [
        *("--json", str(folder / "tour.json"), "--junit", str(folder / "tour.xml")),
        *("--html", str(folder / "tour.html")),
    ]
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder / "tmp"))
        return simulator_process("cover", "tour", *reports, seconds=A_DAY)


@pytest.fixture(scope="module")
def reported(tour: Ended, folder: Path) -> dict[str, Any]:
    assert tour.code == 0, tour.stdout + tour.stderr
    found: dict[str, Any] = json.loads((folder / "tour.json").read_text())
    return found


def panels_of(reported: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for board in reported["dashboards"] for panel in board["panels"]]


def steps_of(reported: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for p in panels_of(reported) for field in p["fields"] for step in field["steps"]]


def test_the_tour_exercises_all_twelve_panels_and_every_step(reported: dict[str, Any]) -> None:
    assert {panel["title"] for panel in panels_of(reported)} >= PANELS
    summary = reported["summary"]
    assert summary["panels"] == summary["panels_with_data"] == len(panels_of(reported))
    assert summary["steps"] == summary["steps_exercised"] == len(steps_of(reported)) > 40
    assert {panel["verdict"] for panel in panels_of(reported)} == {"EXERCISED"}


def test_every_step_has_its_witness(reported: dict[str, Any]) -> None:
    for step in steps_of(reported):
        assert step["first_seen"].startswith("2026-01-05T")
        assert step["seconds"] > 0
    alarms = [step for step in steps_of(reported) if step["color"] in {"orange", "red"}]
    assert all(step["episodes"] for step in alarms)


def test_nothing_is_red_for_more_than_a_fifth_of_the_tour(reported: dict[str, Any]) -> None:
    red = [step["seconds"] for step in steps_of(reported) if step["color"] == "red"]
    assert max(red) <= 0.2 * 86_400.0


@pytest.mark.parametrize(
    ("title", "color", "episode"),
    [
        ("Scoring Success Rate", "red", "many-503s"),
        ("Model Drift Detection", "red", "young-channel"),
        ("Prediction Latency", "red", "feature-store-very-slow"),
        ("Compliance Violations per 10,000", "red", "kyc-check-fails-open"),
        ("Consumer Lag", "red", "archiver-stopped"),
    ],
)
def test_the_episode_behind_a_step_is_named_early(
    reported: dict[str, Any], title: str, color: str, episode: str
) -> None:
    (panel,) = [p for p in panels_of(reported) if p["title"] == title]
    step = next(s for s in panel["fields"][0]["steps"] if s["color"] == color)
    assert episode in step["episodes"][:3]


def test_the_terminal_says_how_much_is_exercised(tour: Ended, reported: dict[str, Any]) -> None:
    n_panels, n_steps = reported["summary"]["panels"], reported["summary"]["steps"]
    last = tour.stdout.rstrip().splitlines()[-1]
    assert last == (
        f"{n_panels} of {n_panels} panels with data, {n_steps} of {n_steps} steps exercised"
    )


def test_progress_is_said_in_plain_lines_elsewhere_than_on_a_terminal(tour: Ended) -> None:
    lines = tour.stderr.splitlines()
    assert "history: 0 %" in lines[0]
    assert any(line.startswith("panels: 100 %") for line in lines)
    assert "\x1b" not in tour.stderr + tour.stdout


def test_the_other_reports_are_written_too(reported: dict[str, Any], folder: Path) -> None:
    suites = ET.parse(folder / "tour.xml").getroot()  # noqa: S314 - written by the test itself
    assert int(suites.get("failures", "-1")) == int(suites.get("errors", "-1")) == 0
    page = (folder / "tour.html").read_text()
    assert all(panel["title"] in page for panel in panels_of(reported))


def test_the_same_again_gives_the_same_verdicts(reported: dict[str, Any]) -> None:
    again = simulator_process("cover", "tour", "--json", "-", seconds=A_DAY)
    assert again.code == 0
    assert json.loads(again.stdout) == reported


@pytest.fixture(scope="module")
def calm() -> Ended:
    return simulator_process("cover", "calm", "--json", "-", seconds=A_DAY)


def test_a_calm_day_exercises_green_and_no_other_step(calm: Ended) -> None:
    assert calm.code == 1
    reported = json.loads(calm.stdout)
    by_color: dict[str, set[str]] = {}
    for panel in panels_of(reported):
        for field in panel["fields"]:
            for step in field["steps"] if field["name"] != "Canary" else ():
                by_color.setdefault(step["color"], set()).add(step["verdict"])
    assert by_color == {
        "green": {"EXERCISED"},
        "orange": {"NOT_REACHED"},
        "red": {"NOT_REACHED"},
    }


def test_a_calm_day_has_no_canary(calm: Ended) -> None:
    fields = [f for p in panels_of(json.loads(calm.stdout)) for f in p["fields"]]
    assert [f["name"] for f in fields if f["verdict"] == "NO_DATA"] == ["Canary"]


def test_every_step_missed_tells_the_nearest_value(calm: Ended) -> None:
    missed = [s for s in steps_of(json.loads(calm.stdout)) if s["verdict"] == "NOT_REACHED"]
    assert missed
    assert all(step["nearest"]["distance"] >= 0 for step in missed)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, TimedRun]]:
    """Somebody's own Prometheus, with two hours in which errors occur."""
    folder = tmp_path_factory.mktemp("recorded")
    plan = load_scenario("errors").compressed(4.0)
    truth = TimedRun(plan, 1_790_000_010.0, 1_790_000_010.0 + plan.duration, 15.0, "theirs")
    write_history([truth], folder)
    with served_blocks(folder, scrape_interval_seconds=15.0) as url:
        yield url, folder / "truth.json", truth


def span(truth: TimedRun) -> tuple[str, ...]:
    return ("--start", f"{truth.start:.0f}", "--end", f"{truth.end:.0f}")


ONE_PANEL = {
    "title": "Errors",
    "uid": "errors",
    "panels": [
        {
            "type": "stat",
            "title": "Error share",
            "targets": [
                {
                    "instant": True,
                    "legendFormat": "share",
                    "expr": "sum(rate(scoring_errors_total[2m])) "
                    "/ sum(rate(scoring_requests_total[2m]))",
                }
            ],
            "fieldConfig": {
                "defaults": {
                    "thresholds": {
                        "steps": [
                            {"color": "green"},
                            {"color": "orange", "value": 0.02},
                            {"color": "red", "value": 0.9},
                        ]
                    }
                }
            },
        }
    ],
}


@pytest.fixture(scope="module")
def own_board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("board") / "errors.json"
    file.write_text(json.dumps(ONE_PANEL))
    return file


@pytest.mark.parametrize("has_file", [True, False], ids=["truth file", "its own metric"])
def test_any_prometheus_is_judged_and_its_truth_found(
    recorded: tuple[str, Path, TimedRun], own_board: Path, *, has_file: bool
) -> None:
    url, file, truth = recorded
    arguments = ["--prometheus", url, *span(truth), "--dashboards", str(own_board)]
    arguments += ["--truth", str(file)] if has_file else []
    ended = simulator_process("cover", *arguments, "--json", "-")
    assert ended.code == 1
    found = json.loads(ended.stdout)
    green, orange, red = steps_of(found)
    assert [s["verdict"] for s in (green, orange, red)] == ["EXERCISED"] * 2 + ["NOT_REACHED"]
    assert "which of them can be why is measured of a SCENARIO only" in found["notes"][-1]
    assert orange["episodes"][0] == truth.episodes[0].name


def test_an_exception_is_reported_and_forgiven(
    recorded: tuple[str, Path, TimedRun], own_board: Path
) -> None:
    url, _, truth = recorded
    ended = simulator_process(
        *("cover", "--prometheus", url, *span(truth), "--dashboards", str(own_board)),
        *("--allow", "Error share:red", "--json", "-"),
    )
    assert ended.code == 0
    assert [s["allowed"] for s in steps_of(json.loads(ended.stdout))] == [False, False, True]
    assert "allowed" in ended.stderr


def test_nothing_is_left_behind(tour: Ended, folder: Path) -> None:
    assert tour.code == 0
    assert list((folder / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "reached"),
    [((), "red"), (("--timezone", "UTC"), "green")],
)
def test_today_is_that_of_the_browser_on_the_day_that_is_named(
    tmp_path: Path, options: tuple[str, ...], reached: str
) -> None:
    """A quarter of an hour from midnight in UTC on: 1 o'clock in Paris."""
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 3600}]
    panel = {
        "type": "stat",
        "title": "Seconds of today",
        "targets": [{"refId": "A", "expr": "vector(${__range_s})", "instant": True}],
        "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute", "steps": steps}}},
    }
    board = tmp_path / "board.json"
    board.write_text(json.dumps({"title": "B", "time": {"from": "now/d"}, "panels": [panel]}))
    day = ("--date", "2026-03-29", "--compress", "96", *options)
    simulator_process(
        *("cover", "calm", *day, "--dashboards", str(board)),
        *("--json", str(tmp_path / "found.json")),
        seconds=A_DAY,
    )
    found = json.loads((tmp_path / "found.json").read_text())
    seen = [s["color"] for s in steps_of(found) if s["verdict"] == "EXERCISED"]
    assert (found["start"], seen) == ("2026-03-29T00:00:00Z", [reached])


def test_a_label_that_no_series_has_fails_the_run_until_it_is_allowed(tmp_path: Path) -> None:
    board, report = tmp_path / "board.json", tmp_path / "found.json"
    query = "sum by (handler) (rate(http_request_duration_seconds_count[5m]))"
    panel = {"type": "timeseries", "title": "By handler", "targets": [{"expr": query}]}
    board.write_text(json.dumps({"title": "B", "panels": [panel]}))
    asked = ("cover", "calm", "--compress", "96", "--dashboards", str(board))
    ended = simulator_process(*asked, "--json", str(report), seconds=A_DAY)
    said = "label handler (in by) is on no series of http_request_duration_seconds_count: it has"
    assert (ended.code, "unknown-label" in ended.stdout) == (1, True)
    (found,) = json.loads(report.read_text())["dashboards"][0]["panels"]
    assert (found["verdict"], found["fields"][0]["verdict"]) == ("FINDING", "EXERCISED")
    (finding,) = found["findings"]
    assert finding["message"].startswith(f"{said} endpoint, instance, job, method, status")
    allowed = simulator_process(*asked, "--allow", "By handler:unknown-label", seconds=A_DAY)
    assert allowed.code == 0, allowed.stdout


def test_alerts_are_judged_beside_panels_and_on_a_calm_day() -> None:
    rules = str(CHECKOUT / "compose" / "prometheus" / "rules" / "scoring-alerts.yml")
    ended = simulator_process(
        "cover", "broker-loss", "--rules", rules, "--json", "-", seconds=A_DAY
    )
    assert ended.code == 1
    alerts = {one["name"]: one for one in json.loads(ended.stdout)["alerts"]}
    assert len(alerts) == 22
    assert all(one["silent_on_calm"] for one in alerts.values())
    fired = {name for name, one in alerts.items() if one["verdict"] == "EXERCISED"}
    assert {"KafkaReplicationWarning", "KafkaMinIsrCritical"} <= fired
    assert "ModelDriftCritical" not in fired
    assert alerts["KafkaReplicationWarning"]["panels"] == ["Data Pipeline Health"]


@pytest.mark.slow
def test_the_tour_has_every_alert_of_ours_fire_and_resolve() -> None:
    rules = str(CHECKOUT / "compose" / "prometheus" / "rules")
    allowed = ["--allow", "Pushgateway*:*"]  # the history has no Pushgateway
    ended = simulator_process("cover", "tour", "--rules", rules, *allowed, seconds=A_DAY)
    assert ended.code == 0, ended.stdout
    assert "22 of 24 alerts exercised" in ended.stdout
