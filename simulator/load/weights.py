"""How a scenario's traffic is shared out among users and their tasks."""

from collections.abc import Collection

import numpy as np

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, Channel, Endpoint
from simulator.simulation.arrays import Floats
from simulator.simulation.traffic import channel_shares, endpoint_shares

__all__ = ["task_weights", "user_weights"]

_RESOLUTION = 1000  # Locust repeats a task as often as its weight says, so weights are whole


def user_weights(
    scenario: Scenario, endpoints: Collection[Endpoint] = ENDPOINTS
) -> dict[Channel, int]:
    """Weights of users by channel: only partners send batches, on top of their share of the rest.

    `endpoints` are those that requests are sent to; some of the scenario's mix is among them.

    >>> calm = Scenario(name="calm", description="x", duration="1h")
    >>> user_weights(calm)
    {'web': 423, 'mobile': 329, 'partner': 201, 'branch': 47}
    >>> user_weights(calm, {"batch"})
    {'web': 0, 'mobile': 0, 'partner': 1000, 'branch': 0}
    """
    batches = float(_shares(scenario, endpoints)[ENDPOINTS.index("batch")])
    shares = channel_shares(scenario) * (1.0 - batches)
    shares[CHANNELS.index("partner")] += batches
    return {c: round(s * _RESOLUTION) for c, s in zip(CHANNELS, shares.tolist(), strict=True)}


def task_weights(
    scenario: Scenario, channel: Channel, endpoints: Collection[Endpoint] = ENDPOINTS
) -> dict[Endpoint, int]:
    """Weights of a channel's tasks by endpoint, so that all users together keep the mix.

    >>> scenario = Scenario(name="x", description="x", duration="1h")
    >>> task_weights(scenario, "web")["batch"], task_weights(scenario, "partner")["batch"]
    (0, 299)
    """
    shares = dict(zip(ENDPOINTS, _shares(scenario, endpoints).tolist(), strict=True))
    batches = shares.pop("batch")
    own = 0.0
    if channel == "partner" and batches > 0.0:
        weight = float(channel_shares(scenario)[CHANNELS.index(channel)]) * (1.0 - batches)
        own = batches / (weight + batches)
    rest = (1.0 - own) / max(1.0 - batches, 1e-9)
    weights = {e: round(s * rest * _RESOLUTION) for e, s in shares.items()}
    return {**weights, "batch": round(own * _RESOLUTION)}


def _shares(scenario: Scenario, endpoints: Collection[Endpoint]) -> Floats:
    """Shares of requests by endpoint, in the order of ENDPOINTS; they sum to 1."""
    kept = endpoint_shares(scenario) * np.array([e in endpoints for e in ENDPOINTS])
    return np.asarray(kept / kept.sum())
