"""Buckets with other edges than those that are simulated."""

from collections.abc import Callable, Sequence

import numpy as np

from simulator.measures.measure import Histogram

__all__ = ["rebucketed"]


def rebucketed(kernel: Sequence[float], edges: Sequence[float]) -> Callable[[Histogram], Histogram]:
    """Turns counts per kernel bucket into counts per bucket with `edges`.

    Raises:
        ValueError: an edge is none of the kernel's.
    """
    missing = [edge for edge in edges if edge not in kernel]
    if missing:
        raise ValueError(f"no bucket ends at {missing[0]:g}")
    ends = np.append(np.searchsorted(kernel, edges, side="right"), len(kernel) + 1)

    def merged(found: Histogram) -> Histogram:
        up_to = np.cumsum(found.counts, axis=-1)
        counts = np.diff(up_to[..., ends - 1], axis=-1, prepend=0)
        return Histogram(counts, found.sums)

    return merged
