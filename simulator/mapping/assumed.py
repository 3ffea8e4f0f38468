"""Metrics whose range was taken from thresholds, and queries that read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from simulator.mapping.model import Mapping as MappingFile
from simulator.promql.selectors import selectors

__all__ = ["assumed_among", "assumed_names"]

_PARTS: Final = ("", "_bucket", "_sum", "_count")


def assumed_names(mapping: MappingFile) -> frozenset[str]:
    """The names of all series of such metrics."""
    return frozenset(
        f"{name}{part}"
        for name, metric in mapping.metrics.items()
        if metric.assumed
        for part in _PARTS
    )


def assumed_among(
    queries: Iterable[str],
    assumed: frozenset[str],
    recordings: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """Those of the names that queries read, also by way of what is recorded; sorted.

    >>> assumed_among(["rate(x[5m]) > r"], frozenset({"y"}), {"r": ["sum(y)"]})
    ('y',)
    """
    if not assumed:
        return ()
    waiting, seen, found = list(queries), set[str](), set[str]()
    while waiting:
        for one in selectors(waiting.pop()):
            if one.metric not in seen:
                seen.add(one.metric)
                found |= {one.metric} & assumed
                waiting += recordings.get(one.metric, ())
    return tuple(sorted(found))
