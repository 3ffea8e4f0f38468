"""What is never proposed, however good it looks beside today's threshold."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.seeding import generator
from simulator.tuning.choosing.proposing import Proposal, proposals
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.judging.objectives import Constraints, Cost, F1Objective, Objective, Search
from tests.support.tuning_values import STEP, incident, recording

MOMENTS = 1000
FIRST, LAST = 500, 520
MISSES_COST_MOST = Cost(false_alarm=0.001, miss=1000.0, minute_late=0.0)


def proposed(
    values: np.ndarray,
    *,
    today: float,
    objective: Objective = MISSES_COST_MOST,
    is_lower_worse: bool = False,
) -> Proposal | None:
    """What is proposed for a signal with an incident from FIRST to LAST."""
    found = proposals(
        [recording(values.tolist())],
        {"red": [incident(FIRST * STEP, LAST * STEP)]},
        {"red": Setting(today, 0.0)},
        Search(objective, Constraints(), most_hold=0.0),
        is_lower_worse=is_lower_worse,
    )
    return found.proposals.get("red")


def healthy(*, bad: float, share: float) -> np.ndarray:
    """0, but for the incident, and for a stretch of healthy time that is as bad."""
    values = np.zeros(MOMENTS)
    values[FIRST:LAST] = bad
    values[: round(share * (MOMENTS - (LAST - FIRST)))] = bad
    return values


@pytest.mark.parametrize(("share", "is_proposed"), [(0.06, True), (0.11, False)])
def test_what_is_on_for_more_than_a_tenth_of_healthy_time(
    share: float,
    is_proposed: bool,  # noqa: FBT001 - a parameter
) -> None:
    values = healthy(bad=1.0, share=share)
    values[FIRST - 400 : FIRST - 200] = np.nan  # which is no reason to fire, nor healthy time less
    found = proposed(values, today=0.0)
    assert (found is not None) == is_proposed


@pytest.mark.parametrize(("n_false", "is_proposed"), [(4, True), (5, False)])
def test_what_is_right_less_than_once_in_five_times(
    n_false: int,
    is_proposed: bool,  # noqa: FBT001 - a parameter
) -> None:
    values = healthy(bad=1.0, share=0.0)
    values[20 : n_false * 40 : 40] = 1.0
    assert (proposed(values, today=0.0) is not None) == is_proposed


def test_what_has_no_right_alarm() -> None:
    values = np.zeros(MOMENTS)
    values[10:12] = 9.0
    free = Cost(false_alarm=1.0, miss=0.0, minute_late=0.0)  # for which missing all is best
    assert proposed(values, today=1.0, objective=free) is None


@pytest.mark.parametrize(
    ("is_a_shade_less", "today", "expected"),
    [(False, 0.0, 1.0), (True, -5e-13, 0.0)],
    ids=["from so many on", "more than so many"],
)
def test_a_count_is_not_stepped_below_its_floor(
    is_a_shade_less: bool,  # noqa: FBT001 - a parameter
    today: float,
    expected: float,
) -> None:
    values = healthy(bad=1.0, share=0.01)
    if is_a_shade_less:  # as what a rule compares with > is
        values = np.nextafter(values, -np.inf)
    found = proposed(values, today=today)
    assert found is not None
    assert found.setting.threshold == expected


def test_a_share_is_not_stepped_beyond_its_end() -> None:
    rng = generator(1, "share")
    values = 0.99 + 0.01 * rng.random(MOMENTS)
    values[FIRST:LAST] = 1.0  # nothing is higher
    found = proposed(values, today=0.5, objective=F1Objective())
    assert found is not None
    assert found.setting.threshold <= 1.0
    low = proposed(1.0 - values, today=0.5, objective=F1Objective(), is_lower_worse=True)
    assert low is not None
    assert low.setting.threshold > 0.0


def test_what_every_value_seen_reaches_or_none_does() -> None:
    values = np.full(MOMENTS, np.nan)
    values[FIRST:LAST] = 5.0  # all there is: nobody knows of a value that would not be bad
    assert proposed(values, today=5.5) is None


@pytest.mark.parametrize(("today", "is_proposed"), [(0.5, True), (99.0, False)])
def test_that_today_s_never_fires_is_no_argument_for_what_is_more_often_wrong(
    today: float,
    is_proposed: bool,  # noqa: FBT001 - a parameter
) -> None:
    values = healthy(bad=2.0, share=0.0)
    values[[100, 200, 300]] = 2.0  # right once, and wrong three times
    values[400:440] = 1.0
    found = proposed(values, today=today, objective=F1Objective())
    assert (found is not None) == is_proposed


def test_a_proposal_lies_in_the_middle_of_its_plateau() -> None:
    found = proposed(healthy(bad=9.0, share=0.0) + 1.25, today=20.0, objective=F1Objective())
    assert found is not None
    assert found.plateau == (1.25, 10.25)
    assert found.setting.threshold == 3.6  # the geometric middle of far ends


def test_or_at_today_s_where_that_is_on_it() -> None:
    values = healthy(bad=9.0, share=0.0) + 1.0
    found = proposed(values, today=7.77, objective=F1Objective())
    assert found is not None
    assert (found.setting.threshold, found.is_today) == (7.77, True)


def test_today_s_threshold_stays_where_only_its_hold_has_to_move() -> None:
    values = healthy(bad=9.0, share=0.0)
    values[100:900:40] = 9.0  # peaks of a moment, which a hold ends
    values[FIRST:LAST] = 9.0
    found = proposals(
        [recording(values.tolist())],
        {"red": [incident(FIRST * STEP, LAST * STEP)]},
        {"red": Setting(7.77, 0.0)},
        Search(F1Objective(), Constraints(), most_hold=300.0),
        is_lower_worse=False,
    ).proposals["red"]
    assert found.setting.threshold == 7.77
    assert found.setting.hold > 0.0
