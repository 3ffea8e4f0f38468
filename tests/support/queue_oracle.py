"""The plain loop: first come, first served, c servers, clients who leave at a timeout."""

import heapq
import math

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.floating]


def seconds_to_answer(
    services: Seconds, *, servers: int, per_second: float, n: int, timeout: float = math.inf
) -> Seconds:
    """Seconds from arrival to answer of `n` requests in a row; infinite where the client left.

    A request that is late before its turn costs nothing; one that gets late while it is served
    keeps its server until the client leaves.
    """
    rng = np.random.default_rng(5)
    arrivals = np.cumsum(rng.exponential(1.0 / per_second, n)).tolist()
    durations = rng.choice(services, n).tolist()
    free_at = [0.0] * servers
    answered = np.full(n, np.inf)
    for i, (arrival, duration) in enumerate(zip(arrivals, durations, strict=True)):
        start = max(arrival, free_at[0])
        if start - arrival >= timeout:
            continue
        if start + duration - arrival <= timeout:
            answered[i] = start + duration - arrival
        heapq.heapreplace(free_at, min(start + duration, arrival + timeout))
    return answered
