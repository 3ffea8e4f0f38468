"""`simulator backfill`: what it writes and says, and what it refuses before anything is begun."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from simulator_process import Ended, Program

TEXT = ("--format", "openmetrics", "--step", "60s", "--end", "2026-11-09T03:00:30Z")


@pytest.fixture
def backfill(simulator: Program, tmp_path: Path) -> Program:
    def run(*arguments: str, scenario: str = "calm") -> Ended:
        return simulator("backfill", scenario, "--output", str(tmp_path / "out"), *arguments)

    return run


def ended_well(ended: Ended) -> Ended:
    assert ended.code == 0, ended.stderr
    return ended


def test_it_says_what_it_wrote_and_what_to_type_next(backfill: Program, tmp_path: Path) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "2h"))

    first, second = ended.stdout.splitlines()
    assert re.fullmatch(
        r"[0-9,]+ samples of [0-9,]+ series in 2 OpenMetrics files: "
        r"2026-11-09T01:00:00Z to 2026-11-09T03:00:00Z",
        first,
    )
    assert f"for f in {tmp_path}/out/*.om; do promtool" in second
    assert {f.name for f in (tmp_path / "out").iterdir()} == {
        *(".backfill.lock", "truth.json", "handover.json"),
        *("20261109T010100Z.om", "20261109T020000Z.om"),
    }


def test_as_json_it_is_one_object(backfill: Program, tmp_path: Path) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "1h", "--seed", "7", "--json"))

    told = json.loads(ended.stdout)
    text = "".join(file.read_text() for file in (tmp_path / "out").glob("*.om"))
    lines = [line.rsplit(" ", 2)[0] for line in text.splitlines() if line[0] != "#"]
    assert (told["samples"], told["series"]) == (len(lines), len(set(lines)))
    assert (told["start"], told["end"]) == ("2026-11-09T02:00:00Z", "2026-11-09T03:00:00Z")
    assert (told["scenario"], told["seed"], told["instance"]) == ("calm", 7, "simulator")


def test_without_a_duration_it_is_the_scenarios_own(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--compress", "4", "--json", scenario="errors"))

    told = json.loads(ended.stdout)
    truth_start, truth_end = (
        int(told[k][11:13]) * 60 + int(told[k][14:16]) for k in ("start", "end")
    )
    assert truth_end - truth_start == 45  # three hours, four times as fast
    assert "without episodes" not in ended.stderr


def test_after_the_scenario_there_are_no_episodes_and_it_says_so(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "2h", "--compress", "4", scenario="errors"))

    assert "The 45m of the scenario come first, and then time without episodes." in ended.stderr


def test_elsewhere_than_on_a_terminal_progress_is_plain_lines(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "5h"))

    lines = ended.stderr.splitlines()
    assert (lines[0], lines[-1]) == ("history: 0 % 0 of 3", "history: 100 % 3 of 3")
    assert "\x1b" not in ended.stderr


def test_the_same_again_is_there_already(backfill: Program) -> None:
    arguments = (*TEXT, "--duration", "1h")
    ended_well(backfill(*arguments))

    again = ended_well(backfill(*arguments))
    assert (
        "holds this history already: 2026-11-09T02:00:00Z to 2026-11-09T03:00:00Z" in again.stdout
    )
    assert again.stderr == ""


def test_another_seed_is_not_mixed_into_it(backfill: Program) -> None:
    ended_well(backfill(*TEXT, "--duration", "1h"))

    other = backfill(*TEXT, "--duration", "1h", "--seed", "99")
    assert other.code == 2
    assert "holds other samples of this time already" in other.stderr
    assert "choose another folder" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--step", "0s"), "--step: 0s is no step; from 100ms to 1h"),
        (("--step", "2h"), "--step: 2h is no step"),
        (("--step", "soon"), "'soon' is not a duration"),
        (("--duration", "10s"), "--duration: 10s are not 1 to 20,000,000 steps of 15s"),
        (("--duration", "0s"), "--duration: 0s are not"),
        (("--duration", "3000d", "--step", "1s"), "are not 1 to 20,000,000 steps of 1s"),
        (("--end", "then"), "'then' is no moment"),
        (("--end", "1970-01-01T00:10:00Z"), "not within the years 1970 to 9999"),
        (("--end", "1e15"), "not within the years 1970 to 9999"),
        (("--end", "nan"), "'nan' is no moment"),
        (("--seed", "-1"), "--seed"),
        (("--compress", "0.5"), "--compress"),
        (("--instance", ""), "--instance"),
        (("--format", "csv"), "--format"),
    ],
)
def test_bad_input_exits_2_and_says_what_is_wrong(
    backfill: Program, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = backfill(*arguments)

    assert (ended.code, ended.stdout) == (2, "")
    assert said in " ".join(ended.stderr.split())
    assert not (tmp_path / "out").exists()


def test_an_unknown_scenario_is_refused(backfill: Program) -> None:
    ended = backfill(scenario="no-such")

    assert (ended.code, ended.stdout) == (2, "")
    assert "'no-such' is neither a file nor a scenario" in ended.stderr


def test_an_episode_shorter_than_a_step_is_refused(backfill: Program, tmp_path: Path) -> None:
    ended = backfill("--compress", "5000", "--format", "openmetrics", scenario="tour")

    assert (ended.code, ended.stdout) == (2, "")
    assert "is shorter than a tick of 15s" in ended.stderr
    assert {f.name for f in (tmp_path / "out").iterdir()} == {".backfill.lock"}


def test_without_promtool_it_says_how_to_get_it(
    backfill: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def in_no_folder() -> tuple[Path, ...]:
        return (tmp_path,)

    monkeypatch.setattr("simulator.runtime.binaries.search_folders", in_no_folder)
    ended = backfill("--duration", "1h")

    assert (ended.code, ended.stdout) == (2, "")
    assert "promtool is neither on PATH nor in .tools/; " in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_refused(backfill: Program, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    ended = backfill("--duration", "1h", "--format", "openmetrics")

    assert (ended.code, ended.stdout) == (2, "")
    assert "out" in ended.stderr
