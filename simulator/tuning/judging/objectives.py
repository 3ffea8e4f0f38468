"""What thresholds are searched for: an objective, and the constraints under which it counts."""

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import TuningError
from simulator.quoting import quoted
from simulator.spelling import did_you_mean
from simulator.tuning.judging.criteria import (
    detection_median,
    f1,
    false_alarms_per_day,
    precision,
    recall,
)
from simulator.tuning.judging.matching import Matching
from simulator.tuning.judging.ranking import Floats

__all__ = ["Constraints", "Cost", "F1Objective", "Objective", "Search", "parse_cost"]


class Objective(Protocol):
    """What makes one candidate better than another."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    @property
    def least_gain(self) -> float:
        """A gain below which a threshold is not worth changing."""
        ...

    def score(self, found: Matching) -> Floats:
        """The higher the better, shape (candidates,); -inf where it is undefined."""
        ...


@dataclass(frozen=True, slots=True)
class F1Objective:
    """The harmonic mean of precision and recall."""

    name: str = "f1"
    least_gain: float = 0.01

    def score(self, found: Matching) -> Floats:
        """F1 itself."""
        return np.nan_to_num(f1(found), nan=-np.inf)


@dataclass(frozen=True, slots=True)
class Cost:
    """What alarms cost a day: each false one, each missed incident, each minute of lateness."""

    false_alarm: float = 1.0
    miss: float = 20.0
    minute_late: float = 0.1

    @property
    def name(self) -> str:
        """What reports call it."""
        return "cost per day"

    @property
    def least_gain(self) -> float:
        """A twentieth of a false alarm a day."""
        return 0.05 * self.false_alarm

    def score(self, found: Matching) -> Floats:
        """The cost a day, negative, so that less is better."""
        misses = (found.weights * ~found.is_hit).sum(axis=0)
        late = np.where(found.is_hit, found.detection, 0.0)
        minutes = (found.weights * late).sum(axis=0) / 60.0
        cost = self.false_alarm * found.false_alarms + self.miss * misses
        score: Floats = -(cost + self.minute_late * minutes) / found.days
        return score


_MOST_HEALTHY_TIME: Final = 0.1
_LEAST_PRECISION: Final = 0.2
_ROUNDING: Final = 1e-9

_MOST_EXPENSIVE: Final = 1e6
_PRICES: Final = ("false_alarm", "miss", "minute_late")


def parse_cost(text: str) -> Cost:
    """A cost from `false-alarm=1,miss=20,minute-late=0.1`; what is not said is as it is there.

    Raises:
        TuningError: a word or number that is none.

    >>> parse_cost("miss=5,minute-late=0")
    Cost(false_alarm=1.0, miss=5.0, minute_late=0.0)
    """
    prices = {}
    for part in text.split(","):
        word, _, number = part.strip().partition("=")
        name = word.replace("-", "_")
        if name not in _PRICES:
            known = [price.replace("_", "-") for price in _PRICES]
            meant = did_you_mean(word, known)
            raise TuningError(f"{quoted(word)} is none of {', '.join(known)}{meant}")
        prices[name] = _price(number, part)
    cost = Cost(**prices)
    if not (cost.false_alarm or cost.miss or cost.minute_late):
        raise TuningError(f"{quoted(text)}: all is free; give something a price above 0")
    return cost


def _price(number: str, part: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= _MOST_EXPENSIVE:
        raise TuningError(
            f"{quoted(part)}: a number from 0 to {_MOST_EXPENSIVE:,.0f} is wanted, "
            f"found {quoted(number)}"
        )
    return value


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a proposal has to keep; None asks for nothing. `max_detection` is a median, seconds."""

    min_recall: float | None = None
    max_detection: float | None = None
    max_false_alarms_per_day: float | None = None

    def are_kept(self, found: Matching) -> NDArray[np.bool_]:
        """Which candidates keep all of them; an undefined criterion keeps none."""
        kept = np.ones(found.alarms.shape, dtype=np.bool_)
        if self.min_recall is not None:
            kept &= recall(found) >= self.min_recall
        if self.max_detection is not None:
            kept &= detection_median(found) <= self.max_detection
        if self.max_false_alarms_per_day is not None:
            kept &= false_alarms_per_day(found) <= self.max_false_alarms_per_day
        return kept


@dataclass(frozen=True, slots=True)
class Search:
    """What is best, under which constraints, and how long holds may be in seconds."""

    objective: Objective
    constraints: Constraints
    most_hold: float = 1800.0

    def may_propose(self, found: Matching) -> NDArray[np.bool_]:
        """Which candidates may be proposed at all: they are right at times, and seldom wrong.

        Not what is on for more than a tenth of healthy time, nor what is hardly ever right.
        """
        seldom = found.healthy_on <= _MOST_HEALTHY_TIME * found.healthy
        with np.errstate(invalid="ignore"):
            return np.asarray(
                (found.hits > 0) & seldom & (precision(found) >= _LEAST_PRECISION - _ROUNDING)
            )

    def scores(self, found: Matching) -> Floats:
        """The objective's scores; -inf where a constraint is not kept."""
        return np.where(self.constraints.are_kept(found), self.objective.score(found), -np.inf)
