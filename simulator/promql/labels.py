"""Which labels a query names, and whether the series below can have them.

Rules of Prometheus's promql/engine.go (aggregations, resultMetric) and promql/functions.go.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import promql_parser
from promql_parser import Expr

from simulator.promql.parsing import children, parsed
from simulator.promql.selectors import NAME, Matcher, Selector, selector_of

__all__ = ["LabelFlow", "LabelUse", "Labels", "Place", "label_flow"]

Labels: TypeAlias = frozenset[str] | None
"""The labels that series can have; None where nobody knows."""
LabelsOf: TypeAlias = Callable[[Selector], Labels]
Place: TypeAlias = Literal["by", "on", "group_left", "matcher", "without", "ignoring"]

_COPYING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABELLESS: Final = frozenset({"scalar", "time", "vector", "pi"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_LABELLING: Final = frozenset({"label_replace", "label_join"})
_SET_OPERATORS: Final = frozenset({"and", "or", "unless"})


@dataclass(frozen=True, slots=True)
class LabelUse:
    """A label that a query names and that none of the series below has.

    `labels` are those that they have, without the metric's name. `is_lenient` says that the query
    reckons with that: under `absent()`, beside `or vector(0)`, or where nothing is asked of it.
    """

    label: str
    place: Place
    selectors: tuple[Selector, ...]
    labels: frozenset[str]
    is_lenient: bool


@dataclass(frozen=True, slots=True)
class LabelFlow:
    """What comes out of an expression: the labels of its series, and what was missed on the way."""

    labels: Labels = frozenset()
    missed: tuple[LabelUse, ...] = ()
    selectors: tuple[Selector, ...] = ()


def label_flow(query: str, labels_of: LabelsOf) -> LabelFlow:
    """The labels that a query's series have, and all names in it that nothing below has.

    >>> has = frozenset({"job", "status"})
    >>> flow = label_flow("sum by (code, job) (up)", lambda _: has)
    >>> flow.labels, [(use.label, use.place) for use in flow.missed]
    (frozenset({'job'}), [('code', 'by')])
    """
    tree = parsed(query)
    return LabelFlow(None) if tree is None else _flow(tree, labels_of, is_lenient=False)


def _flow(expr: Expr, labels_of: LabelsOf, *, is_lenient: bool) -> LabelFlow:
    match expr:
        case promql_parser.VectorSelector():
            return _selected(selector_of(expr), labels_of, is_lenient=is_lenient)
        case promql_parser.AggregateExpr():
            below = _flow(expr.expr, labels_of, is_lenient=is_lenient)
            return _aggregated(expr, below, is_lenient=is_lenient)
        case promql_parser.Call():
            return _called(expr, labels_of, is_lenient=is_lenient)
        case promql_parser.BinaryExpr():
            return _combined(expr, labels_of, is_lenient=is_lenient)
    inside = [_flow(one, labels_of, is_lenient=is_lenient) for one in children(expr)]
    return inside[0] if inside else LabelFlow()


def _selected(selector: Selector, labels_of: LabelsOf, *, is_lenient: bool) -> LabelFlow:
    has = labels_of(selector)
    if has is None:
        return LabelFlow(None, (), (selector,))
    missed = tuple(
        LabelUse(one.label, "matcher", (selector,), has, is_lenient or _asks_nothing(one))
        for one in selector.matchers
        if one.label not in has and one.label != NAME
    )
    return LabelFlow(has, missed, (selector,))


def _asks_nothing(matcher: Matcher) -> bool:
    """Whether it is written so that series without the label stay: `=""`, or a variable's `.*`."""
    return matcher.operator in {"=", "=~"} and matcher.takes("")


def _named(
    below: LabelFlow, names: Iterable[str], place: Place, *, is_lenient: bool
) -> tuple[LabelUse, ...]:
    """What was missed below, and those of the names that it does not have."""
    has = below.labels
    if has is None:
        return below.missed
    new = (
        LabelUse(name, place, below.selectors, has, is_lenient)
        for name in names
        if name not in has and name != NAME
    )
    return (*below.missed, *new)


