"""How many requests arrive, and at which endpoint."""

import numpy as np
from scipy.signal import lfilter

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Streams
from simulator.simulation.arrays import Floats, Ints
from simulator.timeline.grid import Grid

__all__ = ["Traffic", "channel_shares", "endpoint_shares"]


def endpoint_shares(scenario: Scenario) -> Floats:
    """Shares of requests by endpoint, in the order of ENDPOINTS; they sum to 1."""
    weights = np.array([scenario.traffic.endpoints.get(e, 0.0) for e in ENDPOINTS])
    return weights / weights.sum()


def channel_shares(scenario: Scenario) -> Floats:
    """Shares of single applications by channel, in the order of CHANNELS; they sum to 1."""
    weights = np.array([scenario.traffic.channels.get(c, 0.0) for c in CHANNELS])
    return weights / weights.sum()


class Traffic:
    """Arrivals: a Poisson process whose rate is the profile's, times a slow noise (Cox process).

    The noise is log-normal with mean 1 and coefficient of variation `noise_ratio`, a stationary
    Ornstein-Uhlenbeck process in its logarithm with correlation time `noise_time`. Counts of a tick
    of expectation m therefore have a variance of about m (1 + m cv^2).
    """

    def __init__(self, scenario: Scenario, origin: float, step: float, streams: Streams) -> None:
        self._profile = scenario.profile(origin)
        self._shares = endpoint_shares(scenario)
        self._streams = streams
        self._sigma = float(np.sqrt(np.log1p(scenario.traffic.noise_ratio**2)))
        self._memory = float(np.exp(-step / max(scenario.traffic.noise_time, step * 1e-6)))
        self._state = np.array([self._memory * streams["traffic.noise.start"].standard_normal()])

    def arrivals(self, grid: Grid, rate_factor: Floats) -> Ints:
        """Requests by endpoint, shape (ticks, endpoints)."""
        expected = self._profile.integral(grid.starts, grid.ends) * rate_factor * self._noise(grid)
        total = self._streams["traffic.arrivals"].poisson(expected)
        return self._streams["traffic.endpoints"].multinomial(total, self._shares)

    def _noise(self, grid: Grid) -> Floats:
        shocks = self._streams["traffic.noise"].standard_normal(grid.count)
        scaled = shocks * np.sqrt(1.0 - self._memory**2)
        log_noise, self._state = lfilter([1.0], [1.0, -self._memory], scaled, zi=self._state)
        return np.exp(self._sigma * log_noise - self._sigma**2 / 2.0)
