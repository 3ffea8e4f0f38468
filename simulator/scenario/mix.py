"""What traffic is made of: which endpoints, from which channels."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.baseline import Traffic
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS

__all__ = [
    "applications_each",
    "batches_of_partner",
    "channel_shares",
    "endpoint_shares",
    "requests_by_endpoint",
    "sender_shares",
]

_NEXT_TO_NOTHING: Final = 1e-300
_BATCH, _PARTNER = ENDPOINTS.index("batch"), CHANNELS.index("partner")


def endpoint_shares(traffic: Traffic) -> NDArray[np.floating]:
    """Shares of requests by endpoint over a week, in the order of ENDPOINTS; they sum to 1."""
    weights = np.array([traffic.endpoints.get(e, 0.0) for e in ENDPOINTS])
    return np.asarray(weights / weights.sum())


def applications_each(traffic: Traffic) -> NDArray[np.floating]:
    """Applications in a request by endpoint, in the order of ENDPOINTS; a batch holds several.

    >>> applications_each(Traffic()).round(2).tolist()
    [1.0, 11.67, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    sizes = {"score": 1.0, "batch": sum(traffic.batch_sizes) / len(traffic.batch_sizes)}
    return np.array([sizes.get(e, 0.0) for e in ENDPOINTS])


def channel_shares(traffic: Traffic) -> NDArray[np.floating]:
    """Shares of single applications by channel over a week, in the order of CHANNELS."""
    weights = np.array([traffic.channels.get(c, 0.0) for c in CHANNELS])
    return np.asarray(weights / weights.sum())


def sender_shares(channels: NDArray[np.floating], batches: float) -> NDArray[np.floating]:
    """Shares of all requests by channel: only partners send batches, on top of their share.

    >>> sender_shares(np.array([0.45, 0.35, 0.15, 0.05]), 0.2).tolist()
    [0.36000000000000004, 0.27999999999999997, 0.32, 0.04000000000000001]
    """
    shares = channels * (1.0 - batches)
    shares[_PARTNER] += batches
    return shares


def batches_of_partner(channels: NDArray[np.floating], batches: float) -> float:
    """Which share of a partner's requests are batches.

    >>> batches_of_partner(np.array([0.45, 0.35, 0.15, 0.05]), 0.2)
    0.625
    """
    partner = float(sender_shares(channels, batches)[_PARTNER])
    return batches / partner if batches > 0.0 else 0.0


def requests_by_endpoint(
    senders: NDArray[np.floating], batches: NDArray[np.floating], endpoints: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Requests by endpoint, shape (times, endpoints): batches, and the others by their weights.

    Args:
        senders: requests by channel, shape (times, channels).
        batches: those of them that are batches, shape (times,).
        endpoints: their shares over a week, shape (endpoints,).

    >>> senders, endpoints = np.array([[6.0, 0.0, 4.0, 0.0]]), np.array([3.0, 1.0, 0, 0, 0, 0, 0])
    >>> requests_by_endpoint(senders, np.array([1.0]), endpoints)[0, :2]
    array([9., 1.])
    """
    weights = endpoints.copy()
    weights[_BATCH] = 0.0
    others = senders.sum(axis=1) - batches
    found = others[:, np.newaxis] * (weights / max(weights.sum(), _NEXT_TO_NOTHING))
    found[:, _BATCH] = batches
    return np.asarray(found)
