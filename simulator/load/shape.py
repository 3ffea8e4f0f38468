"""The scenario's traffic as a load shape.

The platform says how many requests a second its scenario expects now; the shape follows, with
as many users as send that: one per request and second, unless their pauses are others. Without such
a platform it follows the scenario's profile alone, from the start of the test. It ends when the
scenario does.
"""

import time

import numpy as np
from locust import LoadTestShape
from locust.runners import STATE_RUNNING, STATE_SPAWNING

from simulator.load.platform_state import PlatformState
from simulator.load.polling import Poll, poll
from simulator.load.users import ChannelUser

__all__ = ["ScenarioShape"]

_LEAST_RATE, _MOST_RATE = 10, 100  # users to start in a second; Locust warns above the latter


class ScenarioShape(LoadTestShape):
    """As many users as the scenario expects requests per second."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Locust's is untyped
        self._state: PlatformState | None = None
        self._seen_at = 0.0
        self._last: tuple[int, float] | None = None
        self._poll: Poll | None = None
        self._origin = time.time()

    def reset_time(self) -> None:
        """Begins a test, which knows nothing yet of the platform."""
        super().reset_time()  # type: ignore[no-untyped-call]  # Locust's is untyped
        self._state = self._last = None
        self._origin = time.time()

    def tick(self) -> tuple[int, float] | None:
        """Users and spawn rate of this moment, or None at the end of the scenario."""
        if self._poll is None:
            self._poll = poll(self._host, self._see, ChannelUser.trust, is_logged=False)
        if self._last is not None and not self._is_under_way():
            return self._last  # another number would have Locust start the test anew
        elapsed, duration, rate = self._moment()
        if elapsed >= duration:
            return None
        users = max(round(rate * ChannelUser.waiting.mean_seconds(ChannelUser.pause_seconds)), 1)
        self._last = users, float(min(max(users, _LEAST_RATE), _MOST_RATE))
        return self._last

    def _moment(self) -> tuple[float, float, float]:
        """Seconds since the scenario's start, its length, and requests a second to expect now."""
        state = self._state
        if state is not None:
            since = time.monotonic() - self._seen_at  # a platform that has gone says no end
            elapsed = state.elapsed_seconds + since
            return elapsed, state.duration_seconds, state.requests_per_second
        scenario, now = ChannelUser.feeder.scenario, time.time()
        rate = scenario.profile(self._origin).rates(np.array([now])).sum()
        return now - self._origin, scenario.duration, float(rate)

    def _host(self) -> str | None:
        return self.runner.environment.host if self.runner else None

    def _see(self, state: PlatformState) -> None:
        """Keeps the platform's state; one from before the test is of a platform that has gone."""
        if self._is_under_way():
            self._state, self._seen_at = state, time.monotonic()

    def _is_under_way(self) -> bool:
        """Whether users run; the runner is said to be spawning while the platform starts, too."""
        runner = self.runner
        if runner is None:
            return False
        return runner.state == STATE_RUNNING or (
            runner.state == STATE_SPAWNING and runner.user_count > 0
        )
