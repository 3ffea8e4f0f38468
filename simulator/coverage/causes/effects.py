"""Whether an episode of a run can be why a query shows what it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final, Protocol

from simulator.coverage.causes.moved_series import MovedSeries, moved_series
from simulator.mapping.export import Exports
from simulator.promql.parsing import parsed
from simulator.promql.selectors import Selector, selectors
from simulator.scenario.timed_run import EpisodeSpan, TimedRun

__all__ = ["Effects", "MeasuredEffects", "causes_of"]

_INSTANCE: Final = "instance"
_BOUND: Final = "le"


class Effects(Protocol):
    """What episodes do, as far as it is known."""

    def touches(self, episode: str, queries: Sequence[str]) -> bool:
        """Whether the episode of that name moves a series that one of the queries reads."""


@dataclass(frozen=True, eq=False)
class MeasuredEffects:
    """What the episodes of a run do to the series under a mapping; each is measured once.

    Several threads may ask.

    A query that is not read may be about anything, so every episode touches it.
    """

    run: TimedRun
    exports: Exports
    _moved: dict[str, tuple[MovedSeries, ...]] = field(default_factory=dict)
    _measuring: Lock = field(default_factory=Lock)

    def touches(self, episode: str, queries: Sequence[str]) -> bool:
        """Whether the episode of that name moves a series that one of the queries reads."""
        if any(parsed(query) is None for query in queries):
            return True
        read = {_without_bounds(one) for query in queries for one in selectors(query)}
        return any(
            one.picks(each.name, each.labels) for one in read for each in self.moved_by(episode)
        )

    def moved_by(self, name: str) -> tuple[MovedSeries, ...]:
        """The series that the episode of that name moves."""
        with self._measuring:
            if name not in self._moved:
                found = moved_series(self.run, name, self.exports)
                self._moved[name] = tuple(
                    replace(one, labels={**one.labels, _INSTANCE: self.run.instance})
                    for one in found
                )
            return self._moved[name]


def _without_bounds(selector: Selector) -> Selector:
    """The selector of whole histograms: an episode that moves one bucket touches them."""
    kept = tuple(one for one in selector.matchers if one.label != _BOUND)
    return replace(selector, matchers=kept)


def causes_of(
    queries: Sequence[str], episodes: Sequence[EpisodeSpan], effects: Effects | None
) -> tuple[EpisodeSpan, ...]:
    """The episodes that can be why the queries show what they do; all where nobody knows."""
    if effects is None:
        return tuple(episodes)
    return tuple(one for one in episodes if effects.touches(one.name, queries))
