"""Queries reduced to what they compute, so that two of them can be held against each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import promql_parser
from promql_parser import Expr

from simulator.promql.parsing import children
from simulator.promql.selectors import selector_of

__all__ = ["Kind", "Shape", "constant", "essence", "metrics_in", "scaled", "shape_of"]

Kind: TypeAlias = Literal["metric", "function", "aggregation", "operator", "number", "text"]

_NAMING: Final = frozenset({"sort", "sort_desc", "label_replace", "label_join"})
_CUTTING: Final = frozenset({"topk", "bottomk"})
_COMPARISONS: Final = frozenset({"==", "!=", ">", "<", ">=", "<="})


@dataclass(frozen=True, slots=True)
class Shape:
    """One step of a query: a metric that is read, or what is done with `parts`.

    `grouping` is written as in a query: "by (a, b)" of an aggregation, "on (a) group_left ()" of an
    operator. `span` is the range in seconds, `moved` what stands behind `offset` and `@`.
    """

    kind: Kind
    name: str
    parts: tuple["Shape", ...] = ()
    matchers: frozenset[str] = frozenset()
    grouping: str = ""
    span: float | None = None
    moved: str = ""


def shape_of(expr: Expr) -> Shape:  # noqa: C901, PLR0911 - one for each kind of expression
    """What an expression computes, without brackets, order, and names of labels that it changes.

    >>> from simulator.promql.parsing import parsed
    >>> one, other = "sort_desc((sum by (b, a) (rate(x[5m]))))", "sum by(a,b)(rate(x[300s]))"
    >>> shape_of(parsed(one)) == shape_of(parsed(other))
    True
    """
    match expr:
        case promql_parser.ParenExpr():
            return shape_of(expr.expr)
        case promql_parser.NumberLiteral():
            return Shape("number", _written(expr.val))
        case promql_parser.StringLiteral():
            return Shape("text", expr.val)
        case promql_parser.VectorSelector():
            return _metric(expr)
        case promql_parser.MatrixSelector():
            return replace(_metric(expr.vector_selector), span=_seconds(expr.range))
        case promql_parser.SubqueryExpr():
            return Shape("function", "subquery", (shape_of(expr.expr),), span=_seconds(expr.range))
        case promql_parser.Call():
            return _function(expr)
        case promql_parser.AggregateExpr():
            return _aggregation(expr)
        case promql_parser.BinaryExpr():
            return _operator(expr)
        case promql_parser.UnaryExpr():
            return Shape("operator", "-", (Shape("number", "0"), shape_of(expr.expr)))
    return Shape("text", str(expr))


def _written(number: float) -> str:
    """A number as short as it reads back."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _metric(expr: promql_parser.VectorSelector) -> Shape:
    read = selector_of(expr)
    moved = " ".join(str(one) for one in (expr.offset, expr.at) if one is not None)
    return Shape("metric", read.metric, (), frozenset(map(str, read.matchers)), moved=moved)


def _seconds(range_: object) -> float | None:
    return range_.total_seconds() if hasattr(range_, "total_seconds") else None


def _function(expr: promql_parser.Call) -> Shape:
    name = expr.func.name
    if name in _NAMING and expr.args:
        return shape_of(expr.args[0])
    return Shape("function", name, tuple(map(shape_of, expr.args)))


def _aggregation(expr: promql_parser.AggregateExpr) -> Shape:
    name = str(expr.op)
    inside = shape_of(expr.expr)
    if name in _CUTTING:
        return inside
    modifier, grouping = expr.modifier, ""
    if modifier is not None:
        word = "without" if str(modifier.type).endswith("Without") else "by"
        labels = ", ".join(sorted(modifier.labels))
        grouping = f"{word} ({labels})" if labels or word == "without" else ""
    parts = (inside,) if expr.param is None else (shape_of(expr.param), inside)
    return Shape("aggregation", name, parts, grouping=grouping)


def _operator(expr: promql_parser.BinaryExpr) -> Shape:
    left, right, name = shape_of(expr.lhs), shape_of(expr.rhs), str(expr.op)
    if name in {"*", "+"} and left.kind == "number":
        left, right = right, left
    modifier = expr.modifier
    is_bool = modifier is not None and modifier.return_bool
    name = f"{name} bool" if is_bool and name in _COMPARISONS else name
    return Shape("operator", name, (left, right), grouping=_matching(modifier))


def _matching(modifier: promql_parser.BinModifier | None) -> str:
    if modifier is None:
        return ""
    said = []
    if modifier.matching is not None:
        word = "on" if str(modifier.matching.type).endswith("Include") else "ignoring"
        said.append(f"{word} ({', '.join(sorted(modifier.matching.labels))})")
    for card, word in (("ManyToOne", "group_left"), ("OneToMany", "group_right")):
        if str(modifier.card).endswith(card):
            said.append(f"{word} ({', '.join(sorted(modifier.group_labels or ()))})")
    return " ".join(said)


def essence(shape: Shape) -> Shape:
    """The same without what keeps odd values out: `> 0`, `or` with a constant, `clamp_min(x, 0)`.

    >>> from simulator.promql.parsing import parsed
    >>> guarded = shape_of(parsed("(a or vector(0)) / (b > 0)"))
    >>> essence(guarded) == shape_of(parsed("a / b"))
    True
    """
    parts = tuple(map(essence, shape.parts))
    if shape.kind == "operator":
        is_guard = shape.name in {">", ">=", "!="} and parts[1] == Shape("number", "0")
        if is_guard or (shape.name == "or" and not any(metrics_in(parts[1]))):
            return parts[0]
    if shape.name == "clamp_min" and parts[-1] == Shape("number", "0"):
        return parts[0]
    return replace(shape, parts=parts)


def metrics_in(shape: Shape) -> Iterator[str]:
    """The metrics that are read, in order."""
    if shape.kind == "metric":
        yield shape.name
    for part in shape.parts:
        yield from metrics_in(part)


def scaled(shape: Shape) -> tuple[float, Shape]:
    """A constant factor around all of it, and the rest.

    >>> from simulator.promql.parsing import parsed
    >>> factor, rest = scaled(shape_of(parsed("100 * (a / b)")))
    >>> factor, rest == shape_of(parsed("a / b"))
    (100.0, True)
    """
    if shape.kind == "operator" and shape.name in {"*", "/"} and shape.parts[1].kind == "number":
        number = float(shape.parts[1].name)
        if number > 0.0:
            factor, rest = scaled(shape.parts[0])
            return (factor * number if shape.name == "*" else factor / number), rest
    if shape.kind == "operator" and shape.name == "/" and len(shape.parts) == 2:  # noqa: PLR2004 - 100 * a / b is (100 * a) / b
        factor, rest = scaled(shape.parts[0])
        if factor != 1.0:
            return factor, replace(shape, parts=(rest, shape.parts[1]))
    return 1.0, shape


def constant(expr: Expr) -> float | None:
    """The number that an expression without series is, such as `5 * 60`; None for any other.

    >>> from simulator.promql.parsing import parsed
    >>> [constant(parsed(one)) for one in ("-0.5", "(5 * 60)", "time()", "up")]
    [-0.5, 300.0, None, None]
    """
    match expr:
        case promql_parser.NumberLiteral():
            return float(expr.val)
        case promql_parser.ParenExpr():
            return constant(expr.expr)
        case promql_parser.UnaryExpr():
            inside = constant(expr.expr)
            return None if inside is None else -inside
        case promql_parser.BinaryExpr():
            return _calculated(str(expr.op), *map(constant, children(expr)))
    return None


def _calculated(operator: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if right:
            return left / right
    return None
