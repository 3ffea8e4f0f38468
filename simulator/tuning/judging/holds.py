"""Which thresholds an alarm is above at each moment, once it has been for a hold."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.ranking import ABSENT, Ranking, Ranks

__all__ = ["distinct_candidates", "held", "holds"]


def holds(ranking: Ranking, most: int, keep_firing: int = 0) -> Iterator[Ranks]:
    """The worst rank for which an alarm is on at each moment, for holds of 0 to `most` steps.

    An alarm with a hold of k steps (`for` in a rule) is on at t when each of the moments t-k to t
    is above its threshold: so at the smallest of them; each series has a hold of its own, and the
    worst of them counts. One minimum more per hold (an erosion) gives them all, for all thresholds
    at once. Each of shape (moments,).

    One that is on is kept on for `keep_firing` steps after (`keep_firing_for`), and goes on where
    its threshold is reached again meanwhile.

    >>> ranks = np.array([[0, 2, 3, 1, 2, ABSENT]], dtype=np.int32)
    >>> two = holds(Ranking(ranks, np.arange(4.0), is_lower_worse=False), 1)
    >>> [one.tolist() for one in two]
    [[0, 2, 3, 1, 2, -1], [-1, 0, 2, 1, 1, -1]]
    >>> one = Ranking(ranks, np.arange(4.0), is_lower_worse=False, ends=(5,))
    >>> [kept.tolist() for kept in holds(one, 1, keep_firing=1)]
    [[0, 2, 3, 3, 2, -1], [-1, 0, 2, 2, 2, -1]]
    """
    smallest = ranking.ranks.copy()
    recent = _recent(ranking, keep_firing) if keep_firing else None
    yield _judged(ranking, smallest, recent)
    for steps in range(1, most + 1):
        earlier = ranking.ranks[:, :-steps]
        np.minimum(smallest[:, steps:], earlier, out=smallest[:, steps:])
        smallest[:, :steps] = ABSENT
        yield _judged(ranking, smallest, recent)


def held(ranking: Ranking, steps: int, keep_firing: int = 0) -> Ranks:
    """The same for one hold, shape (moments,)."""
    *_, last = holds(ranking, steps, keep_firing)
    return last


def _judged(ranking: Ranking, smallest: Ranks, recent: Ranks | None) -> Ranks:
    """The worst of all series at the moments that are judged."""
    kept = smallest if recent is None else _kept(smallest, recent)
    worst = _worst(kept)
    return worst if ranking.judged is None else worst[ranking.judged]


def _recent(ranking: Ranking, steps: int) -> Ranks:
    """The worst rank of a moment and so many before, none over the end of a recording."""
    recent = ranking.ranks.copy()
    for back in range(1, min(steps, recent.shape[1] - 1) + 1):
        np.maximum(recent[:, back:], ranking.ranks[:, :-back], out=recent[:, back:])
    recent[:, list(ranking.ends)] = ABSENT
    return recent


def _kept(held: Ranks, recent: Ranks) -> Ranks:
    """The ranks up to which alarms are on that stay on where they were within what was recent.

    `on[t] = max(held[t], min(on[t - 1], recent[t]))` for all t: such steps one after the other are
    such a step again, so they are taken together by doubling.
    """
    low, high = held.copy(), np.maximum(recent, held)
    width = 1
    while width < held.shape[1]:
        before_low, before_high = low[:, :-width].copy(), high[:, :-width].copy()
        new_low = np.maximum(low[:, width:], np.minimum(before_low, high[:, width:]))
        new_high = np.maximum(low[:, width:], np.minimum(before_high, high[:, width:]))
        low[:, width:], high[:, width:] = new_low, new_high
        width *= 2
    return low


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
