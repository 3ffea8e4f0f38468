"""Which strengths to try next, so that open goals come into the middle of their bands."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from simulator.coverage.plan.field_responses import Aim, Response
from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.trials import Trial
from simulator.scenario.lever import Lever, Scale

__all__ = ["first_trials", "next_trials", "strengths_between"]

_LEVERS_AT_ONCE: Final = 3  # per goal: the more a goal has, the sooner one of them fits
_QUARTERS: Final = (0.25, 0.5, 0.75)
_NEVER_FARTHER: Final = (0.04, 0.96)  # a guess must narrow the bracket


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Two strengths tried, with values on both sides of the one that is aimed at.

    `fraction` is where between them it would be if the value went straight from one to the other.
    """

    lever: Lever
    weak: float
    strong: float
    fraction: float
    jump: float
    score: float

    @property
    def merit(self) -> tuple[float, float]:
        """What makes a bracket promising: the band was touched, the jump is small."""
        return -self.score, self.jump


def first_trials(levers: tuple[Lever, ...]) -> tuple[Trial, ...]:
    """All levers at all the strengths they begin with."""
    return tuple(Trial(lever, strength) for lever in levers for strength in lever.strengths)


def next_trials(findings: Findings) -> tuple[Trial, ...]:
    """Trials between those that bracket a band, for every open goal; none when all is known."""
    wanted: dict[Trial, None] = {}
    for goal in findings.open:
        brackets = sorted(_brackets(findings.of(goal), findings.aims[goal]), key=lambda b: b.merit)
        best: dict[str, _Bracket] = {}
        for one in brackets:
            best.setdefault(one.lever.name, one)
        for one in list(best.values())[:_LEVERS_AT_ONCE]:
            wanted.update(dict.fromkeys(_within(one)))
    return tuple(trial for trial in wanted if trial not in findings.trials)


def _within(one: _Bracket) -> list[Trial]:
    fractions = sorted({*_QUARTERS, min(max(one.fraction, _NEVER_FARTHER[0]), _NEVER_FARTHER[1])})
    between = (
        strengths_between(one.lever.scale, one.weak, one.strong, fraction) for fraction in fractions
    )
    return [Trial(one.lever, s) for s in dict.fromkeys(between) if one.weak < s < one.strong]


def strengths_between(scale: Scale, weak: float, strong: float, fraction: float) -> float:
    """The strength that lies so far from the weak one to the strong one, to be read easily.

    >>> strengths_between("ratio", 1.0, 100.0, 0.5), strengths_between("difference", 0.0, 1.0, 0.5)
    (10.0, 0.5)
    >>> strengths_between("count", 2.0, 3.0, 0.5)
    2.0
    """
    match scale:
        case "ratio":
            exact = weak * (strong / weak) ** fraction
        case "difference":
            exact = weak + (strong - weak) * fraction
        case "count":
            return float(round(weak + (strong - weak) * fraction))
    return float(f"{exact:.3g}")


def _brackets(found: Mapping[Trial, Response], aim: Aim) -> Iterator[_Bracket]:
    """Neighbouring strengths of a lever between which the highest or the lowest series passes."""
    if math.isnan(aim.middle):
        return
    tried = sorted(
        ((t.lever, t.strength, r) for t, r in found.items() if t.lever is not None),
        key=lambda entry: (entry[0].name, entry[1]),
    )
    for _, group in groupby(tried, key=lambda entry: entry[0].name):
        for (lever, weak, one), (_, strong, other) in pairwise(group):
            score = max(one.score, other.score)
            for a, b in ((one.high, other.high), (one.low, other.low)):
                if min(a, b) < aim.middle < max(a, b):  # never so with nan
                    fraction = (aim.middle - a) / (b - a) if math.isfinite(b - a) else 0.5
                    yield _Bracket(lever, weak, strong, fraction, abs(b - a), score)
