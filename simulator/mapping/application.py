"""An application as a platform's API takes it, and its answer."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from simulator.mapping.feature_place import Category, FeaturePlace
from simulator.mapping.fields import Word
from simulator.mapping.places import Place
from simulator.scenario.fields import Described
from simulator.scenario.platform.policy import DecisionNames
from simulator.scenario.vocabulary import FEATURES, Channel, Feature

__all__ = ["Application", "ChannelPlace", "ReviewPlaces", "Words"]

_Text: TypeAlias = Annotated[str, Field(max_length=200)]


class ChannelPlace(Described):
    """Where an application says through which channel it comes."""

    at: Place
    """As for a feature."""
    values: Annotated[dict[Category, Channel], Field(min_length=1, max_length=200)]
    """What it says, and which channel that is; all else is that of `channel`."""


def _reason() -> JsonValue:
    return {"feature": "{feature}", "contribution": "{contribution}"}


class Application(Described):
    """An application as it is sent, and its answer."""

    applicant: Place | None = None
    """Where the applicant's key lies: a text or a whole number. Without it everybody is new."""
    features: dict[Feature, FeaturePlace] = Field(default_factory=dict)
    """Where features lie. What has no place or is not sent is looked up, as a feature store would:
    as it is among today's applicants with what was sent, and the same for the same applicant."""
    applicant_keys: Annotated[str, Field(min_length=1, max_length=100)] = "{worker}-{number}"
    """How the keys are that Locust's users send: `{number}` is another one for each person, and a
    whole number where it stands alone; `{uuid}` the same as a UUID,
    `{digits_4}` as four digits."""
    sends: JsonValue = None
    """What else clients send in an application: JSON, in which `{channel}`, `{timestamp}`,
    `{unix_seconds}` and `{request_id}` stand for what they are."""
    channel: Channel = "web"
    """The channel through which it comes."""
    channels: ChannelPlace | None = None
    """Where it says that itself."""
    answer: JsonValue
    """The answer to it; names in braces in its texts stand for values of the decision, and a text
    that is nothing else for the value as it is."""
    reason: JsonValue = Field(default_factory=_reason)
    """One of the `{reasons}` of an answer, strongest first, with names of its own in braces."""
    most_reasons: Annotated[int, Field(ge=1, le=len(FEATURES))] = len(FEATURES)
    """How many of them an answer has."""


class ReviewPlaces(Described):
    """Where in what is sent a person's decision lies."""

    decision: Place = "decision"
    """The decision, in the platform's word for `accepted` or `refused`."""
    reviewer: Place | None = None
    """Who that was: a text."""


class Words(Described):
    """The platform's own words in answers, where they differ."""

    decision: DecisionNames = DecisionNames()
    """For decisions."""
    risk_level: dict[_Text, _Text] = Field(default_factory=dict)
    """For levels of risk, by their names in the platform's policy."""
    reason: dict[Feature, Word] = Field(default_factory=dict)
    """For a feature as a reason: a code, or a sentence."""
    stage: dict[Literal["production", "canary", "retired"], Word] = Field(default_factory=dict)
    """For what a model version is deployed as."""
