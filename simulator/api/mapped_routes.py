"""The routes that score, as a mapping has them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from pydantic import BaseModel, Field, JsonValue

from simulator.api.bodies import MaybeNumber, Text, body_of
from simulator.api.routes import Joined, Of, Route, Template
from simulator.mapping.api_part import ApiPart, ApiRoute, Application, Words
from simulator.mapping.templates import parts_of
from simulator.scenario.vocabulary import FEATURES, Endpoint
from simulator.simulation.scorecard import DECISIONS

__all__ = ["mapped_routes"]

_ABOUT: Final = {"score": "Scores one application.", "batch": "Scores several applications."}


class _Anything(BaseModel, extra="allow"):
    """An answer as the mapping has it."""


def mapped_routes(api: ApiPart) -> list[Route]:
    """All of them, in the mapping's order; each form of one is a route."""
    found: list[Route] = []
    for number, route in enumerate(api.routes):
        application = route.application or api.application
        if route.endpoint is not None and application is not None:
            first = _route(f"mapped_{number}", route.endpoint, route, application, api)
            found += [replace(first, method=method, path=path) for method, path in route.forms]
    return found


def _route(
    name: str, endpoint: Endpoint, route: ApiRoute, application: Application, api: ApiPart
) -> Route:
    method, path = route.forms[0]
    of_features = application.features
    return Route(
        endpoint=endpoint,
        method=method,
        path=path,
        name=name,
        about=_ABOUT[endpoint],
        body=_body(name, route, application),
        channel=None,
        applications=route.applications,
        places={
            "applicant_id": application.applicant,
            **{feature: where.at for feature, where in of_features.items()},
        },
        scales={feature: where.scale for feature, where in of_features.items()},
        defaults={
            "channel": application.channel,
            **{feature: None for feature in FEATURES if feature not in of_features},
        },
        answer=_Anything,
        decision=_template(application.answer, _words(application, api.words)),
        is_open=route.open or api.authentication is None,
        decisions=route.decisions,
    )


def _body(name: str, route: ApiRoute, application: Application) -> type[BaseModel]:
    numbers = {where.at: MaybeNumber for where in application.features.values()}
    one = body_of(f"{name}_application", {application.applicant: Text, **numbers})
    if route.applications is None:
        return one
    several = Annotated[list[one], Field(min_length=1, max_length=route.most)]  # type: ignore[valid-type]  # made now
    return body_of(f"{name}_batch", {route.applications: several})


def _words(application: Application, words: Words) -> Mapping[str, Mapping[str, str]]:
    """What values are called, by their names: features as the body has them."""
    places = {feature: where.at for feature, where in application.features.items()}
    return {
        "decision": dict(zip(DECISIONS, words.decision.in_order(), strict=True)),
        "risk_level": words.risk_level,
        "contributions": {feature: place.split(".")[-1] for feature, place in places.items()},
    }


def _template(written: JsonValue, words: Mapping[str, Mapping[str, str]]) -> Template:
    match written:
        case dict():
            return {key: _template(inside, words) for key, inside in written.items()}
        case list():
            return [_template(inside, words) for inside in written]
        case str():
            parts = parts_of(written)
            found = [Of(p, words.get(p, {})) if i % 2 else p for i, p in enumerate(parts)]
            kept = [part for part in found if part != ""]
            if not kept:
                return ""
            return kept[0] if len(kept) == 1 else Joined(tuple(kept))
    return written
