"""Queries as trees. Whether one is valid is Prometheus's word: not to be read is no error."""

from functools import lru_cache
from typing import Final

import promql_parser
from promql_parser import Expr

__all__ = ["children", "gives_a_scalar", "parsed"]

_DEEPEST: Final = 300
"""Brackets and operators of one query: the parser's own stack has an end."""
_LONGEST: Final = 100_000


@lru_cache(maxsize=4096)
def parsed(query: str) -> Expr | None:
    """The tree of a query; None for one that is not read, such as one in a newer grammar.

    >>> type(parsed("sum(up)")).__name__, parsed("sum(") is None
    ('AggregateExpr', True)
    """
    if len(query) > _LONGEST or sum(map(query.count, "({[+-*/%^")) > _DEEPEST:
        return None
    try:
        return promql_parser.parse(query)
    except ValueError:
        return None


def gives_a_scalar(query: str) -> bool:
    """Whether a query's answer is a number without labels, and no series.

    >>> [gives_a_scalar(one) for one in ("2 * (1 + time())", "scalar(up)", "sum(up)", "1 + up")]
    [True, True, False, False]
    """
    tree = parsed(query)
    return tree is not None and _is_scalar(tree)


def _is_scalar(expr: Expr) -> bool:
    match expr:
        case promql_parser.NumberLiteral():
            return True
        case promql_parser.Call():
            return str(expr.func.return_type) == "ValueType.Scalar"
        case promql_parser.BinaryExpr() | promql_parser.ParenExpr() | promql_parser.UnaryExpr():
            return all(map(_is_scalar, children(expr)))
    return False


def children(expr: Expr) -> list[Expr]:
    """The expressions directly below one.

    >>> [str(one) for one in children(parsed("a / b"))]
    ['a{}', 'b{}']
    """
    match expr:
        case promql_parser.BinaryExpr():
            return [expr.lhs, expr.rhs]
        case promql_parser.Call():
            return list(expr.args)
        case promql_parser.AggregateExpr():
            return [expr.expr, *([expr.param] if expr.param is not None else [])]
        case promql_parser.UnaryExpr() | promql_parser.ParenExpr() | promql_parser.SubqueryExpr():
            return [expr.expr]
        case promql_parser.MatrixSelector():
            return [expr.vector_selector]
    return []
