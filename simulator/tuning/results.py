"""The result of tuning: every threshold measured as it is today, and what is proposed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulator.tuning.choosing.proposing import Chosen, Proposal
from simulator.tuning.judging.judgements import Judgement, Setting, alarm_spans
from simulator.tuning.judging.objectives import Objective
from simulator.tuning.judging.ranking import Floats, Recording
from simulator.tuning.monitors.alert_outcomes import AlertOutcome
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor, Skipped
from simulator.tuning.truth.incidents import Incident

__all__ = ["LevelTuning", "MonitorTuning", "Tuning"]

_FEWEST_DISTINCT: Final = 5


@dataclass(frozen=True, slots=True)
class LevelTuning:
    """One threshold: today's and the proposed setting, and how good both are.

    `overall` judges today's on all recordings. `chosen_on` are the judgements on the recordings
    that the choice saw, `unseen` on the others; each by "today" and "proposal". `rule` is the alert
    with this threshold. `is_moved` says that the proposal takes the place of today's; `note` why
    nothing is proposed, or a proposal is held back. `by_chance` is what a healthy drift score
    exceeds once a week, judged as "chance" beside the others and never written; None of others.
    """

    level: str
    today: Setting
    proposal: Proposal | None
    overall: Judgement
    chosen_on: Mapping[str, Judgement]
    unseen: Mapping[str, Judgement]
    rule: AlertRule | None
    is_moved: bool = False
    note: str = ""
    by_chance: Setting | None = None

    @property
    def settings(self) -> Mapping[str, Setting]:
        """Today's setting, and the proposed one where that is another."""
        found = {"today": self.today}
        if self.proposal is not None and not self.proposal.is_today:
            found["proposal"] = self.proposal.setting
        return found

    @property
    def headings(self) -> Mapping[str, str]:
        """What reports call today's setting, which may be the one that is proposed, and another."""
        stays = self.proposal is not None and self.proposal.is_today
        return {"today": "today, stays" if stays else "today", "proposal": "proposal"}

    @property
    def moved_to(self) -> Setting | None:
        """The setting that takes the place of today's."""
        return self.proposal.setting if self.proposal and self.is_moved else None

    @property
    def reported(self) -> Mapping[str, Judgement]:
        """The judgements that count: those on recordings that the choice did not see, if any."""
        return self.unseen or self.chosen_on

    @property
    def gap(self) -> float:
        """How much worse the proposal scores where the choice did not see it.

        nan without a proposal, or where a score is undefined.
        """
        if "proposal" not in self.unseen:
            return math.nan
        gap = self.chosen_on["proposal"].score - self.unseen["proposal"].score
        return gap if math.isfinite(gap) else math.nan

    @property
    def is_worse_unseen(self) -> bool:
        """Whether the proposal does worse than today's where the choice did not see it.

        By score; where neither has one, by false alarms.
        """
        if "proposal" not in self.unseen:
            return False
        proposed, today = self.unseen["proposal"], self.unseen["today"]
        if math.isinf(proposed.score) and math.isinf(today.score):
            word = "false_alarms_per_day"
            return proposed.criteria[word] > today.criteria[word]
        return proposed.score < today.score

    @property
    def why_not_written(self) -> str:
        """Why a proposal is not put into files unless somebody insists; "" where it is."""
        if not self.unseen:
            return "chosen without anything to judge it on that it had not seen"
        count = self.chosen_on["today"].n_distinct
        if count < _FEWEST_DISTINCT:
            return f"chosen from {count} distinct incidents, fewer than {_FEWEST_DISTINCT}"
        return ""

    @property
    def difference(self) -> str:
        """How today's threshold and its alert's differ, where somebody changed one alone."""
        limit = self.rule.limit if self.rule else None
        if limit is None or limit.literal == self.today.threshold:
            return ""
        return f"alert {limit.literal:.12g}, panel {self.today.threshold:.12g}"

    @property
    def is_held_back(self) -> bool:
        """Whether another setting than today's is proposed, and nevertheless stays."""
        return "proposal" in self.settings and not self.is_moved


@dataclass(frozen=True, slots=True, eq=False)
class MonitorTuning:
    """The thresholds of one monitor; `follows` names that whose proposal it takes.

    `chosen` has the sweeps behind the proposals, by level; None where it follows another.
    """

    monitor: Monitor
    levels: tuple[LevelTuning, ...]
    incidents: Mapping[str, tuple[Incident, ...]]
    chosen: Chosen | None
    follows: str = ""

    def alarm_spans(self, recording: Recording, setting: Setting) -> Floats:
        """From when to when alarms of a setting were on in a recording, shape (alarms, 2)."""
        is_lower_worse = self.monitor.alarms.is_lower_worse
        return alarm_spans(recording, setting, is_lower_worse=is_lower_worse)


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """All of it, in drawing order; what was not tuned, and what it was measured on.

    Recordings up to `n_chosen_on` were chosen on, the others judged only. `unknown` are what
    incidents are about that nothing here watches. `alerts` has every alert of the rules.
    """

    parts: tuple[MonitorTuning, ...]
    skipped: tuple[Skipped, ...]
    unknown: tuple[str, ...]
    objective: Objective
    n_recordings: int
    n_chosen_on: int
    subject: str = ""
    alerts: tuple[AlertOutcome, ...] = ()

    @property
    def levels(self) -> tuple[LevelTuning, ...]:
        """All thresholds."""
        return tuple(level for part in self.parts for level in part.levels)

    @property
    def n_moved(self) -> int:
        """How many thresholds move."""
        return sum(level.is_moved for level in self.levels)

    @property
    def n_unseen(self) -> int:
        """How many recordings the choice did not see."""
        return max(self.n_recordings - self.n_chosen_on, 0)
