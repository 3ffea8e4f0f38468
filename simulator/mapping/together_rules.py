"""What must hold of metrics together: that no two of them are the same, nor one is too much."""

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.mapping.kinds import kind_of, sources_in
from simulator.mapping.model import Mapping, Metric
from simulator.mapping.sources import Attribute, Source
from simulator.metrics.self_monitoring import JOB
from simulator.reading.records import Problem

__all__ = ["problems_together", "size_problem"]

_DEEPEST: Final = 10
_MOST_SOURCES: Final = 200
#: What the Pushgateway itself has in every group.
_OF_GROUPS: Final = ("push_time_seconds", "push_failure_time_seconds")
_SUFFIXES: Final = {
    "histogram": ("", "_bucket", "_count", "_sum"),
    "summary": ("", "_count", "_sum"),
}


def size_problem(source: Source) -> str:
    """What is wrong with how many sources there are in one; "" if nothing is."""
    level: Sequence[Source] = [source]
    count = depth = 0
    while level:
        count, depth = count + len(level), depth + 1
        if depth > _DEEPEST:
            return f"forms are nested more than {_DEEPEST} deep"
        if count > _MOST_SOURCES:
            return f"is made of more than {_MOST_SOURCES} sources"
        level = [inside for one in level if len(one.forms) == 1 for _, inside in sources_in(one)]
    return ""


def problems_together(mapping: Mapping) -> Iterator[Problem]:
    """What is wrong with the metrics of a mapping, or of several as one, beside each other."""
    usable = {n: metric for n, metric in mapping.metrics.items() if not size_problem(metric)}
    yield from _one_range_each(usable)
    yield from _one_name_each(usable)


def _one_name_each(metrics: dict[str, Metric]) -> Iterator[Problem]:
    """A histogram has samples of other names than its own, and so may others."""
    first: dict[str, str] = {}
    for name, metric in metrics.items():
        path = f"metrics.{name}"
        if name.startswith(f"{JOB}_"):
            yield path, f"names that begin with {JOB}_ are those of what it tells of itself"
        if name in _OF_GROUPS:
            yield path, "is what the Pushgateway writes of each group"
        for sample in _names(name, metric):
            other = first.setdefault(sample, name)
            if other != name:
                yield path, f"{other} has samples or a family called {sample}, too: rename one"
                break


def _names(name: str, metric: Metric) -> Iterator[str]:
    """Those of its samples, and of the family that OpenMetrics makes of it."""
    kind = metric.type or kind_of(metric)
    yield from (name + suffix for suffix in _SUFFIXES.get(kind or "", ("",)))
    if kind in {"count", "counter"}:
        yield name.removesuffix("_total")


def _one_range_each(metrics: dict[str, Metric]) -> Iterator[Problem]:
    """Ranges of an attribute are drawn, and other ranges would not add up to the same."""
    first: dict[str, tuple[str, tuple[float, ...]]] = {}
    for name, metric in metrics.items():
        for path, one in _attributes(metric, f"metrics.{name}"):
            where, edges = first.setdefault(one.feature, (path, one.edges))
            if edges != one.edges:
                yield (
                    f"{path}.edges",
                    f"{one.feature} has one set of ranges, and {where} has "
                    f"{', '.join(f'{edge:g}' for edge in edges)}",
                )


def _attributes(source: Source, path: str) -> Iterator[tuple[str, Attribute]]:
    if source.attribute is not None:
        yield f"{path}.attribute", source.attribute
    for place, inside in sources_in(source):
        yield from _attributes(inside, f"{path}.{place}")
