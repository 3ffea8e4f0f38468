"""`simulator cover --mutate` as a user runs it, on two hours and a few rules."""

import json
from pathlib import Path

import pytest

from tests.support.checked_files import alert, board, linked, panel, steps
from tests.support.simulator_process import simulator_process

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

DRIFT = "max(ml_model_drift_score)"
SCENARIO = """
name: short
description: Two hours.
duration: 2h
episodes:
  - {name: slow, kind: slow-dependency, start: 30m, duration: 45m, dependency: bureau, factor: 8}
"""


def test_survivors_are_named_with_file_and_what_would_notice(tmp_path: Path) -> None:
    limits = steps(("green", None), ("red", 0.25))
    alone = steps(("green", None), ("red", 1000))
    boards = board(
        panel(DRIFT, thresholds=limits),
        panel("sum(rate(http_requests_total_of_nobody[5m]))", id=2, title="N", thresholds=alone),
        panel("sum(rate(scoring_requests_total[5m]))", id=3, title="R", thresholds=alone),
    )
    (tmp_path / "board.json").write_text(json.dumps(boards))
    rule = alert(f"{DRIFT} >= 0.25", annotations=linked())
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "g", "rules": [rule]}]}))
    (tmp_path / "short.yaml").write_text(SCENARIO)
    files = ("--dashboards", str(tmp_path / "board.json"), "--rules", str(tmp_path / "rules.yml"))
    report = tmp_path / "mutants.json"
    ended = simulator_process(
        *("cover", str(tmp_path / "short.yaml"), *files),
        *("--mutate", "--mutants", "40", "--seed", "3", "--json", str(report)),
        seconds=250.0,
    )
    found = json.loads(report.read_text())
    fates = {(one["subject"], one["changed"]): one for one in found["tried"]}

    assert ended.code == (0 if found["is_enough"] else 1)
    assert found["mutants"] == len(fates) <= 40
    moved = fates["alert A", "0.25 -> 0.5"]
    assert (moved["fate"], moved["why"]) == ("noticed", "check: threshold-differs alert A")
    unpaired = [
        one
        for one in found["tried"]
        if one["subject"] == "panel R (T)"
        and one["kind"] == "threshold"
        and "-> 2000" in one["changed"]
    ]
    assert [one["fate"] for one in unpaired] == ["survived"]
    assert "panel R (T): red from 1000 -> 2000" in ended.stdout
    assert "would notice: an alert with the panel's query" in " ".join(ended.stdout.split())
