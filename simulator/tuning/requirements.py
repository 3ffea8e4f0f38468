"""What today's thresholds have to reach, such as a recall of 0.9."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.errors import TuningError
from simulator.quoting import quoted
from simulator.spelling import did_you_mean
from simulator.timeline.durations import parse_duration
from simulator.tuning.judging.judgements import Judgement
from simulator.tuning.results import Tuning

__all__ = ["REQUIREMENTS", "Requirement", "Unmet", "parse_requirements", "unmet"]

#: The words of requirements, and the criterion each one bounds.
REQUIREMENTS: Final = {
    "min-precision": "precision",
    "min-recall": "recall",
    "min-f1": "f1",
    "max-detection-time": "detection_median",
    "max-detection-time-p90": "detection_p90",
    "max-reset-time": "reset_median",
    "max-false-alarms-per-day": "false_alarms_per_day",
    "max-flaps-per-episode": "flaps_per_episode",
}
_TIMES: Final = ("detection_median", "detection_p90", "reset_median")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A bound on a criterion; `word` says which, and whether it is the least or the most."""

    word: str
    bound: float

    @property
    def criterion(self) -> str:
        """The criterion's name."""
        return REQUIREMENTS[self.word]

    def is_met(self, judged: Judgement) -> bool:
        """Whether it is reached; an undefined criterion only where there was nothing to find.

        Without incidents there is no recall to ask for, and without alarms in them no detection
        time; a precision of false alarms alone is 0 and no precision is undefined.
        """
        value = judged.criteria[self.criterion]
        if math.isnan(value):
            return judged.n_incidents == 0
        return value >= self.bound if self.word.startswith("min-") else value <= self.bound


@dataclass(frozen=True, slots=True)
class Unmet:
    """A threshold that does not reach a requirement, and the value it has."""

    name: str
    level: str
    requirement: Requirement
    value: float


def parse_requirements(text: str) -> tuple[Requirement, ...]:
    """Requirements from `WORD=BOUND,...`; times as durations.

    Raises:
        TuningError: a word or bound that is none.

    >>> parse_requirements("min-recall=0.9,max-detection-time=5m")[1]
    Requirement(word='max-detection-time', bound=300.0)
    """
    return tuple(_requirement(part.strip()) for part in text.split(","))


def _requirement(text: str) -> Requirement:
    word, _, bound = text.partition("=")
    if word not in REQUIREMENTS:
        known = f"{', '.join(REQUIREMENTS)}{did_you_mean(word, REQUIREMENTS)}"
        raise TuningError(f"{quoted(word)} is none of {known}")
    try:
        is_time = REQUIREMENTS[word] in _TIMES
        value = parse_duration(bound) if is_time else float(bound)
    except ValueError as error:
        raise TuningError(f"{quoted(text)}: {error}") from error
    if not (math.isfinite(value) and value >= 0.0):
        raise TuningError(f"{quoted(text)}: a number from 0 on is wanted")
    return Requirement(word, value)


def unmet(
    tuning: Tuning, requirements: Sequence[Requirement], *, is_all_known: bool
) -> Iterator[Unmet]:
    """What today's thresholds do not reach, measured on all recordings.

    Where not all incidents are known, what none of them is about is not judged: its alarms may have
    been right.
    """
    for part in tuning.parts:
        if not is_all_known and not any(part.incidents.values()):
            continue
        for level in part.levels:
            for one in requirements:
                if not one.is_met(level.overall):
                    value = level.overall.criteria[one.criterion]
                    yield Unmet(part.monitor.name, level.level, one, value)
