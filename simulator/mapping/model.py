"""A mapping, as its file is written."""

import hashlib
from typing import Annotated, Final, Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from simulator.mapping.api_part import ApiPart
from simulator.mapping.fields import Edges, LabelName, LabelText, MetricName, Scale, Shift, Word
from simulator.mapping.load_part import LoadPart
from simulator.mapping.sources import Label, Source
from simulator.metrics.families import Kind
from simulator.scenario.fields import Described
from simulator.scenario.platform_part import PlatformPart
from simulator.scenario.vocabulary import Job

__all__ = ["MOST_SERIES", "Mapping", "Metric"]

#: Series that a mapping makes unless more are allowed.
MOST_SERIES: Final = 20_000


class Metric(Source):
    """A metric: what it is of, and how it is told apart."""

    type: Kind | None = None
    """Its type, where there is a choice."""
    edges: Edges | None = None
    """Upper bounds of a histogram's buckets, in place of those that are simulated."""
    scale: Scale | None = None
    """What values are multiplied by once they are counted: 100 for percent, 1000 for milliseconds.
    Edges are those of the values that are shown."""
    shift: Shift | None = None
    """What is added to a state once it is scaled, where a range of somebody's has to be met."""
    assumed: bool = False
    """Whether its range was taken from thresholds: coverage says so, and tune judges none."""
    help: Annotated[str, Field(max_length=2000)] | None = None
    """Its help text, in place of the measure's; `{decisions}` and `{levels}` stand for the scores
    from which each of them is."""
    job: Word | None = None
    """The label `job`, in place of the component's."""
    labels: dict[LabelName, Word | Label] = Field(default_factory=dict)
    """What its labels tell apart: each a dimension, or how that is written."""
    constant: dict[LabelName, LabelText] = Field(default_factory=dict)
    """Labels that are the same on all its series."""


class Mapping(Described):
    """What a platform calls what is simulated."""

    version: Literal[1]
    """The version of this format."""
    name: Word
    """What the mapping is called."""
    description: Annotated[str, Field(max_length=2000)] = ""
    """Whose names these are."""
    include: dict[str, Annotated[tuple[Job, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Mappings of the library whose metrics of these components are taken, too."""
    #: How many series it may make: set by --allow-series, never written in a file.
    allow_series: SkipJsonSchema[int] = MOST_SERIES
    platform: PlatformPart = PlatformPart()
    """How the platform is, where it differs from the scenario's."""
    metrics: dict[MetricName, Metric] = Field(default_factory=dict)
    """The metrics, by their names."""
    api: ApiPart = ApiPart()
    """What its API takes and answers, where it differs from the simulation's own."""
    load: LoadPart = LoadPart()
    """Kinds of load tests of its own."""

    @property
    def digest(self) -> str:
        """A hash of all names, by which two mappings are known to be the same."""
        text = self.model_dump_json(exclude_defaults=True, exclude={"allow_series", "api", "load"})
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def with_more(self, other: Self) -> Self:
        """This mapping with another one on top, whose metrics stand in the place of its own.

        >>> one, other = (Mapping(version=1, name=name) for name in ("ours", "theirs"))
        >>> one.with_more(other).name
        'ours+theirs'
        """
        if other == self:
            return self
        return self.model_copy(
            update={
                "name": f"{self.name}+{other.name}",
                "description": other.description,
                "allow_series": max(self.allow_series, other.allow_series),
                "platform": self.platform.with_more(other.platform),
                "metrics": {**self.metrics, **other.metrics},
                "api": self.api.with_more(other.api),
                "load": self.load.with_more(other.load),
            }
        )
