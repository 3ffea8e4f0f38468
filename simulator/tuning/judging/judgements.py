"""One threshold with one hold judged on recordings: its criteria with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.effective import Interval
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.intervals import criteria_intervals
from simulator.tuning.judging.matching import Matching, joined, matching
from simulator.tuning.judging.objectives import Objective
from simulator.tuning.judging.ranking import Floats, Ranking, Ranks, Recording
from simulator.tuning.judging.runs import runs
from simulator.tuning.truth.incidents import Incident

__all__ = ["Judgement", "Setting", "alarm_spans", "hold_steps", "judgement"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A threshold, and for how many seconds it has to be reached (a rule's `for`).

    `keep_firing` seconds after it is reached no more its alarm ends (`keep_firing_for`).
    """

    threshold: float
    hold: float
    keep_firing: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The criteria of a setting by name, each one's 95 % interval, and the objective's score.

    Of `n_incidents`, `n_distinct` are others than those before: the same one on several days with
    other noise is one. `days` are as they count.
    """

    criteria: Mapping[str, float]
    intervals: Mapping[str, Interval]
    score: float
    n_incidents: int
    n_found: int
    n_distinct: int
    days: float


def hold_steps(hold: float, step: float) -> int:
    """After how many steps a hold has passed: rules look once a step.

    >>> hold_steps(60.0, 30.0), hold_steps(45.0, 30.0), hold_steps(1.1, 0.1)
    (2, 2, 11)
    """
    return -(-round(hold * 1000.0) // round(step * 1000.0))


def judgement(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    setting: Setting,
    *,
    is_lower_worse: bool,
    objective: Objective,
) -> Judgement:
    """How good the setting is on the recordings, by itself."""
    parts = [
        setting_matching(one, incidents, setting, is_lower_worse=is_lower_worse)
        for one in recordings
    ]
    whole = joined(parts)
    return Judgement(
        criteria={name: float(criterion(whole)[0]) for name, criterion in CRITERIA.items()},
        intervals=criteria_intervals(parts, [one.weight for one in recordings]),
        score=float(objective.score(whole)[0]),
        n_incidents=len(whole.detection),
        n_found=int(whole.hits[0]),
        n_distinct=len({w.incident.name for w in GroundTruth.of(recordings, incidents).windows}),
        days=whole.days,
    )


def setting_matching(
    recording: Recording, incidents: Sequence[Incident], setting: Setting, *, is_lower_worse: bool
) -> Matching:
    """What its alarms do in one recording; a single candidate."""
    ranks = _held(recording, setting, is_lower_worse=is_lower_worse)
    reached = (ranks >= 1).astype(ranks.dtype) - 1  # candidate 0 is what reaches the threshold
    return matching(reached, GroundTruth.of([recording], incidents), 1)


def alarm_spans(recording: Recording, setting: Setting, *, is_lower_worse: bool) -> Floats:
    """From when to when each alarm was on, unix seconds, shape (alarms, 2).

    >>> recording = Recording(np.arange(4.0), np.array([[0.0, 2.0, 2.0, 0.0]]), 1.0)
    >>> alarm_spans(recording, Setting(1.0, 1.0), is_lower_worse=False).tolist()
    [[2.0, 3.0]]
    """
    found = runs(_held(recording, setting, is_lower_worse=is_lower_worse))
    is_alarm = (found.lowest <= 1) & (found.highest >= 1)
    times = np.append(recording.times, recording.end)
    spans: Floats = np.stack([times[found.start], times[found.end]], axis=1)[is_alarm]
    return spans[np.argsort(spans[:, 0])]


def _held(recording: Recording, setting: Setting, *, is_lower_worse: bool) -> Ranks:
    """1 or more where an alarm of the setting is on."""
    ranking = Ranking.at([recording], setting.threshold, is_lower_worse=is_lower_worse)
    steps = (hold_steps(seconds, recording.step) for seconds in (setting.hold, setting.keep_firing))
    return held(ranking, *steps)
