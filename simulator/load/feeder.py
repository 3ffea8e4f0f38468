"""What all users of this process share in a test."""

import logging
from collections.abc import Mapping

from simulator.load.applications import Applications
from simulator.load.calls import Call
from simulator.load.login import Login
from simulator.load.platform_state import PlatformState
from simulator.load.weights import paces
from simulator.mapping.load_part import Task
from simulator.quoting import MOST_QUOTED, quoted
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, Channel
from simulator.seeding import plain_generator

__all__ = ["Feeder"]

_LOG = logging.getLogger("scoring")


class Feeder:
    """Applications to send, a generator of random numbers, and what was said already.

    Args:
        scenario: whose population applies.
        name: of this process.
        calls: what is called, by what that does.
        mix: how often that is, as weights.
        login: what opens it; None where nothing does.
    """

    def __init__(
        self,
        scenario: Scenario,
        name: str,
        calls: Mapping[Task, Call],
        mix: Mapping[Task, float],
        login: Login | None = None,
    ) -> None:
        self.applications = Applications(scenario.seed, name)
        self.scenario = scenario
        self.calls = calls
        self.login = login
        self._mix = mix
        self.may_score = "score" in calls
        self.rng = plain_generator(scenario.seed, f"users {name}")
        self.applications_sent = 0
        self.is_closed = False  # once the test has ended
        self.has_met = False  # once the platform has said that it follows a scenario
        self.has_looked = False  # once the platform was asked for its hours, whatever came of it
        #: How many times as often as on average users of each channel come at the moment.
        self.paces: Mapping[Channel, float] = dict.fromkeys(CHANNELS, 1.0)
        self._warned: set[tuple[str, str]] = set()

    def meet(self, state: PlatformState) -> None:
        """From here on, those apply who do on the platform, and as often by channel."""
        self.has_met = True
        self.applications.meet(state.population)
        if state.channels:
            self.paces = paces(self.scenario, state.channels, self._mix)

    def warn_once(self, request: str, problem: str, body: bytes) -> None:
        """Says what an unexpected answer was, once for each problem of a kind of request."""
        if (request, problem) not in self._warned:
            self._warned.add((request, problem))
            begin = quoted(body[:MOST_QUOTED].decode(errors="replace"))
            _LOG.warning("%s: unexpected answer: %s; it begins with %s", request, problem, begin)
