"""The sweep says of every candidate what evaluating it alone, by plain loops, says."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import holds
from simulator.tuning.judging.matching import matching
from simulator.tuning.judging.ranking import Ranking, Recording
from simulator.tuning.truth.incidents import Incident
from tests.support import alarm_oracle
from tests.support.tuning_strategies import incidents as drawn_incidents
from tests.support.tuning_strategies import recordings
from tests.support.tuning_values import recording


@given(
    recordings(most_series=3, most=3),
    drawn_incidents(),
    st.booleans(),
)
def test_the_sweep_is_each_candidate_evaluated_alone(
    days: list[Recording],
    incidents: list[Incident],
    lower: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    ranking = Ranking.of(days, is_lower_worse=lower)
    truth = GroundTruth.of(days, incidents)
    lows, highs = ranking.edges
    for steps, held in enumerate(holds(ranking, 5)):
        found = matching(held, truth, ranking.n_candidates)
        swept = {name: criterion(found) for name, criterion in CRITERIA.items()}
        for q in range(ranking.n_candidates):
            for threshold in (highs[q], (lows[q] + highs[q]) / 2.0):
                alone = alarm_oracle.measured(days, incidents, threshold, steps, lower=lower)
                for name in swept:
                    assert swept[name][q] == pytest.approx(alone[name], nan_ok=True, abs=1e-9), (
                        name,
                        threshold,
                        steps,
                    )


def test_an_absent_value_is_never_bad_and_ends_an_alarm() -> None:
    day = recording([5.0, math.nan, 5.0])
    for lower in (False, True):
        ranking = Ranking.of([day], is_lower_worse=lower)
        found = matching(next(holds(ranking, 0)), GroundTruth.of([day], []), ranking.n_candidates)
        assert found.alarms.tolist() == [2, 0]


def test_candidates_are_at_the_values_seen() -> None:
    ranking = Ranking.of([recording([1.0, 4.0, 2.0])], is_lower_worse=False)
    assert ranking.edges[1][:3].tolist() == [1.0, 2.0, 4.0]
    assert ranking.n_candidates == 4
    assert np.all(np.diff(ranking.edges[1]) > 0)
