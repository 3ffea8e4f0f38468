"""`simulator check` at the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli.check import check
from tests.support.checked_files import LAG, alert, board, material, panel
from tests.support.checkout import CHECKOUT


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check, arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    material(tmp_path, [board(panel())], [alert(f"{LAG} >= 0.7")])
    return tmp_path


def paths(folder: Path) -> list[str]:
    return ["--dashboards", str(folder / "board-0.json"), "--rules", str(folder)]


def test_the_projects_own_files_are_clean() -> None:
    found = run("--json", "-")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told["findings"] == []
    assert len(told["pairs"]) == 22


def test_findings_are_told_with_both_numbers_and_exit_1(folder: Path) -> None:
    found = run(*paths(folder))
    assert found.exit_code == 1
    assert "panel P 0.8, alert 0.7 (red)" in found.output
    assert "board-0.json: skipped" in found.stderr


def test_a_baseline_is_written_and_kept(folder: Path) -> None:
    known = str(folder / "known.json")
    assert run(*paths(folder), "--baseline", known, "--write-baseline").exit_code == 0
    again = run(*paths(folder), "--baseline", known)
    assert again.exit_code == 0
    assert "no findings, 1 known" in again.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--write-baseline"],
        ["--severity", "page"],
        ["--severity", "page=blue"],
        ["--drift", "bins=1"],
        ["--drift", "applications=many"],
        ["--baseline", "no-such-file.json"],
        ["--metrics", __file__],
    ],
)
def test_bad_input_is_told_and_exit_2(folder: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "simulator", "check", *paths(folder), *arguments]
    if arguments[0] in {
        "--baseline",
        "--metrics",
    }:  # errors of the package become an exit code in main
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert found.returncode == 2
        assert "Traceback" not in found.stderr
    else:
        assert run(*paths(folder), *arguments).exit_code == 2


def test_nothing_heavy_is_loaded_for_files_of_others(folder: Path) -> None:
    names = ("numpy", "scipy", "locust", "fastapi", "pydantic")
    code = (
        "import sys; from simulator.cli.check import check\n"
        f"try: check({paths(folder)!r})\nexcept SystemExit: pass\n"
        f"print(sorted(set(sys.modules) & set({names!r})))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_a_mapping_says_which_metric_is_a_psi_and_the_noise_is_held_against_it() -> None:
    boards = str(CHECKOUT / "dashboards")
    given = ["--dashboards", boards, "--drift", "applications=200", "--mapping", "default"]
    found = run(*given)
    assert found.exit_code == 1
    assert "with 200 applications and 10 bins" in " ".join(found.output.split())
    assert run(*given[:4]).exit_code == 0
