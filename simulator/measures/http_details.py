"""HTTP requests by exact status, and those to be scored by channel and version."""

from typing import Final

import numpy as np

from simulator.measures.routing import routed
from simulator.measures.seen import Seen
from simulator.measures.splits import joint
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.simulation.arrays import Ints
from simulator.simulation.latency import HTTP_EDGES
from simulator.simulation.requests import (
    OUTCOMES,
    STATUS_CLASSES,
    STATUS_OF_OUTCOME,
    STATUSES,
    class_of_status,
)

__all__ = ["CLASS_OF_STATUS", "by_sender", "by_status"]

#: Index into STATUS_CLASSES of each of STATUSES.
CLASS_OF_STATUS: Final[Ints] = np.array([class_of_status(status) for status in STATUSES])
_TIMEOUT: Final = STATUSES.index(504)
_SCORING: Final = (ENDPOINTS.index("score"), ENDPOINTS.index("batch"))
#: Counts the outcomes of applications as the statuses of answers, shape (outcomes, statuses).
_AS_STATUS: Final = np.array(
    [[STATUS_OF_OUTCOME[outcome] == status for status in STATUSES] for outcome in OUTCOMES],
    dtype=np.int64,
)


def by_status(seen: Seen) -> Ints:
    """Requests by exact status, shape (ticks, endpoints, statuses, buckets).

    Who timed out is in the buckets from that time on; else how long an answer took says nothing of
    its status, within the class.
    """
    return seen.once("http.status", _by_status)


def by_sender(seen: Seen) -> Ints:
    """The same by channel and version of the applications that they came with, and last of none.

    Shape (ticks, endpoints, statuses, channels + 1, versions + 1, buckets). A batch may be for
    several versions, so it is for none.
    """
    return seen.once("http.sender", _by_sender)


def _by_status(seen: Seen) -> Ints:
    requests = seen.trace.requests
    found = np.zeros((*requests.statuses.shape, requests.http.shape[-1]), dtype=np.int64)
    for endpoint, name in enumerate(ENDPOINTS):
        for status_class in range(len(STATUS_CLASSES)):
            (among,) = np.nonzero(np.equal(CLASS_OF_STATUS, status_class))
            buckets = requests.http[:, endpoint, status_class].copy()
            statuses = requests.statuses[:, endpoint, among].copy()
            if _TIMEOUT in among:
                timed_out = _timed_out(seen, buckets, statuses[:, among == _TIMEOUT])
                found[:, endpoint, _TIMEOUT] += timed_out
                buckets -= timed_out
                statuses[:, among == _TIMEOUT] -= timed_out.sum(axis=1, keepdims=True)
            draw = f"http.status.{name}.{status_class}"
            found[:, endpoint, among] += joint(seen.draws, draw, statuses, buckets)
    return found


def _timed_out(seen: Seen, buckets: Ints, count: Ints) -> Ints:
    """The first `count` (ticks, 1) of those that took the API's timeout and more, by bucket."""
    timeout = seen.scenario.platform.api.timeout_seconds
    late = np.searchsorted(HTTP_EDGES, timeout, side="right")
    up_to = np.cumsum(np.where(np.arange(buckets.shape[1]) >= late, buckets, 0), axis=1)
    return np.diff(np.minimum(up_to, count), axis=1, prepend=0)


def _by_sender(seen: Seen) -> Ints:
    requests, whole = seen.trace.requests, by_status(seen)
    singles = routed(seen).singles
    n_ticks, n_channels, _, n_versions = singles.shape
    found = np.zeros((*whole.shape[:3], n_channels + 1, n_versions, whole.shape[3]), dtype=np.int32)
    found[:, :, :, -1, -1] = whole
    batches = np.zeros_like(singles)
    batches[..., -1] = requests.batches
    for endpoint, applications in zip(_SCORING, (singles, batches), strict=True):
        senders = np.einsum("tcov,os->tscv", applications, _AS_STATUS)
        for status in range(len(STATUSES)):
            found[:, endpoint, status] = _split(
                seen,
                f"http.sender.{ENDPOINTS[endpoint]}.{STATUSES[status]}",
                senders[:, status].reshape(n_ticks, -1),
                whole[:, endpoint, status],
            ).reshape(n_ticks, n_channels + 1, n_versions, -1)
    return found


def _split(seen: Seen, name: str, senders: Ints, buckets: Ints) -> Ints:
    """Requests by sender and bucket, and last by none: (ticks, senders + versions, buckets).

    Really sent requests may have no application that is known, or one whose answer is not.
    """
    n_versions = len(seen.scenario.versions) + 1
    surplus = buckets.sum(axis=1) - senders.sum(axis=1)
    rows = np.column_stack([senders, np.maximum(surplus, 0)])
    columns = np.column_stack([buckets, np.maximum(-surplus, 0)])
    known = joint(seen.draws, name, rows, columns)[..., :-1]
    none = np.zeros((len(known), n_versions, buckets.shape[1]), dtype=np.int64)
    none[:, -1] = known[:, -1]
    return np.concatenate([known[:, :-1], none], axis=1)
