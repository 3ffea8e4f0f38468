"""Values that conditions of queries let through."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from simulator.promql.selectors import Matcher

__all__ = ["satisfied", "value_for"]

_PLAIN: Final = re.compile(r"[\w\- /:.@]+")


def satisfied(conditions: Iterable[Matcher], values: Sequence[str]) -> int:
    """How many conditions let one of the values through."""
    return sum(any(one.takes(value) for value in values) for one in conditions)


def value_for(condition: Matcher, known: Sequence[str] = ()) -> str | None:
    """A value that a condition lets through: one of those known, else one of its own words.

    >>> value_for(Matcher("env", "=~", "prod.*|stage")), value_for(Matcher("a", "=~", "[45]xx"))
    ('prod', '4xx')
    """
    if condition.operator == "=":
        return condition.value
    return next((one for one in (*known, *_of(condition.value)) if condition.takes(one)), None)


def _of(pattern: str) -> Iterator[str]:
    """Texts that a pattern may be meant for."""
    bare = pattern.strip("^$")
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].removeprefix("?:")
    for part in bare.split("|"):
        text = re.sub(r"\[\^.*?\]", "x", part)
        text = re.sub(r"\[(\w).*?\]", r"\1", text)
        short = re.sub(r"\.[*?]|\.\+|\\.\+", "", text).replace("\\", "")
        short = f"scoring{short}" if short[:1] in {"-", "_"} else short
        short = f"{short}1" if short[-1:] in {"-", "_"} else short
        for one in (short, text.replace(".+", "x").replace(".*", ""), text.replace(".", "0")):
            if one and _PLAIN.fullmatch(one):
                yield one
