"""One episode drawn from an entry: its parameters, how long it lasts, how it begins, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log
from statistics import NormalDist
from typing import Any, Final

from simulator.scenario.distributions.concrete import called_for, concrete, timed_onset
from simulator.scenario.distributions.drawn import DAY_SECONDS, Drawn, Hours, Lasting
from simulator.scenario.distributions.values import (
    Choice,
    Range,
    distribution_in,
)
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.model import Scenario
from simulator.seeding import hashed_share

__all__ = ["ALGORITHM", "Arrival", "Maker"]

#: Which way of drawing this is: the same number, seed, scenario and day give the same episodes.
ALGORITHM: Final = 1

_ROUND_SECONDS: Final = 10.0  # starts and durations are whole tens of seconds
_DENSE_SHARE: Final = 0.5  # of strengths, that lie where what follows from them changes
_LOOKS: Final = 40  # at a range, to see where that is


@dataclass(frozen=True, slots=True)
class Arrival:
    """The `count`-th episode of an entry on a day, both from 0; drawn anew with another attempt."""

    seed: int
    name: str
    day: int
    count: int
    attempt: int = 0

    def share(self, what: str) -> float:
        """A number from 0 up to 1 for one of the things that are drawn of it."""
        return hashed_share(
            self.seed, ALGORITHM, self.name, self.day, self.count, self.attempt, what
        )

    @property
    def number(self) -> str:
        """What tells it from others of its entry: day and count from 1."""
        return f"{self.day + 1}-{self.count + 1}"


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes episodes of the entries of one scenario.

    `begins` is the second of the day, on the scenario's clocks, at which each of its days begins.
    """

    scenario: Scenario
    begins: float = 0.0
    _changes: dict[tuple[str, str, str], tuple[float, ...]] = field(default_factory=dict)

    def episode(self, entry: Drawn, arrival: Arrival) -> EpisodeBase:
        """The episode, which begins and ends within its day.

        Raises:
            ValidationError: the parameters cannot be together.
        """
        duration = _lasting(entry.duration, arrival)
        latest = DAY_SECONDS - duration
        start = min(_rounded(self._start(entry.hours, arrival)), latest)
        return concrete(
            entry,
            self._parameters(entry, arrival),
            number=arrival.number,
            start=arrival.day * DAY_SECONDS + start,
            duration=duration,
            onset=_onset(entry, arrival, duration),
        )

    def _start(self, hours: Hours, arrival: Arrival) -> float:
        """Seconds since the day began, which need not be at midnight."""
        open_for = (hours.end - hours.start) % DAY_SECONDS or DAY_SECONDS
        clock = hours.start + open_for * arrival.share("start")
        return (clock - self.begins) % DAY_SECONDS

    def _parameters(self, entry: Drawn, arrival: Arrival) -> dict[str, Any]:
        """Kinds and counts first: where the strength matters depends on them."""
        found, ranges = _settled(entry, arrival)
        middles = {name: one.written(one.at(0.5)) for name, one in ranges.items()}
        for name, one in ranges.items():
            within = one
            changes = self._where_it_changes(entry, name, one, found | middles)
            if changes and arrival.share(f"{name} dense") < _DENSE_SHARE:
                within = one.near(Choice(changes, (1.0,) * len(changes)).at(arrival.share(name)))
                found[name] = one.written(within.at(arrival.share(f"{name} near")))
            else:
                found[name] = one.written(one.at(arrival.share(name)))
        return found

    def _where_it_changes(
        self, entry: Drawn, name: str, over: Range, others: Mapping[str, Any]
    ) -> tuple[float, ...]:
        """Values between which other alarms are called for, at the scenario's mean rate."""
        key = (entry.name, name, repr(others))
        if key not in self._changes:
            values = [over.at(i / (_LOOKS - 1)) for i in range(_LOOKS)]
            alarms = [self._alarms(entry, {**others, name: over.written(v)}) for v in values]
            self._changes[key] = tuple(
                over.at((i + 0.5) / (_LOOKS - 1))
                for i in range(_LOOKS - 1)
                if alarms[i] != alarms[i + 1]
            )
        return self._changes[key]

    def _alarms(self, entry: Drawn, parameters: Mapping[str, Any]) -> object:
        duration, shape = entry.duration.median, max(entry.onset, key=lambda s: entry.onset[s])
        try:
            one = concrete(entry, parameters, duration=duration, onset=timed_onset(shape, duration))
        except ValueError:  # that cannot be at all
            return None
        return None if any(one.problems(self.scenario)) else called_for(one, self.scenario)


def _settled(entry: Drawn, arrival: Arrival) -> tuple[dict[str, Any], dict[str, Range]]:
    """Parameters without ranges, drawn; and those that are left, which have one."""
    found: dict[str, Any] = {}
    ranges: dict[str, Range] = {}
    for name, content in entry.parameters.items():
        match distribution_in(content):
            case None:
                found[name] = content
            case Range() as one:
                ranges[name] = one
            case one:
                found[name] = one.at(arrival.share(name))
    return found, ranges


def _rounded(seconds: float) -> float:
    return round(seconds / _ROUND_SECONDS) * _ROUND_SECONDS


def _lasting(lasting: Lasting, arrival: Arrival) -> float:
    """Log-normal between the ends: a share of what lies between them."""
    if lasting.spread == 1.0 or lasting.least == lasting.most:
        return lasting.median
    logs = NormalDist(0.0, 1.0)
    spread = log(lasting.spread)
    least, most = (
        logs.cdf(log(end / lasting.median) / spread) for end in (lasting.least, lasting.most)
    )
    place = logs.inv_cdf(least + (most - least) * min(max(arrival.share("duration"), 1e-9), 1.0))
    seconds = _rounded(lasting.median * lasting.spread**place)
    return min(max(seconds, lasting.least), lasting.most)


def _onset(entry: Drawn, arrival: Arrival, duration: float) -> dict[str, Any]:
    shapes = Choice(tuple(entry.onset), tuple(entry.onset.values()))
    rise, fall, often = (arrival.share(f"onset {what}") for what in ("rise", "fall", "returns"))
    return timed_onset(shapes.at(arrival.share("onset")), duration, rise, fall, often)
