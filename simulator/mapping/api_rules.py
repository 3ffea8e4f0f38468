"""What must hold in a mapping's API beyond the types of its values."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from simulator.mapping.api_part import ApiPart, ApiRoute, Application, Authentication
from simulator.mapping.templates import ANSWER_VALUES, template_problems
from simulator.reading.records import Problem

__all__ = ["api_problems"]

_KEY: Final = re.compile(r"\{([^}]*)\}")
#: The simulator's own paths, which every mapping leaves to it.
_OWN: Final = ("/simulation", "/metrics")
_OF_SCORING: Final = ("application", "applications", "most", "decisions")
_OF_BATCHES: Final = ("applications", "most", "decisions")


def api_problems(api: ApiPart) -> Iterator[Problem]:
    """Everything that is wrong, with its path."""
    if api.application is not None:
        yield from _of_application(api.application, "api.application")
    first: dict[str, str] = {}
    if api.authentication is not None:
        yield from _of_authentication(api.authentication, "api.authentication")
        if api.authentication.token is not None:
            first[api.authentication.token] = "api.authentication.token"
    for index, route in enumerate(api.routes):
        place = f"api.routes.{index}"
        for at, form in _forms(route, place):
            yield from _of_form(route, form, at)
            before = first.setdefault(_KEY.sub("{}", form), at)
            if before != at:
                yield at, f"{form} is that of {before}, too"
        if route.open and api.authentication is None:
            yield f"{place}.open", "every route is, without api.authentication"
        yield from _of_route(route, place, has_application=api.application is not None)


def _of_authentication(asked: Authentication, place: str) -> Iterator[Problem]:
    said = asked.model_fields_set
    if asked.kind == "bearer" and "header" in said:
        yield f"{place}.header", "a bearer's token stands in Authorization; leave it out"
    if asked.token is None:
        for name in sorted(said & {"answer", "lasts_seconds"}):
            yield f"{place}.{name}", "is said of a token, and no route hands one out"
        return
    path = asked.token.partition(" ")[2]
    if _KEY.search(path) or f"{path}/".startswith(tuple(f"{own}/" for own in _OWN)):
        yield f"{place}.token", f"has no keys, and {' and '.join(_OWN)} are the simulator's own"
    yield from template_problems(asked.answer, f"{place}.answer", ["token"])


def _forms(route: ApiRoute, place: str) -> Iterator[tuple[str, str]]:
    """Each form of a route, with its place in the file."""
    yield f"{place}.route", route.route
    for index, form in enumerate(route.also):
        yield f"{place}.also.{index}", form


def _of_form(route: ApiRoute, form: str, place: str) -> Iterator[Problem]:
    method, _, path = form.partition(" ")
    keys = _KEY.findall(path)
    if f"{path}/".startswith(tuple(f"{own}/" for own in _OWN)):
        yield place, f"{' and '.join(_OWN)} are the simulator's own"
    if len(set(keys)) < len(keys):
        yield place, "has two keys of one name"
    if route.endpoint is not None and (keys or method == "GET"):
        yield place, "what is scored is sent in a body, to a path without keys"
    if sorted(keys) != sorted(_KEY.findall(route.route)):
        yield place, f"has other keys than {route.route}"


def _of_route(route: ApiRoute, place: str, *, has_application: bool) -> Iterator[Problem]:
    said = route.model_fields_set
    if (route.endpoint is None) == (route.stub is None):
        yield place, "write either endpoint or stub"
    elif route.stub is not None:
        for name in said.intersection(_OF_SCORING):
            yield f"{place}.{name}", "is said of routes that score, and this is a stub"
        keys = _KEY.findall(route.route)
        yield from template_problems(route.stub.body, f"{place}.stub.body", keys)
    else:
        if route.application is not None:
            yield from _of_application(route.application, f"{place}.application")
        elif not has_application:
            yield f"{place}.application", "is nowhere: write it here or under api.application"
        yield from _of_list(route, place)


def _of_list(route: ApiRoute, place: str) -> Iterator[Problem]:
    if route.endpoint == "score":
        for name in route.model_fields_set.intersection(_OF_BATCHES):
            yield f"{place}.{name}", "is said of batches, and this scores one application"
        return
    if route.applications is None:
        yield f"{place}.applications", "is missing: where the list of applications lies"
    if route.decisions is None:
        yield f"{place}.decisions", "is missing: the name of the list of answers"


def _of_application(application: Application, place: str) -> Iterator[Problem]:
    yield from template_problems(application.answer, f"{place}.answer", ANSWER_VALUES)
    places = {"applicant": application.applicant}
    places |= {f"features.{name}.at": where.at for name, where in application.features.items()}
    yield from _one_within_another(places, place)


def _one_within_another(places: Mapping[str, str], place: str) -> Iterator[Problem]:
    """A field is a number, a text or an object, and one thing."""
    for (_, one), (name, other) in combinations(places.items(), 2):
        if f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}."):
            yield f"{place}.{name}", f"{other} cannot be read beside {one}"
