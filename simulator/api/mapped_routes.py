"""The routes that score, as a mapping has them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from simulator.api.bodies import Flag, Key, Number, Scalar, body_of
from simulator.api.conversions import category, key, number
from simulator.api.routes import Converted, Route
from simulator.api.worded_templates import decision_template, plain_template
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.application import Application
from simulator.mapping.feature_place import FLAGS, FeaturePlace
from simulator.mapping.places import Place, parsed
from simulator.scenario.vocabulary import FEATURES, Feature

__all__ = ["mapped_routes"]

_ABOUT: Final = {"score": "Scores one application.", "batch": "Scores several applications."}


class _Anything(BaseModel, extra="allow"):
    """An answer as the mapping has it."""


def mapped_routes(api: ApiPart) -> list[Route]:
    """All of them, in the mapping's order; each form of one is a route."""
    found: list[Route] = []
    for index, route in enumerate(api.routes):
        application = route.application or api.application
        if route.endpoint in {"score", "batch"} and application is not None:
            first = _route(f"mapped_{index}", route, application, api)
            found += [replace(first, method=method, path=path) for method, path in route.forms]
    return found


def _route(name: str, route: ApiRoute, application: Application, api: ApiPart) -> Route:
    method, path = route.forms[0]
    endpoint: Literal["score", "batch"] = "batch" if route.endpoint == "batch" else "score"
    of_features, channels = application.features, application.channels
    places: dict[str, Place] = {feature: where.at for feature, where in of_features.items()}
    applicant = {} if application.applicant is None else {"applicant_id": application.applicant}
    return Route(
        endpoint=endpoint,
        method=method,
        path=path,
        name=name,
        about=_ABOUT[endpoint],
        body=_body(name, route, application),
        channel=None if channels is None else channels.at,
        channels=None if channels is None else channels.values,
        applications=route.applications,
        places={**applicant, **places},
        scales=_scales(of_features),
        conversions=_conversions(application),
        defaults={
            "channel": application.channel,
            "applicant_id": None,
            **dict.fromkeys(f for f in FEATURES if f not in of_features),
        },
        answer=_Anything,
        decision=decision_template(application.answer, application, api.words),
        decisions=route.decisions,
        beside=plain_template(route.answer) if "answer" in route.model_fields_set else {},
        is_mapped=True,
    )


def _scales(features: Mapping[Feature, FeaturePlace]) -> dict[Feature, float]:
    """What numbers are multiplied by; flags always, since true becomes a number by that."""
    factors = {feature: where.factor(feature) for feature, where in features.items()}
    return {f: factor for f, factor in factors.items() if factor != 1.0 or f in FLAGS}


def _body(name: str, route: ApiRoute, application: Application) -> Any:  # noqa: ANN401 - an annotation
    kinds: dict[Place, Any] = {}
    if application.applicant is not None:
        kinds[application.applicant] = Key
    for feature, where in application.features.items():
        kinds[where.at] = _kind(feature, where)
    if application.channels is not None:
        kinds[application.channels.at] = Scalar
    inside = {place: kind for place, kind in kinds.items() if parsed(place).part == "body"}
    if not inside and route.endpoint == "score":
        return None
    one = body_of(f"{name}_application", inside)
    if route.endpoint == "score":
        return one
    several = Annotated[list[one], Field(min_length=1, max_length=route.most)]  # type: ignore[valid-type]  # made now
    return (
        several
        if route.applications is None
        else body_of(f"{name}_batch", {route.applications: several})
    )


def _kind(feature: Feature, where: FeaturePlace) -> Any:  # noqa: ANN401 - an annotation
    if where.values:
        return Scalar
    return Flag if feature in FLAGS else Number


def _conversions(application: Application) -> Mapping[str, Converted]:
    """Of what may be no plain number, or no text."""
    found: dict[str, Converted] = {}
    if application.applicant is not None and not _is_plain(application.applicant):
        found["applicant_id"] = key
    for feature, where in application.features.items():
        if where.values:
            found[feature] = partial(category, where.values)
        elif not _is_plain(where.at):
            found[feature] = number
    return found


def _is_plain(place: Place) -> bool:
    """Whether a value is read by a type of its own: those in lists are alike, and others texts."""
    part, steps = parsed(place)
    return part == "body" and all(isinstance(step, str) for step in steps)
