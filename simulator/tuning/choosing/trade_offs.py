"""Fewer false alarms or earlier ones: the candidates that no other beats in both."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.criteria import detection_median
from simulator.tuning.judging.matching import Matching

__all__ = ["TradeOff", "TradeOffs"]


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A candidate: incidents found, false alarms (count), median detection time (seconds)."""

    hits: int
    false_alarms: int
    detection: float
    candidate: int
    steps: int


@dataclass(slots=True)
class TradeOffs:
    """For each number of incidents found and of false alarms the earliest candidate so far."""

    _earliest: dict[tuple[int, int], TradeOff] = field(default_factory=dict)

    def note(self, steps: int, candidates: NDArray[np.int64], found: Matching) -> None:
        """Takes in candidates with a hold in steps; what they did is in their order."""
        hits, detection = found.hits, detection_median(found)
        places = np.flatnonzero(hits > 0)
        kept = places[np.argsort(detection[places], kind="stable")]
        false_alarms = np.rint(found.false_alarms).astype(np.int64)  # of days that are weighed
        pairs = np.stack([hits[kept], false_alarms[kept]])
        _, first = np.unique(pairs, axis=1, return_index=True)
        for place in kept[first].tolist():
            one = TradeOff(
                int(hits[place]),
                int(false_alarms[place]),
                float(detection[place]),
                int(candidates[place]),
                steps,
            )
            key = (one.hits, one.false_alarms)
            before = self._earliest.get(key)
            if before is None or one.detection < before.detection:
                self._earliest[key] = one

    @property
    def seen(self) -> tuple[TradeOff, ...]:
        """All of them, in no order."""
        return tuple(self._earliest.values())

    def frontier(self, *, min_hits: int) -> tuple[TradeOff, ...]:
        """Those with at least `min_hits` that none beats in both, from few false alarms to many."""
        enough = [one for one in self._earliest.values() if one.hits >= min_hits]
        frontier: list[TradeOff] = []
        for one in sorted(enough, key=lambda t: (t.false_alarms, t.detection)):
            if not frontier or one.detection < frontier[-1].detection:
                frontier.append(one)
        return tuple(frontier)
