"""Columns reduced to one cell, numbers and texts alike, and what reducers are called."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from simulator.grafana.frames import Cell, Field
from simulator.grafana.reducers import UnknownReducer, percentile_of, reduced
from simulator.grafana.transformations.options import UnreadOptionError

__all__ = ["MILLISECONDS", "known_reducers", "reduced_cell", "reducer_title"]

MILLISECONDS = 1000.0
"""What a time counts as where it becomes a number."""

_ALIASES = {"current": "lastNotNull", "avg": "mean", "total": "sum"}
_TITLES = {
    "lastNotNull": "Last *",
    "last": "Last",
    "firstNotNull": "First *",
    "first": "First",
    "min": "Min",
    "max": "Max",
    "mean": "Mean",
    "median": "Median",
    "variance": "Variance",
    "stdDev": "StdDev",
    "sum": "Total",
    "count": "Count",
    "countAll": "Count all",
    "range": "Range",
    "delta": "Delta",
    "step": "Step",
    "diff": "Difference",
    "logmin": "Min (above zero)",
    "changeCount": "Change Count",
    "distinctCount": "Distinct Count",
    "diffperc": "Difference percent",
}
_NOT_A_CELL = frozenset({"allIsZero", "allIsNull", "allValues", "uniqueValues"})
_TEENS = range(11, 14)
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def known_reducers(ids: Sequence[str]) -> tuple[str, ...]:
    """Those that Grafana knows, under the names of today; it leaves out the others.

    Raises:
        UnreadOptionError: one gives no number and no text.

    >>> known_reducers(["current", "max", "nonsense"])
    ('lastNotNull', 'max')
    """
    for name in ids:
        if name in _NOT_A_CELL:
            raise UnreadOptionError(f"reducer {name!r}")
    now = (_ALIASES.get(name, name) for name in ids)
    return tuple(dict.fromkeys(name for name in now if reducer_title(name)))


def reducer_title(name: str) -> str:
    """What a column of the reducer's values is called; "" for one that Grafana does not know.

    >>> [reducer_title(name) for name in ("sum", "p95", "p11", "p42", "x")]
    ['Total', '95th %', '11th %', '42nd %', '']
    """
    if name in _TITLES:
        return _TITLES[name]
    number = percentile_of(name)
    if number is None:
        return ""
    suffix = "th" if number in _TEENS else _SUFFIXES.get(number % 10, "th")
    return f"{number}{suffix} %"


def reduced_cell(field: Field, name: str) -> Cell:
    """The column as one cell; nan, or "", where Grafana has null. Times are milliseconds here."""
    if field.kind != "string":
        scale = MILLISECONDS if field.kind == "time" else 1.0
        value = reduced(field.numbers * scale, name)
        return math.nan if value is None or isinstance(value, UnknownReducer) else value
    if (percentile := percentile_of(name)) is not None and field.texts:
        place = math.floor((len(field.texts) - 1) * (percentile / 100) + 0.5)
        return field.texts[place]  # texts are no numbers to sort by
    reducer = _OF_TEXTS.get(name)
    return math.nan if reducer is None else reducer(field.texts)


_OF_TEXTS: Mapping[str, Callable[[tuple[str, ...]], Cell]] = MappingProxyType(
    {
        "count": lambda texts: float(len(texts)),
        "countAll": lambda texts: float(len(texts)),
        "distinctCount": lambda texts: float(len(set(texts))),
        "changeCount": lambda texts: float(sum(a != b for a, b in pairwise(texts))),
        "median": lambda texts: texts[len(texts) // 2] if len(texts) % 2 else math.nan,
        "diffperc": lambda _: 0.0,
        "sum": lambda _: 0.0,
        "delta": lambda _: 0.0,
        "variance": lambda _: 0.0,
        "stdDev": lambda _: 0.0,
        "first": lambda texts: next(iter(texts), ""),
        "firstNotNull": lambda texts: next(iter(texts), ""),
        "last": lambda texts: next(reversed(texts), ""),
        "lastNotNull": lambda texts: next(reversed(texts), ""),
    }
)
