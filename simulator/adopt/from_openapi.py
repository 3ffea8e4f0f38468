"""A mapping's API proposed from an OpenAPI document, with a reason for each guess in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from simulator.adopt.authentication import Asked, asked_by
from simulator.adopt.fitting import without_misfits
from simulator.adopt.openapi.document import document_in
from simulator.adopt.openapi.operations import base_path, operations_in
from simulator.adopt.openapi.samples import plain
from simulator.adopt.openapi.shapes import Shape, fields_in
from simulator.adopt.policy import add_policy
from simulator.adopt.roles import Role, Seen, role_of, seen
from simulator.adopt.written_application import Applied, applied, scoring_route
from simulator.adopt.written_routes import Written, route_text, written
from simulator.adopt.yaml_notes import Noted, comment_lines, yaml_lines
from simulator.mapping.api_part import RouteText

__all__ = ["mapping_from_openapi"]

_SCORING: Final = {"score", "batch"}
_NOT_SERVED: Final = {"HEAD", "OPTIONS", "TRACE"}
_MOST_ROUTES: Final = 200
_OWN: Final = {"/simulation", "/metrics"}
_ROUTE: Final[TypeAdapter[str]] = TypeAdapter(RouteText)
#: Whose metrics a platform has as long as the mapping names no others.
_INCLUDED: Final = {"default": ["scoring-api", "ml-model", "kafka-exporter", "minio", "compliance"]}


def mapping_from_openapi(text: str, source: str) -> str:
    r"""The mapping that a document proposes, as YAML with reasons as comments; it always loads.

    Raises:
        OpenApiError: the text is no OpenAPI 3 or Swagger 2 document.

    >>> written = mapping_from_openapi("openapi: 3.1.0\npaths: {/health: {get: {}}}", "a.yaml")
    >>> print(*written.splitlines()[-3:-1], sep="\n")
        # sure: health: its path: /health
        - {route: GET /health, endpoint: health}
    """
    document = document_in(text, source)
    looked_at = [(one, role_of(one)) for one in map(seen, operations_in(document))]
    asked = asked_by(document, looked_at)
    title = _title(document.node(document.root.get("info")))
    noted = Noted(
        {
            "version": 1,
            "name": title,
            "description": f"Proposed from {_name(source)}.",
            "include": _INCLUDED,
        }
    )
    noted.say(("include",), "metrics are this project's own until the mapping has others")
    noted.content["api"] = {}
    _add_routes(noted, looked_at, asked, base_path(document))
    kept = without_misfits(noted)
    head = list(comment_lines(list(_head(source, looked_at))))
    return "\n".join([*head, *yaml_lines(kept), ""])


def _title(info: Any) -> str:  # noqa: ANN401 - an object of the document
    title = plain(info.get("title"))
    text = " ".join(title.split())[:100] if isinstance(title, str) else ""
    return text or "theirs"


def _name(source: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in source.rpartition("/")[2])[:200]


def _head(source: str, looked_at: Sequence[tuple[Seen, Role]]) -> Iterator[str]:
    counts = Counter(role.of for _, role in looked_at)
    said = ", ".join(f"{n} {of}" for of, n in counts.most_common()) or "no operation"
    yield f"Proposed from {_name(source)}: {said}."
    yield (
        "Before each guess stands how sure it is (sure, likely, guess) "
        "and why. Look at what is not sure."
    )


def _add_routes(
    noted: Noted, looked_at: Sequence[tuple[Seen, Role]], asked: Asked, base: str
) -> None:
    api = noted.content["api"]
    scoring = [(one, role, applied(one)) for one, role in looked_at if role.of in _SCORING]
    main = _main(scoring)
    if asked.content is not None:
        api["authentication"] = asked.content
        noted.say(("api", "authentication"), *asked.notes)
    else:
        noted.add(("api",), *asked.notes)
    if main is not None:
        api["application"] = main[2].content
        _put(noted, main[2].noted, ("api", "application"))
    else:
        noted.add(
            ("api",), "no operation scores an application: nothing it takes or answers is like that"
        )
    api["routes"] = []
    if base:
        noted.say(("api", "routes"), f"paths begin with {base}, as the first of its servers has it")
    applications = {id(one): found for one, _, found in scoring}
    shared = None if main is None else main[2]
    for one, role in looked_at:
        if why := _unwritten(one, asked, len(api["routes"])):
            noted.add(
                ("api", "routes"), f"not placed: {one.operation.method} {one.operation.path}: {why}"
            )
            continue
        if role.of in _SCORING:
            made = scoring_route(one, role, applications[id(one)], shared)
        else:
            made = written(one, role, None if shared is None else shared.answered)
        _add(noted, made, one, asked)
    add_policy(noted, *_words(scoring, main))


def _main(scoring: Sequence[tuple[Seen, Role, Applied]]) -> tuple[Seen, Role, Applied] | None:
    """The operation whose application is that of the whole API: the surest that scores one."""
    return max(
        scoring,
        key=lambda each: (
            each[1].of == "score" and each[0].operation.method != "GET",
            len(each[0].taken.features),
            each[1].surely,
            len(each[2].answered.says),
        ),
        default=None,
    )


def _unwritten(one: Seen, asked: Asked, count: int) -> str:
    """Why an operation has no route; empty where it has one."""
    method, path = one.operation.method, one.operation.path
    if method in _NOT_SERVED:
        return "a mapping has no routes of that method"
    if asked.token_form == f"{method} {path}":
        return "it hands out tokens, under authentication"
    if path.partition("{")[0].rstrip("/") in _OWN:
        return "the path is the simulator's own"
    if not _is_route(route_text(method, path)):
        return "a mapping has no routes of that form"
    return f"{_MOST_ROUTES} routes are the most" if count >= _MOST_ROUTES else ""


def _is_route(text: str) -> bool:
    try:
        _ROUTE.validate_python(text)
    except ValidationError:
        return False
    return True


def _add(noted: Noted, made: Written, one: Seen, asked: Asked) -> None:
    routes = noted.content["api"]["routes"]
    form = one.operation.method, one.operation.path
    key = (asked.content or {}).get("header")  # which is shown with each request
    made.content.get("beside", {}).pop(f"header:{key}", None)
    if not made.content.get("beside", True):
        del made.content["beside"]
    if asked.content is not None and form not in asked.by:
        made.content["open"] = True
    _put(noted, made.noted, ("api", "routes", len(routes)))
    routes.append(made.content)


def _put(noted: Noted, other: Noted, under: tuple[str | int, ...]) -> None:
    for place, notes in other.before.items():
        noted.say((*under, *place), *notes)
    for place, notes in other.after.items():
        noted.add((*under, *place), *notes)


def _words(
    scoring: Sequence[tuple[Seen, Role, Applied]], main: tuple[Seen, Role, Applied] | None
) -> tuple[dict[str, Shape], tuple[str, Shape] | None]:
    """The shapes of what is in the platform's words, and the field of its score."""
    words: dict[str, Shape] = {}
    score: tuple[str, Shape] | None = None
    first = [] if main is None else [main]
    for _, _, found in [*first, *scoring]:
        for name, shape in found.answered.words.items():
            if not words.get(name, Shape()).enum:
                words[name] = shape
        if score is None:
            shapes = dict(fields_in(found.one_answer))
            places = [
                ".".join(map(str, p))
                for p, value in found.answered.named.items()
                if value == "score"
            ]
            score = next(((p.rpartition(".")[2], shapes[p]) for p in places if p in shapes), None)
    return words, score
