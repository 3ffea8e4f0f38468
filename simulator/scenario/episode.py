"""What every kind of episode has: its fields, and what a kind says of itself.

Each kind is a module of `simulator.scenario.kinds`. It changes a cause; what the metrics do follows
from it in the simulation.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.reading.records import Problem
from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.fields import Duration, Name, Record
from simulator.scenario.lever import Lever
from simulator.scenario.vocabulary import SIGNALS, Alarms, Severity, Signal
from simulator.timeline.onset import Onset, Shape

__all__ = ["ApplicantEpisode", "EpisodeBase", "OnsetSpec", "Problem", "ScrapeEpisode"]


class OnsetSpec(Record):
    """How an episode starts and ends (see `simulator.timeline.onset`)."""

    shape: Shape = "abrupt"
    rise: Duration = 0.0
    fall: Duration = 0.0
    period: Duration = 0.0
    duty: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5


class EpisodeBase(Record, ABC):
    """What every episode has: a name, a span of scenario time, and an onset.

    `alarms` says what somebody on call would want to see, where that differs from the default of
    the episode's kind and strength (see `simulator.scenario.alarms`): its entries replace those
    signals' defaults, and `none` takes one away.
    """

    name: Name
    start: Duration
    duration: Duration
    onset: OnsetSpec = OnsetSpec()
    alarms: dict[Signal, Severity] = Field(default={})
    #: Whether it stays without effect: set by `Scenario.muted`, never written in a file.
    mute: SkipJsonSchema[bool] = False

    @property
    def span(self) -> Onset:
        """The episode's intensity, as a function of seconds since its start; 0 where it is mute."""
        o = self.onset
        peak = 0.0 if self.mute else 1.0
        return Onset(o.shape, self.duration, o.rise, o.fall, o.period, o.duty, peak)

    @property
    def longest_seconds(self) -> float:
        """The longest time for which it is on without a break, in its own seconds."""
        onset = self.onset
        return onset.period * onset.duty if onset.shape == "recurring" else self.duration

    @abstractmethod
    def consequences(self, base: Baseline) -> Alarms:
        """What somebody on call would want to know of it; `none` says that it was thought of.

        Judged by what is lost - people turned away, minutes, copies of the data - at the mean rate
        of the traffic in `base` and at full strength, never by a threshold of any dashboard.
        """

    @classmethod
    @abstractmethod
    def levers(cls, base: Baseline) -> Iterable[Lever]:
        """The incidents of this kind that a plan may try on a platform."""

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """What types cannot say: the field, "" where it is more than one, and what is wrong."""
        yield from ()

    def live_notes(self) -> Iterator[str]:
        """What a live run through a Pushgateway does not show of it, unlike a history."""
        yield from ()

    def backlog(self, base: Baseline) -> Backlog | None:
        """The consumer that it makes fall behind most; None where it touches none."""
        return None

    def refusing_seconds(self, base: Baseline) -> float:
        """Seconds after its end for which applications are still turned away."""
        return 0.0


class ApplicantEpisode(EpisodeBase):
    """An episode that changes who applies, what the model gets of them, or why they default."""

    @property
    def is_mixing(self) -> bool:
        """Whether its intensity is the share of the applicants that it affects."""
        return self.span.is_mixture

    @property
    def most_affected(self) -> float:
        """The share of the applicants that it affects at full intensity, where it is mixing."""
        return 1.0


class ScrapeEpisode(EpisodeBase):
    """An episode between the platform and Prometheus, which changes what is seen and no more."""

    def consequences(self, base: Baseline) -> Alarms:
        """Nobody is turned away, nothing is late and nothing is lost."""
        return dict.fromkeys(SIGNALS, "none")

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """It is there or not."""
        shape = self.onset.shape
        if shape in ("gradual", "incremental"):
            yield "onset", f"{self.name!r} is on or off: abrupt or recurring, not {shape}"
