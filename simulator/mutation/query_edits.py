"""All mistakes that can be made in one place of a query."""

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.mutation.edits import Edit
from simulator.mutation.kinds import Kind
from simulator.mutation.label_edits import grouping_edits, matcher_edits
from simulator.mutation.names import Names
from simulator.promql.tokens import Token, tokens

__all__ = ["query_edits"]

_TURNED: Final = {
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
    "==": "!=",
    "!=": "==",
    "+": "-",
    "-": "+",
}
_AGGREGATIONS: Final = ("sum", "avg", "min", "max", "count")
_OVER_TIME: Final = ("avg_over_time", "min_over_time", "max_over_time")
_RATES: Final = {"rate": ("increase", "irate"), "increase": ("rate",), "irate": ("rate",)}
_QUANTILES: Final = ("0.5", "0.99")
_BEFORE_LIST: Final = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_LONGEST_WORD: Final = 200


def query_edits(query: str, names: Names) -> Iterator[Edit]:
    """The mistakes in signs, labels, metrics and aggregations, from left to right.

    Variables of a dashboard may stand in ranges and matchers.
    """
    found = tokens(query)
    for at, token in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if token.kind == "sign":
            yield from _signs(token, before)
        elif token.kind == "braces":
            yield from matcher_edits(token, _metric(before), names)
        elif token.kind == "number":
            yield from _quantiles(token, found[max(at - 2, 0) : at])
        elif token.kind == "word":
            if token.text in _BEFORE_LIST:
                yield from grouping_edits(
                    token.text, found[at + 1 :], _metric_in(found, names), names
                )
            yield from _words(token, before, after, names)


def _signs(token: Token, before: Token | None) -> Iterator[Edit]:
    is_moved = before is not None and before.text in {"offset", "@"}
    if token.text in _TURNED and not is_moved:
        yield _edit(Kind.SIGN, token, _TURNED[token.text])


def _words(token: Token, before: Token | None, after: Token | None, names: Names) -> Iterator[Edit]:
    if before is not None and before.text == "$":
        return  # a variable's name
    if after is not None and after.text in {"(", "by", "without"}:
        for one in _functions(token.text):
            yield _edit(Kind.AGGREGATION, token, one)
    elif token.text in names.metrics:
        for one in names.metrics_beside(token.text):
            yield _edit(Kind.METRIC, token, one)


def _functions(name: str) -> Sequence[str]:
    """What may be taken for a function by mistake."""
    for alike in (_AGGREGATIONS, _OVER_TIME):
        if name in alike:
            return [one for one in alike if one != name]
    return _RATES.get(name, ())


def _quantiles(token: Token, before: Sequence[Token]) -> Iterator[Edit]:
    if [one.text for one in before] == ["histogram_quantile", "("]:
        for one in _QUANTILES:
            if float(one) != float(token.text):
                yield _edit(Kind.AGGREGATION, token, one)


def _metric(token: Token | None) -> str:
    """The metric before a selector's braces; "" where there is none."""
    return token.text if token is not None and token.kind == "word" else ""


def _metric_in(found: Sequence[Token], names: Names) -> str:
    """The first metric of a query, whose labels a list may name."""
    return next((one.text for one in found if one.text in names.metrics), "")


def _edit(kind: Kind, token: Token, text: str) -> Edit:
    return Edit(kind, token.start, token.end, text, token.text[:_LONGEST_WORD])
