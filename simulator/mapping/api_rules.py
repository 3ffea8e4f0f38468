"""What must hold in a mapping's API beyond the types of its values."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from simulator.mapping.answer_values import (
    CREDENTIALS,
    MODEL_VALUES,
    OF_EACH_ANSWER,
    PUSHED_VALUES,
    SENT_VALUES,
    VALUES_OF,
)
from simulator.mapping.api_part import ApiPart, ApiRoute, Authentication, MappedEndpoint
from simulator.mapping.application import Application
from simulator.mapping.application_rules import application_problems, beside_problems, places_of
from simulator.mapping.places import parsed, value_at
from simulator.mapping.templates import parts_of, template_problems, texts_in
from simulator.reading.records import Problem

__all__ = ["api_problems", "missing_applications"]

_KEY: Final = re.compile(r"\{([^}]*)\}")
#: The simulator's own paths, which every mapping leaves to it.
_OWN: Final = ("/simulation", "/metrics")
#: What can be said of a route of each endpoint, beside what can be said of all.
_SAID_OF: Final[Mapping[MappedEndpoint, frozenset[str]]] = {
    "score": frozenset({"application"}),
    "batch": frozenset({"application", "applications", "most", "decisions", "answer", "sends"}),
    "decision": frozenset({"application", "key", "answer", "sends"}),
    "explanation": frozenset({"application", "key", "answer", "sends"}),
    "review": frozenset({"application", "key", "review", "answer", "sends"}),
    "erasure": frozenset({"key", "answer", "sends"}),
    "models": frozenset({"answer", "each", "sends"}),
    "health": frozenset({"answer", "counts_as"}),
}
_OF_STUBS: Final = frozenset({"sends"})
_OF_TOKENS: Final = {
    "answer",
    "lasts_seconds",
    "counts_as",
    "credentials",
    "credentials_as",
    "token_host",
}
_OF_SOME: Final = frozenset().union(*_SAID_OF.values())
_KEYED: Final = {"decision", "explanation", "review", "erasure"}

_Found: TypeAlias = Iterator[Problem]


def api_problems(api: ApiPart) -> _Found:
    """Everything that is wrong, with its path."""
    if api.application is not None:
        yield from application_problems(api.application, "api.application")
    first: dict[str, str] = {}
    if api.authentication is not None:
        yield from _of_authentication(api.authentication, "api.authentication")
        if api.authentication.token is not None:
            first[api.authentication.token] = "api.authentication.token"
    for index, route in enumerate(api.routes):
        place = f"api.routes.{index}"
        for at, form in _forms(route, place):
            yield from _of_form(route, form, at)
            before = first.setdefault(_KEY.sub("{}", form).rstrip("/"), at)
            if before != at:
                yield at, f"{form} is that of {before}, too"
        if route.open and api.authentication is None:
            yield f"{place}.open", "every route is, without api.authentication"
        yield from _of_route(route, place, api.application)


def missing_applications(api: ApiPart) -> _Found:
    """Routes of which no mapping says what an application is."""
    for index, route in enumerate(api.routes):
        is_scoring = route.endpoint in {"score", "batch"}
        is_answered = is_scoring or "answer" not in route.model_fields_set
        asks = "application" in _SAID_OF.get(route.endpoint, ()) if route.endpoint else False
        if asks and is_answered and route.application is None and api.application is None:
            place = f"api.routes.{index}.application"
            yield place, "is nowhere: write it here or under api.application"


def _of_authentication(asked: Authentication, place: str) -> _Found:
    said = asked.model_fields_set
    yield from _of_key_place(asked, place)
    if asked.token is None:
        for name in sorted(said & _OF_TOKENS):
            yield f"{place}.{name}", "is said of a token, and no route hands one out"
        return
    path = asked.token.partition(" ")[2]
    if _KEY.search(path) or _is_own(path):
        yield f"{place}.token", f"has no keys, and {' and '.join(_OWN)} are the simulator's own"
    yield from template_problems(asked.answer, f"{place}.answer", ["token", *OF_EACH_ANSWER])
    if not any("token" in parts_of(text)[1::2] for _, text in texts_in(asked.answer, "")):
        yield f"{place}.answer", "holds no {token}"
    for name, text in (asked.credentials or {}).items():
        yield from template_problems(text, f"{place}.credentials.{name}", CREDENTIALS)


def _of_key_place(asked: Authentication, place: str) -> _Found:
    """Where what is shown stands: that of a key is said, in one place."""
    places = [name for name in ("header", "query", "cookie") if name in asked.model_fields_set]
    if places and asked.kind != "api-key":
        yield (
            f"{place}.{places[0]}",
            "is said of a key, and a token or a password stands in Authorization; leave it out",
        )
    elif len(places) > 1:
        yield f"{place}.{places[1]}", f"a key is in one place, and {places[0]} says another"
    if asked.kind == "basic" and asked.token is not None:
        yield f"{place}.token", "is shown by a bearer: leave it out, or write kind: bearer"


def _is_own(path: str) -> bool:
    return f"{path}/".startswith(tuple(f"{own}/" for own in _OWN))


def _forms(route: ApiRoute, place: str) -> Iterator[tuple[str, str]]:
    """Each form of a route, with its place in the file."""
    yield f"{place}.route", route.route
    for index, form in enumerate(route.also):
        yield f"{place}.also.{index}", form


def _of_form(route: ApiRoute, form: str, place: str) -> _Found:
    method, _, path = form.partition(" ")
    keys = _KEY.findall(path)
    if _is_own(path):
        yield place, f"{' and '.join(_OWN)} are the simulator's own"
    if len(set(keys)) < len(keys):
        yield place, "has two keys of one name"
    if sorted(keys) != sorted(_KEY.findall(route.route)):
        yield place, f"has other keys than {route.route}"
    if route.endpoint in {"batch", "review"} and method == "GET":
        yield place, "what it takes is sent in a body, and GET has none"


def _of_route(route: ApiRoute, place: str, everywhere: Application | None) -> _Found:
    if (route.endpoint is None) == (route.stub is None):
        yield place, "write either endpoint or stub"
        return
    allowed = _OF_STUBS if route.endpoint is None else _SAID_OF[route.endpoint]
    what = "a stub" if route.endpoint is None else f"a route of the endpoint {route.endpoint}"
    for name in sorted(route.model_fields_set & (_OF_SOME - allowed)):
        yield f"{place}.{name}", f"is said of {_whom(name)}, and this is {what}"
    for outside, text in route.beside.items():
        yield from template_problems(text, f"{place}.beside.{outside}", SENT_VALUES)
    keys = _KEY.findall(route.route)
    if route.stub is not None:
        yield from template_problems(
            route.stub.body, f"{place}.stub.body", [*keys, *OF_EACH_ANSWER]
        )
        yield from template_problems(route.sends, f"{place}.sends", PUSHED_VALUES)
        for name in sorted(route.stub.known.keys() - set(keys)):
            yield f"{place}.stub.known.{name}", "is no key of the path"
    elif route.endpoint is not None:
        yield from _of_endpoint(route, route.endpoint, place, keys)
        if "application" in allowed:
            yield from _of_its_application(route, place, keys, everywhere)


def _whom(name: str) -> str:
    """The endpoints of which a field is said."""
    of: list[str] = [endpoint for endpoint, names in _SAID_OF.items() if name in names]
    of += ["stubs"] if name in _OF_STUBS else []
    return " and ".join(filter(None, [", ".join(of[:-1]), of[-1]]))


def _of_endpoint(route: ApiRoute, endpoint: MappedEndpoint, place: str, keys: list[str]) -> _Found:
    known = VALUES_OF[endpoint]
    yield from template_problems(route.answer, f"{place}.answer", known)
    yield from template_problems(route.sends, f"{place}.sends", SENT_VALUES)
    if endpoint == "models":
        yield from template_problems(route.each, f"{place}.each", MODEL_VALUES)
    if endpoint == "batch":
        yield from _of_list(route, place)
    if endpoint in _KEYED:
        yield from _of_key(route, place, keys)


def _of_key(route: ApiRoute, place: str, keys: list[str]) -> _Found:
    """How it is known what is to be read."""
    if route.key is None:
        if len(keys) != 1:
            yield f"{place}.key", "is missing: which key it is, as the path does not have one alone"
        return
    found = {"key": route.key}
    if route.review is not None:
        found["review.decision"] = route.review.decision
    yield from beside_problems(found, place)
    yield from _of_places(found, place, keys, route)


def _of_list(route: ApiRoute, place: str) -> _Found:
    """What a batch answers beside its list."""
    if "answer" not in route.model_fields_set:
        return
    if route.decisions is None:
        yield f"{place}.decisions", "is missing: what the list is called beside the rest of answer"
        return
    steps = parsed(route.decisions).steps
    on_the_way = (value_at(route.answer, steps[:n]) for n in range(len(steps)))
    is_object = all(one is None or isinstance(one, dict) for one in on_the_way)
    if not is_object or value_at(route.answer, steps) is not None:
        yield f"{place}.answer", f"leaves no room for the list at {route.decisions}"


def _of_its_application(
    route: ApiRoute, place: str, keys: list[str], everywhere: Application | None
) -> _Found:
    if route.application is not None:
        yield from application_problems(route.application, f"{place}.application")
    application = route.application or everywhere
    if application is not None and route.endpoint in {"score", "batch"}:
        yield from _of_places(places_of(application), place, keys, route)


def _of_places(places: Mapping[str, str], place: str, keys: list[str], route: ApiRoute) -> _Found:
    """Whether what is read can be where it is said to be."""
    has_body = all(method != "GET" for method, _ in route.forms)
    for name, one in places.items():
        part, steps = parsed(one)
        if part == "path" and steps[0] not in keys:
            yield f"{place}.route", f"has no key {{{steps[0]}}}, from which {name} is read"
        if part == "body" and not has_body:
            yield f"{place}.route", f"GET has no body, in which {name} lies (at {one})"
