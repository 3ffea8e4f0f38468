"""The best thresholds as numbers that a person would type."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, product

import numpy as np

from simulator.tuning.choosing.pairs import Choice
from simulator.tuning.choosing.rounding import neighbours, shortest_between
from simulator.tuning.judging.badness import Badness, Floats
from simulator.tuning.judging.judgements import Setting

__all__ = ["typed"]


def typed(
    choices: Mapping[str, Choice],
    at_hold: Mapping[str, Floats],
    badness: Badness,
    today: Mapping[str, Setting],
    most_cost: float,
) -> dict[str, float]:
    """For each level a number of two digits, red harder to reach; the best sum of scores wins.

    Where two digits cost more than `most_cost`, as at 99.9 %, there are as many as it takes.
    """
    levels = list(choices)
    sign = -1.0 if badness.is_lower_worse else 1.0

    def worth(picked: tuple[float, ...]) -> float:
        ordered = all(sign * a < sign * b for a, b in pairwise(picked))
        if not ordered:
            return -np.inf
        return sum(
            float(at_hold[level][badness.candidate(value)])
            for level, value in zip(levels, picked, strict=True)
        )

    options = [list(_options(choices[level], badness, today[level])) for level in levels]
    best = max(product(*options), key=worth, default=())
    if worth(best) < sum(one.score for one in choices.values()) - most_cost:
        options = [
            [*two, shortest_between(choices[level].low, choices[level].high)]
            for level, two in zip(levels, options, strict=True)
        ]
        best = max(product(*options), key=worth, default=())
    return dict(zip(levels, best, strict=True))


def _options(choice: Choice, badness: Badness, today: Setting) -> Iterator[float]:
    """Numbers a person would type, the plainest first; counts stay whole."""
    if choice.low < today.threshold <= choice.high:
        yield today.threshold
    if len(badness.seen) and np.all(badness.seen == np.round(badness.seen)):
        yield from (v for v in neighbours(float(np.ceil(choice.middle))) if v == round(v))
    third = (choice.high - choice.low) / 3.0
    for value in (choice.middle, choice.low + third, choice.high - third, choice.high):
        yield from neighbours(value)
