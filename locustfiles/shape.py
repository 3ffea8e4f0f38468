"""The scenario's traffic as a load shape: `locust -f locustfiles/scoring.py,locustfiles/shape.py`.

The platform says how many requests a second its scenario expects now; the shape follows, with
about one user per request and second. Without such a platform it follows the scenario's profile
alone, from the start of the test.
"""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from locust import LoadTestShape
from platform_state import watch
from users import ChannelUser

__all__ = ["ScenarioShape"]


class ScenarioShape(LoadTestShape):
    """As many users as the scenario expects requests per second; ends when the scenario does."""

    def __init__(self) -> None:
        super().__init__()
        self._state: Mapping[str, Any] = {}
        self._watching: Any = None
        self._origin = time.time()

    def tick(self) -> tuple[int, float] | None:
        """Users and spawn rate of this moment, or None at the end of the scenario."""
        if self._watching is None:
            self._origin = time.time()
            self._watching = watch(self._host, self._see)
        scenario = ChannelUser.supply.scenario
        elapsed = float(self._state.get("elapsed_seconds", self.get_run_time()))
        if elapsed >= float(self._state.get("duration_seconds", scenario.duration)):
            return None
        users = max(round(self._rate() * ChannelUser.pause_seconds), 1)
        return users, float(max(users, 10))

    def _rate(self) -> float:
        if self._state:
            return float(self._state["requests_per_second"])
        profile = ChannelUser.supply.scenario.profile(self._origin)
        return float(profile.rate(np.array([time.time()]))[0])

    def _host(self) -> str | None:
        runner = self.runner
        return runner.environment.host if runner else None

    def _see(self, state: Mapping[str, Any]) -> None:
        self._state = state
