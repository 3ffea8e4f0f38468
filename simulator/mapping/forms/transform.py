"""What scores stand for, as a histogram."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.forms.of_scores import of_scores
from simulator.mapping.node import Node
from simulator.mapping.sources import Source, Transform, Transformed
from simulator.scenario.platform.score_scale import ScoreScale
from simulator.simulation.arrays import Floats
from simulator.simulation.scorecard import HIGHEST_POINTS, LOWEST_POINTS, Scorecard

__all__ = ["transform"]

_BAD: Final = np.array(
    [Scorecard.probability_of_default(p) for p in range(LOWEST_POINTS, HIGHEST_POINTS + 1)]
)


def _zero_to_one(scale: ScoreScale) -> Floats:
    low, high = sorted((scale.worst, scale.best))
    return (np.array(scale.scores) - low) / (high - low)


_VALUES: Final[Mapping[Transformed, Callable[[ScoreScale], Floats]]] = {
    "default-probability": lambda _: _BAD,
    "repayment-probability": lambda _: 1.0 - _BAD,
    "zero-to-one": _zero_to_one,
    "confidence": lambda _: np.maximum(_BAD, 1.0 - _BAD),
}
_TENTHS: Final = tuple(tenth / 10.0 for tenth in range(1, 11))
_HELP: Final[Mapping[Transformed, str]] = {
    "default-probability": "Probability of default that scores stand for.",
    "repayment-probability": "Probability of repayment that scores stand for.",
    "zero-to-one": "Scores given, from 0 to 1.",
    "confidence": "The larger of the probabilities of default and of repayment.",
}


def transform(source: Source, context: Context) -> Node:
    """Scores by bucket of what they are turned into."""
    said: Transform = source.said
    return of_scores(
        source,
        context,
        values=_VALUES[said.to](context.scenario.platform.policy.scale()),
        edges=context.edges or _TENTHS,
        help_text=_HELP[said.to],
        unit="ratio",
    )
