"""What two queries of the same form do not have in common."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from simulator.promql.shapes import Shape

__all__ = ["Difference", "differences"]

_RATES: Final = frozenset({"rate", "irate", "increase"})
_SIGNS: Final = (
    frozenset({"+", "-"}),
    frozenset({"<", ">", "<=", ">="}),
    frozenset({"==", "!="}),
)
_OVER_TIME: Final = re.compile(r"\w+_over_time")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, such as "range", and how each of the two has it."""

    what: str
    one: str
    other: str


def differences(one: Shape, other: Shape) -> tuple[Difference, ...] | None:
    """What differs, each thing once; None where the forms do not answer each other.

    >>> from simulator.promql.parsing import parsed
    >>> from simulator.promql.shapes import shape_of
    >>> a, b = (shape_of(parsed(f"sum(rate(x[{span}]))")) for span in ("5m", "10m"))
    >>> differences(a, b)
    (Difference(what='range', one='5m', other='10m'),)
    >>> differences(a, shape_of(parsed("x / y"))) is None
    True
    """
    try:
        found = list(_walk(one, other))
    except _UnlikeError:
        return None
    return tuple(dict.fromkeys(found))


class _UnlikeError(Exception):
    pass


def _walk(one: Shape, other: Shape) -> Iterator[Difference]:
    if one.kind != other.kind and "aggregation" in {one.kind, other.kind}:
        yield from _of_one_aggregation(one, other)
        return
    if one.kind != other.kind or len(one.parts) != len(other.parts):
        raise _UnlikeError
    match one.kind:
        case "metric":
            yield from _of_metrics(one, other)
        case "aggregation":
            yield from _if("aggregation", one.name, other.name)
            yield from _if("grouping", one.grouping or "all", other.grouping or "all")
        case "number":
            yield from _if("number", one.name, other.name)
        case "function":
            yield from _of_functions(one, other)
        case "operator":
            if one.name != other.name and not _are_turned(one.name, other.name):
                raise _UnlikeError
            yield from _if("sign", one.name, other.name)
            yield from _if("matching", one.grouping or "all labels", other.grouping or "all labels")
        case _:
            yield from _if("text", one.name, other.name)
    for mine, others in zip_longest(one.parts, other.parts):
        yield from _walk(mine, others)


def _of_one_aggregation(one: Shape, other: Shape) -> Iterator[Difference]:
    """Where one of them puts series together, and the other leaves them apart."""
    is_first = one.kind == "aggregation"
    whole = one if is_first else other
    if len(whole.parts) != 1:
        raise _UnlikeError
    said = f"{whole.name} {whole.grouping}".strip()
    yield Difference("aggregation", said if is_first else "none", "none" if is_first else said)
    yield from _walk(one.parts[0], other) if is_first else _walk(one, other.parts[0])


def _of_functions(one: Shape, other: Shape) -> Iterator[Difference]:
    if one.name != other.name and not _are_kin(one.name, other.name):
        raise _UnlikeError
    yield from _if("function", one.name, other.name)
    yield from _of_spans(one, other)


def _are_kin(one: str, other: str) -> bool:
    both = {one, other}
    return both <= _RATES or all(_OVER_TIME.fullmatch(name) for name in both)


def _are_turned(one: str, other: str) -> bool:
    """Whether one operator is written where the contrary was meant."""
    return any({one, other} <= alike for alike in _SIGNS)


def _of_metrics(one: Shape, other: Shape) -> Iterator[Difference]:
    yield from _if("metric", one.name, other.name)
    mine, others = sorted(one.matchers - other.matchers), sorted(other.matchers - one.matchers)
    yield from _if("label", ", ".join(mine) or "none", ", ".join(others) or "none")
    yield from _of_spans(one, other)
    yield from _if("offset", one.moved or "none", other.moved or "none")


def _of_spans(one: Shape, other: Shape) -> Iterator[Difference]:
    yield from _if("range", _time(one.span), _time(other.span))


def _if(what: str, one: str, other: str) -> Iterator[Difference]:
    if one != other:
        yield Difference(what, one, other)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "none"
    for length, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "m")):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
