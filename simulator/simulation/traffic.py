"""How many requests arrive, from which channel, and at which endpoint."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.mix import (
    batches_of_partner,
    channel_shares,
    endpoint_shares,
    requests_by_endpoint,
)
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Draws, Streams
from simulator.simulation.arrays import Floats, Ints, normalised
from simulator.simulation.slow_noise import SlowNoise
from simulator.timeline.grid import Grid

__all__ = ["Arrivals", "Traffic"]

_BATCH: Final = ENDPOINTS.index("batch")
_PARTNER: Final = CHANNELS.index("partner")


@dataclass(frozen=True)
class Arrivals:
    """Requests of each tick by endpoint: how many came, and how many were expected of the rate.

    Both of shape (ticks, endpoints); that more came by chance is what the formula of a queue knows
    already. `channels`: shares of single applications by channel (ticks, channels); they sum to 1.
    """

    requests: Ints
    expected: Floats
    channels: Floats


class Traffic:
    """Arrivals: a Poisson process whose rate is the profile's, times a slow noise (Cox process).

    A channel's requests have its hours, and partners' batches have those of partners. What else is
    asked for comes from all channels alike, and who applies does not depend on the channel.
    """

    def __init__(self, scenario: Scenario, origin: float, step: float, streams: Streams) -> None:
        traffic = scenario.traffic
        self._profile = scenario.profile(origin)
        self._endpoints = endpoint_shares(traffic)
        self._channels = channel_shares(traffic)
        self._batches = batches_of_partner(self._channels, float(self._endpoints[_BATCH]))
        self._noise = SlowNoise(traffic.noise_ratio, traffic.noise_time, step, streams)

    def arrivals(self, grid: Grid, rate_factor: Floats, draws: Draws) -> Arrivals:
        """What arrives in each tick, `rate_factor` (ticks,) times as much as the profile has it."""
        senders = self._profile.integrals(grid.starts, grid.ends)
        usual = senders.sum(axis=1)
        expected = usual * rate_factor * self._noise.means(grid)
        total = draws("traffic.arrivals", Generator.poisson, expected)
        batches = self._batches * senders[:, _PARTNER]
        by_endpoint = requests_by_endpoint(senders, batches, self._endpoints)
        endpoints = _shares(by_endpoint, self._endpoints)
        senders[:, _PARTNER] -= batches
        requests = draws("traffic.endpoints", Generator.multinomial, total, endpoints)
        by_rate = expected[:, np.newaxis] * endpoints
        return Arrivals(requests, by_rate, _shares(senders, self._channels))


def _shares(expected: Floats, otherwise: Floats) -> Floats:
    """Shares that sum to 1 along the last axis; `otherwise` where nothing at all is expected."""
    some = expected.sum(axis=1, keepdims=True) > 0.0
    return normalised(np.where(some, expected, otherwise))
