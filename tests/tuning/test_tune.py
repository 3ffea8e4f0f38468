"""A proposal counts only where it holds on what the choice did not see."""

from dataclasses import replace

from simulator.tuning.results import LevelTuning, Tuning
from tests.support.tuning_samples import sample_tuning
from tests.support.tuning_values import recording
from tests.support.two_days import DAY, day, two_days


def level_of(second_noise: float) -> LevelTuning:
    lag, incidents = two_days(second_noise)
    found: Tuning = sample_tuning(lag, incidents=incidents, n_chosen_on=1)
    return found.parts[0].levels[0]


def test_what_holds_on_the_day_not_seen_moves() -> None:
    level = level_of(second_noise=3.0)

    assert level.is_moved
    assert level.unseen["proposal"].score > level.unseen["today"].score
    assert level.gap == 0.0


def test_what_is_worse_there_is_held_back() -> None:
    lag, incidents = two_days(second_noise=3.0)
    seen, _ = lag.recordings
    weak = recording(day(noise=1.0, bad=2.5), start=DAY)

    found = sample_tuning(replace(lag, recordings=(seen, weak)), incidents=incidents, n_chosen_on=1)

    (level,) = found.parts[0].levels
    assert level.proposal is not None
    assert not level.proposal.is_today
    assert level.is_held_back
    assert level.note


def test_incidents_that_nothing_watches_are_named() -> None:
    lag, incidents = two_days(second_noise=3.0)

    found = sample_tuning(
        lag, incidents=[*incidents, replace(incidents[0], signal="lagg")], n_chosen_on=1
    )

    assert found.unknown == ("lagg",)


def test_an_incident_may_name_a_measure_that_tells_of_the_signal() -> None:
    lag, incidents = two_days(second_noise=3.0)
    by_measure = [replace(one, signal="lag_sum") for one in incidents]
    of_lag = replace(lag, signal="consumer-lag")

    found = sample_tuning(of_lag, incidents=by_measure, n_chosen_on=1)

    (by_name,) = sample_tuning(of_lag, incidents=incidents, n_chosen_on=1).parts
    (part,) = found.parts
    assert found.unknown == ()
    assert [one.proposal for one in part.levels] == [one.proposal for one in by_name.levels]


def test_where_neither_has_a_score_more_false_alarms_hold_it_back() -> None:
    lag, incidents = two_days(second_noise=6.0)
    silent = replace(lag, alarms=replace(lag.alarms, values={"red": 9.0}))

    found = sample_tuning(silent, incidents=incidents[:1], n_chosen_on=1)

    (level,) = found.parts[0].levels
    assert level.proposal is not None
    assert level.proposal.setting.threshold <= 6.0
    assert level.is_held_back
