"""Staleness marks: what a Prometheus writes when a series is no longer there."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.blocks import STALE, Samples

__all__ = ["with_staleness_marks"]


def with_staleness_marks(
    found: Samples, is_scraped: NDArray[np.bool_], were_present: NDArray[np.bool_] | None = None
) -> tuple[Samples, NDArray[np.bool_]]:
    """The samples of a window with a mark at each scrape at which a series is first absent.

    A Prometheus that scrapes writes it there, whether the series left the answer or the target did
    not answer at all (prometheus/prometheus, scrape/scrape.go, `scrapeLoop.append`); without it the
    series would be shown for five minutes more. None is written where samples end: nobody looked.

    Args:
        found: the samples at the ends of ticks; those without a scrape go.
        is_scraped: whether one is made of a tick, shape (series, ticks).
        were_present: which series the scrape before the first had, shape (series,); None: there was
            none.

    Returns:
        The samples, and which series the last scrape had: `were_present` of the next window.

    >>> up = Samples([{"__name__": "up"}], np.array([15, 30]), np.ones((1, 2)), np.eye(1, 2) == 1)
    >>> marked, present = with_staleness_marks(up, np.ones((1, 2)) == 1)
    >>> marked.is_present.tolist(), marked.values.tolist(), present.tolist()
    ([[True, True]], [[1.0, nan]], [False])
    """
    if were_present is None:
        were_present = np.zeros(len(found.labels), dtype=np.bool_)
    ticks = np.arange(1, found.is_present.shape[1] + 1)
    latest = np.maximum.accumulate(np.where(is_scraped, ticks, 0), axis=1)  # scrape; 0: before them
    present = np.column_stack([were_present, found.is_present])
    known = np.column_stack([were_present, np.take_along_axis(present, latest, axis=1)])
    ends = known[:, :-1] & ~found.is_present & is_scraped
    values = found.values.copy()
    values.view(np.uint64)[ends] = STALE.view(np.uint64)  # as bits: it is one of many nan
    kept = (found.is_present & is_scraped) | ends
    return replace(found, values=values, is_present=kept), known[:, -1]
