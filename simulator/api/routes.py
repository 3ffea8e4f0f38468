"""The routes that score, as clients know them: what is sent, where in it is what, what comes back.

Each is declared once. FastAPI documents it and refuses by it; `compiled_route` makes of it what a
valid request needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pydantic import BaseModel

from simulator.api.schemas import Application, Batch, BatchResult, Decision
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import FEATURES, Endpoint

__all__ = ["Of", "Place", "Route", "Template", "scoring_routes"]

#: Where in a body, or in an application within it: names of fields joined by dots.
Place: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Of:
    """Stands in an answer for a field of the decision, such as `score`."""

    field: str


#: A decision as it is answered: objects, in which all but `Of` stands for itself.
Template: TypeAlias = "Mapping[str, Template] | Of | str | float | None"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route that scores what is sent to it.

    `places` says where what is asked of an application lies in it: `applicant_id` and the features;
    `defaults` what is taken for those that have no place, and for the `channel`.
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
    defaults: Mapping[str, str | float] = field(default_factory=dict)
    answer: type[BaseModel]
    decision: Template
    decisions: str | None = None  # the name of the list of them; without one the answer is one

    def __post_init__(self) -> None:
        """Raises ValueError where something that is asked of an application has no value."""
        known = {*self.places, *self.defaults}
        known |= set() if self.channel is None else {"channel"}
        if missing := [name for name in (*ASKED, "channel") if name not in known]:
            raise ValueError(f"{self.method} {self.path}: no place and no default for {missing}")


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
