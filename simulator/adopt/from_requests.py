"""Stubs for requests that a running platform did not know: methods and paths, and no values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from simulator.adopt.adding import with_routes
from simulator.adopt.features import Sent, features_among
from simulator.adopt.openapi.shapes import Shape
from simulator.errors import MappingError
from simulator.mapping.api_part import RouteText
from simulator.mapping.loading import parse_mapping
from simulator.quoting import shortened

__all__ = [
    "UNKNOWN_REQUESTS",
    "Added",
    "UnknownRequests",
    "mapping_from_requests",
    "unknown_requests_in",
]

#: Where a running platform lists them.
UNKNOWN_REQUESTS: Final = "/simulation/unknown-requests"

_OWN: Final = ("/simulation/", "/metrics/")
_ID: Final = re.compile(r"\{id\}")
_KEY: Final = re.compile(r"\{[^}]*\}")
_ROUTE: Final[TypeAdapter[str]] = TypeAdapter(RouteText)
_MOST_ROUTES: Final = 200
_NEW: Final = "version: 1\nname: theirs\ndescription: Of requests that were seen.\n"
_TYPES: Final = {"string": "string", "number": "number", "boolean": "boolean"}
_TWO: Final = 2

Text = Annotated[str, Field(max_length=2000)]


class _Shape(BaseModel):
    """Requests of one shape, as the platform lists them."""

    method: Annotated[str, Field(max_length=20)]
    path: Text
    query: Annotated[list[Text], Field(max_length=100)] = []
    media_type: Annotated[str, Field(max_length=200)] | None = None
    body: JsonValue = None
    requests: Annotated[int, Field(ge=0)]


class UnknownRequests(BaseModel):
    """All of them, the most frequent first."""

    not_listed: Annotated[int, Field(ge=0)] = 0
    shapes: Annotated[list[_Shape], Field(max_length=1000)]


@dataclass
class Added:
    """A mapping's text with stubs in it, and what was not added, with the reason."""

    text: str
    routes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def unknown_requests_in(answer: bytes, source: str) -> UnknownRequests:
    """What a platform's answer lists.

    Raises:
        MappingError: it lists no requests; with the first thing that is wrong with it.
    """
    try:
        return UnknownRequests.model_validate_json(answer)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise MappingError(
            f"{source}: {place}: {first['msg']}: these are no unknown requests of a platform that "
            "`simulator run` has started"
        ) from error


def mapping_from_requests(unknown: UnknownRequests, text: str | None, source: str) -> Added:
    """A mapping with a stub for each request that was not known, after what its text has.

    Raises:
        MappingError: the text is no mapping, or one to which nothing can be added.

    >>> seen = {"method": "GET", "path": "/limits/{id}", "requests": 3}
    >>> added = mapping_from_requests(UnknownRequests(shapes=[seen]), None, "new.yaml")
    >>> print(added.text[added.text.index("api:"):], end="")
    api:
      routes:
        # seen 3 times
        - {route: 'GET /limits/{id}', stub: {body: {}}}
    """
    before = _NEW if text is None else text
    mapping = parse_mapping(before, source)
    served = {_KEY.sub("{}", f"{m} {p}") for route in mapping.api.routes for m, p in route.forms}
    added = Added(before)
    room = _MOST_ROUTES - len(mapping.api.routes)
    routes: list[dict[str, Any]] = []
    notes: list[str] = []
    for route, shapes in _by_route(unknown.shapes).items():
        if why := _why_not(route, served, room - len(routes)):
            added.left_out.append(f"{shortened(route)}: {why}")
            continue
        routes.append({"route": route, "stub": {"body": {}}})
        notes.append("; ".join(_said(shapes)))
        added.routes.append(route)
    if unknown.not_listed:
        added.left_out.append(
            f"{unknown.not_listed:,} requests of shapes that the platform does not list"
        )
    if routes:
        added.text = with_routes(before, routes, notes, source)
        parse_mapping(added.text, source)
    return added


def _by_route(shapes: Sequence[_Shape]) -> Mapping[str, list[_Shape]]:
    found: dict[str, list[_Shape]] = {}
    for shape in shapes:
        found.setdefault(f"{shape.method} {_with_keys(shape.path)}", []).append(shape)
    return found


def _with_keys(path: str) -> str:
    """The path with a name for each of its keys.

    >>> _with_keys("/a/{id}/b/{id}")
    '/a/{id}/b/{id_2}'
    """
    count = 0

    def name(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return "{id}" if count == 1 else f"{{id_{count}}}"

    return _ID.sub(name, path)


def _why_not(route: str, served: set[str], room: int) -> str:
    method, _, path = route.partition(" ")
    if _KEY.sub("{}", route) in served:
        return "the mapping has a route for it"
    if f"{path}/".startswith(_OWN):
        return "the path is the simulator's own"
    try:
        _ROUTE.validate_python(route)
    except ValidationError:
        return f"a mapping has no routes of that {'form' if method != 'other' else 'method'}"
    return "" if room > 0 else f"{_MOST_ROUTES} routes are the most"


def _said(shapes: Sequence[_Shape]) -> Iterator[str]:
    """How often it was seen, and its shape: names and types."""
    count = sum(shape.requests for shape in shapes)
    yield f"seen {count:,} time{'' if count == 1 else 's'}"
    if names := sorted({name for shape in shapes for name in shape.query}):
        yield f"query: {', '.join(names)}"
    body = next((shape.body for shape in shapes if shape.body is not None), None)
    if body is None:
        return
    leaves = list(_leaves(body, ""))
    yield "body: " + ", ".join(f"{place or 'all'} {kind}" for place, kind in leaves[:30])
    placed, _ = features_among([Sent(p, Shape(_TYPES.get(kind, ""))) for p, kind in leaves if p])
    if len(placed) >= _TWO:
        listed = ", ".join(f"{one.feature} at {one.place}" for one in placed)
        yield (
            f"it may be one that scores ({listed}): write endpoint and "
            f"application in place of the stub"
        )


def _leaves(body: JsonValue, place: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    match body:
        case dict() if depth < 6:  # noqa: PLR2004 - deeper than a shape goes
            for name, inside in body.items():
                yield from _leaves(inside, f"{place}.{name}" if place else name, depth + 1)
        case list() if body and depth < 6:  # noqa: PLR2004 - the same
            yield from _leaves(body[0], f"{place}[0]", depth + 1)
        case _:
            yield place, body if isinstance(body, str) else "list"
