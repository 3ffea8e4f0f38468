"""The comparison with a number that an alert's expression ends in."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Comparison", "comparison"]

_COMPARISON: Final = re.compile(
    r"\s*(?P<query>.*?\S)\s*(?P<sign>>=|<=|>|<)\s*"
    r"(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*",
    re.DOTALL,
)
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")
_SET_OPERATOR: Final = re.compile(r"\b(?:and|or|unless)\b")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, how, and with what; the number stands from `start` to before `end`."""

    query: str
    sign: str
    number: str
    start: int
    end: int


def comparison(expression: str) -> Comparison | None:
    """The comparison; None where the expression has no single limit at its end.

    >>> comparison("sum(rate(x[5m])) >= 0.5")
    Comparison(query='sum(rate(x[5m]))', sign='>=', number='0.5', start=20, end=23)
    >>> [comparison(e) for e in ("up == 0", "a and b > 1", "a > 5 # was > 4", "a > bool 1")]
    [None, None, None, None]
    """
    found = _COMPARISON.fullmatch(expression)
    if found is None:
        return None
    plain = _QUOTED.sub("", found["query"])
    is_in_comment = "#" in plain.rpartition("\n")[2]
    if is_in_comment or _SET_OPERATOR.search(_outermost(plain)):
        return None
    return Comparison(found["query"], found["sign"], found["number"], *found.span("number"))


def _outermost(query: str) -> str:
    """The query, which has no quotes, without what is in parentheses or braces."""
    kept, depth = [], 0
    for character in query:
        depth += (character in "({[") - (character in ")}]")
        kept.append(character if depth == 0 else "")
    return "".join(kept)
