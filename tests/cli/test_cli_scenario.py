"""`simulator scenario` and the help texts."""

from __future__ import annotations

import json
import resource
import statistics
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from simulator import __version__
from simulator.scenario.loading import library_names, scenario_text
from tests.support.simulator_process import Program, simulator_process

if TYPE_CHECKING:
    from pathlib import Path

BAD = """\
name: bad
description: x
duration: 1h
traffic: {requests_per_second: -1}
episodes:
- {name: e, kind: errors, start: 0s, duration: 10m, ratio: 2.0}
"""


def test_the_list_has_every_scenario_of_the_library(simulator: Program) -> None:
    listed = simulator("scenario", "list")

    assert listed.code == 0
    rows = listed.stdout.splitlines()
    assert all(any(row.startswith(f"{name} ") for row in rows) for name in library_names())


def test_the_list_as_json_has_names_and_descriptions(simulator: Program) -> None:
    listed = json.loads(simulator("scenario", "list", "--json").stdout)

    assert [row["name"] for row in listed] == library_names()
    assert all(row["description"] for row in listed)


def test_a_scenario_is_shown_as_it_is_written(simulator: Program) -> None:
    shown = simulator("scenario", "show", "tour")

    assert (shown.code, shown.stdout) == (0, scenario_text("tour"))


def test_a_scenario_as_json_is_whole_and_in_seconds(simulator: Program) -> None:
    shown = json.loads(simulator("scenario", "show", "tour", "--json").stdout)

    assert shown["duration"] == 86400.0
    assert shown["platform"]["api"].items() >= {"workers": 96, "timeout_seconds": 2.0}.items()
    assert len(shown["episodes"]) == len(yaml.safe_load(scenario_text("tour"))["episodes"])


def test_all_scenarios_of_the_library_are_fine(simulator: Program) -> None:
    checked = simulator("scenario", "check", *library_names())

    assert checked.code == 0
    assert len(checked.stdout.splitlines()) == len(library_names())
    assert "calm: fine, 0 episodes\n" in checked.stdout
    assert "errors: fine, 1 episode\n" in checked.stdout


def test_a_check_notes_what_a_live_run_does_not_show(simulator: Program) -> None:
    checked = simulator("scenario", "check", "scrape-gap", "calm")

    assert checked.code == 0
    assert checked.stderr == (
        "scrape-gap: note: episodes.1: 'late-scrapes' is late in histories and at /metrics only: "
        "a Pushgateway answers in time\n"
    )


def test_a_check_tells_every_problem_and_goes_on_to_the_next_file(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(BAD)

    checked = simulator("scenario", "check", str(file), "calm")

    assert checked.code == 2
    assert checked.stdout == "calm: fine, 0 episodes\n"
    problems = checked.stderr.splitlines()
    assert any("traffic.requests_per_second" in p and "(found -1)" in p for p in problems)
    assert any("ratio" in p and "(found 2.0)" in p for p in problems)
    assert all(p.startswith(f"{file}: ") for p in problems)


def test_a_check_notes_a_window_that_is_mostly_noise_and_is_fine_with_it(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(
        "name: small\ndescription: A test.\nduration: 1h\n"
        "platform: {monitoring: {drift_window: 100}}\n"
    )

    checked = simulator("scenario", "check", str(file))

    assert checked.code == 0
    (note,) = checked.stderr.splitlines()
    assert checked.stdout == f"{file}: fine, 0 episodes\n"
    assert note.startswith(f"{file}: note: platform.monitoring.drift_window: ")
    assert "a healthy PSI exceeds 0.10" in note


@pytest.mark.parametrize("command", ["show", "check"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"a: [", b"- 1", b"a: &x 1\nb: *x"])
def test_a_file_that_is_no_scenario_exits_2_in_a_few_lines(
    simulator: Program, tmp_path: Path, command: str, content: bytes | None
) -> None:
    file = tmp_path / "no.yaml"
    if content is not None:
        file.write_bytes(content)

    ended = simulator("scenario", command, str(file))

    assert ended.code == 2
    assert str(file) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_schema_accepts_the_whole_library(simulator: Program) -> None:
    printed = simulator("scenario", "schema")

    assert printed.code == 0
    validator = jsonschema.Draft202012Validator(json.loads(printed.stdout))
    for name in library_names():
        validator.validate(yaml.safe_load(scenario_text(name)))
    assert not validator.is_valid(yaml.safe_load(BAD))


def test_the_help_is_there_at_once() -> None:
    seconds = []
    for _ in range(5):
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        shown = simulator_process("--help")
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime)

    assert shown.code == 0
    assert all(f"\n  {command} " in shown.stdout for command in ("run", "scenario", "clean"))
    # of the processor, since other processes may keep it busy
    assert statistics.median(seconds) < 0.5


@pytest.mark.parametrize("command", ["run", "scenario", "clean"])
def test_every_command_explains_itself(simulator: Program, command: str) -> None:
    shown = simulator(command, "--help")

    assert shown.code == 0
    assert shown.stdout.startswith(f"Usage: simulator {command} ")


def test_the_version_is_that_of_the_package(simulator: Program) -> None:
    assert simulator("--version").stdout == f"simulator, version {__version__}\n"


@pytest.mark.parametrize("arguments", [("fly",), ("run", "--fly"), ("scenario", "check")])
def test_what_is_no_command_exits_2(simulator: Program, arguments: tuple[str, ...]) -> None:
    ended = simulator(*arguments)

    assert ended.code == 2
    assert ended.stderr.startswith("Usage: ")
