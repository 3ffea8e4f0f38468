"""How high a quantile over buckets can come, from the buckets alone."""

from dataclasses import dataclass

import promql_parser
from promql_parser import Expr

from simulator.promql.parsing import children, parsed
from simulator.promql.selectors import Selector, selector_of

__all__ = ["Quantile", "quantile"]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A query that is a quantile of some buckets, in `scale` times the buckets' unit."""

    buckets: Selector
    scale: float = 1.0


def quantile(query: str) -> Quantile | None:
    """What a query's highest value follows from; None for one that is no quantile of buckets.

    A quantile beyond the last finite bucket is that bucket's bound (promql/quantile.go).

    >>> found = quantile("1000 * histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))")
    >>> str(found.buckets), found.scale
    ('a_bucket', 1000.0)
    """
    tree = parsed(query)
    return None if tree is None else _quantile(tree)


def _quantile(expr: Expr) -> Quantile | None:
    match expr:
        case promql_parser.ParenExpr():
            return _quantile(expr.expr)
        case promql_parser.BinaryExpr():
            return _scaled(str(expr.op), expr.lhs, expr.rhs)
        case promql_parser.Call() if expr.func.name == "histogram_quantile":
            found = _only_selector(expr.args[1])
            return None if found is None else Quantile(found)
    return None


def _scaled(operator: str, left: Expr, right: Expr) -> Quantile | None:
    number = right if isinstance(right, promql_parser.NumberLiteral) else left
    inner = _quantile(left if number is right else right)
    if inner is None or not isinstance(number, promql_parser.NumberLiteral) or number.val <= 0.0:
        return None
    if operator == "*":
        return Quantile(inner.buckets, inner.scale * number.val)
    if operator == "/" and number is right:
        return Quantile(inner.buckets, inner.scale / number.val)
    return None


def _only_selector(expr: Expr) -> Selector | None:
    if isinstance(expr, promql_parser.VectorSelector):
        return selector_of(expr)
    found = {one for child in children(expr) if (one := _only_selector(child)) is not None}
    return found.pop() if len(found) == 1 else None
