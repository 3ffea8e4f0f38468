"""Which proposals take the place of today's settings."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from simulator.tuning.results import LevelTuning

__all__ = ["as_decided", "decided"]

_WORSE: Final = "what is best where it was chosen is worse than today's where it was not"
_OUT_OF_ORDER: Final = "it would not be in order with the other level, which stays"


def decided(levels: Sequence[LevelTuning], *, is_lower_worse: bool) -> tuple[LevelTuning, ...]:
    """The levels of one alarm, from orange to red, with the proposals that take their places.

    Not those that do worse on what the choice did not see; and none where what is left would make
    red as easy to reach as orange.
    """
    found = [
        one
        if one.proposal is None or one.proposal.is_today
        else replace(one, is_moved=not one.is_worse_unseen, note=_WORSE * one.is_worse_unseen)
        for one in levels
    ]
    sign = -1.0 if is_lower_worse else 1.0
    settled = [
        sign * (one.proposal.setting if one.proposal and one.is_moved else one.today).threshold
        for one in found
    ]
    if all(a < b for a, b in pairwise(settled)):
        return tuple(found)
    return tuple(
        replace(one, is_moved=False, note=_OUT_OF_ORDER) if one.is_moved else one for one in found
    )


def as_decided(
    levels: Sequence[LevelTuning], lead: Sequence[LevelTuning]
) -> tuple[LevelTuning, ...]:
    """The levels of a panel that shows another's alarm: what moves there moves here."""
    moved = {one.level: one for one in lead}
    return tuple(
        replace(one, is_moved=moved[one.level].is_moved, note=moved[one.level].note)
        if one.level in moved
        else one
        for one in levels
    )
