"""A signal that the simulation does not know, as a mapping's file is written."""

import math
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from simulator.mapping.component_sources import Components
from simulator.mapping.fields import Edges, LabelName, LabelText, Word
from simulator.measures.catalogue import MEASURES
from simulator.measures.causes import CAUSES, CauseName
from simulator.measures.measure import MeasureKind
from simulator.quoting import quoted
from simulator.reading.written import Written
from simulator.scenario.fields import Described, Duration, Ratio
from simulator.spelling import did_you_mean

__all__ = ["KIND_OF_SIGNAL", "Daily", "ExtraSignal", "Influence"]

_T = TypeVar("_T")

#: What a signal of each kind is to a metric.
KIND_OF_SIGNAL: Final[dict[str, MeasureKind]] = {
    "gauge": "state",
    "counter": "count",
    "histogram": "histogram",
}
_MOST_ROWS: Final = 1000
_MOST_COMBINATIONS: Final = 1_000_000
_MOST: Final = 1e15
_MOST_PER_SECOND: Final = 1e10  # of which a week's are counted exactly
_Number = Annotated[float, Field(ge=-_MOST, le=_MOST)]
_Positive = Annotated[float, Field(gt=0.0, le=_MOST)]
_Least = Annotated[float, Field(ge=0.0, le=_MOST)]
_Factor = Annotated[float, Field(ge=0.0, le=1e6)]
_ClockTime = Annotated[
    str,
    Written(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "hours and minutes in quotes, such as '08:30'"),
]
_Row = Annotated[LabelText, Field(min_length=1)]
_Rows = (
    Annotated[tuple[_Row, ...], Field(min_length=1, max_length=_MOST_ROWS)]
    | Annotated[dict[_Row, _Factor], Field(min_length=1, max_length=_MOST_ROWS)]
)


class Daily(Described):
    """A wave with the period of a day on the clocks of the scenario's time zone."""

    amplitude: Ratio
    """How far it goes above and below the base, as a share of that."""
    peak: _ClockTime = "14:00"
    """When it is highest, on the clock at which the run starts."""

    @property
    def peak_hours(self) -> float:
        """The same as hours since midnight.

        >>> Daily(amplitude=0.1, peak="14:30").peak_hours
        14.5
        """
        hours, _, minutes = self.peak.partition(":")
        return int(hours) + int(minutes) / 60.0


class Influence(Described):
    """How much a cause adds."""

    cause: CauseName
    """The cause."""
    of: Word | None = Field(default=None, validate_default=True)
    """Of which dependency, consumer group or kind of episodes."""
    weight: _Number
    """What is added for each 1 of the cause, in the signal's own unit."""
    above: _Least = 0.0
    """Below this the cause adds nothing, and beyond it what it exceeds it by."""
    most: _Positive | None = None
    """What counts of that at most."""
    delay: Annotated[Duration, Field(le=86_400.0)] = 0.0
    """How much later it shows."""

    @field_validator("of")
    @classmethod
    def _is_of_one(cls, of: str | None, info: ValidationInfo) -> str | None:
        cause = info.data.get("cause")
        if of is None and cause is not None and CAUSES[cause].needs_one:
            raise ValueError(f"say of what: {cause} needs `of`")
        return of


class ExtraSignal(Described):
    """A base, a daily wave, noise, and what causes add.

    base (1 + daily) + the sum of weight x cause, times the row's factor and noise of mean 1, within
    its limits: a gauge's value, a counter's rate per second, a histogram's median.
    """

    kind: Literal["gauge", "counter", "histogram"] = "gauge"
    """What it is: a value, events that are counted, or events with a size."""
    base: _Least
    """What it is without any cause."""
    daily: Daily | None = None
    """How it goes with the time of day."""
    noise: Annotated[float, Field(ge=0.0, le=2.0)] = 0.0
    """The noise's standard deviation, as a share of the value; each row has its own."""
    noise_time: Annotated[Duration, Field(gt=0.0)] = 600.0
    """How long the noise takes to become another."""
    causes: Annotated[tuple[Influence, ...], Field(max_length=50)] = ()
    """What it follows."""
    min: _Least = 0.0
    """The lowest that it can be."""
    max: _Positive | None = None
    """The highest that it can be, such as the size of a pool."""
    whole: bool | None = None
    """Whether it is a whole number; a counter is without, of which events then come by chance."""
    labels: Annotated[dict[LabelName, _Rows], Field(max_length=10)] = Field(default_factory=dict)
    """Labels and their values, each with a factor if they differ; all combinations are series."""
    components: Components = "scoring-api"
    """Whose series these are; several have it each under its job, with noise of its own."""
    sigma: Annotated[float, Field(gt=0.0, le=5.0)] = 0.5
    """Of a histogram: standard deviation of the sizes' logarithm."""
    edges: Edges | None = Field(default=None, validate_default=True)
    """Of a histogram: upper bounds of its buckets, above 0."""
    rate: Annotated[float, Field(ge=0.0, le=1e9)] | None = None
    """Of a histogram: events per second."""
    counts: Word | None = Field(default=None, validate_default=True)
    """Of a histogram: the measure whose events these are, in place of a rate."""

    @property
    def n_rows(self) -> int:
        """How many combinations of its labels there are."""
        return math.prod(map(len, self.labels.values()))

    @property
    def highest(self) -> float:
        """The highest that it can be: of a counter ten thousand million events a second."""
        most = _MOST_PER_SECOND if self.kind == "counter" else _MOST
        return most if self.max is None else min(self.max, most)

    @field_validator("max")
    @classmethod
    def _not_below_the_lowest(cls, most: float | None, info: ValidationInfo) -> float | None:
        if most is not None and most < info.data.get("min", 0.0):
            raise ValueError(f"the highest, {most:g}, is below the lowest, {info.data['min']:g}")
        return most

    @field_validator("labels")
    @classmethod
    def _not_too_many(cls, labels: dict[str, _Rows]) -> dict[str, _Rows]:
        n_rows = math.prod(map(len, labels.values()))
        if n_rows > _MOST_COMBINATIONS:
            most = f"{_MOST_COMBINATIONS:,}"
            raise ValueError(f"its labels have {n_rows:,} combinations; at most {most}")
        return labels

    @field_validator("edges", "rate", "counts")
    @classmethod
    def _of_histograms(cls, given: _T, info: ValidationInfo) -> _T:
        kind = info.data.get("kind", "histogram")
        if given is not None and kind != "histogram":
            raise ValueError(f"only a histogram has {info.field_name}, not a {kind}")
        return given

    @field_validator("edges")
    @classmethod
    def _has_edges(cls, edges: Edges | None, info: ValidationInfo) -> Edges | None:
        if info.data.get("kind") == "histogram" and (edges is None or edges[0] <= 0.0):
            raise ValueError("a histogram needs edges, above 0")
        return edges

    @field_validator("counts")
    @classmethod
    def _has_events(cls, counts: str | None, info: ValidationInfo) -> str | None:
        is_told = info.data.get("kind") == "histogram" and "rate" in info.data
        if is_told and (info.data["rate"] is None) == (counts is None):
            raise ValueError("a histogram needs either a rate or counts")
        measure = None if counts is None else MEASURES.get(counts)
        if counts is not None and (measure is None or measure.kind == "state" or measure.needs):
            known = [m.name for m in MEASURES.values() if m.kind != "state" and not m.needs]
            raise ValueError(f"no measure counts {quoted(counts)}{did_you_mean(counts, known)}")
        return counts
