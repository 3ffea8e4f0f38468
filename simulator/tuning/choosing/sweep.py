"""All thresholds with all holds: the best hold of each threshold, and what may be traded."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.trade_offs import TradeOffs
from simulator.tuning.judging.criteria import criteria
from simulator.tuning.judging.detection_windows import DetectionWindows
from simulator.tuning.judging.holds import distinct_candidates, holds
from simulator.tuning.judging.matching import matching
from simulator.tuning.judging.objectives import Constraints, Objective, scores
from simulator.tuning.judging.ranking import Ranking

__all__ = ["Sweep", "sweep"]

Floats = NDArray[np.float64]

_TIE = 1e-9


@dataclass(slots=True, eq=False)
class Sweep:
    """The best score of each threshold, its shortest hold in steps, and the trade-offs seen.

    `score` and `hold` of shape (candidates,); a score of -inf says that nothing was good enough.
    """

    score: Floats
    hold: NDArray[np.int64]
    trade_offs: TradeOffs

    def note(self, steps: int, score: Floats) -> None:
        """Keeps what is better with a hold of so many steps than with shorter ones."""
        is_better = score > self.score + _TIE
        self.score = np.where(is_better, score, self.score)
        self.hold = np.where(is_better, steps, self.hold)


def sweep(
    ranking: Ranking,
    windows: Mapping[str, DetectionWindows],
    *,
    most_steps: int,
    objective: Objective,
    constraints: Constraints,
) -> dict[str, Sweep]:
    """For each level the sweep over all thresholds, and holds of 0 to `most_steps` steps.

    A hold is a pass over the moments, in which all thresholds are judged that are told apart with
    it; memory holds one at a time.
    """
    count = ranking.n_candidates
    found = {
        level: Sweep(np.full(count, -np.inf), np.zeros(count, dtype=np.int64), TradeOffs())
        for level in windows
    }
    for steps, held in enumerate(holds(ranking, most_steps)):
        ranks, first = distinct_candidates(held)
        n_alike = np.diff(first, append=count)
        for level, one in windows.items():
            did = matching(ranks, one, len(first))
            measured = criteria(did)
            score = scores(did, measured, objective, constraints)
            found[level].note(steps, np.repeat(score, n_alike))
            found[level].trade_offs.note(steps, first, did, measured)
    return found
