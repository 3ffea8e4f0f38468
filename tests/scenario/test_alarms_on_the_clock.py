"""What an incident is worth, and until when it shows, at the hours at which it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.scenario.loading import parse_scenario
from simulator.scenario.timed_run import EpisodeAlarm, TimedRun
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.simulation.trace import Trace

NIGHT, MORNING, AFTERNOON = 2, 10, 16
HOURS = NIGHT, MORNING
STEP = 15.0
ALARM = 1000  # messages behind; more than are on their way between two commits

STOPPED = {"kind": "consumer-slowdown", "group": "archiver", "duration": "45m"}
AGAIN_AND_AGAIN = {**STOPPED, "onset": {"shape": "recurring", "period": "10m"}}
REBALANCING = {"kind": "rebalance", "group": "archiver", "every": "10m", "pause": "4m"}
HANGING = {"kind": "consumer-crash", "group": "archiver", "session_timeout": "15m"}
FLOODED = {"kind": "hot-partition", "partition": 5, "share": 0.95}
UNWRITABLE = {"kind": "node-loss", "nodes": 2}
#: 127 messages a second: more than the mean of 88, and less than come in the morning.
SLOW = {"kind": "consumer-slowdown", "group": "archiver", "capacity_ratio": 0.085}


def monday(hour: int, incident: dict[str, Any], *, seed: int = 1) -> TimedRun:
    """Five hours of a Monday, 60 requests a second, an hour before the incident's hour first."""
    plan = {
        "name": "monday",
        "description": "Built by a test.",
        "seed": seed,
        "duration": "5h",
        "traffic": {"requests_per_second": 60},
        "episodes": [{"name": "it", "start": "1h", "duration": "1h", **incident}],
    }
    start = MONDAY + (hour - 1) * 3600.0
    scenario = parse_scenario(json.dumps(plan), "monday")  # JSON is YAML
    return TimedRun(scenario, start, start + scenario.duration, STEP, "x")


def truth(run: TimedRun) -> dict[str, EpisodeAlarm]:
    """The episode's alarms by signal."""
    return {alarm.signal: alarm for alarm in run.episodes[0].alarms}


def simulated(run: TimedRun) -> Trace:
    """The run from its start to its end."""
    simulation = Simulation(run.scenario, origin=run.start, step=STEP)
    return simulation.advance(int(run.scenario.duration / STEP))


def lag(trace: Trace) -> NDArray[np.int64]:
    """Messages that the slowest group is behind, shape (ticks,)."""
    slowest: NDArray[np.int64] = trace.topic.lag.sum(axis=2).max(axis=1)
    return slowest


def most_lag(run: TimedRun) -> int:
    return int(lag(simulated(run)).max())


def turned_away(run: TimedRun) -> float:
    """Share of the applications until the end that get no score."""
    counted = simulated(run).requests.applications.sum(axis=(0, 1))
    return 1.0 - float(counted[0] / counted.sum())


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("incident", "hour"),
    [
        *((one, MORNING) for one in (STOPPED, REBALANCING, HANGING, FLOODED, UNWRITABLE)),
        (STOPPED, NIGHT),
        (STOPPED, AFTERNOON),
        (AGAIN_AND_AGAIN, AFTERNOON),
        (SLOW, MORNING),
    ],
)
def test_lag_that_an_incident_left_is_gone_when_the_truth_says_so(
    incident: dict[str, Any], hour: int, seed: int
) -> None:
    run = monday(hour, incident, seed=seed)
    trace = simulated(run)
    is_over = trace.grid.ends > truth(run)["consumer-lag"].until
    assert lag(trace).max() > ALARM
    assert lag(trace)[is_over].max() < ALARM


def test_a_group_stopped_in_the_morning_takes_longer_to_catch_up_than_at_night() -> None:
    night, morning = (
        truth(monday(hour, STOPPED))["consumer-lag"].until - MONDAY - (hour + 0.75) * 3600.0
        for hour in HOURS
    )
    assert morning > 5.0 * night > 0.0


def test_a_slow_group_is_worth_an_alarm_at_the_hours_at_which_it_falls_behind() -> None:
    night, morning = monday(NIGHT, SLOW), monday(MORNING, SLOW)
    assert most_lag(night) < ALARM < most_lag(morning)
    assert "consumer-lag" not in truth(night)
    assert "consumer-lag" in truth(morning)


def test_workers_that_are_too_few_by_day_are_enough_at_night() -> None:
    night, morning = (monday(h, {"kind": "overload", "workers_lost_ratio": 0.87}) for h in HOURS)
    assert turned_away(night) < 0.005 < turned_away(morning)
    assert "success-rate" not in truth(night)
    assert "success-rate" in truth(morning)


def test_applications_fill_a_window_for_longer_at_night() -> None:
    bug = {"kind": "data-bug", "feature": "net_income", "null_ratio": 0.4}
    night, morning = (
        truth(monday(hour, bug))["drift"].until - MONDAY - (hour + 1.0) * 3600.0 for hour in HOURS
    )
    assert night > 10.0 * morning > 0.0
