"""The kinds of values that scenario files hold."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from simulator.reading.written import Written
from simulator.scenario.vocabulary import Feature, Job
from simulator.timeline.durations import parse_duration
from simulator.timeline.localtime import time_zones, unknown_time_zone
from simulator.timeline.public_holidays import countries, unknown_country

__all__ = [
    "Coefficients",
    "Country",
    "Described",
    "Duration",
    "Factor",
    "Jobs",
    "Label",
    "LabelText",
    "Name",
    "Names",
    "PerSecond",
    "Ratio",
    "Record",
    "TimeZone",
    "is_duration",
]


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError("write a duration with its unit, such as 90s, 5m, 1h30m or 7d")


def _with_holidays(code: str) -> str:
    if wrong := unknown_country(code):
        raise ValueError(wrong)
    return code


def _on_known_clocks(name: str) -> str:
    if wrong := unknown_time_zone(name):
        raise ValueError(wrong)
    return name


def _each_once(jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    for job in jobs:
        if jobs.count(job) > 1:
            raise ValueError(f"{job} is listed {jobs.count(job)} times")
    return jobs


def _on_one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds what cannot be shown on a line")
    return text


class _Listed:
    """Lists names in the schema; they are looked up when it is made, which takes a moment."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        self._names = names

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": self._names()}


class _ScenarioTime:
    """Marks a field as scenario time, which `--compress` shrinks."""


#: Scenario time, in seconds once read; written `90s`, `5m`, `1h30m`, `7d`.
Duration = Annotated[
    float,
    BeforeValidator(_seconds),
    _ScenarioTime(),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|[smhdw]))+$"}),
]
Factor = Annotated[float, Field(gt=0.0, le=1000.0)]
Coefficients = dict[Feature, Annotated[float, Field(ge=-5.0, le=5.0)]]
Ratio = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
#: Some of the platform's components, at least one, and each once.
Jobs = Annotated[
    tuple[Job, ...],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]
#: A country by its ISO 3166 code, upper case.
Country = Annotated[str, AfterValidator(_with_holidays), _Listed(countries)]
TimeZone = Annotated[str, AfterValidator(_on_known_clocks), _Listed(time_zones)]
#: What a label may say of a model; an empty label would be no label to Prometheus.
Label = Annotated[
    str,
    Written(
        r"^[0-9A-Za-z][0-9A-Za-z._-]{0,62}$",
        "at most 63 letters, digits and ._- of which the first is a letter or digit",
    ),
]
Name = Annotated[
    str,
    Written(
        r"^[a-z0-9][a-z0-9-]{0,62}$",
        "at most 63 small letters, digits and - of which the first is a letter or digit",
    ),
]
#: What a platform calls something, as the value of a label: any words on one line.
LabelText = Annotated[
    str,
    Field(max_length=128),
    Written(r"^\S(.*\S)?$", "a text with no blanks at its ends"),
    AfterValidator(_on_one_line),
]
PerSecond = Annotated[float, Field(gt=0.0, le=1e9)]


def is_duration(field: FieldInfo) -> bool:
    """Whether a model's field holds scenario time."""
    return any(isinstance(mark, _ScenarioTime) for mark in field.metadata)


class Record(BaseModel):
    """A frozen part of a scenario that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def compressed(self, factor: float) -> Self:
        """The same record with every duration divided by `factor`."""
        changes: dict[str, Any] = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if is_duration(field):
                changes[name] = value / factor
            elif isinstance(value, Record):
                changes[name] = value.compressed(factor)
            elif isinstance(value, tuple):
                changes[name] = tuple(
                    v.compressed(factor) if isinstance(v, Record) else v for v in value
                )
        return self.model_copy(update=changes)


class Described(Record):
    """A record whose fields have a docstring each, which is their description in the schema."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Names(Described):
    """What a platform calls the words of one vocabulary, in its order."""

    def in_order(self) -> tuple[str, ...]:
        """All the names."""
        return tuple(getattr(self, name) for name in type(self).model_fields)
