"""The kinds of values that mapping files hold."""

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

__all__ = ["Edges", "LabelName", "LabelText", "MetricName"]


def _rising(edges: tuple[float, ...]) -> tuple[float, ...]:
    for low, high in pairwise(edges):
        if not low < high:
            raise ValueError(f"edges must rise, and {high:g} comes after {low:g}")
    return edges


MetricName = Annotated[str, Field(pattern=r"^[a-zA-Z_:][a-zA-Z0-9_:]*$", max_length=200)]
#: Names with two underscores in front are Prometheus's own.
LabelName = Annotated[str, Field(pattern=r"^([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*$", max_length=100)]
#: Upper edges of buckets, rising; the last one, +Inf, is not written.
Edges = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], ...],
    Field(min_length=1, max_length=200),
    AfterValidator(_rising),
]
LabelText = Annotated[str, Field(max_length=200)]
