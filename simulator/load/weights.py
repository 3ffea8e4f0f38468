"""How a scenario's traffic is shared out among users and their tasks."""

from collections.abc import Mapping

from simulator.mapping.load_part import Task
from simulator.scenario.mix import (
    batches_of_partner,
    channel_shares,
    sender_shares,
)
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, Channel

__all__ = ["paces", "task_weights", "user_weights"]

_RESOLUTION = 1000  # Locust repeats a task as often as its weight says, so weights are whole


def user_weights(scenario: Scenario, mix: Mapping[Task, float] | None = None) -> dict[Channel, int]:
    """Weights of users by channel: only partners send batches, on top of their share of the rest.

    `mix` has weights of what users do, the scenario's own unless it is said.

    >>> calm = Scenario(name="calm", description="x", duration="1h")
    >>> user_weights(calm)
    {'web': 423, 'mobile': 329, 'partner': 201, 'branch': 47}
    >>> user_weights(calm, {"batch": 1.0})
    {'web': 0, 'mobile': 0, 'partner': 1000, 'branch': 0}
    """
    batches = _shares(scenario, mix).get("batch", 0.0)
    shares = sender_shares(channel_shares(scenario.traffic), batches)
    return {c: round(s * _RESOLUTION) for c, s in zip(CHANNELS, shares.tolist(), strict=True)}


def task_weights(
    scenario: Scenario, channel: Channel, mix: Mapping[Task, float] | None = None
) -> dict[Task, int]:
    """Weights of a channel's tasks, so that all users together keep the mix.

    >>> scenario = Scenario(name="x", description="x", duration="1h")
    >>> task_weights(scenario, "web")["batch"], task_weights(scenario, "partner")["batch"]
    (0, 299)
    """
    shares = _shares(scenario, mix)
    batches = shares.pop("batch", 0.0)
    own = 0.0
    if channel == "partner":
        own = batches_of_partner(channel_shares(scenario.traffic), batches)
    rest = (1.0 - own) / max(1.0 - batches, 1e-9)
    weights = {e: round(s * rest * _RESOLUTION) for e, s in shares.items()}
    return {**weights, "batch": round(own * _RESOLUTION)}


def paces(
    scenario: Scenario, rates: Mapping[Channel, float], mix: Mapping[Task, float] | None = None
) -> dict[Channel, float]:
    """How many times as often as on average a user of each channel sends something at the moment.

    All users together send as much as ever; 0 where a channel is closed.

    Args:
        scenario: whose users they are.
        rates: requests per second of each channel that are expected now.
        mix: weights of what users do, the scenario's own unless it is said.

    >>> calm = Scenario(name="calm", description="x", duration="1h")
    >>> evening = paces(calm, {"web": 16.0, "mobile": 14.0, "partner": 2.0, "branch": 0.0})
    >>> {channel: round(pace, 2) for channel, pace in evening.items()}
    {'web': 1.18, 'mobile': 1.33, 'partner': 0.31, 'branch': 0.0}
    """
    usual, users = user_weights(scenario), user_weights(scenario, mix)
    busy = {c: rates.get(c, 0.0) / usual[c] if usual[c] else 0.0 for c in CHANNELS}
    mean = sum(users[c] * busy[c] for c in CHANNELS) / max(sum(users.values()), 1)
    return {c: busy[c] / mean if mean > 0.0 else 0.0 for c in CHANNELS}


def _shares(scenario: Scenario, mix: Mapping[Task, float] | None) -> dict[Task, float]:
    """Shares of requests by task; they sum to 1."""
    weights: dict[Task, float] = dict.fromkeys(ENDPOINTS, 0.0)
    weights.update(scenario.traffic.endpoints.items() if mix is None else mix.items())
    total = sum(weights.values())
    return {task: weight / total for task, weight in weights.items()}
