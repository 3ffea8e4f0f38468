"""Proposals that take their places: not where unseen days speak against it, and always in order."""

import math

from simulator.tuning.choosing.proposing import Proposal
from simulator.tuning.decisions import as_decided, decided
from simulator.tuning.judging.judgements import Judgement, Setting
from simulator.tuning.results import LevelTuning


def judged(score: float) -> Judgement:
    return Judgement({"false_alarms_per_day": 0.0}, {}, score, 1, 1, 1, 1.0)


def level(
    name: str, today: float, proposed: float | None, *, unseen: float = 1.0, is_today: bool = False
) -> LevelTuning:
    """A level whose setting of today scores 0.5 where the choice did not see it."""
    proposal = None
    if proposed is not None:
        setting = Setting(proposed, 0.0)
        proposal = Proposal(
            setting, proposed, (math.nan, math.nan), (math.nan, math.nan), 0.0, is_today=is_today
        )
    scores = {"today": judged(0.5), "proposal": judged(unseen)}
    return LevelTuning(
        level=name,
        today=Setting(today, 0.0),
        proposal=proposal,
        overall=judged(0.5),
        chosen_on=scores,
        unseen=scores if proposal else {"today": judged(0.5)},
        rule=None,
    )


def moved(*levels: LevelTuning, is_lower_worse: bool = False) -> list[bool]:
    return [one.is_moved for one in decided(levels, is_lower_worse=is_lower_worse)]


def test_what_is_better_unseen_moves() -> None:
    assert moved(level("orange", 8.0, 5.0), level("red", 10.0, 7.0)) == [True, True]


def test_what_is_today_or_worse_unseen_does_not() -> None:
    kept, worse = (
        level("orange", 4.0, 4.0, is_today=True),
        level("red", 10.0, 7.0, unseen=0.4),
    )

    assert moved(kept, worse) == [False, False]
    assert [bool(one.note) for one in decided([kept, worse], is_lower_worse=False)] == [False, True]


def test_nothing_moves_past_a_level_that_stays() -> None:
    orange, red = level("orange", 8.0, 5.0, unseen=0.4), level("red", 10.0, 7.0)

    found = decided([orange, red], is_lower_worse=False)

    assert [one.is_held_back for one in found] == [True, True]
    assert "in order" in found[1].note


def test_the_order_is_the_other_one_where_lower_is_worse() -> None:
    orange, red = level("orange", 0.99, 0.97), level("red", 0.95, 0.9)

    assert moved(orange, red, is_lower_worse=True) == [True, True]
    assert moved(level("orange", 0.99, 0.9, unseen=0.4), red, is_lower_worse=True) == [False, True]


def test_a_panel_that_shows_the_same_alarm_moves_with_it() -> None:
    lead = decided([level("red", 10.0, 7.0)], is_lower_worse=False)

    (found,) = as_decided([level("red", 10.0, 7.0, unseen=0.1)], lead)

    assert found.is_moved
