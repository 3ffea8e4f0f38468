"""The score on another scale, as a histogram."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

import numpy as np

from simulator.mapping.edges import places
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Source, Transform, Transformed
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Histogram, Values
from simulator.measures.refining import Place, counts_up_to
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.scorecard import HIGHEST_SCORE, LOWEST_SCORE, Scorecard, cells

__all__ = ["transform"]

_SCORES: Final = np.arange(LOWEST_SCORE, HIGHEST_SCORE + 1)
_BAD: Final = np.array([Scorecard.probability_of_default(score) for score in _SCORES.tolist()])
_VALUES: Final[Mapping[Transformed, Floats]] = {
    "default-probability": _BAD,
    "repayment-probability": 1.0 - _BAD,
    "zero-to-one": (_SCORES - LOWEST_SCORE) / float(HIGHEST_SCORE - LOWEST_SCORE),
    "confidence": np.maximum(_BAD, 1.0 - _BAD),
}
_CELLS: Final = cells(_SCORES)
_TENTHS: Final = tuple(tenth / 10.0 for tenth in range(1, 11))
_ROUNDING: Final = 1e-9
_HELP: Final[Mapping[Transformed, str]] = {
    "default-probability": "Probability of default that scores stand for.",
    "repayment-probability": "Probability of repayment that scores stand for.",
    "zero-to-one": "Scores given, from 0 to 1.",
    "confidence": "The larger of the probabilities of default and of repayment.",
}


def transform(source: Source, context: Context) -> Node:
    """Scores by bucket of what they are turned into; sums are of the middles of score cells."""
    said: Transform = source.said
    of = MEASURES["scores"]
    asked = tuple(dict.fromkeys(base_of(d) for d in (*context.dimensions, *source.where)))
    rows = tuple(product(*(DIMENSIONS[d].values(context.scenario) for d in asked)))
    edges = context.edges or _TENTHS
    ends, signs = _up_to(_VALUES[said.to], edges)
    means = np.bincount(_CELLS, _VALUES[said.to]) / np.bincount(_CELLS)

    def values(seen: Seen) -> Values:
        scores = of.of(seen, asked)
        if not isinstance(scores, Histogram):
            raise TypeError(f"{of.name} has no buckets")
        per_cell = scores.counts[..., : len(means)].reshape(len(scores.sums), len(rows), -1)
        up_to = counts_up_to(seen, of, asked, ends).reshape(len(scores.sums), len(rows), -1)
        total = per_cell.sum(axis=-1, keepdims=True)
        found = np.concatenate([up_to @ signs, total], axis=-1)
        return Histogram(np.diff(found, axis=-1, prepend=0), per_cell @ means)

    node = Node(
        kind="histogram",
        component=of.component,
        dimensions=asked,
        rows=rows,
        values=values,
        help=_HELP[said.to],
        unit="ratio",
        edges=edges,
    )
    return filtered(node, source.where, context.scenario)


def _up_to(of_scores: Floats, edges: Sequence[float]) -> tuple[tuple[Place, ...], Ints]:
    """Which scores come to no more than each edge.

    Returns:
        Places of scores, and how often the scores up to each count for each edge: 1, 0 or -1, shape
        (places, edges).
    """
    is_within = of_scores <= np.array(edges)[:, np.newaxis] + _ROUNDING
    # +1 at the last score of a stretch, -1 at the last one before it
    ends = np.pad(is_within.astype(np.int64), ((0, 0), (1, 1)))
    changes = ends[:, :-1] - ends[:, 1:]
    (needed,) = np.nonzero(changes.any(axis=0))
    scores = [float(LOWEST_SCORE + at - 1) for at in needed.tolist()]
    return places(MEASURES["scores"], scores), changes[:, needed].T
