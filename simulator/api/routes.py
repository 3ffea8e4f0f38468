"""The routes that score, as clients know them: what is sent, where in it is what, what comes back.

Each is declared once. FastAPI documents it and refuses by it; `compiled_route` makes of it what a
valid request needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import chain
from typing import Final, TypeAlias

from pydantic import BaseModel

from simulator.api.schemas import Application, Batch, BatchResult, Decision
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import FEATURES, Endpoint, Feature

__all__ = ["Joined", "Of", "Place", "Route", "Template", "scoring_routes"]

#: Where in a body, or in an application within it: names of fields joined by dots.
Place: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Of:
    """Stands in an answer for a field of the decision, such as `score`.

    `words` replace its value, or the keys of an object.
    """

    field: str
    words: Mapping[str, str] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Stands for a text in several parts."""

    parts: tuple[Of | str, ...]


#: A decision as it is answered: JSON, in which all but `Of` and `Joined` stands for itself.
Template: TypeAlias = (
    "Mapping[str, Template] | Sequence[Template] | Of | Joined | str | float | bool | None"
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route that scores what is sent to it.

    `places` says where what is asked of an application lies in it: `applicant_id` and the features;
    `defaults` what is taken for those that have no place, and for the `channel`. A feature that is
    None is looked up. `scales` multiply features into the model's units.
    """

    endpoint: Endpoint
    method: str
    path: str
    name: str
    about: str
    body: type[BaseModel]
    channel: Place | None
    applications: Place | None = None  # the list of them; without one the body is an application
    places: Mapping[str, Place]
    defaults: Mapping[str, str | float | None] = dataclass_field(default_factory=dict)
    scales: Mapping[Feature, float] = dataclass_field(default_factory=dict)
    answer: type[BaseModel]
    decision: Template
    is_open: bool = True  # also to whoever does not show what the mapping asks for
    decisions: str | None = None  # the name of the list of them; without one the answer is one

    def __post_init__(self) -> None:
        """Raises ValueError where something that is asked of an application has no value."""
        known = {*self.places, *self.defaults}
        known |= set() if self.channel is None else {"channel"}
        if missing := [name for name in (*ASKED, "channel") if name not in known]:
            raise ValueError(f"{self.method} {self.path}: no place and no default for {missing}")

    def says(self, name: str) -> bool:
        """Whether the answer holds that field of the decision."""
        return name in _names_in(self.decision)


def _names_in(template: Template) -> Iterator[str]:
    match template:
        case Of(name):
            yield name
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
