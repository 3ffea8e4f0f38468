"""What is searched for, and what thresholds with a hold score by it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.tuning.choosing.sweep import Sweep, sweep
from simulator.tuning.choosing.trade_offs import TradeOffs
from simulator.tuning.judging.criteria import criteria
from simulator.tuning.judging.detection_windows import DetectionWindows
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.matching import matching
from simulator.tuning.judging.objectives import Constraints, Objective, scores
from simulator.tuning.judging.ranking import Floats, Ranking

__all__ = ["Scored", "Search"]


@dataclass(frozen=True, slots=True)
class Search:
    """What proposals are chosen by: the aims, and holds up to `most_hold` seconds."""

    objective: Objective
    constraints: Constraints
    most_hold: float = 1800.0


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Recordings with the incidents of each level, scored; holds are in steps of `step` seconds."""

    ranking: Ranking
    windows: Mapping[str, DetectionWindows]
    search: Search
    step: float

    def sweeps(self) -> dict[str, Sweep]:
        """Each level's sweep over all thresholds and holds."""
        return sweep(
            self.ranking,
            self.windows,
            most_steps=hold_steps(self.search.most_hold, self.step),
            objective=self.search.objective,
            constraints=self.search.constraints,
        )

    def at_hold(self, level: str, steps: int) -> Floats:
        """The scores of all thresholds with one hold."""
        found = matching(held(self.ranking, steps), self.windows[level], self.ranking.n_candidates)
        return scores(found, criteria(found), self.search.objective, self.search.constraints)

    def of_one_hold(self, level: str, hold: float) -> Sweep:
        """A sweep over all thresholds with a single hold in seconds."""
        steps = hold_steps(hold, self.step)
        score = self.at_hold(level, steps)
        return Sweep(score, np.full(len(score), steps, dtype=np.int64), TradeOffs())

    def score(self, level: str, setting: Setting) -> float:
        """That of one setting."""
        scored = self.at_hold(level, hold_steps(setting.hold, self.step))
        return float(scored[self.ranking.candidate(setting.threshold)])
