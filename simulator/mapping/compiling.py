"""A mapping bound to a scenario: families, and where the values of their series come from."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from typing import Final

from simulator.errors import MappingError
from simulator.mapping.forms import FORMS
from simulator.mapping.forms.context import Context
from simulator.mapping.help_texts import help_text
from simulator.mapping.kinds import sources_in
from simulator.mapping.model import Mapping, Metric
from simulator.mapping.node import Node, without_sizes
from simulator.mapping.series import series_of, with_constants
from simulator.mapping.sources import Source
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen
from simulator.metrics.families import Family, Kind
from simulator.metrics.self_monitoring import JOB as SIMULATOR_JOB
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Job, Signal

__all__ = ["Bound", "bound_metrics"]

_KINDS: Final[dict[str, Kind]] = {"count": "counter", "histogram": "histogram", "state": "gauge"}
#: Forms that a platform's names say all of.
_OF_NAMES: Final = frozenset({"measure", "union", "flag", "count", "complement", "always"})
_DIGITS: Final = 12  # of a scaled edge; 0.07 s are 70 ms


@dataclass(frozen=True)
class Bound:
    """A family of one run, and the values of its series, in their order.

    `values` (ticks, series) of a tick alone where they are counts, which are then added up; a
    histogram's (ticks, series, buckets); not `is_whole` where they have fractions. What is shown is
    `scale` times as much, and `shift` more. `notes` are what is not quite as it was asked for, in
    words. It `is_of_names` where nothing but the platform's names goes into it: no episode, and no
    state.
    """

    family: Family
    is_counted: bool
    values: Callable[[Seen], Values]
    signal: Signal | None
    is_whole: bool
    scale: float | None
    shift: float
    notes: tuple[str, ...]
    is_of_names: bool


def bound_metrics(
    mapping: Mapping, scenario: Scenario, *, known: MappingOf[str, Bound] | None = None
) -> tuple[Bound, ...]:
    """All metrics of a mapping, in its order.

    Of those that are `known` from a run on the same platform, by their names, those are taken over
    that are of names alone.

    Raises:
        MappingError: one of them needs what this scenario does not have.
    """
    found: list[Bound] = []
    for name, metric in mapping.metrics.items():
        same = None if known is None else known.get(name)
        if same is not None and same.is_of_names:
            found.append(same)
            continue
        try:
            found += _of_metric(name, metric, scenario)
        except MappingError as error:
            raise MappingError(f"{mapping.name}: metrics.{name}.{error}") from error
    return tuple(found)


def _is_of_names(source: Source) -> bool:
    inside = (one for _, one in sources_in(source))
    return source.form in _OF_NAMES and all(_is_of_names(one) for one in inside)


def _of_metric(name: str, metric: Metric, scenario: Scenario) -> Iterator[Bound]:
    """One family, or one for each part of the platform that it is made for."""
    if not metric.jobs:
        yield _bound(name, metric, scenario)
    for component, job in metric.jobs.items():
        yield _bound(name, metric, scenario, component, job)


def _bound(
    name: str,
    metric: Metric,
    scenario: Scenario,
    component: Job | None = None,
    job: str | None = None,
) -> Bound:
    is_of_several = len(metric.jobs) > 1
    key = f"{name} of {job}" if is_of_several else name
    scale = metric.scale or 1.0
    edges = None if metric.edges is None else tuple(edge / scale for edge in metric.edges)
    context = Context(key, scenario, metric.labels, edges, _node, component)
    found = FORMS[metric.form](metric, context)
    kind = metric.type or _KINDS[found.kind]
    labelled = series_of(found, metric.labels, metric.fold, scenario)
    node = _of_kind(with_constants(labelled, metric.constant), kind)
    family = Family(
        name=name,
        kind=kind,
        job=metric.job or job or node.component or SIMULATOR_JOB,
        is_of_several=is_of_several,
        component=node.component,
        help=help_text(metric.help or node.help, scenario.platform.policy),
        labels=node.labels,
        series=node.rows,
        unit=node.unit,
        edges=metric.edges or _scaled(node.edges, scale),
    )
    is_counted = node.kind != "state"
    notes = node.notes if node.rows else ("has no series in this scenario", *node.notes)
    return Bound(
        family=family,
        is_counted=is_counted,
        values=node.values,
        signal=node.signal,
        is_whole=node.is_whole,
        scale=metric.scale,
        shift=metric.shift or 0.0,
        notes=notes,
        is_of_names=_is_of_names(metric),
    )


def _node(source: Source, context: Context) -> Node:
    return FORMS[source.form](source, context)


def _of_kind(node: Node, kind: Kind) -> Node:
    """What a metric of that type has of a histogram: all, how many and how much, or how many."""
    if node.kind != "histogram" or kind == "histogram":
        return node
    if kind != "summary":
        return without_sizes(node)

    def values(seen: Seen) -> Values:
        found = node.values(seen)
        if isinstance(found, Histogram):
            return Histogram(found.counts.sum(axis=-1, keepdims=True), found.sums)
        return found

    return replace(node, edges=(), values=values)


def _scaled(edges: tuple[float, ...], scale: float) -> tuple[float, ...]:
    return edges if scale == 1.0 else tuple(float(f"{e * scale:.{_DIGITS}g}") for e in edges)
