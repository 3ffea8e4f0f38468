"""Which metrics a query cannot do without: where one is missing, nothing can come out of it."""

import promql_parser
from promql_parser import Expr

from simulator.promql.parsing import children, parsed
from simulator.promql.selectors import selector_of

__all__ = ["needed_metrics"]

_Alternatives = frozenset[frozenset[str]]
_ABSENT = frozenset({"absent", "absent_over_time"})
_NOTHING: _Alternatives = frozenset({frozenset()})
_MOST = 64


def needed_metrics(query: str) -> frozenset[frozenset[str]]:
    """Sets of metrics, of which one has to be there whole; an empty set is always there.

    `or` has alternatives, what follows `unless` and what is in `absent()` may be missing.

    >>> sorted(map(sorted, needed_metrics("a / b > 1 or absent(c)")))
    [[], ['a', 'b']]
    >>> sorted(map(sorted, needed_metrics("(a unless b) and on () c")))
    [['a', 'c']]
    """
    tree = parsed(query)
    return _NOTHING if tree is None else _needed(tree)


def _needed(expr: Expr) -> _Alternatives:
    match expr:
        case promql_parser.VectorSelector():
            metric = selector_of(expr).metric
            return frozenset({frozenset({metric} if metric else ())})
        case promql_parser.Call() if expr.func.name in _ABSENT:
            return _NOTHING
        case promql_parser.BinaryExpr() if str(expr.op) == "or":
            return _needed(expr.lhs) | _needed(expr.rhs)
        case promql_parser.BinaryExpr() if str(expr.op) == "unless":
            return _needed(expr.lhs)
    found = _NOTHING
    for child in children(expr):
        found = frozenset(one | other for one in found for other in _needed(child))
        if len(found) > _MOST:
            return _NOTHING
    return found
