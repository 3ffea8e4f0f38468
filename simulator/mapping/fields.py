"""The kinds of values that mapping files hold."""

from itertools import pairwise
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from simulator.reading.written import Written

__all__ = ["Edges", "LabelName", "LabelText", "MetricName", "Scale", "Shift", "Word"]

_DIGITS: Final = ".12g"  # of an edge, after which it is not told from another
_MOST: Final = 1e18


def _rising(edges: tuple[float, ...]) -> tuple[float, ...]:
    for low, high in pairwise(edges):
        if not low < high:
            raise ValueError(f"edges must rise, and {high:g} comes after {low:g}")
        if f"{low:{_DIGITS}}" == f"{high:{_DIGITS}}":
            raise ValueError(f"two edges are written {low:{_DIGITS}}: they would be one series")
    return edges


MetricName = Annotated[
    str,
    Field(max_length=200),
    Written(
        r"^[a-zA-Z_:][a-zA-Z0-9_:]*$",
        "a name of letters, digits, _ and :, which begins with no digit",
    ),
]
#: Names with two underscores in front are Prometheus's own.
LabelName = Annotated[
    str,
    Field(max_length=100),
    Written(
        r"^([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*$",
        "a name of letters, digits and _, which begins with neither a digit nor two _",
    ),
]
#: Upper edges of buckets, rising; the last one, +Inf, is not written.
Edges = Annotated[
    tuple[Annotated[float, Field(ge=-_MOST, le=_MOST)], ...],
    Field(min_length=1, max_length=200),
    AfterValidator(_rising),
]
#: What values are multiplied by: whatever is counted stays a number that a double can be.
Scale = Annotated[float, Field(ge=1e-12, le=1e12)]
#: What is added to values: a number that a double has beside them.
Shift = Annotated[float, Field(ge=-1e12, le=1e12)]
#: A name of something, which is not checked by its letters.
Word = Annotated[str, Field(min_length=1, max_length=200)]
LabelText = Annotated[str, Field(max_length=200)]
