"""What there is at most of a signal, where queries divide the signal by it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from simulator.adopt.boards.choice import Choice
from simulator.adopt.boards.name_words import words_in
from simulator.adopt.boards.reads import Equal

__all__ = ["with_limits"]

_WORDS: Final = frozenset(
    {"limit", "limits", "max", "quota", "period", "capacity", "spec", "total"}
)


def with_limits(choices: Sequence[Choice], equals: Sequence[Equal]) -> Iterator[Choice]:
    """The same choices; a gauge that a signal is divided by, and is nothing else, is its limit.

    Its name has a word such as limit, quota or capacity.
    """
    by_name = {name: one for one in choices for name in (one.family.name, *one.family.names)}
    signals = {
        limit: by_name[used]
        for one in equals
        for used in one.left
        for limit in one.right
        if used in by_name and by_name[used].resource is not None
    }
    for one in choices:
        signal = signals.get(one.family.name)
        is_limit = one.family.kind == "gauge" and _WORDS & set(words_in(one.family.name))
        if one.source is None and signal is not None and is_limit:
            yield replace(
                one,
                source={},
                surely=0.5,
                why=f"{signal.family.name} is divided by it: the most that there is of that",
                unit=signal.unit,
                resource=signal.resource,
                is_limit=True,
            )
        else:
            yield one
