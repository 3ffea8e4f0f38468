"""Who sends requests to the platform, and how many."""

from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import (
    Country,
    Described,
    Duration,
    LabelText,
    Names,
    PerSecond,
    Ratio,
    TimeZone,
)
from simulator.scenario.vocabulary import Channel, Endpoint
from simulator.timeline.profile import ProfileShape

__all__ = ["ChannelNames", "Traffic"]

Weight = Annotated[float, Field(ge=0.0, le=1e6)]


class ChannelNames(Names):
    """What the channels are called, as values of a label."""

    web: LabelText = "web"
    """People at a desk: two office peaks and one in the evening."""
    mobile: LabelText = "mobile"
    """People with a phone: on the way to work, over lunch and in the evening."""
    partner: LabelText = "partner"
    """Systems of shops and brokers, which alone send batches: in the daytime."""
    branch: LabelText = "branch"
    """Advisers in a branch: from 9 to 18 o'clock, Monday to Saturday."""


class Traffic(Described):
    """HTTP requests that reach the API: how many, through which channel, to which endpoint."""

    requests_per_second: PerSecond = 40.0
    """Mean rate over an ordinary week."""
    profile: ProfileShape = "daily"
    """Whether the rate has the hours and days of its channels, or is the same at all times."""
    country: Country = "FR"
    """Whose public holidays are kept, by its ISO 3166 code."""
    time_zone: TimeZone = "Europe/Paris"
    """On whose clocks hours and days are counted, by its name in the IANA database."""
    noise_ratio: Annotated[float, Field(ge=0.0, le=1.0)] = 0.15
    """Standard deviation of the rate's slow noise, as a share of the rate."""
    noise_time: Duration = 600.0
    """How long the noise takes to become another."""
    channels: dict[Channel, Weight] = Field(
        default={"web": 45, "mobile": 35, "partner": 15, "branch": 5}
    )
    """Weights of single applications by channel; none come through one of 0 or without."""
    channel_names: ChannelNames = ChannelNames()
    """What the channels are called; those that are not named keep their names."""
    endpoints: dict[Endpoint, Weight] = Field(
        default={
            "score": 76,
            "batch": 6,
            "decision": 7,
            "explanation": 3,
            "review": 3,
            "erasure": 1,
            "models": 4,
        }
    )
    """Weights of requests by endpoint; 0 or none is an endpoint that is not asked."""
    batch_sizes: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (5, 10, 20)
    """How many applications batches hold, each size as often as the others."""
    invalid_ratio: Ratio = 0.001
    """Share of single applications that are not as the schema has them."""
