"""`simulator cover`: what it refuses, before anything is started."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Program

UNREACHABLE = ("--prometheus", "http://127.0.0.1:9", "--start", "now-1h")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    file = tmp_path / "board.json"
    file.write_text(json.dumps({"title": "Board", "panels": [{"type": "stat", "title": "P"}]}))
    return file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give a SCENARIO, or --prometheus with --start"),
        (("tour", *UNREACHABLE), "one of the two"),
        (("no-such",), "'no-such' is neither a file nor a scenario"),
        (("tour", "--start", "now-1h"), "--start: only with --prometheus"),
        (("tour", "--truth", "t.json", "--end", "now"), "--end, --truth: only with --prometheus"),
        (("--prometheus", "http://127.0.0.1:9"), "--prometheus needs --start"),
        (("--prometheus", "nonsense", "--start", "now-1h"), "Prometheus URL 'nonsense'"),
        (UNREACHABLE, "Prometheus http://127.0.0.1:9 cannot be reached"),
        ((*UNREACHABLE, "--end", "now-2h"), "holds no time"),
        ((*UNREACHABLE, "--end", "soon"), "'soon' is no moment"),
        ((*UNREACHABLE, "--truth", "none.json"), "none.json: cannot be read"),
        (("tour", "--step", "0s"), "no step of time"),
        (("tour", "--compress", "0.5"), "--compress"),
        (("tour", "--seed", "-1"), "--seed"),
        (("tour", "--timezone", "Mars/Olympus"), "no time zone 'Mars/Olympus'"),
        (("tour", "--date", "2026-02-30"), "'2026-02-30' is no day"),
        (("tour", "--date", "1969-07-20"), "'1969-07-20' is no day of this century"),
        ((*UNREACHABLE, "--date", "2026-03-29"), "--date: not with --prometheus"),
        (("tour", "--mutants", "5"), "--mutants: only with --mutate"),
        (("tour", "--least-noticed", "0.5"), "--least-noticed: only with --mutate"),
        (("tour", "--mutate", "--mutants", "0"), "0 is not in the range"),
        (("tour", "--mutate", "--html", "x.html"), "--html: not with --mutate"),
        (("tour", "--allow", "red"), "write PANEL:STEP"),
        (("tour", "--var", "window"), "'window' is not NAME=VALUE"),
        (("tour", "--dashboards", "/no/such.json"), "/no/such.json"),
    ],
)
def test_bad_input_exits_2_and_says_what_is_wrong(
    simulator: Program, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulator("cover", *arguments)

    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ('{"kind": "Folder", "spec": {"title": "V2"}}', "a resource of kind 'Folder'"),
        ("[]", "a dashboard is a JSON object"),
    ],
)
def test_a_file_that_is_no_dashboard_is_named(
    simulator: Program, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)
    ended = simulator("cover", "tour", "--dashboards", str(file))

    assert ended.code == 2
    assert f"{file}: " in ended.stderr
    assert said in ended.stderr


def test_a_folder_without_dashboards_is_named(simulator: Program, tmp_path: Path) -> None:
    ended = simulator("cover", "tour", "--dashboards", str(tmp_path))

    assert ended.code == 2
    assert f"{tmp_path}: no *.json in this folder" in ended.stderr


def test_the_option_is_repeated_for_several_files(
    simulator: Program, board: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text("{")
    ended = simulator("cover", *UNREACHABLE, "--dashboards", str(board), "--dashboards", str(other))

    assert ended.code == 2
    assert f"{other}: not JSON" in ended.stderr


def test_a_password_is_not_shown(simulator: Program) -> None:
    ended = simulator(
        *("cover", "--prometheus", "http://ada:hush@127.0.0.1:9", "--start", "now-1h")
    )

    assert ended.code == 2
    assert "hush" not in ended.stderr
