"""Where proposals land, when it is known where they should."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import norm

from simulator.seeding import generator
from simulator.tuning.choosing.proposing import Proposal, proposals
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.judging.objectives import Constraints, Cost, F1Objective, Search
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident
from tests.support.tuning_values import STEP, incident, recording

N_DAYS, MOMENTS, LENGTH = 6, 2000, 20
SHIFT = 5.0


def shifted_noise(name: str, levels: Sequence[float]) -> tuple[list[Recording], list[Incident]]:
    """Standard normal noise that incidents raise by each of the levels, again and again."""
    rng = generator(1, name)
    recordings, incidents = [], []
    for day in range(N_DAYS):
        values = rng.standard_normal(MOMENTS)
        start = day * 1e6
        for number, first in enumerate(range(50, MOMENTS - LENGTH, 100)):
            values[first : first + LENGTH] += levels[number % len(levels)]
            incidents.append(
                incident(start + first * STEP, start + (first + LENGTH) * STEP, name=str(number))
            )
        times = start + np.arange(MOMENTS, dtype=np.float64) * STEP
        recordings.append(Recording(times, values[np.newaxis], STEP))
    return recordings, incidents


def proposal(search: Search, today: float = 9.0) -> Proposal:
    recordings, incidents = shifted_noise("one level", [SHIFT])
    found = proposals(
        recordings,
        {"orange": incidents},
        {"orange": Setting(today, 0.0)},
        search,
        is_lower_worse=False,
    )
    return found.proposals["orange"]


def test_a_proposal_lands_where_theory_puts_it() -> None:
    false, miss, late_minute = 1.0, 30.0, 10.0
    search = Search(Cost(false, miss, late_minute), Constraints(), most_hold=0.0)
    found = proposal(search)
    thresholds = np.linspace(0.0, SHIFT + 2.0, 601)
    quiet = N_DAYS * (MOMENTS - LENGTH * 20)
    above, seen = norm.sf(thresholds), norm.sf(thresholds - SHIFT)
    n_false = quiet * above * (1.0 - above)  # beginnings of runs above it
    n = N_DAYS * 20
    moment = np.arange(LENGTH)[:, np.newaxis]
    late = (seen * (1.0 - seen) ** moment * moment).sum(axis=0) * STEP / 60.0
    cost = false * n_false + n * (miss * (1.0 - seen) ** LENGTH + late_minute * late)
    best = thresholds[cost.argmin()]
    low, high = found.interval
    assert low <= best <= high
    assert high - low < SHIFT / 3.0
    assert abs(found.setting.threshold - best) < SHIFT / 4.0


def test_a_proposal_has_two_digits_and_says_what_that_cost() -> None:
    found = proposal(Search(F1Objective(), Constraints(), most_hold=120.0))
    assert found.setting.threshold == float(f"{found.setting.threshold:.1e}")
    assert 0.0 <= found.rounding_cost < 0.05
    assert not found.is_today


def test_today_is_kept_where_nothing_is_clearly_better() -> None:
    search = Search(F1Objective(), Constraints(), most_hold=120.0)
    better = proposal(search)
    recordings, incidents = shifted_noise("one level", [SHIFT])
    again = proposals(
        recordings, {"orange": incidents}, {"orange": better.setting}, search, is_lower_worse=False
    )
    assert again.proposals["orange"].is_today


def test_nothing_is_proposed_where_no_threshold_keeps_the_constraints() -> None:
    search = Search(F1Objective(), Constraints(max_detection=-1.0), most_hold=60.0)
    recordings, incidents = shifted_noise("one level", [SHIFT])
    found = proposals(
        recordings,
        {"orange": incidents},
        {"orange": Setting(9.0, 0.0)},
        search,
        is_lower_worse=False,
    )
    assert found.proposals == {}


@pytest.mark.parametrize("lower", [False, True])
def test_red_stays_harder_to_reach_than_orange(lower: bool) -> None:  # noqa: FBT001 - a parameter
    recordings, incidents = shifted_noise("two levels", [SHIFT, 3.0 * SHIFT])
    sign = -1.0 if lower else 1.0
    turned = [Recording(one.times, sign * one.values, one.step) for one in recordings]
    found = proposals(
        turned,
        {"orange": incidents, "red": incidents[1::2]},
        {"orange": Setting(sign * 90.0, 0.0), "red": Setting(sign * 91.0, 0.0)},
        Search(F1Objective(), Constraints(), most_hold=60.0),
        is_lower_worse=lower,
    ).proposals
    orange, red = (sign * found[level].setting.threshold for level in ("orange", "red"))
    assert 1.0 < orange < SHIFT + 1.0
    assert SHIFT + 1.0 < red < 3.0 * SHIFT


@pytest.mark.parametrize(
    ("quiet", "bad", "is_lower_worse"), [(0.9998, 0.998, True), (101.2, 101.9, False)]
)
def test_where_two_digits_are_too_few_there_are_more(
    quiet: float, bad: float, *, is_lower_worse: bool
) -> None:
    values = [quiet] * 400
    values[100:120] = values[300:320] = [bad] * 20
    incidents = [incident(100 * STEP, 120 * STEP), incident(300 * STEP, 320 * STEP)]

    found = proposals(
        [recording(values)],
        {"orange": incidents},
        {"orange": Setting(0.95 if is_lower_worse else 150.0, 0.0)},
        Search(F1Objective(), Constraints(min_recall=0.9), most_hold=300.0),
        is_lower_worse=is_lower_worse,
    ).proposals["orange"]

    assert min(quiet, bad) <= found.setting.threshold <= max(quiet, bad)
    assert (found.rounding_cost, found.is_today) == (0.0, False)


def test_without_an_incident_in_what_is_chosen_on_nothing_is_proposed() -> None:
    found = proposals(
        [recording([1.0] * 100)],
        {"orange": [incident(1e6, 2e6)]},
        {"orange": Setting(5.0, 0.0)},
        Search(Cost(), Constraints()),
        is_lower_worse=False,
    )

    assert found.proposals == {}


def test_a_hold_that_no_alert_has_does_not_move() -> None:
    rng = generator(1, "flickering")
    values = np.where(rng.random(MOMENTS) < 0.04, 9.0, 0.0)  # peaks of a moment, which a hold ends
    values[300:340] = 9.0
    times = STEP * np.arange(MOMENTS, dtype=np.float64)
    days = [Recording(times, values[np.newaxis], STEP)]
    known = {"red": [incident(300 * STEP, 340 * STEP)]}
    today = {"red": Setting(20.0, 0.0)}
    search = Search(F1Objective(), Constraints(), most_hold=600.0)
    free = proposals(days, known, today, search, is_lower_worse=False).proposals["red"]
    bound = proposals(days, known, today, search, is_lower_worse=False, with_hold=()).proposals
    assert free.setting.hold > 0.0
    assert all(one.setting.hold == 0.0 for one in bound.values())
