"""The routes that score, as clients know them: what is sent, where in it is what, what comes back.

Each is declared once. FastAPI documents it and refuses by it; `compiled_route` makes of it what a
valid request needs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import chain
from typing import Any, Final, Literal, TypeAlias

from pydantic import BaseModel, JsonValue

from simulator.api.schemas import MAX_BATCH, Application, Batch, BatchResult, Decision
from simulator.mapping.feature_place import Category
from simulator.mapping.places import Place
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import FEATURES, Channel, Feature

__all__ = ["ASKED", "Converted", "Each", "Joined", "Of", "Route", "Template", "scoring_routes"]


@dataclass(frozen=True, slots=True)
class Of:
    """Stands in an answer for a field of what is answered, such as a decision's `score`.

    `words` replace its value, or the keys of an object; `shown` says what is shown of values, of
    one or by the keys of an object.
    """

    field: str
    words: Mapping[str, str] = dataclass_field(default_factory=dict)
    shown: Mapping[str, Callable[[float], JsonValue]] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Stands for a text in several parts."""

    parts: tuple["Template", ...]


@dataclass(frozen=True, slots=True)
class Each:
    """Stands for a list, each of whose items is answered as a template has it.

    `shown` says what is shown of the values of reasons, by their features.
    """

    field: str
    item: "Template"
    most: int | None = None
    shown: Mapping[str, Callable[[float], JsonValue]] = dataclass_field(default_factory=dict)


#: An answer: JSON, in which all but `Of`, `Joined` and `Each` stands for itself.
Template: TypeAlias = (
    "Mapping[str, Template] | Sequence[Template] | Of | Joined | Each | str | float | bool | None"
)
#: A value as it is sent, which may be of another kind; raises ValueError for what it may not be.
Converted: TypeAlias = Callable[[Any], float | str | None]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route that scores what is sent to it.

    `places` says where what is asked of an application lies in it: `applicant_id` and the features;
    `defaults` what is taken for those that have no place, and for the `channel`. A feature that is
    None is looked up, and an applicant that is None is somebody new. `scales` multiply features
    into the model's units, and `conversions` make values of those that may be no plain numbers.
    """

    endpoint: Literal["score", "batch"]
    method: str
    path: str
    name: str
    about: str
    body: Any  # an annotation, of which pydantic makes a schema; None where nothing is sent in one
    channel: Place | None
    channels: Mapping[Category, Channel] | None = (
        None  # what it says, where that is not the channel
    )
    applications: Place | None = None  # of a batch the list of them; without one the body is it
    most: int = MAX_BATCH  # applications in a batch
    places: Mapping[str, Place]
    defaults: Mapping[str, str | float | None] = dataclass_field(default_factory=dict)
    scales: Mapping[Feature, float] = dataclass_field(default_factory=dict)
    conversions: Mapping[str, Converted] = dataclass_field(default_factory=dict)
    answer: type[BaseModel]
    decision: Template
    decisions: Place | None = None  # of a batch the list of them; without one the answer is it
    beside: Template = None  # what a batch answers beside that
    is_mapped: bool = False  # of a mapping, and not the platform's own

    def __post_init__(self) -> None:
        """Raises ValueError where something that is asked of an application has no value."""
        known = {*self.places, *self.defaults}
        known |= set() if self.channel is None else {"channel"}
        if missing := [name for name in (*ASKED, "channel") if name not in known]:
            raise ValueError(f"{self.method} {self.path}: no place and no default for {missing}")

    @property
    def is_batch(self) -> bool:
        """Whether it takes several applications."""
        return self.endpoint == "batch"

    def says(self, *names: str) -> bool:
        """Whether the answer holds one of those fields."""
        return not set(names).isdisjoint(chain(_names_in(self.decision), _names_in(self.beside)))


def _names_in(template: Template) -> Iterator[str]:
    match template:
        case Of(name):
            yield name
        case Each(name, item):
            yield name
            yield from _names_in(item)
        case Joined(parts):
            yield from chain.from_iterable(map(_names_in, parts))
        case Mapping():
            yield from chain.from_iterable(map(_names_in, template.values()))
        case list():
            yield from chain.from_iterable(map(_names_in, template))


#: What the simulation asks of an application.
ASKED: Final = ("applicant_id", *FEATURES)
_PLACES: Final[Mapping[str, Place]] = {
    "applicant_id": "applicant.applicant_id",
    **{feature: f"features.{feature}" for feature in FEATURES},
}
_DECISION: Final = {name: Of(name) for name in Decision.model_fields}


def scoring_routes(routes: Routes) -> tuple[Route, Route]:
    """The routes that score one application and several, where the platform has them."""
    at = routes.by_endpoint()
    return (
        Route(
            endpoint="score",
            method=at["score"][0],
            path=at["score"][1],
            name="score",
            about="Scores one application.",
            body=Application,
            channel="channel",
            places=_PLACES,
            answer=Decision,
            decision=_DECISION,
        ),
        Route(
            endpoint="batch",
            method=at["batch"][0],
            path=at["batch"][1],
            name="score_batch",
            about="Scores up to a hundred applications; all of them, or none.",
            body=Batch,
            channel="channel",
            applications="applications",
            places=_PLACES,
            answer=BatchResult,
            decision=_DECISION,
            decisions="decisions",
        ),
    )
