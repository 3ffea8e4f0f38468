"""Who applies and what the model makes of them while episodes are on, as expected shares.

The applicants of a moment are a mixture of a few populations. What each scorecard makes of each of
them is worked out once; the shares found are what a tick's multinomial draws use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from simulator.scenario.episode import ApplicantEpisode, EpisodeBase
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.cell_shares import cell_shares
from simulator.simulation.change import NEUTRAL, Alternatives, Change, blend
from simulator.simulation.reference import bin_shares
from simulator.simulation.scorecard import Scorecard

__all__ = ["LEVELS", "Population", "Shares"]

#: Intensities are rounded to this many levels, so that a slow slide is a few dozen populations.
LEVELS: Final = 16


@dataclass(frozen=True)
class Shares:
    """Expected shares at a moment: `cells` (versions, cells, 2) and `bins` (features, N_BINS)."""

    cells: Floats
    bins: Floats


class Population:
    """Expected shares for any combination of the scenario's applicant episodes.

    Args:
        episodes: the scenario's episodes; those that do not touch applicants are passed over.
        scorecards: one per model version.
    """

    def __init__(self, episodes: Sequence[EpisodeBase], scorecards: Sequence[Scorecard]) -> None:
        self.episodes: tuple[ApplicantEpisode, ...] = tuple(
            e for e in episodes if isinstance(e, ApplicantEpisode)
        )
        self.scorecards = tuple(scorecards)
        self._of_levels: dict[bytes, Shares] = {}

    @cached_property
    def in_health(self) -> Shares:
        """Shares without any episode."""
        return self._shares(NEUTRAL)

    def moment(self, kinds: tuple[type[ApplicantEpisode], ...], levels: Floats) -> Alternatives:
        """The populations that the episodes of these kinds make of a moment, without the others.

        Args:
            kinds: OF_PEOPLE, OF_VALUES or OF_REASONS.
            levels: intensity of each applicant episode, shape (episodes,).
        """
        chosen = [
            (e, level)
            for e, level in zip(self.episodes, levels.tolist(), strict=True)
            if isinstance(e, kinds)
        ]
        return blend([e for e, _ in chosen], [level for _, level in chosen])

    def shares(self, levels: Floats) -> tuple[list[Shares], Ints]:
        """The distinct shares during some ticks, and which of them holds in each tick.

        Args:
            levels: intensity of each applicant episode, shape (ticks, episodes).
        """
        rounded = np.rint(levels * LEVELS) / LEVELS
        distinct, which = np.unique(rounded, axis=0, return_inverse=True)
        return [self._blended(row) for row in distinct], which.reshape(-1).astype(np.int64)

    def _blended(self, levels: Floats) -> Shares:
        key = levels.tobytes()
        if key not in self._of_levels:
            parts = [(p, self._shares(change)) for p, change in blend(self.episodes, levels)]
            self._of_levels[key] = Shares(
                cells=np.sum([p * s.cells for p, s in parts], axis=0),
                bins=np.sum([p * s.bins for p, s in parts], axis=0),
            )
        return self._of_levels[key]

    def _shares(self, change: Change) -> Shares:
        return Shares(
            cells=np.array([_cells(card, change) for card in self.scorecards]),
            bins=np.array([bin_shares(i, given) for i, given in enumerate(change.as_seen)]),
        )


@lru_cache(maxsize=1024)
def _cells(card: Scorecard, change: Change) -> Floats:
    """Joint shares of score cell and outcome, shape (cells, 2); kept for all runs of a process."""
    return cell_shares(card, change.as_seen, _default_probability(change))


@lru_cache(maxsize=1)
def _default_probability(change: Change) -> Floats:
    """Of the pool's applicants; kept for one scorecard after the other."""
    return change.default_probability_of_pool()
