"""Days that thresholds are tuned on: no incident on two of them, weighed as the scenario has it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.runtime.tuning_days import DayKinds, tuning_days
from simulator.scenario.loading import load_scenario

if TYPE_CHECKING:
    from simulator.scenario.timed_run import TimedRun

    Weighed: TypeAlias = tuple[TimedRun, float]

ON_CALL: Final = load_scenario("on-call")
DAY: Final = 86400.0


@settings(max_examples=30)
@given(st.integers(1, 40))
def test_weights_give_back_the_rates_of_the_scenario(n_days: int) -> None:
    kinds = DayKinds.of(ON_CALL, n_days)
    dense, quiet = kinds.weights

    assert kinds.dense + kinds.quiet == n_days
    assert dense * kinds.density * kinds.dense == pytest.approx(n_days)  # incidents
    assert dense * kinds.dense + quiet * kinds.quiet == pytest.approx(n_days)  # noise, look-alikes


def test_no_incident_is_on_both_sides_and_quiet_days_have_look_alikes_only() -> None:
    days = tuning_days(ON_CALL, count=8, duration=DAY, step=30.0).weighed
    chosen, judged = ({e.name for run, _ in half for e in run.episodes} for half in _halves(days))

    assert chosen
    assert judged
    assert not chosen & judged
    for half in _halves(days):
        kinds = DayKinds.of(ON_CALL, 4)
        assert [weight for _, weight in half] == [weight for _, weight in kinds.in_order]
        dense, quiet = half[: kinds.dense], half[kinds.dense :]
        assert all(any(e.alarms for e in run.episodes) for run, _ in dense)
        assert not any(e.alarms for run, _ in quiet for e in run.episodes)
        assert any(run.episodes for run, _ in quiet)


def _halves(days: tuple[Weighed, ...]) -> tuple[tuple[Weighed, ...], tuple[Weighed, ...]]:
    return days[: len(days) // 2], days[len(days) // 2 :]


def test_the_first_days_are_the_same_for_the_same_seed() -> None:
    once, again = (tuning_days(ON_CALL, count=4, duration=DAY, step=30.0).weighed for _ in range(2))
    other = ON_CALL.model_copy(update={"seed": 2})

    assert once == again
    assert tuning_days(other, count=4, duration=DAY, step=30.0).weighed != once


def test_days_are_apart_and_each_has_noise_of_its_own() -> None:
    runs = [run for run, _ in tuning_days(ON_CALL, count=5, duration=DAY, step=30.0).weighed]

    assert len({run.scenario.seed for run in runs}) == 5
    for one, other in itertools.pairwise(runs):
        assert other.start - one.end >= 2 * 3600.0
