"""The state of the simulation, as `/simulation` gives it."""

from typing import Annotated

from pydantic import BaseModel, Field

from simulator.scenario.vocabulary import Channel, Feature

__all__ = ["ApplicantsState", "EpisodeState", "SimulationState"]

NotNegative = Annotated[float, Field(ge=0)]


class EpisodeState(BaseModel):
    """An episode of the scenario, and whether it is on."""

    name: str
    kind: str
    active: bool


class ApplicantsState(BaseModel):
    """A part of those who apply, and by how many standard deviations they differ."""

    share: NotNegative
    shifts: dict[Feature, float]


class SimulationState(BaseModel):
    """The simulation at the moment: durations are in seconds, and of the compressed scenario.

    `channels` says how many of the requests per second come from each. `event_loop_lag_seconds`
    is how late the simulator itself was, at worst in the latest 15 s, and `warning` says in words
    where that limited what was measured.
    """

    scenario: str
    seed: int
    compression: float
    step_seconds: float
    ticks: int
    elapsed_seconds: NotNegative
    duration_seconds: NotNegative
    episodes: list[EpisodeState]
    workers: int
    requests_per_second: NotNegative
    channels: dict[Channel, NotNegative]
    applicants: list[ApplicantsState]
    event_loop_lag_seconds: NotNegative
    warning: str | None
