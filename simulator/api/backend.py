"""The platform as the API sees it: conditions, workers, decisions and counts in one object."""

from collections.abc import Awaitable, Callable
from typing import Final

from simulator.api.archive import Archive
from simulator.api.decision_engine import DecisionEngine
from simulator.api.moments import Moment
from simulator.api.request_counter import RequestCounter
from simulator.api.state import ApplicantsState, EpisodeState, SimulationState
from simulator.api.unknown_requests import UnknownRequests
from simulator.api.workers import Workers
from simulator.scenario.vocabulary import CHANNELS, FEATURES, Feature
from simulator.seeding import plain_generator
from simulator.simulation.conditions import Conditions
from simulator.simulation.engine import Simulation
from simulator.simulation.looked_up import FeatureStore

__all__ = ["Backend"]

_MOST_DECISIONS: Final = 200_000


async def _nothing_yet() -> bytes:
    return b""


class Backend:
    """What requests meet, and what they leave behind for the next tick.

    Args:
        simulation: gives scorecards, versions and the first conditions.
        clock: seconds of `time.monotonic`, by which requests are timed.
        wall_clock: seconds since 1970, for answers that say when they were given.
        exposition: waited for, the text of /metrics; None where nothing answers.
        lag: the longest that the event loop was late of late, in seconds.
        warning: what is to be said of the simulator itself, or None.
        is_delayed: False answers without simulated delays, to measure the API itself.
    """

    def __init__(  # noqa: PLR0913 - what it is not to look up for itself
        self,
        simulation: Simulation,
        *,
        clock: Callable[[], float],
        wall_clock: Callable[[], float] = float,
        exposition: Callable[[], Awaitable[bytes | None]] = _nothing_yet,
        lag: Callable[[], float] = float,
        warning: Callable[[], str | None] = lambda: None,
        is_delayed: bool = True,
    ) -> None:
        now = simulation.conditions()
        seed = simulation.scenario.seed
        self.scenario = simulation.scenario
        self.clock = clock
        self._wall_clock = wall_clock
        self.exposition = exposition
        self.lag = lag
        self.warning = warning
        self.workers = Workers(
            now,
            api=self.scenario.platform.api,
            rng=plain_generator(seed, "service"),
            is_delayed=is_delayed,
        )
        self.counter = RequestCounter(len(simulation.versions), self.workers.in_line)
        self.unknown = UnknownRequests()
        self.features = FeatureStore(seed)
        self.engine = DecisionEngine(
            now,
            platform=self.scenario.platform,
            versions=simulation.versions,
            scorecards=simulation.population.scorecards,
            counter=self.counter,
            archive=Archive(_MOST_DECISIONS),
            rng=plain_generator(seed, "desk"),
        )
        self._simulation = simulation

    def meet(self, now: Conditions) -> None:
        """From here on, requests meet these conditions."""
        self.workers.meet(now)
        self.engine.now = now

    def moment(self, arrived: float) -> Moment:
        """Now, for the answer to a request that arrived at so many seconds of the clock."""
        return Moment(self._wall_clock(), self.clock() - arrived)

    @property
    def state(self) -> SimulationState:
        """The simulation as it stands, for people and for Locust's users."""
        now = self.engine.now
        simulation = self._simulation
        return SimulationState(
            scenario=self.scenario.name,
            seed=self.scenario.seed,
            compression=self.scenario.compression,
            step_seconds=simulation.step,
            ticks=simulation.ticks,
            elapsed_seconds=simulation.ticks * simulation.step,
            duration_seconds=self.scenario.duration,
            episodes=[
                EpisodeState(name=e.name, kind=e.kind, active=active)
                for e, active in zip(self.scenario.episodes, now.active, strict=True)
            ],
            workers=now.workers,
            requests_per_second=sum(now.requests_per_second),
            channels=dict(zip(CHANNELS, now.requests_per_second, strict=True)),
            applicants=[
                ApplicantsState(share=share, shifts=_named_shifts(change.shifts))
                for share, change in now.applicants
            ],
            event_loop_lag_seconds=self.lag(),
            warning=self.warning(),
        )


def _named_shifts(shifts: tuple[float, ...]) -> dict[Feature, float]:
    return {f: s for f, s in zip(FEATURES, shifts, strict=True) if s != 0.0}
