"""Proposals go into files only where these still say what was tuned."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from simulator.grafana.dashboard_files import read_dashboard
from simulator.grafana.model import Target
from simulator.tuning.monitors.monitor import ThresholdPlace
from simulator.tuning.writing.revisions import left_out, revisions
from simulator.tuning.writing.texts_left import texts_left
from tests.support.alert_files import read_rules
from tests.support.default_names import SIGNALS
from tests.support.tuning_samples import sample_tuning
from tests.support.two_days import two_days

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.tuning.results import Tuning

PAINTED = {"color": {"mode": "thresholds"}, "custom": {"thresholdsStyle": {"mode": "line"}}}
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
    drawn = replace(board.panels[0], targets=(Target("A", 'lag{job="bound"}'),))
    place = ThresholdPlace(board, drawn, "panels[0].fieldConfig.defaults.thresholds")
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

    board, rules = revisions(tuning, is_forced=True)

    assert board.after == board.before
    assert board.refused[0].endswith("thresholds.steps.1.value: no longer 2: tune again")
    assert rules.after != rules.before


def test_a_panel_is_found_again_by_its_id_and_queries(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    board = json.loads(files[0].read_text())
    other = {**board["panels"][0], "id": 2, "targets": [{"expr": "other"}]}
    board["panels"] = [other, {"type": "row", "collapsed": True, "panels": board["panels"]}]
    files[0].write_text(json.dumps(board))

    changed, _ = revisions(tuning, is_forced=True)

    first, row = json.loads(changed.after)["panels"]
    (level,) = tuning.parts[0].levels
    assert level.proposal is not None
    assert _red_of(row["panels"][0]) == level.proposal.setting.threshold
    assert _red_of(first) == 2


def _red_of(panel: dict[str, Any]) -> float:
    value: float = panel["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"]
    return value


@pytest.mark.parametrize(
    ("before", "after"),
    [('"id": 1', '"id": 7'), ('"expr": "lag"', '"expr": "lag * 2"')],
    ids=["another id", "another query"],
)
def test_a_panel_that_is_another_one_now_is_not_written(
    files: tuple[Path, Path], before: str, after: str
) -> None:
    tuning = tuning_of(files)
    files[0].write_text(files[0].read_text().replace(before, after))

    board, rules = revisions(tuning, is_forced=True)

    assert board.refused == (f"{files[0]}: Lag is not there any more as it was: tune again",)
    assert rules.after != rules.before


def test_a_file_that_is_gone_leaves_the_others_written(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    files[0].unlink()

    board, rules = revisions(tuning, is_forced=True)

    assert "No such file" in board.refused[0]
    assert rules.after != rules.before


def test_a_rule_is_found_again_where_another_was_put_before_it(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    added = "  - alert: Other\n    expr: up == 0\n  - alert: Lag"
    files[1].write_text(RULES.replace("  - alert: Lag", added))

    _, rules = revisions(tuning, is_forced=True)

    assert rules.refused == ()
    assert b"up == 0" in rules.after
    assert rules.after != rules.before


def test_a_rule_that_changed_meanwhile_is_refused(files: tuple[Path, Path]) -> None:
    tuning = tuning_of(files)
    files[1].write_text(RULES.replace("for: 1m", "for: 2m"))

    board, rules = revisions(tuning, is_forced=True)

    assert "Lag is not there any more as it was: tune again" in rules.refused[0]
    assert rules.after == rules.before
    assert board.after != board.before


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


def test_an_alert_and_its_panel_with_different_numbers_get_the_same_one(
    files: tuple[Path, Path],
) -> None:
    files[1].write_text(RULES.replace(">= 2", ">= 1.5"))
    tuning = tuning_of(files)
    (level,) = tuning.parts[0].levels

    board, rules = revisions(tuning, is_forced=True)

    assert level.difference == "alert 1.5, panel 2"
    assert level.proposal is not None
    wanted = f"{level.proposal.setting.threshold:g}".encode()
    assert b'"value": ' + wanted in board.after
    assert b"lag >= " + wanted in rules.after


def test_texts_and_ends_of_bars_that_name_the_old_number_are_told(files: tuple[Path, Path]) -> None:
    board = json.loads(files[0].read_text())
    board["panels"][0]["description"] = "Red, from 2: act."
    board["panels"][0]["fieldConfig"]["defaults"] |= {"min": 0, "max": 2.5, **PAINTED}
    files[0].write_text(json.dumps(board))
    told = "    annotations: {summary: 'Lag is above 2'}\n"
    files[1].write_text(RULES + told)
    tuning = tuning_of(files)
    (level,) = tuning.parts[0].levels
    assert level.proposal is not None
    at = f"{level.proposal.setting.threshold:g}"

    found = texts_left(revisions(tuning, is_forced=True))

    assert found == (
        f"board.json: panel Lag (B): its description says 'Red, from 2', red ends at {at}",
        f"rules.yml: alert Lag: its summary says 'above 2', the rule compares with {at}",
        f"board.json: panel Lag (B): red from {at} lies outside of its range: max 2.5",
    )


def test_texts_that_were_wrong_before_are_not_told(files: tuple[Path, Path]) -> None:
    files[1].write_text(RULES + "    annotations: {summary: 'Lag is above 77'}\n")

    assert texts_left(revisions(tuning_of(files), is_forced=True)) == ()


def test_an_alert_that_two_panels_would_move_apart_stays_and_so_do_they(
    files: tuple[Path, Path],
) -> None:
    tuning = tuning_of(files)
    part = tuning.parts[0]
    (level,) = part.levels
    assert level.proposal is not None
    setting = replace(level.proposal.setting, threshold=7.5)
    other = replace(level, proposal=replace(level.proposal, setting=setting))
    name = replace(part.monitor, name="Other", place=None)
    both = replace(tuning, parts=(part, replace(part, monitor=name, levels=(other,))))

    (said,) = revisions(both, is_forced=True)

    assert said.after == said.before
    assert "Lag and Other share it and propose" in said.refused[0]
