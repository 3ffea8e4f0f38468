"""A poor threshold is tuned, a scenario planned for what was written, and its coverage proven."""

import json
import shutil
from pathlib import Path

import pytest

from simulator.installation import shipped
from tests.support.dense_day import DENSE_DAY_FILE
from tests.support.simulator_process import simulator_process

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

STAGE = 360.0
"""Seconds that each command may take on a busy machine; a minute or two on one that is not."""


def replaced_once(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copies in which red compliance alarms are for six violations, which is too few."""
    for file in shipped("dashboards").glob("*.json"):
        shutil.copy(file, tmp_path)
    shutil.copy(shipped("compose") / "prometheus/rules/scoring-alerts.yml", tmp_path)
    replaced_once(tmp_path / "scoring-business-dashboard.json", '"value": 9\n', '"value": 6\n')
    replaced_once(tmp_path / "scoring-alerts.yml", ") >= 9\n", ") >= 6\n")
    return tmp_path


def run(*arguments: str) -> str:
    ended = simulator_process(*arguments, seconds=STAGE)
    assert ended.code == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_what_tuning_writes_can_be_covered_whole(folder: Path) -> None:
    boards = ["--dashboards", str(folder)]
    rules = ["--rules", str(folder / "scoring-alerts.yml")]
    reported = folder.parent / "told.txt"

    run(
        "tune",
        DENSE_DAY_FILE,
        "--seeds",
        "3",
        *boards,
        *rules,
        "--json",
        str(reported),
        "--write",
        "--force",
    )
    (level,) = [
        one
        for one in json.loads(reported.read_text())["thresholds"]
        if (one["name"], one["level"]) == ("Compliance Violations per 10,000", "red")
    ]
    assert level["is_moved"]
    assert level["today"]["unseen"]["precision"]["value"] < 0.7
    assert level["proposal"]["unseen"]["precision"]["value"] > 0.9
    assert 6.0 < level["proposal"]["threshold"] < 20.0

    run("scenario", "plan", *boards, "--output", str(folder.parent / "planned.yaml"))
    covered = run("cover", str(folder.parent / "planned.yaml"), *boards)
    assert "18 of 18 panels with data, 53 of 53 steps exercised" in covered
