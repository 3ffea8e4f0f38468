"""Grafana's math expressions, such as `$A / $B * 100 > 5 && !is_nan($C)`, over all evaluations."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.alerting.grafana_values import Floats, Numbers, combined

__all__ = ["math_result"]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<variable>\$\{[^}]+\}|\$\w+)|(?P<word>[a-zA-Z_]\w*)"
    r"|(?P<sign>\*\*|&&|\|\||==|!=|>=|<=|[-+*/%<>!(),]))"
)
_Binary = Callable[[Floats, Floats], Floats]


def _truth(test: Callable[[Floats, Floats], object]) -> _Binary:
    def found(left: Floats, right: Floats) -> Floats:
        is_known = ~(np.isnan(left) | np.isnan(right))
        return np.where(is_known, np.asarray(test(left, right), dtype=np.float64), np.nan)

    return found


_LEVELS: Final[Sequence[Mapping[str, _Binary]]] = (
    {"||": _truth(lambda a, b: (a != 0) | (b != 0))},
    {"&&": _truth(lambda a, b: (a != 0) & (b != 0))},
    {
        "==": _truth(np.equal),
        "!=": _truth(np.not_equal),
        ">": _truth(np.greater),
        ">=": _truth(np.greater_equal),
        "<": _truth(np.less),
        "<=": _truth(np.less_equal),
    },
    {"+": np.add, "-": np.subtract},
    {"*": np.multiply, "/": np.divide, "%": np.fmod},
    {"**": np.power},
)
"""Operators from those that bind least."""

_FUNCTIONS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "abs": np.abs,
    "log": np.log,
    "round": lambda x: np.trunc(x + np.copysign(0.5, x)),
    "ceil": np.ceil,
    "floor": np.floor,
    "is_nan": lambda x: np.isnan(x).astype(np.float64),
    "is_null": np.zeros_like,
    "is_inf": lambda x: np.isinf(x).astype(np.float64),
    "is_number": lambda x: np.isfinite(x).astype(np.float64),
}
_CONSTANTS: Final = {"nan": np.nan, "null": np.nan, "inf": np.inf, "infn": -np.inf}


def math_result(text: str, nodes: Mapping[str, Sequence[Numbers]], count: int) -> list[Numbers]:
    """What the expression gives at each of `count` evaluations.

    Raises:
        ValueError: it is not such an expression, or names a node that there is not.

    >>> one = Numbers({"a": "b"}, np.array([1.0, 9.0]), np.ones(2, dtype=bool))
    >>> [found.values.tolist() for found in math_result("$A * 2 > 4 && 1", {"A": [one]}, 2)]
    [[0.0, 1.0]]
    """
    parser = _Parser(_tokens(text), nodes, count)
    with np.errstate(all="ignore"):
        found = parser.level(0)
    if parser.rest:
        raise ValueError(f"{parser.rest[0][1]} is not expected there")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"{text[at : at + 10]} cannot be read")
        found.append((str(token.lastgroup), token[0].strip()))
        at = token.end()
    return found


class _Parser:
    """Reads the tokens from left to right, and works out what they say on the way."""

    def __init__(
        self, tokens: Sequence[tuple[str, str]], nodes: Mapping[str, Sequence[Numbers]], count: int
    ) -> None:
        self.rest = list(tokens)
        self._nodes = nodes
        self._count = count

    def level(self, number: int) -> list[Numbers]:
        """Operands of this level's operators, combined from left to right."""
        if number == len(_LEVELS):
            return self._unary()
        found = self.level(number + 1)
        while self.rest and self.rest[0][1] in _LEVELS[number] and self.rest[0][0] == "sign":
            _, sign = self.rest.pop(0)
            found = combined(found, self.level(number + 1), _LEVELS[number][sign])
        return found

    def _unary(self) -> list[Numbers]:
        kind, text = self._next()
        if text == "-":
            return _mapped(self._unary(), np.negative)
        if text == "!":
            return _mapped(self._unary(), lambda x: np.where(np.isnan(x), x, x == 0))
        if text == "(":
            return self._in_brackets()
        if kind == "number":
            return self._constant(float(text))
        if kind == "variable":
            name = text.strip("${}")
            if name not in self._nodes:
                raise ValueError(f"there is no {name}")
            return list(self._nodes[name])
        if kind == "word" and text in {*_FUNCTIONS, *_CONSTANTS}:
            return self._called(text)
        raise ValueError(f"{text} is not expected there")

    def _called(self, name: str) -> list[Numbers]:
        self._require("(")
        if name in _CONSTANTS:
            self._require(")")
            return self._constant(_CONSTANTS[name])
        return _mapped(self._in_brackets(), _FUNCTIONS[name])

    def _in_brackets(self) -> list[Numbers]:
        found = self.level(0)
        self._require(")")
        return found

    def _constant(self, value: float) -> list[Numbers]:
        everywhere = np.ones(self._count, dtype=np.bool_)
        return [Numbers({}, np.full(self._count, value), everywhere)]

    def _require(self, sign: str) -> None:
        if self._next()[1] != sign:
            raise ValueError(f"{sign} is missing")

    def _next(self) -> tuple[str, str]:
        if not self.rest:
            raise ValueError("it ends too early")
        return self.rest.pop(0)


def _mapped(of: Sequence[Numbers], function: Callable[[Floats], Floats]) -> list[Numbers]:
    return [Numbers(one.labels, function(one.values), one.is_there) for one in of]
