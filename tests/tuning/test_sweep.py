"""The sweep says of every candidate what evaluating it alone, by plain loops, says."""

import math

import alarm_oracle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tuning_strategies import incidents as drawn_incidents
from tuning_strategies import recordings
from tuning_values import recording

from simulator.tuning.judging.badness import Badness, Recording
from simulator.tuning.judging.holds import holds
from simulator.tuning.judging.measures import MEASURES, measures
from simulator.tuning.judging.outcomes import outcomes
from simulator.tuning.judging.windows import Judged
from simulator.tuning.truth.incidents import Incident


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
    badness = Badness.of(days, is_lower_worse=lower)
    judged = Judged.of(days, incidents)
    lows, highs = badness.edges
    for steps, held in enumerate(holds(badness, 5)):
        swept = measures(outcomes(held, judged, badness.n_candidates))
        for q in range(badness.n_candidates):
            for threshold in (highs[q], (lows[q] + highs[q]) / 2.0):
                alone = alarm_oracle.measured(days, incidents, threshold, steps, lower=lower)
                for name in MEASURES:
                    assert getattr(swept, name)[q] == pytest.approx(
                        alone[name], nan_ok=True, abs=1e-9
                    ), (name, threshold, steps)


def test_an_absent_value_is_never_bad_and_ends_an_alarm() -> None:
    day = recording([5.0, math.nan, 5.0])
    for lower in (False, True):
        badness = Badness.of([day], is_lower_worse=lower)
        found = outcomes(next(holds(badness, 0)), Judged.of([day], []), badness.n_candidates)
        assert found.alarms.tolist() == [2, 0]


def test_candidates_are_at_the_values_seen() -> None:
    badness = Badness.of([recording([1.0, 4.0, 2.0])], is_lower_worse=False)
    assert badness.edges[1][:3].tolist() == [1.0, 2.0, 4.0]
    assert badness.n_candidates == 4
    assert np.all(np.diff(badness.edges[1]) > 0)
