"""How many requests arrive, and at which endpoint."""

from functools import partial

import numpy as np
import scipy  # as in latency: signal processing is loaded where it is used
from numpy.random import Generator

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Draws, Streams
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
        self._sigma = float(np.sqrt(np.log1p(scenario.traffic.noise_ratio**2)))
        self._memory = float(np.exp(-step / max(scenario.traffic.noise_time, step * 1e-6)))
        self._state = np.array(
            [self._memory * streams.once("traffic.noise.start").standard_normal()]
        )

    def arrivals(self, grid: Grid, rate_factor: Floats, draws: Draws) -> Ints:
        """Requests by endpoint, shape (ticks, endpoints)."""
        noise = self._noise(grid.count, draws)
        expected = self._profile.integral(grid.starts, grid.ends) * rate_factor * noise
        total = draws("traffic.arrivals", Generator.poisson, expected)
        by_endpoint = partial(Generator.multinomial, pvals=self._shares)
        return draws("traffic.endpoints", by_endpoint, total)

    def _noise(self, n_ticks: int, draws: Draws) -> Floats:
        shocks = draws("traffic.noise", Generator.normal, np.zeros(n_ticks))
        scaled = shocks * np.sqrt(1.0 - self._memory**2)
        log_noise, self._state = scipy.signal.lfilter(
            [1.0], [1.0, -self._memory], scaled, zi=self._state
        )
        return np.exp(self._sigma * log_noise - self._sigma**2 / 2.0)
