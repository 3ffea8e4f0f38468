"""Queries without what only changes the order of their series."""

from typing import Final

import promql_parser

from simulator.promql.parsing import parsed

__all__ = ["unordered"]

_SORTING: Final = frozenset({"sort", "sort_desc"})


def unordered(query: str) -> str:
    """The query without a function around all of it that sorts by value.

    Over a range both have the same answer: Prometheus orders its series by their labels.

    >>> unordered("sort_desc(sum by (a) (b))"), unordered("topk(3, sort(a))")
    ('sum by (a) (b)', 'topk(3, sort(a))')
    """
    text, tree = query.strip(), parsed(query)
    while isinstance(tree, promql_parser.Call) and tree.func.name in _SORTING:
        inside = text.partition("(")[2].rpartition(")")[0].strip()
        below = parsed(inside)
        if below is None or below.prettify() != tree.args[0].prettify():
            break  # a bracket in a comment
        text, tree = inside, below
    return text
