"""Which thresholds an alarm is above at each moment, once it has been for a hold."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.ranking import ABSENT, Ranking, Ranks

__all__ = ["distinct_candidates", "held", "holds"]


def holds(ranking: Ranking, most: int) -> Iterator[Ranks]:
    """The worst rank for which an alarm is on at each moment, for holds of 0 to `most` steps.

    An alarm with a hold of k steps (`for` in a rule) is on at t when each of the moments t-k to t
    is above its threshold: so at the smallest of them; each series has a hold of its own, and the
    worst of them counts. One minimum more per hold (an erosion) gives them all, for all thresholds
    at once. Each of shape (moments,).

    >>> ranks = np.array([[0, 2, 3, 1, 2, ABSENT]], dtype=np.int32)
    >>> two = holds(Ranking(ranks, np.arange(4.0), is_lower_worse=False), 1)
    >>> [one.tolist() for one in two]
    [[0, 2, 3, 1, 2, -1], [-1, 0, 2, 1, 1, -1]]
    """
    smallest = ranking.ranks.copy()
    yield _worst(smallest)
    for steps in range(1, most + 1):
        earlier = ranking.ranks[:, :-steps]
        np.minimum(smallest[:, steps:], earlier, out=smallest[:, steps:])
        smallest[:, :steps] = ABSENT
        yield _worst(smallest)


def held(ranking: Ranking, steps: int) -> Ranks:
    """The same for one hold, shape (moments,)."""
    *_, last = holds(ranking, steps)
    return last


def distinct_candidates(held: Ranks) -> tuple[Ranks, NDArray[np.int64]]:
    """What there is to judge with a hold: candidates with no held rank between them do the same.

    The ranks numbered without gaps, shape (moments,), for which there is one candidate of each
    kind; and the first candidate of each kind, shape (kinds,), from 0 on. There are as many kinds
    as different ranks and one more: with a long hold few of all candidates.

    >>> ranks, first = distinct_candidates(np.array([5, 2, 2, ABSENT], dtype=np.int32))
    >>> ranks.tolist(), first.tolist()
    ([1, 0, 0, -1], [0, 3, 6])
    """
    seen, place = np.unique(np.append(held, np.int32(ABSENT)), return_inverse=True)
    return (place[:-1] - 1).astype(np.int32), seen.astype(np.int64) + 1


def _worst(ranks: Ranks) -> Ranks:
    if not len(ranks):
        return np.full(ranks.shape[1], ABSENT, dtype=np.int32)
    worst: Ranks = ranks.max(axis=0)
    return worst