def _aggregated(
    expr: promql_parser.AggregateExpr, below: LabelFlow, *, is_lenient: bool
) -> LabelFlow:
    operator, modifier, has = str(expr.op), expr.modifier, below.labels
    names = list(modifier.labels) if modifier is not None else []
    is_without = modifier is not None and str(modifier.type).endswith("Without")
    place: Place = "without" if is_without else "by"
    missed = _named(below, names, place, is_lenient=is_lenient or is_without)
    if operator in _COPYING or has is None:
        return LabelFlow(has, missed, below.selectors)
    kept = has - {*names, NAME} if is_without else has & frozenset(names)
    if operator == "count_values" and isinstance(expr.param, promql_parser.StringLiteral):
        kept |= {expr.param.val}
    return LabelFlow(kept, missed, below.selectors)


def _called(expr: promql_parser.Call, labels_of: LabelsOf, *, is_lenient: bool) -> LabelFlow:
    name, is_absent = expr.func.name, expr.func.name in _ABSENT
    below = [_flow(one, labels_of, is_lenient=is_lenient or is_absent) for one in expr.args]
    missed = tuple(use for one in below for use in one.missed)
    selectors = tuple(one for flow in below for one in flow.selectors)
    if name in _LABELLESS or not selectors:
        return LabelFlow(frozenset(), missed, selectors)
    if is_absent:
        equal = (m.label for one in selectors for m in one.matchers if m.operator == "=")
        return LabelFlow(frozenset(equal), missed, selectors)
    has = next(one.labels for one in below if one.selectors)
    if has is None or name == "info":  # which adds labels of others
        return LabelFlow(None, missed, selectors)
    if name == "histogram_quantile":
        has -= {"le"}
    if name in _LABELLING and isinstance(expr.args[1], promql_parser.StringLiteral):
        has |= {expr.args[1].val}
    return LabelFlow(has, missed, selectors)


def _combined(
    expr: promql_parser.BinaryExpr, labels_of: LabelsOf, *, is_lenient: bool
) -> LabelFlow:
    operator = str(expr.op)
    falls_back = operator == "or" and not _reads_series(expr.rhs)
    left = _flow(expr.lhs, labels_of, is_lenient=is_lenient or falls_back)
    right = _flow(expr.rhs, labels_of, is_lenient=is_lenient)
    selectors = (*left.selectors, *right.selectors)
    missed = (*left.missed, *right.missed, *_matched(expr, left, right, is_lenient=is_lenient))
    if not left.selectors or not right.selectors:  # a number on one side
        one = left if left.selectors else right
        return LabelFlow(one.labels, missed, selectors)
    return LabelFlow(_result(expr, operator, left.labels, right.labels), missed, selectors)


def _reads_series(expr: Expr) -> bool:
    return isinstance(expr, promql_parser.VectorSelector) or any(map(_reads_series, children(expr)))


def _matched(
    expr: promql_parser.BinaryExpr, left: LabelFlow, right: LabelFlow, *, is_lenient: bool
) -> Iterator[LabelUse]:
    """Names in `on`, `ignoring` and `group_left` that neither side, or not the one side, has."""
    modifier = expr.modifier
    if modifier is None or left.labels is None or right.labels is None:
        return
    both = LabelFlow(left.labels | right.labels, (), (*left.selectors, *right.selectors))
    if modifier.matching is not None:
        is_on = str(modifier.matching.type).endswith("Include")
        place: Place = "on" if is_on else "ignoring"
        names = modifier.matching.labels
        yield from _named(both, names, place, is_lenient=is_lenient or not is_on)
    one_side = right if str(modifier.card).endswith("ManyToOne") else left
    bare = LabelFlow(one_side.labels, (), one_side.selectors)
    yield from _named(bare, modifier.group_labels or (), "group_left", is_lenient=is_lenient)


def _result(expr: promql_parser.BinaryExpr, operator: str, left: Labels, right: Labels) -> Labels:
    modifier = expr.modifier
    if operator == "or":
        return None if left is None or right is None else left | right
    if operator in _SET_OPERATORS or modifier is None:
        return left
    extra: Sequence[str] = modifier.group_labels or ()
    many = right if str(modifier.card).endswith("OneToMany") else left
    if many is None or not str(modifier.card).endswith("OneToOne"):
        return None if many is None else many | frozenset(extra)
    if modifier.matching is None:
        return many
    names = frozenset(modifier.matching.labels)
    is_on = str(modifier.matching.type).endswith("Include")
    return many & names if is_on else many - names
