"""The rules by which a mistake in a query cannot matter, on a platform with these series."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import promql_parser
from promql_parser import Expr

from simulator.errors import PrometheusError
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.promql.parsing import children, parsed
from simulator.promql.selectors import selector_of
from simulator.promql.shapes import shape_of

__all__ = ["RULES", "AskedSpan", "same_answers"]

_STEP_SECONDS: Final = 60.0
_OF_ONE: Final = frozenset({"sum", "avg", "min", "max"})
_SETS: Final = frozenset({"and", "unless"})
_OF_COPIES: Final = frozenset({"avg", "min", "max"})


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """Where the premises of the rules are asked: of a Prometheus, from `start` to `end`."""

    prometheus: Prometheus
    start: float
    end: float

    def highest(self, query: str) -> float | None:
        """The highest value of a query at any moment; None where it has none."""
        series = self.prometheus.query_range(
            query, start=self.start, end=self.end, step_seconds=_STEP_SECONDS
        )
        return max((float(one.values.max()) for one in series if len(one.values)), default=None)

    def picked(self, expr: promql_parser.VectorSelector) -> frozenset[tuple[tuple[str, str], ...]]:
        """The series that a selector picks."""
        found = self.prometheus.series(str(selector_of(expr)), start=self.start, end=self.end)
        return frozenset(tuple(sorted(one.items())) for one in found)


Rule: TypeAlias = Callable[[Expr, Expr, AskedSpan], bool]


def same_answers(query: str, mutated: str, span: AskedSpan) -> str:
    """The rule by which two queries have the same answers; "" where none has it so.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    one, other = parsed(query), parsed(mutated)
    if one is None or other is None:
        return ""
    if shape_of(one) == shape_of(other):
        return "it computes the same"
    parts = list(_different(one, other))
    for said, rule in RULES.items():
        try:
            if parts and all(rule(a, b, span) for a, b in parts):
                return said
        except UnreachablePrometheusError:
            raise
        except PrometheusError:
            continue
    return ""


def _different(one: Expr, other: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The smallest parts in which two trees of the same form differ."""
    if str(one) == str(other):
        return
    below, others = children(one), children(other)
    inside = [(a, b) for a, b in zip(below, others, strict=False) if str(a) != str(b)]
    if type(one) is not type(other) or len(below) != len(others) or not inside:
        yield one, other
        return
    for a, b in inside:
        yield from _different(a, b)


def _is_of_one_each(one: Expr, other: Expr, span: AskedSpan) -> bool:
    both = _exchanged(one, other, _OF_ONE)
    return both is not None and span.highest(f"count {both.over}") == 1.0


def _is_of_copies(one: Expr, other: Expr, span: AskedSpan) -> bool:
    both = _exchanged(one, other, _OF_COPIES)
    if both is None:
        return False
    return span.highest(f"max {both.over} - min {both.over}") == 0.0


@dataclass(frozen=True, slots=True)
class _Exchanged:
    """What two aggregations that are taken for each other put together, and how."""

    over: str


def _exchanged(one: Expr, other: Expr, alike: frozenset[str]) -> _Exchanged | None:
    if not isinstance(one, promql_parser.AggregateExpr):
        return None
    if not isinstance(other, promql_parser.AggregateExpr) or {str(one.op), str(other.op)} - alike:
        return None
    if _grouping(one) != _grouping(other) or str(one.expr) != str(other.expr):
        return None
    return _Exchanged(f"{_grouping(one)} ({one.expr})")


def _grouping(expr: promql_parser.AggregateExpr) -> str:
    modifier = expr.modifier
    if modifier is None:
        return ""
    word = "without" if str(modifier.type).endswith("Without") else "by"
    return f"{word} ({', '.join(modifier.labels)})"


def _picks_the_same(one: Expr, other: Expr, span: AskedSpan) -> bool:
    if not isinstance(one, promql_parser.VectorSelector):
        return False
    if not isinstance(other, promql_parser.VectorSelector):
        return False
    return span.picked(one) == span.picked(other)


def _groups_the_same(one: Expr, other: Expr, span: AskedSpan) -> bool:
    """Whether each group of the one is a group of the other."""
    if not isinstance(one, promql_parser.AggregateExpr):
        return False
    if not isinstance(other, promql_parser.AggregateExpr) or str(one.op) != str(other.op):
        return False
    if _labels(one) is None or _labels(other) is None:
        return False
    together = sorted({*(_labels(one) or ()), *(_labels(other) or ())})
    counts = [
        span.highest(f"count(count by ({', '.join(labels)}) ({one.expr}))")
        for labels in (_labels(one) or (), _labels(other) or (), together)
    ]
    return counts[0] is not None and len(set(counts)) == 1


def _labels(expr: promql_parser.AggregateExpr) -> Sequence[str] | None:
    """The labels that are grouped by; None where others are."""
    if expr.modifier is None:
        return ()
    is_by = not str(expr.modifier.type).endswith("Without")
    return list(expr.modifier.labels) if is_by else None


def _matches_the_same(one: Expr, other: Expr, span: AskedSpan) -> bool:
    """Whether sets are matched by labels that differ only in those that are one and the same."""
    if not isinstance(one, promql_parser.BinaryExpr):
        return False
    if not isinstance(other, promql_parser.BinaryExpr) or str(one.op) != str(other.op):
        return False
    if str(one.op) not in _SETS or _matched(one) is None or _matched(other) is None:
        return False
    changed = {*(_matched(one) or ())} ^ {*(_matched(other) or ())}
    both = f"({one.lhs}) or ({one.rhs})"
    return all(span.highest(f"count(count by ({label}) ({both}))") == 1.0 for label in changed)


def _matched(expr: promql_parser.BinaryExpr) -> Sequence[str] | None:
    """The labels that two sides are matched on; None where others are."""
    matching = expr.modifier.matching if expr.modifier is not None else None
    is_on = matching is not None and str(matching.type).endswith("Include")
    return list(matching.labels) if is_on and matching is not None else None


RULES: Final[Mapping[str, Rule]] = {
    "each group has a single series, of which every aggregation is the same": _is_of_one_each,
    "the series of each group are copies of each other": _is_of_copies,
    "the same series are picked": _picks_the_same,
    "the same series are put together": _groups_the_same,
    "the label that is matched has a single value": _matches_the_same,
}
"""Each rule, and what it says of both parts in which two queries differ."""
