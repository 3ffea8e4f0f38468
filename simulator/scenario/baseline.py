"""What episodes meet: the sizes of a platform, and the traffic that it gets."""

from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.scenario.fields import Country, Duration, Label, Name, Ratio, Record, TimeZone
from simulator.scenario.vocabulary import Channel, Endpoint
from simulator.timeline.profile import ProfileShape

__all__ = [
    "Api",
    "Baseline",
    "ConsumerGroup",
    "Kafka",
    "Minio",
    "Model",
    "Monitoring",
    "Platform",
    "Traffic",
]

Weight = Annotated[float, Field(ge=0.0, le=1e6)]
PerSecond = Annotated[float, Field(gt=0.0, le=1e9)]


class Traffic(Record):
    """HTTP requests that reach the API: how many, through which channel, to which endpoint."""

    requests_per_second: PerSecond = 40.0
    profile: ProfileShape = "daily"
    #: Whose public holidays are kept, by its ISO 3166 code.
    country: Country = "FR"
    #: On whose clocks hours and days are counted, by its name in the IANA database.
    time_zone: TimeZone = "Europe/Paris"
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
    """The scoring API: how many requests it works on at once, and how long a client waits.

    The workers are spread evenly over `replicas` behind one line; a load balancer's `health_check`
    takes so long to notice that one of them is gone.
    """

    workers: Annotated[int, Field(ge=1, le=1_000_000)] = 32
    timeout_seconds: Annotated[float, Field(gt=0.0, le=60.0)] = 2.0
    replicas: Annotated[int, Field(ge=1, le=10_000)] = 4
    health_check: Duration = 30.0


class Model(Record):
    """The model in production when the scenario starts."""

    version: Label = "3.2.0"
    algorithm: Label = "logistic-regression"
    trained_on: Label = "2026-06-30"


class Monitoring(Record):
    """What the model's monitoring looks at, counted in applications, and how late labels are.

    A back-test works out anew what the model decides by (`ml_feature_importance`).
    """

    drift_window: Annotated[int, Field(ge=100, le=1_000_000)] = 2000
    performance_window: Annotated[int, Field(ge=500, le=10_000_000)] = 5000
    label_delay: Duration = 3600.0
    back_test_every: Duration = 3600.0


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
    #: What each partition keeps (its retention.bytes): by default 20 GB of 2 KiB each.
    retention_messages: Annotated[int, Field(ge=1, le=10**15)] = 10_000_000
    replica_lag_time: Duration = 30.0
    catch_up: Duration = 300.0

    def capacity(self, group: str) -> float:
        """Messages per second that a consumer group can take."""
        return {g.name: g.messages_per_second for g in self.consumer_groups}[group]


class Minio(Record):
    """The MinIO cluster: one erasure set over all drives."""

    nodes: Annotated[int, Field(ge=1, le=16)] = 4
    drives_per_node: Annotated[int, Field(ge=1, le=16)] = 4
    parity: Annotated[int, Field(ge=0, le=8)] = 4
    drive_bytes: Annotated[float, Field(gt=0.0, le=1e15)] = 1e12
    used_ratio: Ratio = 0.55
    healing: Duration = 1800.0

    @property
    def drives(self) -> int:
        """All drives."""
        return self.nodes * self.drives_per_node


class Platform(Record):
    """The sizes of the platform's components."""

    api: Api = Api()
    model: Model = Model()
    monitoring: Monitoring = Monitoring()
    kafka: Kafka = Kafka()
    minio: Minio = Minio()


class Baseline(Record):
    """A scenario before any episode: a platform in health for a while, under its traffic."""

    name: Name
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    duration: Duration
    #: How many times as fast it runs: set by `Scenario.compressed`, never written in a file.
    compression: SkipJsonSchema[float] = 1.0
    traffic: Traffic = Traffic()
    platform: Platform = Platform()
