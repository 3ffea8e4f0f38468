"""What comes from a part of the platform as a whole, as a mapping's file is written."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from simulator.mapping.fields import Word
from simulator.scenario.fields import Described
from simulator.scenario.vocabulary import Feature, Job

__all__ = [
    "COMPONENT_OF_MOMENT",
    "LAST_DIMENSIONS",
    "OFFSET_DIMENSIONS",
    "OF_PROCESSES",
    "OF_VERSIONS",
    "Components",
    "LastValue",
    "Moment",
    "Offsets",
    "TimeValue",
    "Up",
    "jobs_of",
]

#: Parts of the platform: one, some, or some with the job that each has in place of its own name.
Components: TypeAlias = (
    Job
    | Annotated[tuple[Job, ...], Field(min_length=1)]
    | Annotated[dict[Job, Word], Field(min_length=1)]
)
LastValue = Literal["score", "default-probability", "prediction-seconds", "application"] | Feature
Moment = Literal["now", "process-start", "scored", "archived", "back-test", "trained", "deployed"]

#: What the last application can be told apart by.
LAST_DIMENSIONS: Final = ("version", "channel", "cell")
#: What offsets can be told apart by.
OFFSET_DIMENSIONS: Final = {
    "log-end": ("topic", "partition"),
    "committed": ("group", "topic", "partition"),
}
#: What is of a version of the model.
OF_VERSIONS: Final[tuple[Moment, ...]] = ("back-test", "trained", "deployed")
#: What every part of the platform has.
OF_PROCESSES: Final[tuple[Moment, ...]] = ("now", "process-start")
#: The part of the platform that tells of a moment, unless another is named.
COMPONENT_OF_MOMENT: Final[dict[Moment, Job]] = {
    "now": "scoring-api",
    "process-start": "scoring-api",
    "scored": "scoring-api",
    "archived": "minio",
    "back-test": "ml-model",
    "trained": "ml-model",
    "deployed": "ml-model",
}


def jobs_of(components: Components | None) -> dict[Job, str]:
    """The job of each part.

    >>> jobs_of(("minio",)), jobs_of({"minio": "objects"}), jobs_of(None)
    ({'minio': 'minio'}, {'minio': 'objects'}, {})
    """
    if components is None:
        return {}
    if isinstance(components, dict):
        return dict(components)
    some = (components,) if isinstance(components, str) else components
    return {one: one for one in some}


class Up(Described):
    """1 while a part of the platform answers, and 0 while it does not."""

    components: Components
    """The parts, each with a series under its own job."""


class TimeValue(Described):
    """When something was, or for how long it has been, in seconds."""

    of: Moment
    """What: `now`; when a process started; when an application was last scored, an object last
    archived or the model last back-tested; the day of a version's training data; or when a version
    was deployed."""
    seconds: Literal["unix", "since"] = "unix"
    """Seconds since 1970, or those that have passed since: an age, an uptime."""
    components: Components | None = None
    """Whose series it is; of `now` and `process-start` that may be several, each under its job."""


class Offsets(Described):
    """Kafka's offsets as a counter: messages since the process that counts them started."""

    of: Literal["log-end", "committed"]
    """Messages written, by partition, or committed by a consumer group, by group and partition."""
    components: Job = "kafka-exporter"
    """The part of the platform that counts; with its restarts it begins anew."""
