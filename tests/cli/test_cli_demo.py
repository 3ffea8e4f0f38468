"""`simulator demo`: what it refuses, before anything is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Program


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """A scenario of nine years, with one episode of a month."""
    file = tmp_path / "years.yaml"
    file.write_text(
        "name: years\ndescription: x\nduration: 3285d\nepisodes:\n"
        "- {name: month, kind: errors, start: 0s, duration: 30d, status: 500, ratio: 0.5}\n"
    )
    return file


@pytest.fixture
def without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing can be started: what is refused now is refused before that."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("without_programs")
def test_a_scenario_too_long_for_the_length_is_refused(simulator: Program, years: Path) -> None:
    ended = simulator("demo", "--scenario", str(years), "--length", "10s")

    assert (ended.code, ended.stdout) == (2, "")
    assert "scenario 'years' cannot run 2.83824e+07 times as fast" in ended.stderr
    assert "--length 10s is too short for the 3285d of this scenario" in ended.stderr


@pytest.mark.usefixtures("without_programs")
@pytest.mark.parametrize("stay", [(), ("--stay",)])
def test_an_episode_shorter_than_a_tick_is_refused(
    simulator: Program, stay: tuple[str, ...]
) -> None:
    ended = simulator("demo", "--length", "10s", *stay)

    assert (ended.code, ended.stdout) == (2, "")
    assert "is shorter than a tick of 1s" in ended.stderr
    assert "--length 10s is too short for the 1d of this scenario" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--length", "9s"), "at least 10s"),
        (("--length", "soon"), "'soon' is not a duration"),
        (("--users", "0"), "--users"),
        (("--seed", "-1"), "--seed"),
        (("--scenario", "no-such"), "'no-such' is neither a file nor a scenario"),
    ],
)
@pytest.mark.usefixtures("without_programs")
def test_bad_input_exits_2_and_says_what_is_wrong(
    simulator: Program, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulator("demo", *arguments)

    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.usefixtures("without_programs")
def test_rules_of_somebody_are_shown_beside_their_dashboards(
    simulator: Program, tmp_path: Path
) -> None:
    alerts = tmp_path / "alerts.yml"
    alerts.write_text("groups: []\n", encoding="utf-8")
    ended = simulator("demo", "--rules", str(alerts))

    assert ended.code == 2
    assert "--rules goes with --dashboards" in ended.stderr


@pytest.mark.usefixtures("without_programs")
def test_dashboards_that_ask_nothing_are_refused_before_anything_starts(
    simulator: Program, tmp_path: Path
) -> None:
    board = tmp_path / "board.json"
    board.write_text('{"title": "B", "panels": []}', encoding="utf-8")
    ended = simulator("demo", "--dashboards", str(board))

    assert ended.code == 2
    assert "board.json: no query reads a metric" in ended.stderr
