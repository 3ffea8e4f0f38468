"""Components restart."""

import math
from collections.abc import Iterator
from typing import Final, Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem, ScrapeEpisode
from simulator.scenario.fields import Duration, Jobs
from simulator.scenario.lever import Lever
from simulator.scenario.vocabulary import JOBS, Job
from simulator.timeline.durations import format_duration

__all__ = ["GAUGES_ONLY", "CounterReset"]

#: Components that count nothing: what they tell is read anew at each scrape.
GAUGES_ONLY: Final[frozenset[Job]] = frozenset({"kafka-exporter"})
_MOST_RESTARTS: Final = 10_000
_ROUNDING: Final = 1e-9  # of an episode that is whole times as long as what comes again
_DOWN_SECONDS: Final = 20.0
_HOUR: Final = 3600.0


class CounterReset(ScrapeEpisode):
    """Components restart, once or again and again; their counters begin at 0.

    Another process takes over at once, so that nobody is turned away, and Prometheus finds it
    after `down`: until then the jobs have no series. What a component reads from elsewhere is as it
    was: offsets, space, windows of scored applications.

    Counters begin at 0 with the tick in which a restart falls, once in a tick. What is up again
    before a tick ends was never away to Prometheus, which sees such a restart in counters alone.
    """

    kind: Literal["counter-reset"]
    jobs: Jobs
    every: Duration = 0.0
    down: Duration = 0.0

    @property
    def restarts(self) -> tuple[float, ...]:
        """Seconds since its start at which they restart; never where it is mute."""
        if self.mute:
            return ()
        if not self.every:
            return (0.0,)
        return tuple(self.every * i for i in range(_times(self.duration, self.every)))

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """What restarts is there again before it restarts, and something is to be seen of it."""
        if self.onset.shape != "abrupt":
            yield "onset", f"{self.name!r} is a restart, which is abrupt; see every"
        if self.every and _times(self.duration, self.every) > _MOST_RESTARTS:
            yield (
                "every",
                f"{_times(self.duration, self.every)} restarts in "
                f"{format_duration(self.duration)}; at most {_MOST_RESTARTS}",
            )
        if self.down and self.down >= (self.every or self.duration):
            yield (
                "down",
                f"{format_duration(self.down)} is no less than "
                f"{format_duration(self.every or self.duration)}, after which "
                f"{'it restarts' if self.every else 'the episode ends'}",
            )
        if GAUGES_ONLY.issuperset(self.jobs) and not self.down:
            yield "jobs", f"{', '.join(self.jobs)} counts nothing; give it a time down"

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """All of them, now and then or in a crash loop."""
        yield Lever(
            "restarts",
            "counter-reset",
            lambda an_hour: {
                "jobs": list(JOBS),
                "every": format_duration(round(_HOUR / an_hour)),
                "down": format_duration(_DOWN_SECONDS),
            },
            (6.0, 30.0),
            unsaid=frozenset({"jobs"}),
            is_unnoticed=True,
        )


def _times(duration: float, every: float) -> int:
    return math.ceil(duration / every - _ROUNDING)
