"""What a query demands of each metric that it reads: labels, their values, and how it is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import promql_parser
from promql_parser import Expr

from simulator.promql.kept_labels import kept_labels
from simulator.promql.parsing import children
from simulator.promql.selectors import Selector, selector_of

__all__ = ["Equal", "Read", "equals_in", "reads_in"]

_COPYING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_OF_LAST: Final = frozenset({"histogram_quantile", "quantile_over_time", "histogram_fraction"})


@dataclass(frozen=True, slots=True)
class Read:
    """A selector of a query.

    `path` has the functions and aggregations around it, from the outside in, and `asked` the labels
    that something of the query names.
    """

    selector: Selector
    path: tuple[str, ...]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Equal:
    """Metrics whose series are matched by all of their labels.

    `exact` are the labels that the other side has where an aggregation says so; None where both are
    as they are.
    """

    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    exact: frozenset[str] | None = None


def reads_in(expr: Expr, asked: frozenset[str] = frozenset()) -> Iterator[Read]:
    """All selectors of a query whose answer has to have the labels that are `asked`.

    >>> from simulator.promql.parsing import parsed
    >>> tree = parsed('sum by (le, a) (rate(x_bucket{b="1"}[5m]))')
    >>> [(r.selector.metric, r.path, sorted(r.asked)) for r in reads_in(tree, frozenset({"c"}))]
    [('x_bucket', ('sum', 'rate'), ['a', 'le'])]
    """
    yield from _reads(expr, (), asked)


def _reads(expr: Expr, path: tuple[str, ...], asked: frozenset[str]) -> Iterator[Read]:
    match expr:
        case promql_parser.VectorSelector():
            yield Read(selector_of(expr), path, asked)
        case promql_parser.AggregateExpr():
            yield from _reads(expr.expr, (*path, str(expr.op)), _below(expr, asked))
        case promql_parser.Call():
            yield from _called(expr, path, asked)
        case promql_parser.BinaryExpr():
            yield from _combined(expr, path, asked)
        case _:
            for one in children(expr):
                yield from _reads(one, path, asked)


def _below(expr: promql_parser.AggregateExpr, asked: frozenset[str]) -> frozenset[str]:
    """What is asked of the series that are aggregated."""
    names = frozenset(expr.modifier.labels) if expr.modifier is not None else frozenset()
    is_without = expr.modifier is not None and str(expr.modifier.type).endswith("Without")
    if str(expr.op) in _COPYING or is_without:
        return asked | names
    return names


def _called(
    expr: promql_parser.Call, path: tuple[str, ...], asked: frozenset[str]
) -> Iterator[Read]:
    name, args = expr.func.name, list(expr.args)
    if name in _ABSENT:
        asked = frozenset()
    if name == "histogram_quantile":
        asked |= {"le"}
    if name in {"label_replace", "label_join"}:
        texts = [one.val for one in args[1:] if isinstance(one, promql_parser.StringLiteral)]
        sources = texts[2:3] if name == "label_replace" else texts[2:]
        asked = (asked - set(texts[:1])) | {one for one in sources if one}
    for one in args[-1:] if name in _OF_LAST else args:
        yield from _reads(one, (*path, name), asked)


def _combined(
    expr: promql_parser.BinaryExpr, path: tuple[str, ...], asked: frozenset[str]
) -> Iterator[Read]:
    operator, modifier = str(expr.op), expr.modifier
    on, extra = frozenset[str](), frozenset[str]()
    many_is_right = False
    if modifier is not None:
        if modifier.matching is not None and str(modifier.matching.type).endswith("Include"):
            on = frozenset(modifier.matching.labels)
        extra = frozenset(modifier.group_labels or ())
        many_is_right = str(modifier.card).endswith("OneToMany")
    of_many, of_one = (asked - extra) | on, on | extra
    right = asked | on if operator == "or" else of_one
    sides = (of_one, of_many) if many_is_right else (of_many, right)
    if isinstance(expr.lhs, promql_parser.NumberLiteral):
        sides = (frozenset(), asked)
    for one, of_side in zip((expr.lhs, expr.rhs), sides, strict=True):
        yield from _reads(one, (*path, operator), of_side)


def equals_in(expr: Expr) -> Iterator[Equal]:
    """Where a query divides, compares or joins series by all of their labels.

    >>> from simulator.promql.parsing import parsed
    >>> list(equals_in(parsed("a_used / a_max > 0.9")))
    [Equal(left=('a_used',), right=('a_max',), exact=None)]
    >>> list(equals_in(parsed("sum(a) / sum(b)"))), list(equals_in(parsed("a / on (x) b")))
    ([], [])
    """
    if isinstance(expr, promql_parser.BinaryExpr) and _is_by_all(expr):
        left, right = _open_metrics(expr.lhs), _open_metrics(expr.rhs)
        if left and right:
            yield Equal(left, right)
        elif left or right:
            fixed = kept_labels(expr.rhs if left else expr.lhs)
            is_series = _reads_series(expr.rhs if left else expr.lhs)
            if fixed is not None and is_series:
                yield Equal(left or right, exact=fixed)
    for one in children(expr):
        yield from equals_in(one)


def _is_by_all(expr: promql_parser.BinaryExpr) -> bool:
    modifier = expr.modifier
    has_matching = modifier is not None and modifier.matching is not None
    return str(expr.op) != "or" and not has_matching


def _open_metrics(expr: Expr) -> tuple[str, ...]:
    """The metrics whose own labels are those of the answer."""
    match expr:
        case promql_parser.VectorSelector():
            name = selector_of(expr).metric
            return (name,) if name else ()
        case promql_parser.AggregateExpr():
            return _open_metrics(expr.expr) if str(expr.op) in _COPYING else ()
        case promql_parser.Call():
            if kept_labels(expr) is not None or not expr.args:
                return ()
            at = -1 if expr.func.name in _OF_LAST else 0
            return _open_metrics(expr.args[at])
    return tuple(dict.fromkeys(name for one in children(expr) for name in _open_metrics(one)))


def _reads_series(expr: Expr) -> bool:
    return isinstance(expr, promql_parser.VectorSelector) or any(map(_reads_series, children(expr)))
