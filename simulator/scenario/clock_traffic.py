"""The traffic that a scenario has at its times on the clock, where a notebook wants one rate."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.impact import peak
from simulator.scenario.mix import (
    applications_each,
    batches_of_partner,
    channel_shares,
    endpoint_shares,
    requests_by_endpoint,
)
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS

__all__ = ["ClockTraffic"]

_LOOK_SECONDS: Final = 300.0  # of scenario time, in which the rate hardly changes
_MOST_LOOKS: Final = 20_000
_BATCH, _PARTNER = ENDPOINTS.index("batch"), CHANNELS.index("partner")


@dataclass(frozen=True, slots=True)
class ClockTraffic:
    """The traffic of a scenario that starts at Unix seconds `origin`."""

    scenario: Scenario
    origin: float

    def busiest(self, start: float, end: float) -> Scenario:
        """The scenario with the traffic that it has while most apply, between two moments.

        >>> from simulator.scenario.impact import applications_per_second
        >>> day = Scenario(name="x", description="x", duration="24h")
        >>> midnight = 1794178800.0  # in Paris, on a Monday
        >>> at_night = ClockTraffic(day, midnight).busiest(midnight + 7200.0, midnight + 10800.0)
        >>> round(applications_per_second(day)), round(applications_per_second(at_night))
        (58, 9)
        """
        rates = self.scenario.profile(self.origin).rates(self._looks(start, end))
        requests = self._by_endpoint(rates)
        applications = requests @ applications_each(self.scenario.traffic)
        most = requests[int(applications.argmax())]
        changes: dict[str, Any] = {"profile": "flat", "requests_per_second": float(most.sum())}
        if most.any():  # else nobody comes, whatever they would ask for
            changes["endpoints"] = dict(zip(ENDPOINTS, most.tolist(), strict=True))
        return self._with_traffic(self.scenario, changes)

    def crowded(self, start: float, end: float) -> Scenario:
        """As the busiest, with what noise brings on top of it now and then, and without noise."""
        busy = self.busiest(start, end)
        rate = busy.traffic.requests_per_second * peak(busy)
        return self._with_traffic(busy, {"requests_per_second": rate, "noise_ratio": 0.0})

    def seconds_until(self, applications: int, *, after: float) -> float:
        """Seconds after a moment in which so many apply, though noise may have few of them come.

        Never longer than the scenario, in which hardly any may.
        """
        edges = self._looks(after, after + self.scenario.duration)
        requests = self.scenario.profile(self.origin).integrals(edges[:-1], edges[1:])
        each = self._by_endpoint(requests) @ applications_each(self.scenario.traffic)
        come = np.concatenate([[0.0], np.cumsum(each)])
        return float(np.interp(applications * peak(self.scenario), come, edges)) - after

    def _looks(self, start: float, end: float) -> NDArray[np.floating]:
        """Moments from a start to an end, both included."""
        apart = _LOOK_SECONDS / self.scenario.compression
        return np.linspace(start, end, min(int((end - start) / apart) + 2, _MOST_LOOKS))

    def _by_endpoint(self, senders: NDArray[np.floating]) -> NDArray[np.floating]:
        """Requests by endpoint, shape (times, endpoints), of those by channel."""
        endpoints = endpoint_shares(self.scenario.traffic)
        channels = channel_shares(self.scenario.traffic)
        batches = batches_of_partner(channels, float(endpoints[_BATCH])) * senders[:, _PARTNER]
        return requests_by_endpoint(senders, batches, endpoints)

    @staticmethod
    def _with_traffic(scenario: Scenario, changes: dict[str, Any]) -> Scenario:
        traffic = scenario.traffic.model_copy(update=changes)
        return scenario.model_copy(update={"traffic": traffic})
