"""A scenario whose episodes are drawn, as one that has them all."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from simulator.scenario.distributions.concrete import called_for
from simulator.scenario.distributions.drawn import DAY_SECONDS, WEEKDAYS, Drawn
from simulator.scenario.draws.one_episode import ALGORITHM, Arrival, Maker
from simulator.scenario.draws.room import out_of_reach
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.model import Scenario
from simulator.scenario.rules import problems_of_episodes
from simulator.seeding import hashed_share
from simulator.timeline.durations import format_duration

__all__ = ["MONDAY_MIDNIGHT", "Beginning", "Draw", "drawn_on_clock", "drawn_scenario"]

_ATTEMPTS: Final = 8  # at an episode, some of whose values do not go together
_MOST_A_DAY: Final = 200  # of one entry
_DAYS_A_WEEK: Final = len(WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a scenario begins on its own clocks: `weekday` from 0 for Monday, second of the day."""

    weekday: int
    seconds: float

    @classmethod
    def at(cls, scenario: Scenario, origin: float) -> "Beginning":
        """That of a scenario that begins at Unix seconds `origin`.

        >>> calm = Scenario(name="x", description="x", duration="1h")
        >>> Beginning.at(calm, 1_767_571_200.0)  # 2026-01-05, a Monday, 0:00 UTC
        Beginning(weekday=0, seconds=3600.0)
        """
        clock = datetime.fromtimestamp(origin, ZoneInfo(scenario.traffic.time_zone))
        return cls(clock.weekday(), clock.hour * 3600.0 + clock.minute * 60.0 + clock.second)

    @classmethod
    def on_date(cls, midnight: float) -> "Beginning":
        """Midnight of a date, which is given as that midnight in UTC, unix seconds.

        >>> Beginning.on_date(1_767_571_200.0)
        Beginning(weekday=0, seconds=0.0)
        """
        return cls(datetime.fromtimestamp(midnight, UTC).weekday(), 0.0)


MONDAY_MIDNIGHT: Final = Beginning(0, 0.0)


@dataclass(frozen=True, slots=True)
class Draw:
    """The scenario with all its episodes, and what of its distributions is left out, and why."""

    scenario: Scenario
    left_out: tuple[str, ...] = ()


def drawn_on_clock(
    scenario: Scenario, origin: float, *, seconds: float = 0.0, first_day: int = 0
) -> Draw:
    """The draw from a scenario that begins at Unix seconds `origin` and goes on for `seconds`.

    As many days are drawn as that takes, but never fewer than the scenario has; one that runs
    faster has its days drawn at its own pace. What the platform has no room for is told, too.

    >>> calm = Scenario(name="x", description="x", duration="1h")
    >>> drawn_on_clock(calm, 0.0, seconds=7200.0).scenario == calm
    True
    """
    if not scenario.drawn:
        return Draw(scenario)
    slow = scenario if scenario.compression == 1.0 else scenario.uncompressed
    planned = seconds * scenario.compression
    found = drawn_scenario(
        slow,
        days=math.ceil(planned / DAY_SECONDS) if planned > slow.duration else None,
        first_day=first_day,
        beginning=Beginning.at(slow, origin),
    )
    left_out = (*out_of_reach(slow), *found.left_out)
    if scenario.compression == 1.0:
        return Draw(found.scenario, left_out)
    return Draw(found.scenario.compressed(scenario.compression), left_out)


