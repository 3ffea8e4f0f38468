"""The scenario: the whole plan of a run, as one frozen value."""

from typing import Annotated, Self, TypeVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.errors import ScenarioError
from simulator.quoting import quoted
from simulator.scenario.episodes import Episode, EpisodeBase, ModelRelease
from simulator.scenario.fields import Duration, Label, Name, Ratio, Record
from simulator.scenario.vocabulary import Channel, Endpoint
from simulator.spelling import did_you_mean
from simulator.timeline.profile import Profile, ProfileShape

__all__ = [
    "Api",
    "ConsumerGroup",
    "Kafka",
    "Minio",
    "Model",
    "Monitoring",
    "Platform",
    "Scenario",
    "Traffic",
]

_E = TypeVar("_E", bound=EpisodeBase)
_MOST_COMPRESSION = 1e5
Weight = Annotated[float, Field(ge=0.0, le=1e6)]
PerSecond = Annotated[float, Field(gt=0.0, le=1e9)]


class Traffic(Record):
    """HTTP requests that reach the API: how many, through which channel, to which endpoint."""

    requests_per_second: PerSecond = 40.0
    profile: ProfileShape = "daily"
    noise_ratio: Annotated[float, Field(ge=0.0, le=1.0)] = 0.15
    noise_time: Duration = 600.0
    channels: dict[Channel, Weight] = Field(
        default={"web": 45, "mobile": 35, "partner": 15, "branch": 5}
    )
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
    batch_sizes: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (5, 10, 20)
    invalid_ratio: Ratio = 0.001


class Api(Record):
    """The scoring API: how many requests it works on at once, and how long a client waits."""

    workers: Annotated[int, Field(ge=1, le=1_000_000)] = 32
    timeout_seconds: Annotated[float, Field(gt=0.0, le=60.0)] = 2.0


class Model(Record):
    """The model in production when the scenario starts."""

    version: Label = "3.2.0"
    algorithm: Label = "logistic-regression"
    trained_on: Label = "2026-06-30"


class Monitoring(Record):
    """What the model's monitoring looks at, counted in applications, and how late labels are."""

    drift_window: Annotated[int, Field(ge=100, le=1_000_000)] = 2000
    performance_window: Annotated[int, Field(ge=500, le=10_000_000)] = 5000
    label_delay: Duration = 3600.0


class ConsumerGroup(Record):
    """A consumer group of the scoring topic."""

    name: Name
    members: Annotated[int, Field(ge=1, le=100)] = 3
    messages_per_second: PerSecond = 1500.0


class Kafka(Record):
    """The Kafka cluster and the scoring topic."""

    brokers: Annotated[int, Field(ge=1, le=50)] = 5
    partitions: Annotated[int, Field(ge=1, le=100)] = 12
    replication: Annotated[int, Field(ge=1, le=10)] = 3
    min_isr: Annotated[int, Field(ge=1, le=10)] = 2
    consumer_groups: tuple[ConsumerGroup, ...] = (
        ConsumerGroup(name="archiver"),
        ConsumerGroup(name="risk-monitoring"),
    )
    commit_interval_seconds: Annotated[float, Field(gt=0.0, le=3600.0)] = 1.0
    retention_messages: Annotated[int, Field(ge=1, le=10**15)] = 1_000_000
    replica_lag_time: Duration = 30.0
    catch_up: Duration = 300.0


class Minio(Record):
    """The MinIO cluster: one erasure set over all drives."""

    nodes: Annotated[int, Field(ge=1, le=16)] = 4
    drives_per_node: Annotated[int, Field(ge=1, le=16)] = 4
    parity: Annotated[int, Field(ge=0, le=8)] = 4
    drive_bytes: Annotated[float, Field(gt=0.0, le=1e15)] = 1e12
    used_ratio: Ratio = 0.55
    healing: Duration = 1800.0


class Platform(Record):
    """The sizes of the platform's components."""

    api: Api = Api()
    model: Model = Model()
    monitoring: Monitoring = Monitoring()
    kafka: Kafka = Kafka()
    minio: Minio = Minio()


class Scenario(Record):
    """The whole plan of a run: seed, traffic, platform and episodes."""

    name: Name
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    duration: Duration
    #: How many times as fast it runs: set by `compressed`, never written in a file.
    compression: SkipJsonSchema[float] = 1.0
    traffic: Traffic = Traffic()
    platform: Platform = Platform()
    episodes: tuple[Episode, ...] = ()

    def compressed(self, factor: float) -> Self:
        """The scenario run `factor` times as fast; rates stay as they are.

        >>> Scenario(name="x", description="x", duration="1h").compressed(60).duration
        60.0

        Raises:
            ScenarioError: a factor below 1, or that makes it more than 100 000 times as fast.
        """
        compression = self.compression * factor
        if not (factor >= 1.0 and compression <= _MOST_COMPRESSION):
            raise ScenarioError(
                f"scenario {self.name!r} cannot run {factor:g} times as fast; "
                f"from 1 to {_MOST_COMPRESSION:g} times"
            )
        faster = super().compressed(factor)
        return faster.model_copy(update={"compression": compression})

    def delayed(self, seconds: float) -> Self:
        """The scenario with a time before it in which no episode is on.

        >>> Scenario(name="x", description="x", duration="1h").delayed(600.0).duration
        4200.0
        """
        later = tuple(e.model_copy(update={"start": e.start + seconds}) for e in self.episodes)
        return self.model_copy(update={"duration": self.duration + seconds, "episodes": later})

    def muted(self, *names: str) -> Self:
        """The scenario with these episodes at intensity 0: what would have been without them.

        They stay where they are, with their names, and so do the columns of every series and all
        random draws. A run of it beside one of the scenario itself differs only in what the
        episodes did.

        >>> from simulator.scenario.loading import load_scenario
        >>> [e.name for e in load_scenario("tour").muted("campaign").episodes if e.mute]
        ['campaign']

        Raises:
            ScenarioError: there is no episode of that name.
        """
        known = [e.name for e in self.episodes]
        for name in names:
            if name not in known:
                raise ScenarioError(
                    f"scenario {self.name!r} has no episode {quoted(name)} to mute; "
                    f"it has {', '.join(known) or 'none'}{did_you_mean(name, known)}"
                )
        quiet = (
            e.model_copy(update={"mute": True}) if e.name in names else e for e in self.episodes
        )
        return self.model_copy(update={"episodes": tuple(quiet)})

    def profile(self, origin: float) -> Profile:
        """The request rate over time when the scenario starts at Unix seconds `origin`."""
        t = self.traffic
        return Profile(t.requests_per_second, origin, t.profile, self.compression)

    @property
    def releases(self) -> tuple[ModelRelease, ...]:
        """The model releases, in time order."""
        return tuple(sorted(self.of_kind(ModelRelease), key=lambda e: e.start))

    @property
    def versions(self) -> tuple[str, ...]:
        """Model versions: the one in production, then the releases in time order."""
        return (self.platform.model.version, *(e.version for e in self.releases))

    def of_kind(self, kind: type[_E]) -> tuple[_E, ...]:
        """The episodes of one kind, in the order of the file."""
        return tuple(e for e in self.episodes if isinstance(e, kind))
