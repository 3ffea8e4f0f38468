"""What must hold in a mapping beyond the types of its values."""

from collections.abc import Iterator

from simulator.mapping.kinds import kind_of, own_labels, sources_in
from simulator.mapping.label_rules import label_problems
from simulator.mapping.model import Mapping, Metric
from simulator.mapping.source_rules import asked_by, source_problems
from simulator.mapping.sources import Attribute, Source
from simulator.mapping.standalone_rules import job_problems
from simulator.reading.records import Problem

__all__ = ["problems"]


def problems(mapping: Mapping) -> Iterator[Problem]:
    """Everything that is wrong, with its path."""
    for name, metric in mapping.metrics.items():
        for path, message in _of_metric(name, metric):
            yield f"metrics.{name}{path and f'.{path}'}", message
    yield from _one_range_each(mapping)


def _one_range_each(mapping: Mapping) -> Iterator[Problem]:
    """Ranges of an attribute are drawn, and other ranges would not add up to the same."""
    first: dict[str, tuple[str, tuple[float, ...]]] = {}
    for name, metric in mapping.metrics.items():
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


def _of_metric(name: str, metric: Metric) -> Iterator[Problem]:
    yield from label_problems(metric.labels, "labels")
    found = list(source_problems(metric, asked_by(metric.labels, "labels")))
    yield from found
    if not found:
        yield from _of_type(metric)
        for label in sorted(own_labels(metric) & metric.constant.keys()):
            yield f"constant.{label}", f"is a label that {metric.form} has; call it another name"
    if len(metric.forms) == 1:
        yield from job_problems(metric)
    for label in metric.labels.keys() & metric.constant.keys():
        yield f"constant.{label}", "is a label of a dimension, too; give one of them another name"
    kind = metric.type or kind_of(metric)
    if kind == "histogram" and "le" in {*metric.labels, *metric.constant}:
        yield "labels.le", "a histogram has that label for its buckets"
    if name.endswith(("_bucket", "_sum", "_count")) and kind in {"histogram", "summary"}:
        yield "", f"a {kind} adds _bucket, _sum and _count to its name; leave them out"


def _of_type(metric: Metric) -> Iterator[Problem]:
    kind, said = kind_of(metric), f"(found {metric.type!r})"
    if kind == "state" and metric.type not in {None, "gauge"}:
        yield "type", f"{metric.form} is a state, and a state is a gauge {said}"
    if kind == "count" and metric.type in {"histogram", "summary"}:
        yield "type", f"these are events that have no size, which are counted {said}"
    if kind == "histogram" and metric.type == "gauge":
        yield "type", f"how many there are is a counter, and a share of them a ratio {said}"
    if metric.edges is not None and metric.signal is not None:
        yield "edges", "the edges of a signal stand under signal.edges"
    elif metric.edges is not None and (
        kind != "histogram" or metric.type not in {None, "histogram"}
    ):
        yield "edges", "only a histogram has buckets"
