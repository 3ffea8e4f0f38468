"""The days that thresholds are tuned on: some to choose on, and others to judge on.

Of a scenario whose episodes are drawn, each day is another. On dense days there are more incidents
than in truth, so that few days tell how they are found; on quiet days only what looks like one.
Weighed as `weights` has it, they are together what the scenario's own rates would be.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from simulator.pushing.instance import INSTANCE
from simulator.runtime.days import MONDAY, before_seconds, independent_days, midnights
from simulator.scenario.distributions.drawn import DAY_SECONDS
from simulator.scenario.draws.drawing import Beginning, drawn_scenario
from simulator.scenario.draws.room import out_of_reach
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun

__all__ = ["DayKinds", "TuningDays", "days_alike", "tuning_days"]

_DENSE_SHARE: Final = 0.6
_INCIDENTS_A_DAY: Final = 30.0  # on a dense day: apart enough to be told apart
_LEAST_DENSITY: Final = 2.0
_MOST_DENSITY: Final = 20.0
_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class DayKinds:
    """How many days of each kind one side has, and how much more often incidents are on dense ones.

    Noise and look-alikes are on all of them, incidents on dense days alone: with weights `a` and
    `b`, a x density x dense days and a x dense days + b x quiet days both have to be all days.
    """

    dense: int
    quiet: int
    density: float

    @classmethod
    def of(cls, scenario: Scenario, days: int) -> "DayKinds":
        """Those of one side with so many days; a single day is as in truth.

        >>> from simulator.scenario.loading import load_scenario
        >>> kinds = DayKinds.of(load_scenario("on-call"), 10)
        >>> kinds.dense, kinds.quiet, [round(one, 2) for one in kinds.weights]
        (6, 4, [0.62, 1.58])
        """
        dense = min(math.ceil(days * _DENSE_SHARE), days - 1) or 1
        if days == dense:
            return cls(dense, 0, 1.0)
        usual = sum(e.a_week for e in scenario.drawn if not e.look_alike) / _WEEK
        density = _INCIDENTS_A_DAY / usual if usual else _LEAST_DENSITY
        return cls(dense, days - dense, min(max(density, _LEAST_DENSITY), _MOST_DENSITY))

    @property
    def weights(self) -> tuple[float, float]:
        """How much a dense day counts, and a quiet one."""
        if not self.quiet:
            return 1.0, 0.0
        days = self.dense + self.quiet
        return days / self.density / self.dense, days * (1.0 - 1.0 / self.density) / self.quiet

    @property
    def in_order(self) -> Iterator[tuple[bool, float]]:
        """Whether each day is quiet, and how much it counts: dense ones first."""
        dense, quiet = self.weights
        yield from [(False, dense)] * self.dense + [(True, quiet)] * self.quiet


@dataclass(frozen=True, slots=True)
class TuningDays:
    """Runs and how much each counts, and what of the scenario's distributions is left out."""

    weighed: tuple[tuple[TimedRun, float], ...]
    left_out: tuple[str, ...] = ()


def tuning_days(scenario: Scenario, *, count: int, duration: float, step: float) -> TuningDays:
    """Runs of days that are drawn, and how much each counts; the first half is to choose on.

    Each has a number of its own, so that no incident is on two of them, and noise of its own.

    >>> from simulator.scenario.loading import load_scenario
    >>> on_call = load_scenario("on-call")
    >>> days = tuning_days(on_call, count=4, duration=86400.0, step=30.0).weighed
    >>> names = [{e.name for e in day.scenario.episodes} for day, _ in days]
    >>> len(set().union(*names)) == sum(map(len, names))
    True
    """
    first_half = (count + 1) // 2
    sides = [DayKinds.of(scenario, n) for n in (first_half, count - first_half) if n]
    kinds = [(side.density, *one) for side in sides for one in side.in_order]
    before = before_seconds(scenario, step)
    n_days = max(math.ceil(duration / DAY_SECONDS), 1)
    starts = midnights(count, duration + before, first=MONDAY)
    found, left_out = [], list(out_of_reach(scenario))
    for number, (midnight, (density, is_quiet, weight)) in enumerate(
        zip(starts, kinds, strict=True)
    ):
        drawn = drawn_scenario(
            scenario,
            days=n_days,
            first_day=number * n_days,
            beginning=Beginning.at(scenario, midnight),
            density=density,
            is_quiet=is_quiet,
        )
        left_out += drawn.left_out
        changes = {"duration": duration, "seed": scenario.seed + number}
        whole = drawn.scenario.model_copy(update=changes).delayed(before)
        run = TimedRun(whole, midnight - before, midnight + duration, step, INSTANCE)
        found.append((run, weight))
    return TuningDays(tuple(found), tuple(left_out))


def days_alike(scenario: Scenario, *, count: int, duration: float, step: float) -> TuningDays:
    """Runs of the same episodes with as many seeds, all of which count once."""
    days = independent_days(scenario, count=count, duration=duration, step=step)
    return TuningDays(tuple((day, 1.0) for day in days))
