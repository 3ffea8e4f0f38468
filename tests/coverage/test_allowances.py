from dataclasses import replace

import pytest

from simulator.coverage.allowances import Allowance, parse_allowance, with_allowances
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
    worst,
)
from simulator.errors import AllowanceError

SEEN, MISSED, EMPTY = Verdict.EXERCISED, Verdict.NOT_REACHED, Verdict.NO_DATA


def step(index: int, color: str, verdict: Verdict) -> StepCoverage:
    return StepCoverage(index, color, float(index), float(index), index + 1.0, verdict)


def panel(
    title: str, *fields: tuple[Verdict, ...], verdict: Verdict | None = None
) -> PanelCoverage:
    colors = ("green", "orange", "red")
    found = tuple(
        FieldCoverage(
            f"field {index}",
            worst(verdicts),
            tuple(step(i, colors[i], v) for i, v in enumerate(verdicts)),
        )
        for index, verdicts in enumerate(fields)
    )
    of_fields = worst(field.verdict for field in found)
    return PanelCoverage("p", 1, title, "stat", verdict or of_fields, found)


def coverage(*panels: PanelCoverage) -> Coverage:
    return Coverage(0.0, 1.0, 1.0, (DashboardCoverage("b", "Board", panels),))


LAG = panel("Consumer Lag", (SEEN, SEEN, MISSED))


def allowed(of: Coverage, *texts: str) -> Coverage:
    return with_allowances(of, [parse_allowance(text) for text in texts])


def test_what_is_not_reached_is_not_complete() -> None:
    assert not coverage(LAG).is_complete


@pytest.mark.parametrize("text", ["Consumer Lag:red", "Consumer Lag:2", "Consumer *:r*", "*:*"])
def test_an_allowed_step_makes_it_complete_and_keeps_its_verdict(text: str) -> None:
    found = allowed(coverage(LAG), text)
    assert found.is_complete
    (of_panel,) = found.panels
    assert (of_panel.verdict, of_panel.is_allowed) == (MISSED, True)
    assert of_panel.fields[0].steps[2].verdict is MISSED


def test_a_step_is_marked_only_where_it_is_missing() -> None:
    found = allowed(coverage(LAG), "Consumer Lag:*")
    assert [s.is_allowed for s in found.steps] == [False, False, True]


def test_another_missing_step_is_not_excused() -> None:
    two = panel("Consumer Lag", (SEEN, MISSED, MISSED))
    found = allowed(coverage(two), "Consumer Lag:red")
    assert not found.is_complete
    assert [s.is_allowed for s in found.steps] == [False, False, True]


def test_another_panel_is_not_excused() -> None:
    assert not allowed(coverage(LAG, replace(LAG, title="Other")), "Consumer Lag:red").is_complete


def test_a_panel_without_data_is_excused_as_a_whole_only() -> None:
    empty = panel("Consumer Lag", (EMPTY, EMPTY, EMPTY))
    by_step = allowed(
        coverage(empty), "Consumer Lag:green", "Consumer Lag:orange", "Consumer Lag:red"
    )
    assert not by_step.is_complete
    assert allowed(coverage(empty), "Consumer Lag:*").is_complete


def test_an_exception_nobody_needs_is_noted() -> None:
    found = allowed(coverage(panel("Fine", (SEEN, SEEN, SEEN))), "Fine:red")
    assert found.notes == ("--allow Fine:red is not needed",)
    assert allowed(coverage(LAG), "Consumer Lag:red").notes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("red", "write PANEL:STEP"),
        (":red", "write PANEL:STEP"),
        ("Consumer Lag:", "write PANEL:STEP"),
        ("Consumer lag:red", "no panel has this title; there are: Consumer Lag"),
        ("Consumer Lag:purple", "no such step; its steps: green, orange, red"),
        ("Consumer Lag:3", "no such step"),
    ],
)
def test_an_exception_for_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(AllowanceError, match=said):
        allowed(coverage(LAG), text)


def test_a_title_may_hold_colons() -> None:
    assert parse_allowance("a:b:red") == Allowance("a:b", "red")
