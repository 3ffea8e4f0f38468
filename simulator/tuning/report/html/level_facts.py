"""One threshold with what its charts are drawn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.proposing import Chosen
from simulator.tuning.judging.criteria import precision, recall
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Judgement, Setting, hold_steps
from simulator.tuning.judging.matching import matching
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.report.criterion_text import setting_text
from simulator.tuning.results import LevelTuning, MonitorTuning
from simulator.tuning.truth.incidents import Incident

__all__ = ["LevelFacts", "Marked", "level_facts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Marked:
    """A setting that is shown, judged on the recordings chosen on; `kind` is its style."""

    kind: str
    label: str
    setting: Setting
    judged: Judgement
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class LevelFacts:
    """A level that is tuned by itself, on the recordings that were chosen on."""

    level: LevelTuning
    chosen: Chosen
    recordings: tuple[Recording, ...]
    incidents: tuple[Incident, ...]
    marked: tuple[Marked, ...]

    def precision_and_recall(self, hold: float) -> tuple[Floats, Floats]:
        """Those of every candidate threshold with this hold, each of shape (candidates,)."""
        ranking = self.chosen.ranking
        ranks = held(ranking, hold_steps(hold, self.recordings[0].step))
        truth = GroundTruth.of(self.recordings, self.incidents)
        found = matching(ranks, truth, ranking.n_candidates)
        return precision(found), recall(found)


def level_facts(part: MonitorTuning, level: LevelTuning, n_chosen_on: int) -> LevelFacts | None:
    """The facts of a level; None where it follows another, or no incident asks for it."""
    if part.chosen is None or level.level not in part.chosen.sweeps:
        return None
    return LevelFacts(
        level,
        part.chosen,
        part.monitor.recordings[:n_chosen_on],
        tuple(part.incidents[level.level]),
        tuple(_marked(part, level)),
    )


def _marked(part: MonitorTuning, level: LevelTuning) -> list[Marked]:
    def marked(kind: str, label: str, setting: Setting) -> Marked:
        text = setting_text(
            setting, part.monitor.unit, is_lower_worse=part.monitor.alarms.is_lower_worse
        )
        return Marked(kind, label, setting, level.chosen_on[kind], text)

    if level.proposal is None or level.proposal.is_today:
        return [marked("today", "today" if level.proposal is None else "today, stays", level.today)]
    return [
        marked("today", "today", level.today),
        marked("proposal", "proposal", level.proposal.setting),
    ]
