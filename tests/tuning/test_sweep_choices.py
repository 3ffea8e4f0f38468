"""For each threshold the sweep keeps the best hold, as trying every hold alone finds it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.tuning.choosing.sweep import SearchSpace
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.objectives import Constraints, Cost, F1Objective, Search
from simulator.tuning.judging.ranking import Ranking
from tests.support import alarm_oracle
from tests.support.tuning_strategies import incidents, recordings
from tests.support.tuning_values import STEP, incident, recording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.tuning.judging.objectives import Objective
    from simulator.tuning.judging.ranking import Recording
    from simulator.tuning.truth.incidents import Incident

MOST_STEPS = 6
TIE = 1e-9

BOUNDS = st.none() | st.sampled_from([0.0, 0.5, 1.0])
CONSTRAINTS = st.builds(
    Constraints,
    min_recall=BOUNDS,
    max_detection=st.none() | st.sampled_from([0.0, 60.0]),
    max_false_alarms_per_day=st.none() | st.sampled_from([0.0, 200.0]),
)


def keeps(measured: Mapping[str, float], constraints: Constraints) -> bool:
    """Whether all that is asked for is kept; nan keeps nothing."""
    least, late, often = (
        constraints.min_recall,
        constraints.max_detection,
        constraints.max_false_alarms_per_day,
    )
    return (
        (least is None or measured["recall"] >= least)
        and (late is None or measured["detection_median"] <= late)
        and (often is None or measured["false_alarms_per_day"] <= often)
    )


def cost_a_day(
    days: Sequence[Recording],
    found: Sequence[Incident],
    threshold: float,
    hold: int,
    *,
    lower: bool,
) -> float:
    """A false alarm costs 1, a miss 20, a minute late 2: incident by incident."""
    whole = alarm_oracle.measured(days, found, threshold, hold, lower=lower)
    length = sum(day.end - day.start for day in days) / 86400.0
    total = whole["false_alarms_per_day"] * length
    for day in days:
        for one in found:
            # an incident by itself is late or missed in the day it lies in, whatever else is there
            alone = alarm_oracle.measured([day], [one], threshold, hold, lower=lower)
            if not math.isnan(alone["recall"]):
                late = alone["detection_median"]
                total += 20.0 if math.isnan(late) else 2.0 * late / 60.0
    return total / length


def scored(  # noqa: PLR0913, PLR0917 - the parts of the question
    days: Sequence[Recording],
    found: Sequence[Incident],
    threshold: float,
    hold: int,
    objective: Objective,
    constraints: Constraints,
    *,
    lower: bool,
) -> float:
    """The score of one threshold with one hold by plain loops; -inf where it does not count."""
    measured = alarm_oracle.measured(days, found, threshold, hold, lower=lower)
    if not keeps(measured, constraints):
        return -math.inf
    if isinstance(objective, F1Objective):
        return -math.inf if math.isnan(measured["f1"]) else measured["f1"]
    return -cost_a_day(days, found, threshold, hold, lower=lower)


def may_be_proposed(
    days: Sequence[Recording],
    found: Sequence[Incident],
    threshold: float,
    hold: int,
    *,
    lower: bool,
) -> bool:
    """Whether it finds something, is seldom on in health, and not nearly always wrong."""
    measured = alarm_oracle.measured(days, found, threshold, hold, lower=lower)
    share = alarm_oracle.healthy_share(days, found, threshold, hold, lower=lower)
    return measured["recall"] > 0 and share <= 0.1 and measured["precision"] >= 0.2 - TIE


@given(
    recordings(),
    st.fixed_dictionaries({"orange": incidents(), "red": incidents()}),
    st.sampled_from([F1Objective(), Cost(1.0, 20.0, 2.0)]),
    CONSTRAINTS,
    st.booleans(),
)
def test_score_and_hold_are_those_of_the_best_hold_and_the_shortest_of_equals(
    days: list[Recording],
    known: dict[str, list[Incident]],
    objective: Objective,
    constraints: Constraints,
    lower: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    ranking = Ranking.of(days, is_lower_worse=lower)
    truths = {level: GroundTruth.of(days, found) for level, found in known.items()}
    search = Search(objective, constraints, most_hold=MOST_STEPS * STEP)
    swept = SearchSpace(ranking, truths, search, STEP).sweeps()

    assert swept.keys() == known.keys()
    for level, found in known.items():
        assert len(swept[level].score) == len(swept[level].hold) == ranking.n_candidates
        for q, threshold in enumerate(ranking.edges[1].tolist()):
            is_outermost = q in {0, ranking.n_candidates - 1}
            alone = [
                scored(days, found, threshold, hold, objective, constraints, lower=lower)
                if not is_outermost and may_be_proposed(days, found, threshold, hold, lower=lower)
                else -math.inf
                for hold in range(MOST_STEPS + 1)
            ]
            best = max(alone)
            assert swept[level].score[q] == pytest.approx(best, abs=TIE), (level, threshold, alone)
            shortest = next(n for n, one in enumerate(alone) if one >= best - TIE)
            assert swept[level].hold[q] == shortest, (level, threshold, alone)


def test_a_longer_hold_is_taken_only_where_it_is_better() -> None:
    day = recording([0, 9, 0, 0, 9, 9, 9, 9, 0])
    truths = {"red": GroundTruth.of([day], [incident(120.0, 240.0)])}
    ranking = Ranking.of([day], is_lower_worse=False)
    search = Search(F1Objective(), Constraints(), most_hold=MOST_STEPS * STEP)
    found = SearchSpace(ranking, truths, search, STEP).sweeps()["red"]

    assert (found.score[1], found.hold[1]) == (1.0, 1)  # the peak is a moment long
    assert (found.score[2], found.hold[2]) == (-math.inf, 0)  # nothing is beyond 9
