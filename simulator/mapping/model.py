"""A mapping, as its file is written."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from simulator.mapping.fields import Edges, LabelName, LabelText, MetricName
from simulator.measures.measure import Fold
from simulator.metrics.families import Kind
from simulator.scenario.fields import Record

__all__ = ["FORM_KEYS", "Filter", "Label", "Mapping", "Metric", "Source"]

#: What says in a file where the values of a metric come from.
FORM_KEYS: Final = ("measure",)
_Texts = Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]


class Label(Record):
    """How the values of a dimension are written as those of a label.

    `values` says it of some, and under `*` of all others; several that are written alike are one
    series. `template` has names of dimensions in braces.
    """

    dimension: str | None = None
    template: str | None = None
    values: dict[str, LabelText] = Field(default_factory=dict)
    case: Literal["as-is", "upper", "lower"] = "as-is"


class Filter(Record):
    """Which values of a dimension are taken: some, or all but some."""

    only: _Texts | None = None
    without: _Texts | None = None


class Source(Record):
    """What values come from: a measure, or a form of others."""

    measure: str | None = None
    where: dict[str, str | _Texts | Filter] = Field(default_factory=dict)
    fold: Fold | None = None

    @property
    def form(self) -> str:
        """The key that says what it is: one of FORM_KEYS."""
        return next(key for key in FORM_KEYS if getattr(self, key) is not None)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [key for key in FORM_KEYS if getattr(self, key) is not None]
        if len(given) != 1:
            said = f"it has {' and '.join(given)}" if given else "it has none"
            raise ValueError(f"write exactly one of {', '.join(FORM_KEYS)}; {said}")
        return self


class Metric(Source):
    """A metric: what it is of, and how it is told apart."""

    type: Kind | None = None
    edges: Edges | None = None
    help: str | None = None
    job: LabelText | None = None
    labels: dict[LabelName, str | Label] = Field(default_factory=dict)
    constant: dict[LabelName, LabelText] = Field(default_factory=dict)


class Mapping(Record):
    """What a platform calls what is simulated."""

    version: Literal[1]
    name: str
    description: str = ""
    metrics: dict[MetricName, Metric]
