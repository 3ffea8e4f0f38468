"""Which labels the series of a query can have, whatever those of its metrics are."""

from typing import Final

import promql_parser
from promql_parser import Expr

from simulator.promql.labels import Labels
from simulator.promql.parsing import children
from simulator.promql.selectors import selector_of

__all__ = ["kept_labels"]

_COPYING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABELLESS: Final = frozenset({"scalar", "time", "vector", "pi"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_LABELLING: Final = frozenset({"label_replace", "label_join"})


def kept_labels(expr: Expr) -> Labels:
    """The labels that they can have at most; None where their metrics decide.

    >>> from simulator.promql.parsing import parsed
    >>> sorted(kept_labels(parsed("sum by (a) (x) / on (a) group_left (c) sum by (a, c) (y) > 1")))
    ['a', 'c']
    >>> kept_labels(parsed("rate(x[5m]) > 1")) is None
    True
    """
    match expr:
        case promql_parser.AggregateExpr():
            return _aggregated(expr)
        case promql_parser.Call():
            return _called(expr)
        case promql_parser.BinaryExpr():
            return _combined(expr)
        case promql_parser.NumberLiteral():
            return frozenset()
        case promql_parser.VectorSelector() | promql_parser.MatrixSelector():
            return None
    return kept_labels(children(expr)[0]) if children(expr) else frozenset()


def _aggregated(expr: promql_parser.AggregateExpr) -> Labels:
    operator, modifier = str(expr.op), expr.modifier
    if operator in _COPYING:
        return kept_labels(expr.expr)
    names = frozenset(modifier.labels) if modifier is not None else frozenset()
    if modifier is not None and str(modifier.type).endswith("Without"):
        inside = kept_labels(expr.expr)
        return None if inside is None else inside - names
    if operator == "count_values" and isinstance(expr.param, promql_parser.StringLiteral):
        names |= {expr.param.val}
    return names


def _called(expr: promql_parser.Call) -> Labels:
    name = expr.func.name
    if name in _LABELLESS or not expr.args:
        return frozenset()
    if name in _ABSENT:
        return _of_absent(expr.args[0])
    series = expr.args[-1] if name == "histogram_quantile" else expr.args[0]
    if name in {"quantile_over_time", "histogram_fraction"}:
        series = expr.args[-1]
    found = kept_labels(series)
    if found is None or name == "info":
        return None
    if name == "histogram_quantile":
        return found - {"le"}
    if name in _LABELLING and isinstance(expr.args[1], promql_parser.StringLiteral):
        return found | {expr.args[1].val}
    return found


def _of_absent(expr: Expr) -> Labels:
    """What `absent` gives has the labels that its selector wants to be equal to something."""
    if isinstance(expr, promql_parser.VectorSelector):
        return frozenset(m.label for m in selector_of(expr).matchers if m.operator == "=")
    below = children(expr)
    return _of_absent(below[0]) if below else frozenset()


def _combined(expr: promql_parser.BinaryExpr) -> Labels:  # noqa: PLR0911 - one for each kind
    operator, modifier = str(expr.op), expr.modifier
    left, right = kept_labels(expr.lhs), kept_labels(expr.rhs)
    if operator == "or":
        return None if left is None or right is None else left | right
    if operator in {"and", "unless"} or _is_number(expr.rhs):
        return left
    if _is_number(expr.lhs):
        return right
    if modifier is None:
        return right if left is None else left
    extra = frozenset(modifier.group_labels or ())
    if not str(modifier.card).endswith("OneToOne"):
        many = right if str(modifier.card).endswith("OneToMany") else left
        return None if many is None else many | extra
    if modifier.matching is not None and str(modifier.matching.type).endswith("Include"):
        return frozenset(modifier.matching.labels)
    return right if left is None else left


def _is_number(expr: Expr) -> bool:
    """Whether it is a number without labels, beside which the other side keeps its own."""
    if isinstance(expr, promql_parser.NumberLiteral):
        return True
    if isinstance(expr, promql_parser.Call):
        return expr.func.name in {"scalar", "time", "pi"}
    below = children(expr)
    is_plain = isinstance(
        expr, promql_parser.ParenExpr | promql_parser.UnaryExpr | promql_parser.BinaryExpr
    )
    return is_plain and bool(below) and all(map(_is_number, below))
