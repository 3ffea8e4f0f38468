"""The language of math expressions: pkg/expr/mathexp/parse.

Every operator binds to the left, `**` too, and a sign binds closer than any of them.
"""

import re
from dataclasses import dataclass
from typing import Final

from simulator.grafana.expressions.values import ExpressionError
from simulator.quoting import quoted

__all__ = ["Binary", "Call", "Node", "Number", "Reference", "Unary", "parsed", "references"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is written."""

    value: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A query or expression by its letter."""

    letter: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-` of a value."""

    operator: str
    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation of two values."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values."""

    name: str
    arguments: tuple["Node", ...]


Node = Number | Reference | Unary | Binary | Call

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|\$\{(?P<braced>[^}]+)\}|\$(?P<letter>\w+)|(?P<name>[a-z_]+)"
    r"|(?P<operator>\*\*|\|\||&&|[=!<>]=|[-+*/%<>!(),]))"
)
_LEVELS: Final = (
    ("||",),
    ("&&",),
    ("==", "!=", ">", ">=", "<", "<="),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)
_MOST_DEEP: Final = 100


def parsed(text: str) -> Node:
    """The expression in a text.

    Raises:
        ExpressionError: it is none.

    >>> parsed("$A * 2")
    Binary(operator='*', left=Reference(letter='A'), right=Number(value=2.0))
    """
    parser = _Parser(text)
    node = parser.level(0)
    if parser.peek is not None:
        raise parser.unexpected()
    return node


def references(node: Node) -> tuple[str, ...]:
    """The letters in an expression, in order of appearance."""
    match node:
        case Reference(letter):
            return (letter,)
        case Unary(_, of):
            return references(of)
        case Binary(_, left, right):
            return tuple(dict.fromkeys((*references(left), *references(right))))
        case Call(_, arguments):
            return tuple(dict.fromkeys(one for each in arguments for one in references(each)))
    return ()


class _Parser:
    """The tokens of a text, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0
        self._token = self._next()

    @property
    def peek(self) -> re.Match[str] | None:
        """The next token; None at the end."""
        return self._token

    def _next(self) -> re.Match[str] | None:
        if not self._text[self._place :].strip():
            return None
        found = _TOKEN.match(self._text, self._place)
        if found is None:
            raise ExpressionError(f"{quoted(self._text)} is no expression of math")
        self._place = found.end()
        return found

    def unexpected(self) -> ExpressionError:
        """What to say of the next token."""
        found = "its end" if self._token is None else quoted(self._token[0].strip())
        return ExpressionError(f"{quoted(self._text)} is no expression: {found} is not expected")

    def _taken(self, *operators: str) -> str:
        """The next operator, where it is one of these."""
        found = self._token["operator"] if self._token is not None else None
        if found is None or found not in operators:
            return ""
        self._token = self._next()
        return str(found)

    def level(self, rank: int) -> Node:
        """Operations of a rank and of those that bind closer."""
        if rank == len(_LEVELS):
            return self._factor()
        node = self.level(rank + 1)
        while operator := self._taken(*_LEVELS[rank]):
            node = Binary(operator, node, self.level(rank + 1))
        return node

    def _factor(self) -> Node:
        self._depth += 1
        if self._depth > _MOST_DEEP:
            raise ExpressionError(f"{quoted(self._text)} is nested too deeply")
        try:
            return self._unary_or_value()
        finally:
            self._depth -= 1

    def _unary_or_value(self) -> Node:
        if operator := self._taken("!", "-"):
            return Unary(operator, self._factor())
        if self._taken("("):
            node = self.level(0)
            self._expect(")")
            return node
        token = self._token
        if token is None or token["operator"] is not None:
            raise self.unexpected()
        self._token = self._next()
        if token["number"] is not None:
            written = str(token["number"]).lower()
            return Number(float(int(written, 16)) if written.startswith("0x") else float(written))
        if token["name"] is None:
            return Reference(str(token["braced"] or token["letter"]))
        return self._call(str(token["name"]))

    def _call(self, name: str) -> Node:
        self._expect("(")
        arguments: list[Node] = []
        while not self._taken(")"):
            arguments.append(self.level(0))
            self._taken(",")
        return Call(name, tuple(arguments))

    def _expect(self, operator: str) -> None:
        if not self._taken(operator):
            raise self.unexpected()
