"""What the values of a metric come from, as a mapping's file is written: a measure, or a form."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from simulator.mapping.component_sources import LastValue, Offsets, TimeValue, Up, jobs_of
from simulator.mapping.extra_signal import ExtraSignal
from simulator.mapping.fields import Edges, LabelName, LabelText, Word
from simulator.measures.measure import Fold
from simulator.scenario.fields import Described, Duration
from simulator.scenario.vocabulary import Feature, Job

__all__ = [
    "FORM_KEYS",
    "Always",
    "Attribute",
    "Comparison",
    "CountedRows",
    "Events",
    "Filter",
    "Flag",
    "Label",
    "Level",
    "Mean",
    "Part",
    "Rate",
    "Ratio",
    "Source",
    "Transform",
    "Transformed",
]

#: What says in a file where the values of a metric come from.
FORM_KEYS: Final = (
    "measure",
    "union",
    "flag",
    "events",
    "ratio",
    "rate",
    "mean",
    "complement",
    "count",
    "transform",
    "attribute",
    "always",
    "last",
    "offsets",
    "time",
    "up",
    "signal",
)
_MOST_VALUES: Final = 20
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Texts = Annotated[tuple[LabelText, ...], Field(min_length=1, max_length=100)]
_Window = Annotated[Duration, Field(ge=1.0, le=3600.0)]
Transformed = Literal["default-probability", "repayment-probability", "zero-to-one", "confidence"]


class Label(Described):
    """How the values of a dimension are written as those of a label.

    Several that are written alike are one series; what is written as nothing has no such label.
    """

    dimension: Word | None = None
    """What the label tells apart."""
    template: Word | None = None
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


class Comparison(Described):
    """What is asked of a value; where several are given, all of them."""

    above: _Number | None = None
    """It is larger than this."""
    at_least: _Number | None = None
    """It is as large as this, or larger."""
    below: _Number | None = None
    """It is smaller than this."""
    at_most: _Number | None = None
    """It is as small as this, or smaller."""
    equal: _Number | None = None
    """It is this."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if all(getattr(self, name) is None for name in Comparison.model_fields):
            raise ValueError(f"write at least one of {', '.join(Comparison.model_fields)}")
        return self


class Flag(Comparison):
    """1 where a state is so, 0 where it is not; absent where the state is."""

    of: "Source"
    """The state."""
    absent: Literal[0, 1] | None = None
    """What is shown where there is no state; nothing without."""


class CountedRows(Comparison):
    """How many there are of which a state is so; absent where none has one."""

    of: "Source"
    """The state."""
    by: _Texts
    """The dimensions that tell apart what is counted."""


class Level(Comparison):
    """One of the levels at which an event is counted."""

    labels: dict[LabelName, LabelText] = Field(default_factory=dict)
    """The labels of its series, such as a severity."""


class Events(Described):
    """How often a state came to be so; one that has just appeared counts as having come to it."""

    of: "Source"
    """The state."""
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=_MOST_VALUES)]
    """What is counted; each by itself, so that a leap past two levels is an event of both."""


class Ratio(Described):
    """One source divided by another; absent where that is 0.

    Of counts both are those of the latest time; of states both are as they are.
    """

    of: "Source"
    """What is divided."""
    to: "Source"
    """What it is divided by."""
    over: _Window = 300.0
    """Over which time events are counted; in scenario time, and at least a tick."""
    within: tuple[LabelName, ...] | None = None
    """The labels that tell apart what is divided by: all of the metric's without."""


class Rate(Described):
    """Events of the latest time, as a gauge: how many in so long."""

    of: "Source"
    """What is counted."""
    over: _Window = 300.0
    """Over which time events are counted; in scenario time, and at least a tick."""
    per: Annotated[Duration, Field(gt=0.0, le=86_400.0)] = 1.0
    """The time that the rate is of: a second without."""


class Mean(Described):
    """How large the events of the latest time are on average; absent where there were none."""

    of: "Source"
    """A histogram."""
    over: _Window = 300.0
    """Over which time; in scenario time, and at least a tick."""


