"""A query as operations on parts of its text: what a limit is looked for in, and replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.promql.tokens import Token, tokens

__all__ = ["Operation", "Part", "operation"]

_BINDS: Final[Mapping[str, int]] = {
    "or": 1,
    "and": 2,
    "unless": 2,
    **dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
_UNARY: Final = 5
_MODIFIERS: Final = frozenset({"bool", "on", "ignoring", "group_left", "group_right"})
_BEFORE_SIGN: Final = frozenset({"offset", "@"})
_DEEPEST: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query's text, from `start` to before `end`; `number` where it is a literal."""

    start: int
    end: int
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Operation(Part):
    """An operator between two parts; without a left one it is a sign or, for "(", parentheses.

    `is_bool` says that a comparison gives 0 and 1.
    """

    operator: str = ""
    left: Part | None = None
    right: Part | None = None
    is_bool: bool = False


def operation(query: str) -> Part | None:
    """The outermost part of a query; None for one that is not read.

    >>> found = operation("(a and b) > 5")
    >>> found.operator, found.left.operator, found.right.number
    ('>', '(', 5.0)
    >>> operation("a >") is None
    True
    """
    reader = _Reader(tokens(query))
    try:
        found = reader.operation(1, 0)
    except (IndexError, ValueError):
        return None
    return found if reader.is_done else None


class _Reader:
    """Reads tokens from left to right, by how strongly operators bind."""

    def __init__(self, of: Sequence[Token]) -> None:
        self._tokens = of
        self._at = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._tokens)

    def operation(self, least: int, depth: int) -> Part:
        """Parts joined by operators that bind at least so much."""
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        left = self._single(depth)
        while (operator := self._operator()) and _BINDS[operator] >= least:
            self._at += 1
            is_bool = self._modifiers()
            binds = _BINDS[operator]
            right = self.operation(binds if operator == "^" else binds + 1, depth + 1)
            left = Operation(left.start, right.end, None, operator, left, right, is_bool)
        return left

    def _operator(self) -> str:
        text = self._tokens[self._at].text.lower() if not self.is_done else ""
        return text if text in _BINDS else ""

    def _modifiers(self) -> bool:
        is_bool = False
        while self._tokens[self._at].text in _MODIFIERS:
            is_bool = is_bool or self._tokens[self._at].text == "bool"
            self._at += 1
            if self._tokens[self._at - 1].text != "bool" and self._tokens[self._at].text == "(":
                self._skip_brackets()
        return is_bool

    def _single(self, depth: int) -> Part:
        first = self._tokens[self._at]
        if first.text in {"-", "+"}:
            self._at += 1
            inner = self.operation(_UNARY + 1, depth + 1)
            return Operation(first.start, inner.end, None, first.text, None, inner)
        if first.text == "(":
            self._at += 1
            inner = self.operation(1, depth + 1)
            last = self._tokens[self._at]
            if last.text != ")":
                raise ValueError("a bracket is not closed")
            self._at += 1
            if self.is_done or self._is_at_an_end():
                return Operation(first.start, last.end, None, "(", None, inner)
            return self._rest(first)  # of a subquery, or with an offset
        if first.kind == "number":
            self._at += 1
            value = float(int(first.text, 16)) if "x" in first.text.lower() else float(first.text)
            return Part(first.start, first.end, value)
        if first.kind not in {"word", "braces", "string"} or self._operator():
            raise ValueError(f"{first.text} is not expected")
        return self._rest(first)

    def _is_at_an_end(self) -> bool:
        return bool(self._operator()) or self._tokens[self._at].text in {")", ","}

    def _rest(self, first: Token) -> Part:
        """All up to the next operator: a function or aggregation, a selector and its modifiers."""
        while not self.is_done and not self._is_at_an_end():
            is_before_sign = self._tokens[self._at].text in _BEFORE_SIGN
            if self._tokens[self._at].text == "(":
                self._skip_brackets()
                continue
            self._at += 1
            if is_before_sign and self._tokens[self._at].text in {"-", "+"}:
                self._at += 1
        return Part(first.start, self._tokens[self._at - 1].end)

    def _skip_brackets(self) -> None:
        depth = 0
        while True:
            text = self._tokens[self._at].text
            depth += (text == "(") - (text == ")")
            self._at += 1
            if depth == 0:
                return
