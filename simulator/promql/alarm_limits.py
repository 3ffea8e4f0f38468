"""The comparisons with a number that an alert's expression holds where."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import promql_parser
from promql_parser import Expr

from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, constant, shape_of

__all__ = ["AlarmLimit", "alarm_limits"]

_TURNED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class AlarmLimit:
    """What is compared, how, and with which number; the number stands right of the sign.

    `is_alone` says that the expression holds just where this comparison does, and no other one is
    in it.
    """

    compared: Shape
    sign: str
    number: float
    is_alone: bool = True

    @property
    def is_lower_worse(self) -> bool:
        """Whether it holds for what is low."""
        return self.sign.startswith("<")


def alarm_limits(expression: str) -> tuple[AlarmLimit, ...]:
    """All of them, in order; none of an expression that is not read.

    >>> [(one.sign, one.number) for one in alarm_limits("0.5 < sum(a) and on () b > 3")]
    [('>', 0.5), ('>', 3.0)]
    """
    tree = parsed(expression)
    found = () if tree is None else tuple(_limits(tree))
    return found if len(found) == 1 else tuple(replace(one, is_alone=False) for one in found)


def _limits(expr: Expr) -> Iterator[AlarmLimit]:
    if isinstance(expr, promql_parser.ParenExpr):
        yield from _limits(expr.expr)
    if not isinstance(expr, promql_parser.BinaryExpr):
        return
    sign = str(expr.op)
    if sign in {"and", "or", "unless"}:
        is_of_left_alone = sign == "unless"
        for side in (expr.lhs, expr.rhs)[: 1 if is_of_left_alone else 2]:
            yield from (replace(one, is_alone=False) for one in _limits(side))
        return
    if sign not in _TURNED or (expr.modifier is not None and expr.modifier.return_bool):
        return
    left, right = constant(expr.lhs), constant(expr.rhs)
    if right is not None and left is None:
        yield AlarmLimit(shape_of(expr.lhs), sign, right)
    elif left is not None and right is None:
        yield AlarmLimit(shape_of(expr.rhs), _TURNED[sign], left)
