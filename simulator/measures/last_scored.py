"""The application that was scored last in each tick, with all that it has.

Where requests are sampled it is one of the tick's, each as likely as the others; where they were
really sent, the last. Whatever is shown of it, in however many metrics, is of that one application.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.measures.catalogue import MEASURES
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.latency import PREDICTION_EDGES
from simulator.simulation.scorecard import (
    CELL_POINTS,
    HIGHEST_POINTS,
    LOWEST_POINTS,
    N_CELLS,
    Scorecard,
    cells,
)
from simulator.simulation.tally import LastScored

__all__ = ["LatestApplications", "default_probability", "latest_applications"]

_NAME: Final = "last_scored"
#: Who, the score in its cell, which time, the time in its bucket, which population, who of it.
_N_UNIFORM: Final = 6
_WIDTHS: Final = np.append(np.full(N_CELLS - 1, CELL_POINTS), CELL_POINTS + 1)
_AT_LEAST: Final = np.concatenate([[PREDICTION_EDGES[0] / 2.0], PREDICTION_EDGES])
_AT_MOST: Final = np.append(PREDICTION_EDGES, PREDICTION_EDGES[-1] * 2.0)
_DEFAULT_PROBABILITY: Final = np.array(
    [Scorecard.probability_of_default(s) for s in range(LOWEST_POINTS, HIGHEST_POINTS + 1)]
)


@dataclass(frozen=True)
class LatestApplications:
    """The latest application of each tick, all (ticks,); without meaning where `is_any` is False.

    `version`, `channel` and `cell` are indices; `chance` are two numbers from 0 to 1 by which an
    applicant is chosen (ticks, 2), and `given` the features of a real one (features,).
    """

    is_any: Bools
    version: Ints
    channel: Ints
    cell: Ints
    points: Ints
    prediction_seconds: Floats
    chance: Floats
    given: Floats | None = None


def latest_applications(seen: Seen) -> LatestApplications:
    """Those of the ticks seen, the same for all who ask."""
    return seen.once(_NAME, _latest)


def default_probability(points: Ints) -> Floats:
    """What points stand for, same shape."""
    return np.asarray(_DEFAULT_PROBABILITY[points - LOWEST_POINTS])


def _latest(seen: Seen) -> LatestApplications:
    last = seen.trace.last_scored
    return _drawn(seen) if last is None else _real(last)


def _real(last: LastScored) -> LatestApplications:
    one = np.array([last.score], dtype=np.int64)
    return LatestApplications(
        is_any=np.ones(1, dtype=np.bool_),
        version=np.array([last.version], dtype=np.int64),
        channel=np.array([last.channel], dtype=np.int64),
        cell=cells(one),
        points=one,
        prediction_seconds=np.array([last.prediction_seconds]),
        chance=np.zeros((1, 2)),
        given=last.given,
    )


def _drawn(seen: Seen) -> LatestApplications:
    counts = MEASURES["scored"].of(seen, ("version", "channel", "cell"))
    by_kind = np.asarray(counts)
    nothing = np.zeros((len(by_kind), _N_UNIFORM))
    uniform = seen.draws(_NAME, Generator.uniform, nothing, nothing + 1.0)
    who, is_any = _chosen(by_kind.reshape(len(by_kind), -1), uniform[:, 0])
    version, channel, cell = np.unravel_index(who, by_kind.shape[1:])
    points = LOWEST_POINTS + CELL_POINTS * cell + (uniform[:, 1] * _WIDTHS[cell]).astype(np.int64)
    times = seen.trace.scored.prediction[np.arange(len(by_kind)), version]
    bucket, _ = _chosen(times, uniform[:, 2])
    least, most = _AT_LEAST[bucket], _AT_MOST[bucket]
    return LatestApplications(
        is_any=is_any,
        version=version,
        channel=channel,
        cell=cell,
        points=points,
        prediction_seconds=least * (most / least) ** uniform[:, 3],
        chance=uniform[:, 4:],
    )


def _chosen(counts: Ints, uniform: Floats) -> tuple[Ints, Bools]:
    """The kind of one among counts (ticks, kinds), and whether there is any, both (ticks,).

    >>> _chosen(np.array([[0, 2, 2], [0, 0, 0]]), np.array([0.6, 0.5]))
    (array([2, 0]), array([ True, False]))
    """
    up_to = np.cumsum(counts, axis=1)
    total = up_to[:, -1]
    place = np.minimum((uniform * total).astype(np.int64), np.maximum(total - 1, 0))
    found = (up_to <= place[:, np.newaxis]).sum(axis=1)
    return np.where(total > 0, found, 0), total > 0
