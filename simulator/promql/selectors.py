"""The series that a query reads: its selectors and the ranges it looks back over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import promql_parser
from promql_parser import Expr

from simulator.patterns import of_go
from simulator.promql.parsing import children, parsed

__all__ = [
    "NAME",
    "Matcher",
    "Operator",
    "Selector",
    "operator_named",
    "ranges",
    "selector_of",
    "selectors",
    "selectors_in_order",
]

Operator: TypeAlias = Literal["=", "!=", "=~", "!~"]
_OPERATORS: Final[dict[str, Operator]] = {
    "MatchOp.Equal": "=",
    "MatchOp.NotEqual": "!=",
    "MatchOp.Re": "=~",
    "MatchOp.NotRe": "!~",
}
NAME: Final = "__name__"
_PLAIN_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def operator_named(text: str) -> Operator:
    """The operator of a condition as it is written; what is none is equality."""
    return next((one for one in _OPERATORS.values() if one == text), "=")


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label."""

    label: str
    operator: Operator
    value: str

    def takes(self, value: str) -> bool:
        """Whether it lets a value through; "" stands for a label that is not there.

        >>> Matcher("status", "=~", "5..").takes("503"), Matcher("env", "!=", "dev").takes("")
        (True, True)
        """
        if self.operator in {"=", "!="}:
            return (value == self.value) is (self.operator == "=")
        try:
            found = re.fullmatch(of_go(self.value), value) is not None
        except re.error:  # what Go's expressions have and Python's do not
            return True
        return found is (self.operator == "=~")

    def __str__(self) -> str:
        text = self.value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        return f'{self.label}{self.operator}"{text}"'


@dataclass(frozen=True, slots=True)
class Selector:
    """Which series are read: those of a metric, or of all where `metric` is "", that match."""

    metric: str
    matchers: tuple[Matcher, ...] = ()

    def picks(self, metric: str, labels: Mapping[str, str]) -> bool:
        """Whether it reads a series.

        >>> read = Selector("", (Matcher(NAME, "=~", "kafka_.*"), Matcher("topic", "!=", "")))
        >>> read.picks("kafka_brokers", {}), read.picks("kafka_offset", {"topic": "t"})
        (False, True)
        """
        has = {**labels, NAME: metric}
        return self.metric in {"", metric} and all(
            one.takes(has.get(one.label, "")) for one in self.matchers
        )

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.matchers))
        if _PLAIN_NAME.fullmatch(self.metric):
            return f"{self.metric}{{{inside}}}" if inside else self.metric
        named = [str(Matcher(NAME, "=", self.metric))] if self.metric else []
        return f"{{{', '.join([*named, *map(str, self.matchers)])}}}"


def selector_of(expr: promql_parser.VectorSelector) -> Selector:
    """A selector of the tree; of alternatives joined by `or` the conditions are left out."""
    found = [
        Matcher(one.name, _OPERATORS[str(one.op)], one.value) for one in expr.matchers.matchers
    ]
    named = [one.value for one in found if one.label == NAME and one.operator == "="]
    metric = expr.name or (named[0] if named else "")
    kept = (one for one in found if not (one.label == NAME and one.operator == "="))
    return Selector(metric, tuple(kept))


def selectors(query: str) -> tuple[Selector, ...]:
    """The distinct selectors of a query, in order; none of one that is not read.

    >>> [str(one) for one in selectors('rate(a_total{job="x"}[5m]) / b')]
    ['a_total{job="x"}', 'b']
    """
    return tuple(dict.fromkeys(selectors_in_order(query)))


def selectors_in_order(query: str) -> tuple[Selector, ...]:
    """All selectors of a query as they are written, those that come again among them."""
    tree = parsed(query)
    return () if tree is None else tuple(_selectors(tree))


def _selectors(expr: Expr) -> Iterator[Selector]:
    if isinstance(expr, promql_parser.VectorSelector):
        yield selector_of(expr)
    for one in children(expr):
        yield from _selectors(one)


def ranges(query: str) -> tuple[float, ...]:
    """All ranges of a query in seconds, those of subqueries among them.

    >>> ranges("rate(a[5m]) + max_over_time(rate(b[10m])[1h:1m])")
    (300.0, 3600.0, 600.0)
    """
    tree = parsed(query)
    return () if tree is None else tuple(_ranges(tree))


def _ranges(expr: Expr) -> Iterator[float]:
    if isinstance(expr, promql_parser.MatrixSelector | promql_parser.SubqueryExpr):
        yield expr.range.total_seconds() if expr.range is not None else 0.0
    for one in children(expr):
        yield from _ranges(one)