class Transform(Described):
    """Another scale of the score, as a histogram."""

    to: Transformed
    """What a score is turned into: `default-probability` and `repayment-probability` are what it
    stands for, `zero-to-one` is its place between the lowest score and the highest, and
    `confidence` the larger of the two probabilities."""


class Attribute(Described):
    """Scored applications by one of the applicant's attributes, in ranges of it."""

    feature: Feature
    """The attribute."""
    edges: Annotated[Edges, Field(max_length=_MOST_VALUES - 1)]
    """The upper bounds of its ranges but the last."""
    label: LabelName | None = None
    """The label that has the ranges; the feature's name without."""
    names: Annotated[tuple[LabelText, ...], Field(max_length=_MOST_VALUES)] = ()
    """What the ranges are called, one more than there are edges; `25-35` and the like without."""

    @field_validator("names")
    @classmethod
    def _names_each(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        n_edges = len(info.data.get("edges", ()))
        if n_edges and names and len(names) != n_edges + 1:
            raise ValueError(
                f"{n_edges} edges make {n_edges + 1} ranges, and there are {len(names)} names"
            )
        return names


class Always(Described):
    """A value that never changes, such as the 1 of a build's information."""

    component: Job
    """Whose series it is: with that it has gaps."""
    value: _Number = 1.0
    """The value."""


class Source(Described):
    """What values come from: a measure, or a form of others."""

    measure: Word | None = None
    """The name of a measure."""
    union: Annotated[tuple["Part", ...], Field(min_length=2, max_length=_MOST_VALUES)] | None = None
    """Several sources as one: series of the same labels are summed, or folded."""
    flag: Flag | None = None
    """0 or 1, from a comparison."""
    events: Events | None = None
    """A counter of how often a comparison came to be true."""
    ratio: Ratio | None = None
    """One source divided by another."""
    rate: Rate | None = None
    """Events in so long, as a gauge."""
    mean: Mean | None = None
    """How large events are on average, as a gauge."""
    complement: "Source | None" = None
    """1 less this."""
    count: CountedRows | None = None
    """How many there are of which a comparison is true."""
    transform: Transform | None = None
    """Another scale of the score."""
    attribute: Attribute | None = None
    """Scored applications by an attribute of the applicant."""
    always: Always | None = None
    """A value that never changes."""
    last: LastValue | None = None
    """What the application that was scored last has, kept until the next one: its score, what that
    stands for, how long the prediction took, one of its features by the name it has here; or
    `application`, which is 1 where the labels are those of that application, and 0 elsewhere."""
    offsets: Offsets | None = None
    """Kafka's offsets as a counter."""
    time: TimeValue | None = None
    """When something was, or for how long it has been."""
    up: Up | None = None
    """Whether parts of the platform answer."""
    signal: ExtraSignal | None = None
    """A signal that the simulation does not know, which follows its causes."""
    where: dict[Word, Word | _Texts | Filter] = Field(default_factory=dict)
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

    @property
    def form(self) -> str:
        """The key that says what it is; "" where there is none."""
        return next(iter(self.forms), "")

    @property
    def jobs(self) -> dict[Job, str]:
        """The parts of the platform that it is made for, and the job of each; of a measure none."""
        form = self.up or self.time or self.signal
        return {} if form is None else jobs_of(form.components)

    @property
    def said(self) -> Any:  # noqa: ANN401 - each key has a type of its own
        """What stands under that key."""
        return getattr(self, self.form) if self.form else None


class Part(Source):
    """One of several sources of a metric, with labels that the others need not have."""

    labels: dict[LabelName, Word | Label] = Field(default_factory=dict)
    """What its labels tell apart, beside those of the metric."""
    constant: dict[LabelName, LabelText] = Field(default_factory=dict)
    """Labels that are the same on all its series."""


for _record in (Flag, CountedRows, Events, Ratio, Rate, Mean, Source, Part):
    _record.model_rebuild()
