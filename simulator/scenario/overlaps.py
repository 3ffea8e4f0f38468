"""Which episodes are on together: what they do adds up, or is multiplied, only while they are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.episode import EpisodeBase
from simulator.timeline.onset import Onset

__all__ = ["levels", "moments"]

_PARTS: Final = 16  # of a rise or fall, between which intensity is as good as linear
_JUST_BEFORE: Final = 1e-6  # seconds: a change belongs to what follows
_MOST_RETURNS: Final = 1000  # an episode that returns more often counts as on all the time


def moments(episodes: Sequence[EpisodeBase]) -> NDArray[np.floating]:
    """Seconds at which the episodes are on in every combination that there is, sorted.

    A combination begins or ends when an episode starts, returns, pauses or ends; while one rises or
    falls, a few moments in between show how far the others have come.

    >>> from simulator.scenario.loading import load_scenario
    >>> moments(load_scenario("traffic-surge").episodes[:1])[:2].round(6)
    array([1799.999999, 1800.      ])
    """
    if not episodes:
        return np.zeros(0)
    changes = np.unique(np.concatenate([e.start + _changes(_steady(e)) for e in episodes]))
    return np.union1d(changes, np.maximum(changes - _JUST_BEFORE, 0.0))


def levels(
    episodes: Sequence[EpisodeBase], at: NDArray[np.floating]
) -> Iterator[tuple[slice, NDArray[np.floating]]]:
    """For each episode, which of the sorted moments lie in its span, and its intensity then."""
    for e in episodes:
        first, last = np.searchsorted(at, [e.start, e.start + e.duration])
        inside = slice(int(first), int(last))
        yield inside, _steady(e).intensity(at[inside] - e.start)


def _changes(span: Onset) -> NDArray[np.floating]:
    """Seconds since the start at which the intensity changes, and within each rise and fall."""
    if span.shape == "recurring":
        returns = np.arange(0.0, span.duration, span.period)
        pauses = np.minimum(returns + span.duty * span.period, span.duration)
        return np.concatenate([returns, pauses, [span.duration]])
    rising = np.linspace(0.0, span.rise, _PARTS + 1)
    falling = np.linspace(span.duration - span.fall, span.duration, _PARTS + 1)
    return np.concatenate([rising, falling])


def _steady(e: EpisodeBase) -> Onset:
    """The episode's onset; one that returns too often to be looked at each time does not end."""
    span = e.span
    is_comb = span.shape == "recurring" and span.duration > _MOST_RETURNS * span.period
    return replace(span, shape="abrupt") if is_comb else span
