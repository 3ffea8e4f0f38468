"""The best thresholds as numbers that a person would type."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from typing import Final

import numpy as np

from simulator.tuning.choosing.pairs import Choice
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.judging.ranking import Floats, Ranking

__all__ = ["neighbours", "rounded", "shortest_between", "two_digits"]

_DIGITS: Final = 2
_MOST_DIGITS: Final = 16
_WHOLE: Final = 1e-9
"""How far counts may be from whole: a rule's `>` is judged on a shade less."""


def rounded(
    choices: Mapping[str, Choice],
    at_hold: Mapping[str, Floats],
    ranking: Ranking,
    today: Mapping[str, Setting],
    most_cost: float,
) -> dict[str, float]:
    """For each level a number of two digits, red harder to reach; the best sum of scores wins.

    Where two digits cost more than `most_cost`, as at 99.9 %, there are as many as it takes.
    """
    levels = list(choices)
    sign = -1.0 if ranking.is_lower_worse else 1.0

    def total(picked: tuple[float, ...]) -> float:
        ordered = all(sign * a < sign * b for a, b in pairwise(picked))
        if not ordered:
            return -np.inf
        return sum(
            float(at_hold[level][ranking.candidate(value)])
            for level, value in zip(levels, picked, strict=True)
        )

    options = [list(_options(choices[level], ranking, today[level])) for level in levels]
    best = max(product(*options), key=total, default=())
    if total(best) < sum(one.score for one in choices.values()) - most_cost:
        options = [
            [*two, shortest_between(choices[level].low, choices[level].high)]
            for level, two in zip(levels, options, strict=True)
        ]
        best = max(product(*options), key=total, default=())
    return dict(zip(levels, best, strict=True))


def _options(choice: Choice, ranking: Ranking, today: Setting) -> Iterator[float]:
    """Numbers a person would type, the plainest first; counts stay whole."""
    if choice.low < today.threshold <= choice.high:
        yield today.threshold
    if len(ranking.seen) and np.all(np.abs(ranking.seen - np.round(ranking.seen)) < _WHOLE):
        for whole in (float(np.ceil(choice.middle)), float(np.floor(choice.middle))):
            yield from (v for v in neighbours(whole) if v == round(v))
    third = (choice.high - choice.low) / 3.0
    for value in (choice.middle, choice.low + third, choice.high - third, choice.high):
        yield from neighbours(value)


def two_digits(value: float) -> float:
    """The value with two significant digits.

    >>> [two_digits(v) for v in (0.12345, 1234.0, -0.0996, 0.0)]
    [0.12, 1200.0, -0.1, 0.0]
    """
    return float(f"{value:.{_DIGITS - 1}e}")


def neighbours(value: float) -> Iterator[float]:
    """The numbers of two significant digits around a value, the nearest first.

    >>> list(neighbours(0.126))
    [0.13, 0.12, 0.14]
    """
    nearest = two_digits(value)
    if nearest == 0.0 or not math.isfinite(nearest):
        yield nearest
        return
    step = 10.0 ** (math.floor(math.log10(abs(nearest))) - _DIGITS + 1)
    yield from sorted(
        (two_digits(nearest + n * step) for n in (-1, 0, 1)), key=lambda v: abs(v - value)
    )


def shortest_between(low: float, high: float) -> float:
    """The number with the fewest digits above `low` and up to `high`, as near the middle as can be.

    >>> shortest_between(0.998, 0.9998), shortest_between(101.2, 101.9), shortest_between(1.0, 1.0)
    (0.999, 101.6, 1.0)
    """
    middle = low + (high - low) / 2.0
    rounded = (float(f"{middle:.{digits}e}") for digits in range(_MOST_DIGITS))
    return next((value for value in rounded if low < value <= high), high)
