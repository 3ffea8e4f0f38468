"""`simulator backfill` really writing: what is in the folder is what it says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from simulator.cli.history_view import _serving as serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Ended, Program

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
    ended = ended_well(backfill(*TEXT, "--duration", "4h"))

    first, second = ended.stdout.splitlines()
    assert re.fullmatch(
        r"[0-9,]+ samples of [0-9,]+ series in 2 OpenMetrics files: "
        r"2026-11-08T23:00:00Z to 2026-11-09T03:00:00Z",
        first,
    )
    assert f"for f in {tmp_path}/out/*.om; do promtool" in second
    assert {f.name for f in (tmp_path / "out").iterdir()} == {
        *("truth.json", "handover.json"),
        *("20261108T230100Z.om", "20261109T000000Z.om"),
    }


def test_as_json_it_is_one_object(backfill: Program, tmp_path: Path) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "1h", "--seed", "7", "--json"))

    reported = json.loads(ended.stdout)
    text = "".join(file.read_text() for file in (tmp_path / "out").glob("*.om"))
    lines = [line.rsplit(" ", 2)[0] for line in text.splitlines() if line[0] != "#"]
    assert (reported["samples"], reported["series"]) == (len(lines), len(set(lines)))
    assert (reported["start"], reported["end"]) == ("2026-11-09T02:00:00Z", "2026-11-09T03:00:00Z")
    assert (reported["scenario"], reported["seed"], reported["instance"]) == (
        "calm",
        7,
        "simulator",
    )


def test_without_a_duration_it_is_the_scenarios_own(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--compress", "4", "--json", scenario="errors"))

    reported = json.loads(ended.stdout)
    truth_start, truth_end = (
        int(reported[k][11:13]) * 60 + int(reported[k][14:16]) for k in ("start", "end")
    )
    assert truth_end - truth_start == 45  # three hours, four times as fast
    assert "without episodes" not in ended.stderr


def test_after_the_scenario_there_are_no_episodes_and_it_says_so(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "2h", "--compress", "4", scenario="errors"))

    assert "The 45m of the scenario come first, and then time without episodes." in ended.stderr


def test_elsewhere_than_on_a_terminal_progress_is_plain_lines(backfill: Program) -> None:
    ended = ended_well(backfill(*TEXT, "--duration", "5h"))

    lines = ended.stderr.splitlines()
    assert (lines[0], lines[-1]) == ("history: 0 % 0 of 2", "history: 100 % 2 of 2")
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


def test_blocks_in_the_stacks_folder_are_served_by_the_stack(tmp_path: Path) -> None:
    reported = serving(tmp_path / "prometheus-data")
    assert reported.endswith(f"simulator stack --keep {tmp_path} --fixed-ports")


def test_blocks_elsewhere_are_served_by_a_prometheus(tmp_path: Path) -> None:
    assert f"--storage.tsdb.path='{tmp_path}/my data' " in serving(tmp_path / "my data")
