"""The number in an alert's expression that can move: the limit that its values are held against."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import add, mul, sub, truediv
from typing import Final

from simulator.promql.operations import Operation, Part, operation

__all__ = ["Limit", "limit"]

_SIGNS: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""Each comparison, and what it is with its sides exchanged."""

_OPERATIONS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "^": pow,
}
_UNITS: Final = frozenset({1.0, 24.0, 60.0, 100.0, 1000.0, 1024.0, 3600.0, 86400.0, 1e6, 1e9})
"""Numbers that are there to convert, which nobody tunes where there is another."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A literal of an expression, from `start` to before `end`, and what it is compared with.

    The alert is where `query`, which has the guards beside it, compares by `sign` with `literal`.
    """

    query: str
    sign: str
    literal: float
    start: int
    end: int

    @property
    def is_lower_worse(self) -> bool:
        """Whether values below it are the bad ones."""
        return "<" in self.sign

    @property
    def is_inclusive(self) -> bool:
        """Whether a value that is equal to it is one of them."""
        return "=" in self.sign


def limit(expression: str) -> Limit | None:
    """The limit of an expression; None where no single number is one.

    It may stand on either side, in parentheses or arithmetic, and with a guard behind it.

    >>> found = limit("5 * 60 < (time() - a) and on () b > 1")
    >>> found.query, found.sign, found.literal
    ('((time() - a) / 60) and on () b > 1', '>', 5.0)
    >>> [limit(one) for one in ("up == 0", "a > b", "a > bool 1", "a > 1 or b > 2")]
    [None, None, None, None]
    """
    compared = _comparison(operation(expression))
    if compared is None or compared.left is None or compared.right is None:
        return None
    left, right, sign = compared.left, compared.right, compared.operator
    if _value(right, {}) is None:
        left, right, sign = right, left, _SIGNS[sign]
    if _value(right, {}) is None or _value(left, {}) is not None:
        return None
    for literal in sorted(_literals(right), key=lambda one: one.number in _UNITS):
        found = _line(right, literal)
        if found is not None:
            base, slope = found
            values = _as_literal(expression[left.start : left.end], base, slope)
            query = f"{expression[: compared.start]}({values}){expression[compared.end :]}"
            moved = sign if slope > 0 else _SIGNS[sign]
            is_whole = query == f"({values})"
            number = literal.number or 0.0
            return Limit(values if is_whole else query, moved, number, literal.start, literal.end)
    return None


def _comparison(part: Part | None) -> Operation | None:
    """The comparison that decides: the outermost one, or what guards stand behind."""
    if not isinstance(part, Operation):
        return None
    if part.operator in {"and", "unless"}:
        return _comparison(part.left)
    if part.operator == "(":
        return _comparison(part.right)
    return part if part.operator in _SIGNS and not part.is_bool else None


def _literals(part: Part) -> Iterator[Part]:
    if part.number is not None or _is_negative(part):
        yield replace(part, number=_value(part, {}))
    elif isinstance(part, Operation):
        for one in (part.left, part.right):
            if one is not None:
                yield from _literals(one)


def _is_negative(part: Part) -> bool:
    """Whether it is a number with a minus, which moves with it."""
    return (
        isinstance(part, Operation)
        and part.operator == "-"
        and part.left is None
        and part.right is not None
        and part.right.number is not None
    )


def _value(part: Part | None, replaced: dict[int, float]) -> float | None:
    """What a part of numbers alone comes to; None for another. Some may be replaced, by place."""
    if part is not None and (part.number is not None or _is_negative(part)):
        if part.start in replaced:
            return replaced[part.start]
        if part.number is not None:
            return part.number
    if not isinstance(part, Operation):
        return None
    right = _value(part.right, replaced)
    if part.left is None:
        return None if right is None else (-right if part.operator == "-" else right)
    left = _value(part.left, replaced)
    if left is None or right is None:
        return None
    return _calculated(part.operator, left, right)


def _calculated(operator: str, left: float, right: float) -> float | None:
    try:
        return float(_OPERATIONS[operator](left, right))
    except (KeyError, ZeroDivisionError, OverflowError, TypeError):
        return None


def _line(part: Part, literal: Part) -> tuple[float, float] | None:
    """Base and slope of what a part is for each value of the literal; None where it is no line."""
    number = literal.number or 0.0
    found = [_value(part, {literal.start: x}) for x in (0.0, 1.0, 2.0, number)]
    if any(one is None or not math.isfinite(one) for one in found):
        return None
    base, one, two, now = (float(value or 0.0) for value in found)
    slope = one - base
    is_line = math.isclose(two - one, slope) and math.isclose(base + slope * number, now)
    return (base, slope) if is_line and slope != 0.0 else None


def _as_literal(query: str, base: float, slope: float) -> str:
    """The query in terms of the literal, such as minutes where it is multiplied by 60."""
    if (base, slope) == (0.0, 1.0):
        return query
    minus = f"({query})" if base == 0.0 else f"(({query}) - {base!r})"
    if base == 0.0 and query.startswith("(") and query.endswith(")"):
        minus = query if isinstance(operation(query), Operation) else minus
    return f"{minus} / {slope:.17g}"
