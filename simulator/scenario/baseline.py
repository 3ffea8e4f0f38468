"""What episodes meet: the sizes of a platform, and the traffic that it gets."""

from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.scenario.fields import Described, Duration, Name, Record
from simulator.scenario.platform.api import Api
from simulator.scenario.platform.compliance import Compliance
from simulator.scenario.platform.kafka import ConsumerGroup, Kafka
from simulator.scenario.platform.minio import Minio
from simulator.scenario.platform.model import Model, Monitoring
from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.traffic import Traffic

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


class Platform(Described):
    """The platform's components: their sizes, their habits, and what they are called."""

    api: Api = Api()
    """The scoring API."""
    model: Model = Model()
    """The model in production."""
    monitoring: Monitoring = Monitoring()
    """What watches the model."""
    kafka: Kafka = Kafka()
    """The Kafka cluster and its topics."""
    minio: Minio = Minio()
    """The object store."""
    policy: Policy = Policy()
    """What the lender makes of scores."""
    compliance: Compliance = Compliance()
    """What is checked, and how often it goes wrong."""


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
