"""What must hold in a mapping beyond the types of its values."""

from collections.abc import Iterable, Iterator

from simulator.mapping.labels import dimensions_of, label_of
from simulator.mapping.model import FORM_KEYS, Filter, Mapping, Metric, Source
from simulator.mapping.properties import base_of, dimensions_along
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Measure
from simulator.quoting import quoted
from simulator.reading.records import Problem
from simulator.spelling import did_you_mean

__all__ = ["problems"]


def problems(mapping: Mapping) -> Iterator[Problem]:
    """Everything that is wrong, with its path."""
    for name, metric in mapping.metrics.items():
        for path, message in _of_metric(name, metric):
            yield f"metrics.{name}{path and f'.{path}'}", message


def _of_metric(name: str, metric: Metric) -> Iterator[Problem]:
    found = list(_of_source(metric, list(_asked(metric))))
    yield from found
    if not found:
        yield from _of_type(metric)
    for label in metric.labels.keys() & metric.constant.keys():
        yield f"constant.{label}", "is a label of a dimension, too; give one of them another name"
    if metric.type == "histogram" and "le" in {*metric.labels, *metric.constant}:
        yield "labels.le", "a histogram has that label for its buckets"
    if name.endswith(("_bucket", "_sum", "_count")) and metric.type == "histogram":
        yield "", "a histogram adds _bucket, _sum and _count to its name; leave them out"


def _asked(metric: Metric) -> Iterator[tuple[str, str]]:
    """The dimensions that labels name, each with its path."""
    for label, said in metric.labels.items():
        one = label_of(said)
        path = f"labels.{label}"
        if one.dimension is None and one.template is None:
            yield path, ""
        for dimension in dimensions_of(metric.model_copy(update={"labels": {label: said}})):
            yield path, dimension


def _of_source(source: Source, asked: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    if len(source.forms) != 1:
        said = f"it has {' and '.join(source.forms)}" if source.forms else "it has none"
        yield "", f"write exactly one of {', '.join(FORM_KEYS)}; {said}"
        return
    if source.measure is None:
        return
    measure = MEASURES.get(source.measure)
    if measure is None:
        guess = did_you_mean(source.measure, MEASURES)
        yield "measure", f"there is no measure {quoted(source.measure)}{guess}"
        return
    named = [*asked, *((f"where.{dimension}", dimension) for dimension in source.where)]
    unknown = [one for one in named if not _has(measure, one[1])]
    for path, dimension in unknown:
        yield path, _no_dimension(measure, dimension)
    if not unknown:
        yield from _apart(measure, [dimension for _, dimension in named])
    if source.fold is not None and measure.kind == "state" and source.fold not in measure.folds:
        yield "fold", f"{source.measure} is folded by {' or '.join(measure.folds)}"
    if source.fold not in {None, "sum"} and measure.kind != "state":
        yield "fold", f"{source.measure} is counted, and counts are summed"
    for dimension, wanted in source.where.items():
        if dimension in DIMENSIONS:
            yield from _of_filter(dimension, wanted)


def _has(measure: Measure, dimension: str) -> bool:
    return dimension in DIMENSIONS and base_of(dimension) in measure.dimensions


def _no_dimension(measure: Measure, dimension: str) -> str:
    known = dimensions_along(measure)
    if not dimension:
        return "says neither dimension nor template"
    has = f"it has {', '.join(known)}" if known else "it has none"
    return (
        f"{measure.name} cannot be told apart by {quoted(dimension)}; "
        f"{has}{did_you_mean(dimension, known)}"
    )


def _apart(measure: Measure, dimensions: list[str]) -> Iterator[Problem]:
    bases = {base_of(dimension) for dimension in dimensions}
    for together in measure.apart:
        if together <= bases:
            yield (
                "labels",
                f"{measure.name} is not simulated by {' and '.join(sorted(together))} together",
            )


def _of_filter(dimension: str, said: str | tuple[str, ...] | Filter) -> Iterator[Problem]:
    """Values that are the same in every scenario are known; others depend on it."""
    if isinstance(said, Filter):
        if (said.only is None) == (said.without is None):
            yield f"where.{dimension}", "write either only or without"
        named = (*(said.only or ()), *(said.without or ()))
    else:
        named = (said,) if isinstance(said, str) else said
    known = DIMENSIONS[dimension].fixed
    for value in named:
        if known and value not in known:
            yield (
                f"where.{dimension}",
                f"there is no {dimension} {quoted(value)}, but {', '.join(known)}"
                f"{did_you_mean(value, known)}",
            )


def _of_type(metric: Metric) -> Iterator[Problem]:
    kind = MEASURES[metric.measure].kind if metric.measure else None
    if kind == "state" and metric.type in {"counter", "histogram"}:
        yield "type", f"{metric.measure} is a state, and a state is a gauge (found {metric.type!r})"
    if kind == "count" and metric.type == "histogram":
        yield "type", f"{metric.measure} counts events that have no size (found 'histogram')"
    if metric.edges is not None and (kind != "histogram" or metric.type not in {None, "histogram"}):
        yield "edges", "only a histogram has buckets"
