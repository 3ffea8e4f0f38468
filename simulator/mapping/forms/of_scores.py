"""Scores in buckets: as a platform writes them, or as something that they stand for."""

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np

from simulator.mapping.edges import places
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Source
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Histogram, Values
from simulator.measures.refining import Place, counts_up_to
from simulator.measures.seen import Seen
from simulator.scenario.platform.score_scale import ScoreScale
from simulator.simulation.arrays import Floats, Ints, summable
from simulator.simulation.scorecard import CELL_POINTS, LOWEST_POINTS, N_CELLS

__all__ = ["credit_scores", "of_scores"]

_MEASURE: Final = MEASURES["scores"]
_ROUNDING: Final = 1e-9
#: Points at which buckets begin where a metric has no edges of its own.
_USUAL_BEGINS: Final = (400, 450, 500, 550, 580, 600, 640, 650, 670, 700, 740, 750, 800)


def credit_scores(source: Source, context: Context) -> Node:
    """Scores given, on the platform's own scale."""
    scale = context.scenario.platform.policy.scale()
    low, high = sorted((scale.worst, scale.best))
    return of_scores(
        source,
        context,
        values=np.array(scale.scores, dtype=np.float64),
        edges=context.edges or _usual_edges(scale),
        help_text=f"Credit scores given, from {low:.12g} to {high:.12g}.",
    )


def of_scores(  # noqa: PLR0913 - what is shown, and as what
    source: Source,
    context: Context,
    *,
    values: Floats,
    edges: Sequence[float],
    help_text: str,
    unit: str = "",
) -> Node:
    """Scored applications by bucket of what each of the points stands for.

    Args:
        source: the filter on them.
        context: what they are told apart by.
        values: of the points from 300 to 850, in any order.
        edges: of buckets of the values, rising.
        help_text: what the values are.
        unit: of the values.

    Sums are of the middles of score cells.
    """
    asked = tuple(dict.fromkeys(base_of(d) for d in (*context.dimensions, *source.where)))
    rows = tuple(product(*(DIMENSIONS[d].values(context.scenario) for d in asked)))
    ends, signs = _up_to(values, edges)
    means = _means(values)

    def found(seen: Seen) -> Values:
        scores = _MEASURE.of(seen, asked)
        if not isinstance(scores, Histogram):
            raise TypeError(f"{_MEASURE.name} has no buckets")
        per_cell = scores.counts[..., :N_CELLS].reshape(len(scores.sums), len(rows), -1)
        up_to = counts_up_to(seen, _MEASURE, asked, ends).reshape(len(scores.sums), len(rows), -1)
        total = per_cell.sum(axis=-1, keepdims=True)
        cumulated = np.concatenate([up_to @ signs, total], axis=-1)
        return Histogram(np.diff(cumulated, axis=-1, prepend=0), per_cell @ means)

    node = Node(
        kind="histogram",
        component=_MEASURE.component,
        dimensions=asked,
        rows=rows,
        values=found,
        help=help_text,
        unit=unit,
        edges=tuple(edges),
    )
    return filtered(node, source.where, context.scenario)


def _usual_edges(scale: ScoreScale) -> tuple[float, ...]:
    """Halfway between two scores, which are written alike everywhere, and the highest score."""
    between = (scale.edge_below(points) for points in _USUAL_BEGINS)
    return tuple(sorted([*between, float(max(scale.worst, scale.best))]))


def _means(values: Floats) -> Floats:
    """Of each cell, from its first ten points, as exact as sums of them are, shape (cells,)."""
    return summable(values[: N_CELLS * CELL_POINTS].reshape(N_CELLS, CELL_POINTS).mean(axis=1))


def _up_to(of_points: Floats, edges: Sequence[float]) -> tuple[tuple[Place, ...], Ints]:
    """Which points come to no more than each edge.

    Returns:
        Places of points, and how often those up to each count for each edge: 1, 0 or -1, shape
        (places, edges).
    """
    is_within = of_points <= np.array(edges)[:, np.newaxis] + _ROUNDING
    # +1 at the last of a stretch, -1 at the last before it
    ends = np.pad(is_within.astype(np.int64), ((0, 0), (1, 1)))
    changes = ends[:, :-1] - ends[:, 1:]
    (needed,) = np.nonzero(changes.any(axis=0))
    points = [float(LOWEST_POINTS + at - 1) for at in needed.tolist()]
    return places(_MEASURE, points), changes[:, needed].T
