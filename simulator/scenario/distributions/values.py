"""The distribution of one parameter: over a range, over counts, or of a few values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from simulator.quoting import quoted
from simulator.scenario.lever import readable
from simulator.timeline.durations import format_duration, parse_duration

__all__ = ["FORMS", "Choice", "Count", "Distribution", "Range", "distribution_in"]

#: The words by which a distribution is told from a value.
FORMS: Final = ("log_uniform", "uniform", "whole", "one_of")
_NEAR_RATIO: Final = 1.5
_NEAR_SHARE: Final = 0.1  # of a range's length
_ENDS: Final = 2


@dataclass(frozen=True, slots=True)
class Range:
    """All values from `low` to `high`, alike by ratio (`is_log`) or by difference.

    Durations are in seconds here, and written as text.
    """

    low: float
    high: float
    is_log: bool
    is_duration: bool = False

    def at(self, share: float) -> float:
        """The value below which a share of all draws lies.

        >>> Range(0.01, 1.0, is_log=True).at(0.5), Range(0.0, 1.0, is_log=False).at(0.25)
        (0.1, 0.25)
        """
        if self.is_log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share

    def near(self, value: float) -> "Range":
        """The part of the range that is close to a value: half as much again, or a tenth of it.

        >>> Range(0.01, 1.0, is_log=True).near(0.9)
        Range(low=0.6, high=1.0, is_log=True, is_duration=False)
        """
        if self.is_log:
            low, high = value / _NEAR_RATIO, value * _NEAR_RATIO
        else:
            apart = (self.high - self.low) * _NEAR_SHARE
            low, high = value - apart, value + apart
        return Range(max(low, self.low), min(high, self.high), self.is_log, self.is_duration)

    def written(self, value: float) -> object:
        """The value as a person would write it, within the range."""
        if self.is_duration:
            return format_duration(min(max(round(value), self.low), self.high))
        return min(max(readable(value), self.low), self.high)

    @property
    def ends(self) -> tuple[object, ...]:
        """The lowest and the highest value."""
        return self.written(self.low), self.written(self.high)


@dataclass(frozen=True, slots=True)
class Count:
    """All whole numbers from `low` to `high`, alike."""

    low: int
    high: int

    def at(self, share: float) -> int:
        """The number at a share of all draws.

        >>> [Count(1, 3).at(share) for share in (0.0, 0.4, 0.99)]
        [1, 2, 3]
        """
        return min(self.low + int(share * (self.high - self.low + 1)), self.high)

    @property
    def ends(self) -> tuple[object, ...]:
        """The lowest and the highest number."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values, each as often as its weight says."""

    values: tuple[Any, ...]
    weights: tuple[float, ...]

    def at(self, share: float) -> Any:  # noqa: ANN401 - whatever the file has there
        """The value at a share of all draws.

        >>> Choice((500, 503), (3.0, 1.0)).at(0.7), Choice((500, 503), (3.0, 1.0)).at(0.8)
        (500, 503)
        """
        left = share * math.fsum(self.weights)
        for value, weight in zip(self.values, self.weights, strict=True):
            left -= weight
            if left < 0.0:
                return value
        return self.values[-1]

    @property
    def ends(self) -> tuple[Any, ...]:
        """All that may be drawn."""
        return tuple(v for v, w in zip(self.values, self.weights, strict=True) if w > 0.0)


Distribution: TypeAlias = Range | Count | Choice


def distribution_in(content: object) -> Distribution | None:
    """The distribution that is written there; None for a value.

    Raises:
        ValueError: it is meant for one, and none; with what is wrong.

    >>> distribution_in({"whole": [1, 3]}), distribution_in(0.5)
    (Count(low=1, high=3), None)
    """
    if not isinstance(content, Mapping) or not any(form in content for form in FORMS):
        return None
    form = next(form for form in FORMS if form in content)
    known = {form, "weights"} if form == "one_of" else {form}
    if others := [str(key) for key in content if key not in known]:
        raise ValueError(f"{', '.join(others)}: beside {form} there is no such key")
    said = content[form]
    if form == "one_of":
        return _choice(said, content.get("weights"))
    if not isinstance(said, Sequence) or isinstance(said, str) or len(said) != _ENDS:
        raise ValueError(f"{form} has a lowest and a highest value, not {quoted(said)}")
    return _counts(said) if form == "whole" else _range(said, is_log=form == "log_uniform")


def _choice(said: object, weights: object) -> Choice:
    if not isinstance(said, list) or not said:
        raise ValueError(f"one_of is a list of values, not {quoted(said)}")
    if weights is None:
        return Choice(tuple(said), (1.0,) * len(said))
    if not isinstance(weights, list) or len(weights) != len(said):
        raise ValueError(f"weights has a number for each of the {len(said)} values")
    numbers = tuple(_number(one) for one in weights)
    if min(numbers) < 0.0 or max(numbers) <= 0.0:
        raise ValueError(f"weights are 0 or more, and not all 0, unlike {quoted(weights)}")
    return Choice(tuple(said), numbers)


def _counts(said: Sequence[object]) -> Count:
    low, high = said
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        raise ValueError(f"whole has two whole numbers, the lower one first, not {quoted(said)}")
    return Count(low, high)


def _range(said: Sequence[object], *, is_log: bool) -> Range:
    is_duration = all(isinstance(one, str) for one in said)
    low, high = (parse_duration(str(one)) if is_duration else _number(one) for one in said)
    if not low < high:
        raise ValueError(f"the lower one comes first, unlike {quoted(said)}")
    if is_log and low <= 0.0:
        raise ValueError(f"log_uniform begins above 0, unlike {quoted(said)}; or say uniform")
    return Range(low, high, is_log, is_duration)


def _number(one: object) -> float:
    if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
        raise ValueError(f"{quoted(one)} is no number")
    return float(one)
