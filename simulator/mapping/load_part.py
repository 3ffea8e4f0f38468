"""The fourth part of a mapping: how its platform's load tests are called, and judged."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field

from simulator.scenario.fields import Described, Duration, Name
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.timeline.pauses import parse_pauses

__all__ = ["Bands", "LoadKind", "LoadPart", "Task", "Within"]

#: Bands that have a limit; what is beyond all of them is red.
Within: TypeAlias = Literal["green", "yellow", "orange"]


def _is_pause(text: str) -> str:
    parse_pauses(text)
    return text


#: What users do: an endpoint of the simulation, or another route of the API.
Task: TypeAlias = Annotated[
    str,
    Field(
        max_length=200,
        pattern=rf"^({'|'.join(ENDPOINTS)}|(GET|POST|PUT|PATCH|DELETE) /[A-Za-z0-9._~:/{{}}-]*)$",
    ),
]
_Limits: TypeAlias = dict[Within, Annotated[float, Field(ge=0.0, le=1e9)]]


class Bands(Described):
    """The last value of each band, by what is judged; what is not named keeps its usual ones."""

    p95_milliseconds: Annotated[_Limits, Field(min_length=1)] | None = None
    """Of the 95th percentile of all response times: the most."""
    error_ratio: Annotated[_Limits, Field(min_length=1)] | None = None
    """Of the share of requests that fail: the most."""
    throughput_ratio: Annotated[_Limits, Field(min_length=1)] | None = None
    """Of requests sent, as a share of what users and pauses imply: the least."""


class LoadKind(Described):
    """A kind of load test."""

    users: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many users there are."""
    rate: Annotated[float, Field(ge=0.001, le=1_000_000.0)]
    """How many of them are started in a second."""
    time: Annotated[Duration, Field(ge=1.0, le=31_536_000.0)]
    """How long it takes."""
    think_time: Annotated[str, AfterValidator(_is_pause)] = "1s-5s"
    """How long users wait after an answer: one duration, or anything between two."""
    bands: Bands = Bands()
    """Where its bands end, if elsewhere than usual."""


class LoadPart(Described):
    """What users do, and kinds of load tests beside those that there are, or in their place."""

    mix: Annotated[dict[Task, Annotated[float, Field(ge=0.0, le=1e6)]], Field(max_length=100)] = (
        Field(default_factory=dict)
    )
    """How often users do what, in the place of the scenario's mix: weights of endpoints, and of
    other routes as `METHOD /path`. What the API has not is left out."""
    kinds: Annotated[dict[Name, LoadKind], Field(max_length=100)] = Field(default_factory=dict)
    """The kinds, by the name that `--kind` takes."""

    def with_more(self, other: Self) -> Self:
        """This part with another one over it; a mix is one or the other."""
        mix = other.mix or self.mix
        return self.model_copy(update={"mix": mix, "kinds": {**self.kinds, **other.kinds}})
