"""The tuning in a terminal, and where there is none."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from simulator.checking.psi_noise import DriftSample
from simulator.cli.tune_view import tuning_table
from simulator.tuning.judging.objectives import Constraints
from simulator.tuning.monitors.drift_noise import DriftNoise
from simulator.tuning.monitors.monitor import Skipped
from simulator.tuning.requirements import Unmet, parse_requirements, unmet
from tests.support.tuning_samples import days, monitor, sample_tuning, wanted, without_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.tuning.results import Tuning

WIDTHS = (60, 78, 120)
STEERS = "\x1b[31mred\x07\r\n"


def printed(tuning: Tuning, width: int, failed: Sequence[Unmet] = ()) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, color_system=None, force_terminal=False)
    console.print(tuning_table(tuning, failed, width=width))
    return file.getvalue().splitlines()


@cache
def everything() -> Tuning:
    """Thresholds that move, stay, follow, and one that cannot be tuned; long names among them."""
    return sample_tuning(
        monitor(),
        monitor("Lag again, on another board, under a title that no terminal has the room for"),
        monitor("Queue", signal="queue", recordings=days(n_series=2)),
        Skipped("Text", "a panel of text, which nobody reads and no query fills, is not tuned"),
        incidents=[*wanted(), *wanted("nobody-knows-this-signal", levels=["red"])],
    )


def failures(tuning: Tuning) -> list[Unmet]:
    asked = parse_requirements("min-precision=1,max-false-alarms-per-day=0")
    return list(unmet(tuning, asked, is_all_known=True))


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits(width: int) -> None:
    tuning = everything()
    lines = printed(tuning, width, failures(tuning))

    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_both_settings_are_there_with_measures_and_the_gap(width: int) -> None:
    tuning = everything()
    level = tuning.parts[0].levels[0]
    assert level.proposal is not None
    assert level.is_moved
    told = [one.reported["today"].n_distinct for one in tuning.parts[0].levels]
    lines = printed(tuning, width)

    title = next(i for i, line in enumerate(lines) if line.startswith("Lag  incidents: "))
    assert " ".join(lines[title].split()[:5]) == f"Lag incidents: {told[0]} orange, {told[1]}"
    today, proposal = lines[title + 1 :][:2]
    assert today.split()[:6] == ["■", "orange", "≥", "2", "s", "for"]
    assert proposal.split()[:3] == ["→", "orange", "≥"]
    assert proposal.split()[-1] == f"{level.gap + 0.0:+.2f}"
    assert f"{level.reported['today'].criteria['precision']:.2f}" in today
    assert f"{level.reported['proposal'].criteria['precision']:.2f}" in proposal
    assert today.split()[-1] != proposal.split()[-1]


def heads(width: int) -> list[str]:
    return next(line.split() for line in printed(everything(), width) if "precision" in line)


def test_measures_give_way_where_there_is_no_room() -> None:
    all_of_them = ["precision", "recall", "F1", "detected", "p90", "reset", "false/day", "flaps"]
    assert heads(120) == [*all_of_them, "gap"]
    for narrow, wide in ((78, 120), (60, 78)):
        assert set(heads(narrow)) < set(heads(wide))
    assert heads(60)[:2] == ["precision", "recall"]
    assert heads(60)[-1] == "gap"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_head_says_what_was_measured(width: int) -> None:
    said = " ".join(" ".join(printed(everything(), width)).split())
    assert said.startswith("sample best f1, chosen on 2 of 3 recordings, measured on the other 1")
    one = " ".join(" ".join(printed(sample_tuning(n_chosen_on=3), width)).split())
    assert "chosen on 3 of 3 recordings, and measured on the same" in one


@pytest.mark.parametrize("width", WIDTHS)
def test_notes_and_failures_are_said(width: int) -> None:
    tuning = everything()
    failed = failures(tuning)
    assert failed
    said = " ".join(" ".join(printed(tuning, width, failed)).split())

    assert "no incident asks for it: Queue orange, Queue red" in said
    assert "Text: not tuned, a panel of text, which nobody reads" in said
    assert "nothing here watches nobody-knows-this-signal" in said
    assert "title that no terminal" in said or "\N{HORIZONTAL ELLIPSIS}" in said
    for one in failed:
        assert f"{one.name}, {one.level}: {one.requirement.word}" in said
    assert said.endswith(f"stay; {len(failed)} requirements not reached")


def test_the_last_line_counts() -> None:
    tuning = everything()
    levels = [level for part in tuning.parts for level in part.levels]
    moved = sum(level.is_moved for level in levels)
    assert printed(tuning, 78)[-1] == (
        f"6 thresholds: {moved} would be better elsewhere, {6 - moved} stay"
    )


def test_constraints_that_nothing_keeps_are_said() -> None:
    tuning = sample_tuning(
        monitor(recordings=without_values()), constraints=Constraints(min_recall=1.0)
    )
    said = " ".join(printed(tuning, 120))
    assert "no threshold finds incidents and keeps the constraints: " in said
    assert "→" not in said


@pytest.mark.parametrize("width", WIDTHS)
def test_names_cannot_steer_the_terminal(width: int) -> None:
    tuning = sample_tuning(
        monitor(f"a{STEERS}"),
        monitor(f"b{STEERS}"),
        Skipped(f"c{STEERS}", f"why{STEERS}"),
        incidents=[*wanted(), *wanted(f"d{STEERS}")],
    )
    lines = printed(tuning, width, failures(tuning))

    assert all(line.isprintable() for line in lines)
    assert any("\N{REPLACEMENT CHARACTER}[31mred" in line for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_markup_in_names_is_shown_as_it_is(width: int) -> None:
    tuning = sample_tuning(monitor("[bold]Lag[/bold]"), Skipped("[red]", "[link=x]"))
    said = "\n".join(printed(tuning, width))
    assert "[bold]Lag[/bold]" in said
    assert "[red]: not tuned, [link=x]" in said


def test_what_is_undefined_is_a_dash() -> None:
    tuning = sample_tuning(monitor(recordings=without_values()))
    line = next(one for one in printed(tuning, 120) if "orange ≥" in one)
    assert line.split()[-8:].count("\N{EN DASH}") >= 6
    assert "nan" not in " ".join(printed(tuning, 120))


def test_a_gap_to_what_has_no_score_is_undefined_too() -> None:
    """A recording without values is judged, after a choice on two that have some."""
    *seen, _ = days()
    tuning = sample_tuning(monitor(recordings=(*seen, without_values()[-1])))
    assert tuning.parts[0].levels[0].is_moved
    assert "inf" not in " ".join(printed(tuning, 120))


def test_nothing_is_a_table_too() -> None:
    assert printed(sample_tuning(Skipped("Text", "no query")), 78)[-1].startswith("0 thresholds")


def test_chance_has_a_line_and_a_note() -> None:
    noise = DriftNoise(DriftSample(2_000, 10, 10**9, 100_000.0, is_assumed=False))
    one = replace(monitor(), queries=("max(feature_psi)",), unit="")
    lines = printed(sample_tuning(one, noise=noise), 120)

    assert any("≈ orange" in line and "0.0098" in line for line in lines)
    assert any("≈ is chance: a healthy score exceeds 0.0098 once a week" in line for line in lines)
