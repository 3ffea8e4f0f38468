"""Whatever a person names and misspells on a command line or in a scenario, one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rich.console import Console

from simulator.cli import cli
from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.tune_view import tuning_table
from simulator.coverage.allowances import parse_allowance, with_allowances
from simulator.errors import AllowanceError, DashboardError, ScenarioError
from simulator.scenario.loading import parse_scenario
from tests.support.coverage_values import coverage_value
from tests.support.tuning_samples import monitor, sample_tuning, wanted

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = """
name: x
description: y
duration: 4h
traffic: {request_per_second: 80, profile: flta}
platform: {api: {wokers: 3}, kafka: {consumer_groups: [{naem: a}]}}
episodes:
- {name: a, kind: trafic-surge, start: 1h, duration: 1h, factor: 2}
- {name: b, kind: errors, start: 1h, duration: 1h, ratio: 0.5, status: 500, alarms: {drifts: red}}
- {name: c, kind: errors, start: 1h, duration: 1h, ratio: 1, status: 500, onset: {shape: abrubt}}
"""


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["demmo"], "demo"),
        (["Cover", "tour"], "cover"),
        (["scenario", "lst"], "list"),
        (["demo", "--lenght", "3m"], "--length"),
        (["tune", "on-call", "--require", "min-recal=0.9"], "min-recall"),
        (["tune", "on-call", "--cost", "mis=20"], "miss"),
        (["tune", "on-call", "--objective", "f2"], "f1"),
    ],
)
def test_a_word_of_the_command_line(words: list[str], meant: str) -> None:
    ended = CliRunner().invoke(cli, words)
    assert ended.exit_code == 2
    assert f"'{meant}'" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--scenario"],
        ["cover"],
        ["tune"],
        ["backfill", "--output", "."],
        ["demo", "--scenario"],
    ],
)
def test_a_scenario(words: list[str]) -> None:
    ended = CliRunner().invoke(cli, [*words, "tuor"])
    assert isinstance(ended.exception, ScenarioError)
    assert str(ended.exception).endswith("; did you mean 'tour'?")


def test_a_word_unlike_all_others_is_not_guessed() -> None:
    ended = CliRunner().invoke(cli, ["zzz"])
    assert ended.stderr.splitlines()[-1] == "Error: No such command 'zzz'"


@pytest.mark.parametrize(
    "meant",
    [
        "requests_per_second", "flat", "workers", "name", "traffic-surge", "drift", "abrupt",
    ],
)  # fmt: skip
def test_a_key_or_word_of_a_scenario_file(meant: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(SCENARIO, "mine.yaml")
    assert f"; did you mean '{meant}'?" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "meant"), [("Broken Qurey:red", "Broken Query"), ("Compliance Violations:rde", "red")]
)
def test_a_panel_or_a_step_that_is_allowed_to_be_missing(text: str, meant: str) -> None:
    with pytest.raises(AllowanceError, match=f"; did you mean '{meant}'"):
        with_allowances(coverage_value(), [parse_allowance(text)])


def test_titles_that_are_listed_cannot_steer_the_terminal() -> None:
    with pytest.raises(AllowanceError) as refused:
        with_allowances(coverage_value(), [parse_allowance("Nobody:red")])
    assert str(refused.value).isprintable()


def test_a_variable_of_the_dashboards() -> None:
    with pytest.raises(
        DashboardError, match=r"--var windwo: no dashboard .*; did you mean 'window'"
    ):
        chosen_dashboards((), {"windwo": "5m"})


def test_a_variable_that_only_a_query_asks_for_may_be_given(tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    file.write_text('{"panels": [{"type": "stat", "targets": [{"expr": "rate(x[$span])"}]}]}')
    (board,) = chosen_dashboards([file], {"span": "5m"})
    assert board.file == file


def test_a_signal_of_an_incident() -> None:
    tuning = sample_tuning(monitor(), incidents=[*wanted(), *wanted("lagg", levels=["red"])])
    console = Console(width=120, record=True)
    console.print(tuning_table(tuning, (), width=120))
    assert "nothing here watches lagg; did you mean 'lag'?" in console.export_text()
