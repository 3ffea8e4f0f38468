"""The kinds of episodes. Each changes a cause; what the metrics do follows from it."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.scenario.fields import Duration, Label, Name, Ratio, Record
from simulator.scenario.vocabulary import Dependency, Feature, Severity, Signal, ViolationType
from simulator.timeline.onset import Onset, Shape

__all__ = [
    "BrokerLoss",
    "CapacityFilling",
    "ComplianceIncident",
    "ConceptDrift",
    "ConsumerSlowdown",
    "DataBug",
    "DriveLoss",
    "Episode",
    "EpisodeBase",
    "Errors",
    "HotPartition",
    "ModelRelease",
    "NodeLoss",
    "OnsetSpec",
    "Overload",
    "PopulationShift",
    "Rebalance",
    "SlowDependency",
    "TrafficSurge",
]

Factor = Annotated[float, Field(gt=0.0, le=1000.0)]
Coefficients = dict[Feature, Annotated[float, Field(ge=-5.0, le=5.0)]]


class OnsetSpec(Record):
    """How an episode starts and ends (see `simulator.timeline.onset`)."""

    shape: Shape = "abrupt"
    rise: Duration = 0.0
    fall: Duration = 0.0
    period: Duration = 0.0
    duty: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5


class EpisodeBase(Record):
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


class PopulationShift(EpisodeBase):
    """Other people apply: feature means move by so many standard deviations."""

    kind: Literal["population-shift"]
    preset: Literal["recession", "young-channel"] | None = None
    shifts: dict[Feature, Annotated[float, Field(ge=-4.0, le=4.0)]] = Field(default={})
    strength: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0


class DataBug(EpisodeBase):
    """One feature reaches the model wrong: in another unit, or missing and read as zero."""

    kind: Literal["data-bug"]
    feature: Feature
    factor: Factor = 1.0
    null_ratio: Ratio = 0.0


class ConceptDrift(EpisodeBase):
    """The same people default for other reasons: true coefficients are multiplied."""

    kind: Literal["concept-drift"]
    scale: Annotated[float, Field(ge=-2.0, le=3.0)] = 1.0
    coefficients: Coefficients = Field(default={})


class TrafficSurge(EpisodeBase):
    """More requests (or, below 1, fewer)."""

    kind: Literal["traffic-surge"]
    factor: Factor


class SlowDependency(EpisodeBase):
    """A dependency answers so many times more slowly."""

    kind: Literal["slow-dependency"]
    dependency: Dependency
    factor: Annotated[float, Field(ge=1.0, le=1000.0)]


class Errors(EpisodeBase):
    """A share of scoring requests is answered with an error status."""

    kind: Literal["errors"]
    status: Literal[401, 429, 500, 503, 504] = 500
    ratio: Ratio


class Overload(EpisodeBase):
    """A share of the API's workers is lost, and the rest have to carry the traffic."""

    kind: Literal["overload"]
    workers_lost_ratio: Ratio


class ConsumerSlowdown(EpisodeBase):
    """A consumer group keeps only a share of its capacity; at 0 it is stopped."""

    kind: Literal["consumer-slowdown"]
    group: Name
    capacity_ratio: Ratio = 0.0


class Rebalance(EpisodeBase):
    """A consumer group rebalances eagerly, again and again: all its partitions pause."""

    kind: Literal["rebalance"]
    group: Name
    every: Duration
    pause: Duration


class BrokerLoss(EpisodeBase):
    """So many Kafka brokers are down."""

    kind: Literal["broker-loss"]
    brokers: Annotated[int, Field(ge=1)]


class HotPartition(EpisodeBase):
    """One key floods one partition with a share of all messages."""

    kind: Literal["hot-partition"]
    partition: Annotated[int, Field(ge=0)]
    share: Ratio


class DriveLoss(EpisodeBase):
    """So many MinIO drives fail; replaced ones heal afterwards."""

    kind: Literal["drive-loss"]
    drives: Annotated[int, Field(ge=1)]


class NodeLoss(EpisodeBase):
    """So many MinIO nodes are down, with all their drives."""

    kind: Literal["node-loss"]
    nodes: Annotated[int, Field(ge=1)]


class CapacityFilling(EpisodeBase):
    """Another writer fills the object store up to a share of its usable capacity."""

    kind: Literal["capacity-filling"]
    used_ratio: Ratio


class ComplianceIncident(EpisodeBase):
    """A control fails: a violation becomes so many times more likely per parent event."""

    kind: Literal["compliance-incident"]
    violation: ViolationType
    factor: Factor


class ModelRelease(EpisodeBase):
    """A new model version: a canary with a share of traffic, then its outcome.

    promotion: production after `canary_for`, and for good; rollback: production after `canary_for`
    until the episode ends; withdrawal: never more than a canary.
    """

    kind: Literal["model-release"]
    version: Label
    canary_share: Ratio = 0.1
    canary_for: Duration
    outcome: Literal["promotion", "rollback", "withdrawal"] = "promotion"
    coefficients: Coefficients = Field(default={})
    algorithm: Label = "logistic-regression"
    trained_on: Label = "2026-10-31"


Episode = Annotated[
    PopulationShift
    | DataBug
    | ConceptDrift
    | TrafficSurge
    | SlowDependency
    | Errors
    | Overload
    | ConsumerSlowdown
    | Rebalance
    | BrokerLoss
    | HotPartition
    | DriveLoss
    | NodeLoss
    | CapacityFilling
    | ComplianceIncident
    | ModelRelease,
    Field(discriminator="kind"),
]
