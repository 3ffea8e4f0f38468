"""The trade-offs are those settings that no other beats, found by trying every pair of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.tuning.choosing.sweep import SearchSpace
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.objectives import Constraints, F1Objective, Search
from simulator.tuning.judging.ranking import Ranking
from tests.support import alarm_oracle, tuning_strategies
from tests.support.tuning_values import STEP, incident, recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.tuning.choosing.trade_offs import TradeOffs
    from simulator.tuning.judging.ranking import Recording
    from simulator.tuning.truth.incidents import Incident

MOST_STEPS = 4
_Outcome = tuple[int, int, float]
"""Incidents found, false alarms, median detection time."""


def trade_offs(
    days: Sequence[Recording], incidents: Sequence[Incident], *, lower: bool = False
) -> tuple[Ranking, TradeOffs]:
    ranking = Ranking.of(days, is_lower_worse=lower)
    truths = {"red": GroundTruth.of(days, incidents)}
    search = Search(F1Objective(), Constraints(), most_hold=MOST_STEPS * STEP)
    return ranking, SearchSpace(ranking, truths, search, STEP).sweeps()["red"].trade_offs


def outcome(
    days: Sequence[Recording],
    incidents: Sequence[Incident],
    setting: tuple[float, int],
    *,
    lower: bool,
) -> _Outcome:
    """What one setting does, by plain loops."""
    found = alarm_oracle.measured(days, incidents, *setting, lower=lower)
    n_judged = sum(d.start < e.until and e.start < d.end for d in days for e in incidents)
    seconds = sum(one.end - one.start for one in days)
    hits = 0 if math.isnan(found["recall"]) else round(found["recall"] * n_judged)
    return hits, round(found["false_alarms_per_day"] * seconds / 86400.0), found["detection_median"]


def unbeaten(outcomes: Sequence[_Outcome], min_hits: int) -> list[tuple[int, float]]:
    """False alarms and detection of those that none is better than in one, and as good in both."""
    pairs = {(false, late) for hits, false, late in outcomes if hits >= max(min_hits, 1)}
    return sorted(
        one for one in pairs if not any(o[0] <= one[0] and o[1] <= one[1] for o in pairs - {one})
    )


@given(tuning_strategies.recordings(), tuning_strategies.incidents(least=1), st.booleans())
def test_the_frontier_is_what_no_threshold_with_any_hold_beats(
    days: list[Recording],
    incidents: list[Incident],
    lower: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    ranking, found = trade_offs(days, incidents, lower=lower)
    thresholds = np.mean(ranking.edges, axis=0).tolist()
    settings = [(t, steps) for t in thresholds for steps in range(MOST_STEPS + 1)]
    outcomes = [outcome(days, incidents, one, lower=lower) for one in settings]
    for min_hits in range(len(incidents) + 2):
        frontier = found.frontier(min_hits=min_hits)
        assert [(o.false_alarms, o.detection) for o in frontier] == unbeaten(outcomes, min_hits)
        for one in frontier:
            setting = thresholds[one.candidate], one.steps
            said = one.hits, one.false_alarms, one.detection
            assert said == outcome(days, incidents, setting, lower=lower)
            assert one.hits >= min_hits


TWO_SPIKES = recording([0.0, 2.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 0.0, 0.0])
RISE = incident(4 * STEP, 8 * STEP)


def test_a_later_alarm_is_traded_for_fewer_false_ones() -> None:
    ranking, found = trade_offs([TWO_SPIKES], [RISE])
    frontier = found.frontier(min_hits=1)
    assert [(o.false_alarms, o.detection) for o in frontier] == [(0, STEP), (1, 0.0)]
    reached_from = ranking.edges[1][[one.candidate for one in frontier]].tolist()
    assert list(zip(reached_from, (one.steps for one in frontier), strict=True)) == [
        (1.0, 1),
        (1.0, 0),
    ]


def test_of_settings_that_do_the_same_the_shortest_hold_is_kept() -> None:
    square = recording([0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    _, found = trade_offs([square], [incident(4 * STEP, 6 * STEP)])
    (one,) = [o for o in found.frontier(min_hits=1) if o.false_alarms == 0]
    assert (one.steps, one.detection) == (2, 0.0)
    _, found = trade_offs([square], [incident(0.0, 7 * STEP)])
    assert [o.steps for o in found.frontier(min_hits=1)] == [0]


def test_more_incidents_to_be_found_leave_fewer_trade_offs_and_too_many_none() -> None:
    both = [incident(1 * STEP, 2 * STEP), RISE]
    _, found = trade_offs([TWO_SPIKES], both)
    assert [(o.hits, o.steps) for o in found.frontier(min_hits=2)] == [(2, 0)]
    assert found.frontier(min_hits=3) == ()


def test_without_incidents_there_is_nothing_to_trade() -> None:
    _, found = trade_offs([TWO_SPIKES], [])
    assert found.frontier(min_hits=0) == ()
