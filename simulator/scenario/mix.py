"""What traffic is made of: which endpoints, from which channels."""

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.baseline import Traffic
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS

__all__ = ["batches_of_partner", "channel_shares", "endpoint_shares", "sender_shares"]

_BATCH, _PARTNER = ENDPOINTS.index("batch"), CHANNELS.index("partner")


def endpoint_shares(traffic: Traffic) -> NDArray[np.floating]:
    """Shares of requests by endpoint over a week, in the order of ENDPOINTS; they sum to 1."""
    weights = np.array([traffic.endpoints.get(e, 0.0) for e in ENDPOINTS])
    return np.asarray(weights / weights.sum())


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
