"""All thresholds with all holds: the best hold of each threshold, and what may be traded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.trade_offs import TradeOffs
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import distinct_candidates, held, holds
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.matching import Matching, matching
from simulator.tuning.judging.objectives import Search
from simulator.tuning.judging.ranking import Floats, Ranking

__all__ = ["SearchSpace", "Sweep"]

_TIE = 1e-9


@dataclass(slots=True, eq=False)
class Sweep:
    """The best score of each threshold, its shortest hold in steps, and the trade-offs seen.

    `score` and `hold` of shape (candidates,); a score of -inf says that nothing was good enough.
    """

    score: Floats
    hold: NDArray[np.int64]
    trade_offs: TradeOffs = field(default_factory=TradeOffs)

    def note(self, steps: int, score: Floats) -> None:
        """Keeps what is better with this hold, in steps, than with shorter ones."""
        is_better = score > self.score + _TIE
        self.score = np.where(is_better, score, self.score)
        self.hold = np.where(is_better, steps, self.hold)


@dataclass(frozen=True, slots=True, eq=False)
class SearchSpace:
    """All thresholds that recordings tell apart, and the truth by level that they are scored by.

    `step` is how many seconds a step of a hold has; `keep_firing` by level how many seconds an
    alarm goes on.
    """

    ranking: Ranking
    truths: Mapping[str, GroundTruth]
    search: Search
    step: float
    keep_firing: Mapping[str, float] = field(default_factory=dict)

    def sweeps(self) -> dict[str, Sweep]:
        """For each level the sweep over all thresholds and holds.

        A hold is a pass over the moments, in which all thresholds are judged that differ with it;
        memory holds one at a time.
        """
        count = self.ranking.n_candidates
        found = {
            level: Sweep(np.full(count, -np.inf), np.zeros(count, dtype=np.int64))
            for level in self.truths
        }
        most_steps = hold_steps(self.search.most_hold, self.step)
        for keep in sorted({self.keep_steps(level) for level in self.truths}):
            levels = [level for level in self.truths if self.keep_steps(level) == keep]
            for steps, held_ranks in enumerate(holds(self.ranking, most_steps, keep)):
                ranks, first = distinct_candidates(held_ranks)
                n_equal = np.diff(first, append=count)
                for level in levels:
                    one = matching(ranks, self.truths[level], len(first))
                    scores = np.repeat(self._of_proposals(one), n_equal)
                    found[level].note(steps, _within(scores))
                    found[level].trade_offs.note(steps, first, one)
        return found

    def keep_steps(self, level: str) -> int:
        """For how many steps an alarm of a level goes on."""
        return hold_steps(self.keep_firing.get(level, 0.0), self.step)

    def matched(self, level: str, steps: int) -> Matching:
        """What alarms of all thresholds with one hold do."""
        ranks = held(self.ranking, steps, self.keep_steps(level))
        return matching(ranks, self.truths[level], self.ranking.n_candidates)

    def scores(self, level: str, steps: int) -> Floats:
        """Those of all thresholds with one hold that may be proposed, shape (candidates,)."""
        return self.proposal_scores(self.matched(level, steps))

    def proposal_scores(self, found: Matching) -> Floats:
        """Those of thresholds from the first to the last; -inf for what is never proposed."""
        return _within(self._of_proposals(found))

    def _of_proposals(self, found: Matching) -> Floats:
        return np.where(self.search.may_propose(found), self.search.scores(found), -np.inf)

    def sweep_of_hold(self, level: str, hold: float) -> Sweep:
        """The sweep over all thresholds with a single hold in seconds."""
        steps = hold_steps(hold, self.step)
        score = self.scores(level, steps)
        return Sweep(score, np.full(len(score), steps, dtype=np.int64))

    def score(self, level: str, setting: Setting) -> float:
        """That of one setting."""
        scores = self.search.scores(self.matched(level, hold_steps(setting.hold, self.step)))
        return float(scores[self.ranking.candidate(setting.threshold)])


def _within(scores: Floats) -> Floats:
    """Without the outermost thresholds: beyond what was seen, always or never reached."""
    scores[[0, -1]] = -np.inf
    return scores