def drawn_scenario(  # noqa: PLR0913 - which days are drawn, and what comes on them
    scenario: Scenario,
    *,
    days: int | None = None,
    first_day: int = 0,
    beginning: Beginning = MONDAY_MIDNIGHT,
    density: float = 1.0,
    is_quiet: bool = False,
) -> Draw:
    """One draw from a scenario's distributions, by its seed.

    What comes on a day depends on the seed, the entry and the number of the day: it is the same
    however many days are asked for. Episodes that cannot stand beside others are left out.

    Args:
        scenario: one with episodes to be drawn; any other is its own draw.
        days: of how many days; without, as long as the scenario lasts.
        first_day: the number of the first day, from 0.
        beginning: when the first day begins on the scenario's clocks.
        density: times as many incidents as there are a week; look-alikes are as many as ever.
        is_quiet: whether only look-alikes come.

    >>> from simulator.scenario.loading import load_scenario
    >>> drawn = drawn_scenario(load_scenario("calm"), days=2).scenario
    >>> drawn.duration, drawn.episodes
    (172800.0, ())
    """
    seconds = scenario.duration if days is None else days * DAY_SECONDS
    base = scenario.model_copy(update={"duration": seconds, "drawn": (), "episodes": ()})
    maker = Maker(base, beginning.seconds)
    kept: list[EpisodeBase] = [] if is_quiet else list(scenario.episodes)
    left_out: list[str] = []
    for day in range(math.ceil(seconds / DAY_SECONDS)):
        of_day = _Day(first_day + day, day, beginning, density, is_quiet=is_quiet)
        for one in of_day.episodes(scenario.drawn, maker, left_out):
            if said := _conflict(one, kept, base):
                left_out.append(f"{one.name}: {said}")
            else:
                kept.append(one)
    return Draw(base.model_copy(update={"episodes": tuple(kept)}), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Day:
    """A day by its number in the draw, which is the `place`-th of what is asked for."""

    number: int
    place: int
    beginning: Beginning
    density: float
    is_quiet: bool

    def episodes(
        self, entries: Sequence[Drawn], maker: Maker, left_out: list[str]
    ) -> list[EpisodeBase]:
        """Those of all entries, in time order."""
        found: list[EpisodeBase] = []
        for entry in entries:
            if self.is_quiet and not entry.look_alike:
                continue
            for count in range(self._how_many(entry, maker.scenario.seed)):
                one = self._episode(entry, count, maker)
                if one is None:
                    left_out.append(f"{entry.name}: its values did not go together")
                elif self._weekday(one) in entry.weekdays:
                    found.append(one)
        return sorted(found, key=lambda one: (one.start, one.name))

    def _how_many(self, entry: Drawn, seed: int) -> int:
        """Poisson, at the rate of the days on which they come."""
        times = 1.0 if entry.look_alike else self.density
        mean = times * entry.a_week / len(entry.weekdays)
        return _poisson(mean, hashed_share(seed, ALGORITHM, entry.name, self.number, "how many"))

    def _episode(self, entry: Drawn, count: int, maker: Maker) -> EpisodeBase | None:
        for attempt in range(_ATTEMPTS):
            arrival = Arrival(maker.scenario.seed, entry.name, self.number, count, attempt)
            try:
                one = maker.episode(entry, arrival)
            except ValidationError:
                continue
            if any(one.problems(maker.scenario)):
                continue
            if entry.look_alike and called_for(one, maker.scenario):
                continue
            shift = (self.place - self.number) * DAY_SECONDS
            return one.model_copy(update={"start": one.start + shift})
        return None

    def _weekday(self, one: EpisodeBase) -> str:
        days = (self.beginning.seconds + one.start) // DAY_SECONDS
        return WEEKDAYS[int(self.beginning.weekday + days) % _DAYS_A_WEEK]


def _poisson(mean: float, share: float) -> int:
    """The count below which that share of all counts lies.

    >>> [_poisson(1.0, share) for share in (0.3, 0.5, 0.9, 0.99)]
    [0, 1, 2, 4]
    """
    chance = below = math.exp(-mean)
    count = 0
    while share >= below and count < _MOST_A_DAY:
        count += 1
        chance *= mean / count
        below += chance
    return count


def _conflict(one: EpisodeBase, kept: Sequence[EpisodeBase], base: Scenario) -> str:
    """Why it cannot stand beside those that are there; empty where it can."""
    end = one.start + one.duration
    if end > base.duration:
        return f"it would end after the scenario, at {format_duration(end)}"
    beside = (*_beside(one, kept), one)
    found = problems_of_episodes(base.model_copy(update={"episodes": beside}))
    return next((said for _, said in found), "")


def _beside(one: EpisodeBase, kept: Sequence[EpisodeBase]) -> Iterator[EpisodeBase]:
    """Those at the same time or of the same name; and releases, which stay."""
    end = one.start + one.duration
    for other in kept:
        is_beside = other.start < end and one.start < other.start + other.duration
        if is_beside or other.name == one.name or isinstance(other, ModelRelease):
            yield other
