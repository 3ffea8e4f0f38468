"""A mapping, as its file is written."""

import hashlib
from typing import Annotated, Final, Literal, Self

from pydantic import Field

from simulator.mapping.fields import Edges, LabelName, LabelText, MetricName
from simulator.measures.measure import Fold
from simulator.metrics.families import Kind
from simulator.scenario.fields import Described
from simulator.scenario.platform_part import PlatformPart
from simulator.scenario.vocabulary import Job

__all__ = ["FORM_KEYS", "Filter", "Label", "Mapping", "Metric", "Source"]

#: What says in a file where the values of a metric come from.
FORM_KEYS: Final = ("measure",)
_Texts = Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]


class Label(Described):
    """How the values of a dimension are written as those of a label.

    Several that are written alike are one series; what is written as nothing has no such label.
    """

    dimension: str | None = None
    """What the label tells apart."""
    template: str | None = None
    """The text, with names of dimensions in braces, such as `{model}-{version}`."""
    values: dict[str, LabelText] = Field(default_factory=dict)
    """What is written in place of a value of the dimension; under `*` of all others."""
    case: Literal["as-is", "upper", "lower"] = "as-is"
    """Whether the text is written in capitals, in small letters, or as it is."""


class Filter(Described):
    """Which values of a dimension are taken."""

    only: _Texts | None = None
    """These alone."""
    without: _Texts | None = None
    """All but these."""


class Source(Described):
    """What values come from: a measure, or a form of others."""

    measure: str | None = None
    """The name of a measure."""
    where: dict[str, str | _Texts | Filter] = Field(default_factory=dict)
    """Which values of its dimensions count; all of a dimension that is not named."""
    no_version: LabelText = "production"
    """What is of no version of the model: counted with the one in production, left out (drop), or
    any other word, which is then written in the place of the version."""
    fold: Fold | None = None
    """How the values of a state become one where they are not told apart."""

    @property
    def forms(self) -> tuple[str, ...]:
        """The keys of those that it has; there is to be one."""
        return tuple(key for key in FORM_KEYS if getattr(self, key) is not None)


class Metric(Source):
    """A metric: what it is of, and how it is told apart."""

    type: Kind | None = None
    """Its type, where there is a choice."""
    edges: Edges | None = None
    """Upper bounds of a histogram's buckets, in place of those that are simulated."""
    help: str | None = None
    """Its help text, in place of the measure's."""
    job: LabelText | None = None
    """The label `job`, in place of the component's."""
    labels: dict[LabelName, str | Label] = Field(default_factory=dict)
    """What its labels tell apart: each a dimension, or how that is written."""
    constant: dict[LabelName, LabelText] = Field(default_factory=dict)
    """Labels that are the same on all its series."""


class Mapping(Described):
    """What a platform calls what is simulated."""

    version: Literal[1]
    """The version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What the mapping is called."""
    description: Annotated[str, Field(max_length=2000)] = ""
    """Whose names these are."""
    include: dict[str, Annotated[tuple[Job, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Mappings of the library whose metrics of these components are taken, too."""
    platform: PlatformPart = PlatformPart()
    """How the platform is, where it differs from the scenario's."""
    metrics: dict[MetricName, Metric] = Field(default_factory=dict)
    """The metrics, by their names."""

    @property
    def digest(self) -> str:
        """A hash of all that it says, by which two mappings are known to be the same."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]

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
                "platform": self.platform.with_more(other.platform),
                "metrics": {**self.metrics, **other.metrics},
            }
        )
