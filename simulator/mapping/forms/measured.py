"""A measure, along the dimensions that are asked for."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from simulator.mapping.edges import notes, places
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.forms.of_scores import credit_scores
from simulator.mapping.node import Node, some_rows
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Source
from simulator.mapping.versions import of_some_version
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS, NONE
from simulator.measures.measure import Histogram, Measure, Values
from simulator.measures.refining import counts_up_to
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Ints

__all__ = ["measured"]

_VERSION: Final = "version"


def measured(source: Source, context: Context) -> Node:
    """Values told apart by the dimensions (and what a filter needs), filtered, not yet folded."""
    measure = MEASURES[source.measure or ""]
    if measure.is_whole:
        return credit_scores(source, context)
    wanted = dict.fromkeys(base_of(d) for d in (*context.dimensions, *source.where))
    if measure.kind == "state":
        wanted |= dict.fromkeys(measure.dimensions)
    asked = tuple(dict.fromkeys((*wanted, *measure.needs)))
    node = _along(measure, asked, context.scenario)
    if measure.kind == "histogram" and context.edges is not None:
        node = _with_edges(node, measure, context.edges)
    node = _occurring(node, measure)
    if _VERSION in asked and _VERSION in measure.open_ended:
        node = replace(of_some_version(node, source.no_version), no_version=source.no_version)
    return filtered(node, source.where, context.scenario)


def _with_edges(node: Node, measure: Measure, edges: tuple[float, ...]) -> Node:
    ends, n_rows = places(measure, edges), len(node.rows)

    def values(seen: Seen) -> Values:
        whole = measure.of(seen, node.dimensions)
        if not isinstance(whole, Histogram):
            return whole
        n_ticks = len(whole.sums)
        up_to = counts_up_to(seen, measure, node.dimensions, ends).reshape(n_ticks, n_rows, -1)
        total = whole.counts.sum(axis=-1).reshape(n_ticks, n_rows, 1)
        counts = np.diff(np.concatenate([up_to, total], axis=-1), axis=-1, prepend=0)
        return Histogram(counts, whole.sums.reshape(n_ticks, n_rows))

    return replace(node, edges=edges, values=values, notes=tuple(notes(measure, edges)))


def _along(measure: Measure, asked: tuple[str, ...], scenario: Scenario) -> Node:
    kept = measure.dimensions if measure.kind == "state" else asked
    axes = {d: _axis(measure, d, scenario) for d in kept}
    sizes = [len(axes[d]) for d in kept]
    n_rows, order = math.prod(sizes), _reordered(kept, asked, sizes)

    def values(seen: Seen) -> Values:
        found = measure.of(seen, kept)
        if isinstance(found, Histogram):
            n_ticks = len(found.sums)
            counts = found.counts.reshape(n_ticks, n_rows, -1)
            return Histogram(counts, found.sums.reshape(n_ticks, n_rows))
        flat = found.reshape(len(found), n_rows)
        return flat if order is None else np.asarray(flat[:, order])

    return Node(
        kind=measure.kind,
        component=measure.component,
        dimensions=asked,
        rows=tuple(product(*(axes[d] for d in asked))),
        values=values,
        help=measure.help,
        unit=measure.unit,
        edges=measure.edges,
        folds=measure.folds,
        signal=measure.signal,
    )


def _axis(measure: Measure, dimension: str, scenario: Scenario) -> tuple[str, ...]:
    more = (NONE,) if dimension in measure.open_ended else ()
    return (*DIMENSIONS[dimension].values(scenario), *more)


def _occurring(node: Node, measure: Measure) -> Node:
    """Without rows in which there can be nothing."""
    is_kept = [measure.occurs(dict(zip(node.dimensions, row, strict=True))) for row in node.rows]
    return node if all(is_kept) else some_rows(node, np.flatnonzero(is_kept))


def _reordered(kept: Sequence[str], asked: Sequence[str], sizes: Sequence[int]) -> Ints | None:
    """Which of the values along `kept` each row along `asked` is; None where they are alike."""
    if tuple(kept) == tuple(asked):
        return None
    places = np.arange(math.prod(sizes)).reshape(sizes)
    return np.asarray(places.transpose([list(kept).index(d) for d in asked]).reshape(-1))
