"""A proposal counts only where it holds on what the choice did not see."""

from dataclasses import replace

from tuning_samples import monitor, sample_tuning
from tuning_values import STEP, recording

from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.results import LevelTuning, Tuning
from simulator.tuning.truth.incidents import WantedAlarm

DAY = 86400.0


def day(*, noise: float, bad: float) -> list[float]:
    values = [1.0] * 400
    values[50:60] = [noise] * 10
    values[200:220] = [bad] * 20
    return values


def two_days(second_noise: float) -> tuple[Monitor, list[WantedAlarm]]:
    """Incidents at 8.0; noise of 3.0 on the first day, and of another height on the second."""
    days = [day(noise=3.0, bad=8.0), day(noise=second_noise, bad=8.0)]
    recordings = tuple(recording(d, start=n * DAY) for n, d in enumerate(days))
    start = 200 * STEP
    incidents = [
        WantedAlarm(
            "i", "lag", "red", n * DAY + start, n * DAY + start + 600, n * DAY + start + 600
        )
        for n in range(2)
    ]
    lag = replace(monitor(thresholds={"red": 2.0}), rules={}, recordings=recordings, look_back=0.0)
    return lag, incidents


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


def test_where_neither_has_a_score_more_false_alarms_hold_it_back() -> None:
    lag, incidents = two_days(second_noise=6.0)
    silent = replace(lag, alarms=replace(lag.alarms, values={"red": 9.0}))

    found = sample_tuning(silent, incidents=incidents[:1], n_chosen_on=1)

    (level,) = found.parts[0].levels
    assert level.proposal is not None
    assert level.proposal.setting.threshold <= 6.0
    assert level.is_held_back
