"""Proposals go into files only where these still say what was tuned."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from simulator.errors import TuningError
from simulator.grafana.dashboard_files import read_dashboard
from simulator.tuning.monitors.monitor import ThresholdPlace
from simulator.tuning.writing.revisions import left_out, revisions
from tests.support.alert_files import read_rules
from tests.support.default_names import SIGNALS
from tests.support.tuning_samples import sample_tuning
from tests.support.two_days import two_days

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.tuning.results import Tuning

RULES = """groups:
- name: g
  rules:
  - alert: Lag
    expr: lag >= 2  # a comment
    for: 1m
    labels: {severity: critical, signal: lag}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 2}]
    panel = {
        "id": 1,
        "type": "timeseries",
        "title": "Lag",
        "targets": [{"expr": "lag"}],
        "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute", "steps": steps}}},
    }
    board, rules = tmp_path / "board.json", tmp_path / "rules.yml"
    board.write_text(json.dumps({"title": "B", "uid": "b", "panels": [panel]}, indent=3))
    rules.write_text(RULES)
    return board, rules


def tuning_of(files: tuple[Path, Path]) -> Tuning:
    board = read_dashboard(files[0])
    lag, incidents = two_days(second_noise=3.0)
    place = ThresholdPlace(board, board.panels[0], "panels[0].fieldConfig.defaults.thresholds")
    (rule,) = read_rules([files[1]], SIGNALS)
    lag = replace(lag, place=place, rules={"red": rule})
    return sample_tuning(lag, incidents=incidents, n_chosen_on=1)


def test_each_file_gets_the_proposal(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    (level,) = tuning.parts[0].levels
    assert level.proposal is not None

    board, rules = revisions(tuning, is_forced=True)

    wanted = f"{level.proposal.setting.threshold:g}".encode()
    assert board.after == board.before.replace(b'"value": 2', b'"value": ' + wanted)
    assert rules.after == rules.before.replace(b">= 2", b">= " + wanted)


def test_a_dashboard_that_changed_meanwhile_is_refused(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    files[0].write_text(files[0].read_text().replace('"value": 2', '"value": 3'))

    with pytest.raises(TuningError, match=r"panels.0.*no longer 2: tune again"):
        revisions(tuning, is_forced=True)


def test_a_rule_that_changed_meanwhile_is_refused(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    files[1].write_text(RULES.replace("for: 1m", "for: 2m"))

    with pytest.raises(TuningError, match="Lag has changed: tune again"):
        revisions(tuning, is_forced=True)


def test_what_few_incidents_say_is_not_written_unless_that_is_forced(
    files: tuple[Path, Path],
) -> None:
    tuning = tuning_of(files)
    assert revisions(tuning) == ()
    assert left_out(tuning) == ("Lag red: chosen from 1 distinct incidents, fewer than 5",)


def test_a_rule_that_cannot_be_edited_is_told(files: tuple[Path, Path]) -> None:
    files[1].write_text(RULES.replace("  - alert: Lag", "  - &one\n    alert: Lag") + "  - *one\n")
    lag, incidents = two_days(second_noise=3.0)
    lag = replace(lag, place=None, rules={"red": read_rules([files[1]], SIGNALS)[0]})
    tuning = sample_tuning(lag, incidents=incidents, n_chosen_on=1)
    (one,) = revisions(tuning, is_forced=True)
    assert one.after == one.before
    assert "used in another place" in one.refused[0]
