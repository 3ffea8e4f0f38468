"""Episodes that are drawn: how often those of an entry come, when, how strong and how long."""

from typing import Annotated, Any, Final, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from simulator.reading.written import Written
from simulator.scenario.distributions.parameters import by_kind
from simulator.scenario.fields import Described, Duration
from simulator.scenario.kinds import KINDS
from simulator.scenario.vocabulary import Severity, Signal
from simulator.spelling import did_you_mean
from simulator.timeline.durations import format_duration
from simulator.timeline.onset import Shape

__all__ = ["DAY_SECONDS", "KIND_OF", "WEEKDAYS", "Drawn", "Hours", "Lasting"]

DAY_SECONDS: Final = 86400.0
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
#: Kinds by their names.
KIND_OF: Final = {get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in KINDS}


DrawnName = Annotated[
    str,
    Written(
        r"^[a-z0-9][a-z0-9-]{0,47}$",
        "at most 48 small letters, digits and - of which the first is a letter or digit",
    ),
]


def _known(kind: str) -> str:
    if kind not in KIND_OF:
        raise ValueError(f"the kind is none of {', '.join(KIND_OF)}{did_you_mean(kind, KIND_OF)}")
    return kind


def _each_once(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if len(set(days)) < len(days):
        raise ValueError("a day is listed twice")
    return days


def _not_all_0(weights: dict[Shape, float]) -> dict[Shape, float]:
    if not any(weights.values()):
        raise ValueError("all weights are 0")
    return weights


class Hours(Described):
    """Hours of the day on the scenario's clocks; from 22h to 6h is a night."""

    start: Annotated[Duration, Field(le=DAY_SECONDS)] = 0.0
    """The hour from which on they come."""
    end: Annotated[Duration, Field(le=DAY_SECONDS)] = DAY_SECONDS
    """The hour until which they come."""


class Lasting(Described):
    """How long they last: log-normal, cut off at both ends."""

    median: Duration
    """Half of them are shorter."""
    spread: Annotated[float, Field(ge=1.0, le=10.0)] = 1.6
    """Two in three last from the median divided by this to the median times this."""
    least: Duration
    """None is shorter."""
    most: Annotated[Duration, Field(le=DAY_SECONDS)]
    """None is longer; a day at most."""

    @model_validator(mode="after")
    def _ordered(self) -> "Lasting":
        if not 0.0 < self.least <= self.median <= self.most:
            least, median, most = map(format_duration, (self.least, self.median, self.most))
            raise ValueError(f"least {least}, median {median} and most {most} are not in order")
        return self


class Drawn(Described):
    """Episodes of one kind that come at random: as often as `a_week` says, each for itself."""

    name: DrawnName
    """What they are called, with the day and a number behind it."""
    kind: Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(KIND_OF)})]
    """Of which kind they are."""
    a_week: Annotated[float, Field(gt=0.0, le=500.0)]
    """How many there are a week, in the mean; they come independently (Poisson)."""
    look_alike: bool = False
    """Whether they only look like incidents: they call for no alarm."""
    hours: Hours = Hours()
    """At which hours they begin."""
    weekdays: Annotated[
        tuple[Weekday, ...],
        Field(min_length=1, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
    ] = WEEKDAYS
    """On which days they come."""
    duration: Lasting
    """How long they last."""
    onset: Annotated[dict[Shape, Annotated[float, Field(ge=0.0)]], AfterValidator(_not_all_0)] = (
        Field(default={"abrupt": 1.0})
    )
    """How often they begin in which way; rise, fall and period are drawn, too."""
    alarms: dict[Signal, Severity] = Field(default={})
    """Alarms that are right, where they differ from those of kind and strength."""
    parameters: dict[str, Any] = Field(default={})
    """What the kind asks for; each a value, or a distribution of values. Text may hold {number},
    which is another one in each episode."""

    def compressed(self, factor: float) -> Self:  # noqa: ARG002 - as all records have it
        """Itself: days are drawn at their own pace, and what is drawn runs faster."""
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The parameters of each kind."""
        found = handler.resolve_ref_schema(handler(schema))
        found["allOf"] = by_kind(KIND_OF)
        return found
