"""All thresholds with all holds: the best hold of each threshold, and what may be traded."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.trade_offs import TradeOffs
from simulator.tuning.judging.aims import Constraints, Objective, scores
from simulator.tuning.judging.badness import Badness
from simulator.tuning.judging.holds import holds, told_apart
from simulator.tuning.judging.measures import measures
from simulator.tuning.judging.outcomes import outcomes
from simulator.tuning.judging.windows import Judged

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
    badness: Badness,
    judged: Mapping[str, Judged],
    *,
    most_steps: int,
    objective: Objective,
    constraints: Constraints,
) -> dict[str, Sweep]:
    """For each level the sweep over all thresholds, and holds of 0 to `most_steps` steps.

    A hold is a pass over the moments, in which all thresholds are judged that are told apart with
    it; memory holds one at a time.
    """
    count = badness.n_candidates
    found = {
        level: Sweep(np.full(count, -np.inf), np.zeros(count, dtype=np.int64), TradeOffs())
        for level in judged
    }
    for steps, held in enumerate(holds(badness, most_steps)):
        ranks, first = told_apart(held)
        n_alike = np.diff(first, append=count)
        for level, one in judged.items():
            did = outcomes(ranks, one, len(first))
            measured = measures(did)
            score = scores(did, measured, objective, constraints)
            found[level].note(steps, np.repeat(score, n_alike))
            found[level].trade_offs.note(steps, first, did, measured)
    return found
