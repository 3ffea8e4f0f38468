"""HTTP requests by the replica of the API that answered them."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.measures.http_details import by_status
from simulator.measures.seen import Seen
from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.simulation.arrays import Floats, Ints, normalised
from simulator.simulation.causes import FAULTS
from simulator.simulation.latency import BATCH_FACTOR, HTTP_EDGES, bucket_shares
from simulator.simulation.requests import STATUSES
from simulator.simulation.service_times import ServiceTimes

__all__ = ["by_instance"]

_NAME: Final = "http.instance"
#: Answers whose time is that of the replica's work; all others are given at once.
_WORKED_ON: Final = [STATUSES.index(status) for status in (200, 404, 504)]
_UNAVAILABLE: Final = STATUSES.index(503)
_SCORING: Final = {ENDPOINTS.index("score"): 1.0, ENDPOINTS.index("batch"): BATCH_FACTOR}


def by_instance(seen: Seen) -> Ints:
    """Requests by exact status and replica, and last by none, who answered for one that is gone.

    Shape (ticks, endpoints, statuses, replicas + 1, buckets). Each is sent to one of those that
    work, as likely as to the others; of those who took long more were sent to a slow one.
    """
    return seen.once(_NAME, _by_instance)


def _by_instance(seen: Seen) -> Ints:
    drawn = seen.draws(_NAME, Generator.multinomial, by_status(seen), normalised(_chances(seen)))
    return np.asarray(np.moveaxis(drawn, -1, -2))


def _chances(seen: Seen) -> Floats:
    """By which replica it was, of each endpoint, status and bucket, or of all of them alike.

    Shape (ticks, endpoints or 1, statuses or 1, buckets or 1, replicas + 1).
    """
    replicas = seen.trace.causes.replicas
    found = np.pad(replicas.load_shares, ((0, 0), (0, 1)))[:, np.newaxis, np.newaxis, np.newaxis]
    (slow,) = replicas.slow_share.nonzero()
    if not len(slow) and not replicas.unreachable.any():
        return found
    shape = (len(ENDPOINTS), len(STATUSES), len(HTTP_EDGES) + 1)
    found = np.tile(found, (1, *shape, 1))
    for tick in slow.tolist():
        found[tick][:, _WORKED_ON] = _with_slow(seen, tick)[:, np.newaxis]
    for_nobody = _for_nobody(seen)[:, np.newaxis, np.newaxis, np.newaxis]
    found[:, :, _UNAVAILABLE] *= 1.0 - for_nobody
    found[:, :, _UNAVAILABLE, :, -1] += for_nobody[..., 0]
    return found


def _with_slow(seen: Seen, tick: int) -> Floats:
    """The chances of a tick, by endpoint and bucket (endpoints, buckets, replicas + 1).

    Bayes' rule: how likely so long is, for a slow one beside another, without waiting in line.
    """
    causes, api = seen.trace.causes, seen.scenario.platform.api
    replicas = causes.replicas
    share, factor = float(replicas.slow_share[tick]), round(float(replicas.slow_factor[tick]), 2)
    slowness = (round(float(causes.slowness[d][tick]), 2) for d in ("bureau", "feature-store"))
    usual, slow = _times(api.service_times, api.timeout_seconds, factor, *slowness)
    together = share * slow + (1.0 - share) * usual
    of_slow = np.divide(share * slow, together, out=np.full_like(slow, share), where=together > 0.0)
    (up,) = replicas.load_shares[tick].nonzero()
    n_slow = min(max(round(share * len(up)), 1), len(up))
    found = np.zeros((*of_slow.shape, replicas.count + 1))
    if n_slow == len(up):
        of_slow = np.ones_like(of_slow)
    found[..., up[:n_slow]] = of_slow[..., np.newaxis] / n_slow
    found[..., up[n_slow:]] = (1.0 - of_slow)[..., np.newaxis] / max(len(up) - n_slow, 1)
    return found


@lru_cache(maxsize=64)
def _times(
    parts: Parts, timeout: float, factor: float, bureau: float, feature_store: float
) -> tuple[Floats, Floats]:
    """Shares of the buckets at a usual replica and at a slow one, both (endpoints, buckets)."""
    usual, slow = (
        ServiceTimes(parts, bureau, feature_store, share, factor, longest=timeout)
        for share in (0.0, 1.0)
    )
    found = np.zeros((2, len(ENDPOINTS), len(HTTP_EDGES) + 1))
    look_up = parts.look_up.distribution
    for row, (times, own) in enumerate(((usual, 1.0), (slow, factor))):
        found[row] = bucket_shares(look_up, HTTP_EDGES, factor=own)
        for endpoint, longer in _SCORING.items():
            below = times.share_below(HTTP_EDGES / longer)
            found[row, endpoint] = np.diff(below, prepend=0.0, append=1.0)
    return found[0], np.maximum(found[1], 0.0)


def _for_nobody(seen: Seen) -> Floats:
    """Of the answers of 503 the share for a replica that is gone, given by others, (ticks,)."""
    causes = seen.trace.causes
    all_503 = causes.faults[:, list(FAULTS.values()).index(503)]
    unreachable = causes.replicas.unreachable
    share = np.divide(unreachable, all_503, out=np.zeros_like(all_503), where=all_503 > 0.0)
    return np.minimum(share, 1.0)
