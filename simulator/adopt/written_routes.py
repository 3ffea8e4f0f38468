"""Operations as routes of a mapping, each with its reason."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from simulator.adopt.answers import Answered, answer_of, cut, value_named
from simulator.adopt.guess import grade_of
from simulator.adopt.openapi.samples import sample
from simulator.adopt.openapi.shapes import NOTHING, Shape, fields_in
from simulator.adopt.roles import Role, Seen, keys_of
from simulator.adopt.words import words_of
from simulator.adopt.yaml_notes import Noted
from simulator.mapping.answer_values import MODEL_VALUES, VALUES_OF
from simulator.mapping.places import OutsidePlace

__all__ = ["Written", "beside", "route_text", "written"]

_LARGEST_BODY: Final = 8_000  # bytes of a stub's answer as JSON
_MOST_LISTED: Final = 40
_LONGEST_TEXT: Final = 200
_OF_LOGINS: Final = {"authorization", "cookie"}
_OUTSIDE: Final[TypeAdapter[str]] = TypeAdapter(OutsidePlace)
_NO_BODY: Final = {204, 205, 304}
_REVIEWER: Final = re.compile(
    r"reviewer( id| name)?|analyst( id)?|agent( id)?|officer( id)?|"
    r"reviewed by|decided by|user( id)?"
)
_DELETED: Final = re.compile(r"(\w+ )*(deleted|removed|erased|count|supprimes?)( \w+)*")
_OF_MODELS: Final = {
    "version": re.compile(r"(model )?version( id| number)?"),
    "stage": re.compile(r"(current )?stage|alias|status|deployment|statut|etat"),
    "traffic_share": re.compile(r"traffic( share| weight| split| percent)?|weight|share|poids"),
    "model": re.compile(r"(model )?name|model( id)?|nom|modele|id"),
}


@dataclass
class Written:
    """A route of a mapping, with comments on it and on places in it."""

    content: dict[str, Any]
    noted: Noted = field(default_factory=Noted)


def route_text(method: str, path: str) -> str:
    """Method and path as a mapping has them: keys are words of letters, digits and underscores.

    >>> route_text("GET", "/a/{customer-id}")
    'GET /a/{customer_id}'
    """
    return f"{method} " + re.sub(
        r"\$?\{([^{}]*)\}", lambda found: f"{{{key_text(found[1])}}}", path
    )


def key_text(key: str) -> str:
    """A key of a path as a mapping has it."""
    text = re.sub(r"[^A-Za-z0-9_]", "_", key)
    return text if re.match("[A-Za-z_]", text) else f"_{text}"


def written(one: Seen, role: Role, taken: Answered | None = None) -> Written:
    """The route of an operation that scores nothing: of another endpoint, or a stub.

    `taken` is the answer that a decision got when it was taken.
    """
    route = route_text(one.operation.method, one.operation.path)
    maker = _MAKERS.get(role.of, _stub)
    made = maker(one, role, route)
    if role.of == "decision" and taken is not None and taken.named == one.answered.named:
        made.content.pop("answer", None)
        made.noted.before.pop(("answer",), None)
    if more := beside(one):
        made.content["beside"] = more
    what = "a stub" if "stub" in made.content else str(role.of)
    made.noted.say((), f"{grade_of(role.surely)}: {what}: {role.why}")
    if one.operation.is_old:
        made.noted.say((), "the document says that it is deprecated")
    return made


def answer_notes(noted: Noted, answered: Answered, at: tuple[str | int, ...]) -> None:
    """Says what in an answer stays as in an example."""
    places = [".".join(map(str, place)) for place in answered.kept]
    if places:
        listed = ", ".join(
            [*places[:_MOST_LISTED], *(["..."] if len(places) > _MOST_LISTED else [])]
        )
        noted.say(at, f"as in an example, since no value of a decision is like it: {listed}")


def _stub(one: Seen, role: Role, route: str) -> Written:
    operation = one.operation
    stub: dict[str, Any] = {}
    made = Written({"route": route, "stub": stub})
    if operation.status != 200:  # noqa: PLR2004 - what it is without
        stub["status"] = operation.status
    if operation.status not in _NO_BODY:
        body = with_keys(sample(operation.answer), keys_of(route))
        stub["body"], is_cut = cut(body, _LARGEST_BODY)
        if is_cut:
            made.noted.say(("stub", "body"), "what it answers is large, and is left out")
    if role.counts_as is not None:
        stub["counts_as"] = role.counts_as
    return made


def beside(one: Seen, placed: Collection[str] = ()) -> dict[str, str]:
    """What a request has to have in its query and headers, without `placed` and what logs in."""
    found: dict[str, str] = {}
    for each in one.operation.parameters:
        place = f"{each.part}:{each.name}"
        is_known = each.part == "path" or place in placed or each.name.lower() in _OF_LOGINS
        if each.is_required and not is_known and is_outside(place):
            value = sample(each.shape)
            text = value if isinstance(value, str) else json.dumps(value)
            found[place] = text[:_LONGEST_TEXT]
    return found


def is_outside(place: str) -> bool:
    """Whether a mapping can have a place of that name beside the body."""
    try:
        _OUTSIDE.validate_python(place)
    except ValidationError:
        return False
    return True


def with_keys(body: JsonValue, keys: Sequence[str]) -> JsonValue:
    """A body in which fields that are called as a key of the path say that key.

    >>> with_keys({"customerId": "c1", "n": 2}, ["customer_id"])
    {'customerId': '{customer_id}', 'n': 2}
    """
    by_words = {words_of(key): key for key in keys}

    def filled(value: JsonValue, name: str) -> JsonValue:
        match value:
            case dict():
                return {key: filled(inside, key) for key, inside in value.items()}
            case list():
                return [filled(inside, "") for inside in value]
            case str() if words_of(name) in by_words:
                return f"{{{by_words[words_of(name)]}}}"
        return value

    return filled(body, "")


def _health(one: Seen, _: Role, route: str) -> Written:
    answered = answer_of(one.operation.answer, VALUES_OF["health"])
    template = _health_words(answered.template, one.operation.answer)
    content: dict[str, Any] = {"route": route, "endpoint": "health"}
    if template not in (None, {}):
        content["answer"] = template
    return Written(content)


def _health_words(template: JsonValue, shape: Shape) -> JsonValue:
    """The same with the version where one is asked for, and a state in words that are usual."""
    if not isinstance(template, dict):
        return template
    found = dict(template)
    for name, inside in shape.fields.items():
        said = words_of(name)
        if said in {"version", "api version"} and inside.kind == "string" and not inside.enum:
            found[name] = "{version}"
        elif said in {"status", "state", "statut", "etat"} and found.get(name) == "text":
            found[name] = "{status}"
    return found


def _models(one: Seen, _: Role, route: str) -> Written:
    shape = one.operation.answer
    at, items = next(
        (
            (name, inside.items)
            for name, inside in [("", shape), *shape.fields.items()]
            if inside.items is not None and inside.items.fields
        ),
        ("", None),
    )
    if items is None:
        return _stub(one, Role("stub", 0.5, ""), route)
    each = {name: _of_model(name, inside) for name, inside in items.fields.items()}
    content: dict[str, Any] = {"route": route, "endpoint": "models"}
    answer: JsonValue = "{models}"
    if at:
        answer = {
            name: "{models}" if name == at else sample(inside)
            for name, inside in shape.fields.items()
        }
    content["answer"], content["each"] = answer, each
    return Written(content)


def _of_model(name: str, shape: Shape) -> JsonValue:
    said = words_of(name)
    for value, pattern in _OF_MODELS.items():
        is_number = value == "traffic_share"
        if value in MODEL_VALUES and pattern.fullmatch(said) and shape.is_number == is_number:
            return f"{{{value}}}"
    return sample(shape)


def _keyed(one: Seen, role: Role, route: str) -> Written:
    """What is read, explained or erased by a key in its path."""
    answered = answer_of(one.operation.answer, VALUES_OF[role.of], keys_of(one.operation.path))  # type: ignore[index]  # one of its endpoints
    template = answered.template
    if role.of == "erasure" and isinstance(template, dict):
        template = {
            name: "{deleted}"
            if _DELETED.fullmatch(words_of(name)) and one.operation.answer.fields[name].is_number
            else inside
            for name, inside in template.items()
        }
    if role.of != "erasure":
        template = _with_key(template, one.keys)
    made = Written({"route": route, "endpoint": role.of, "answer": template})
    if template in (None, {}, []):
        made.content["answer"] = (
            {"deleted": "{deleted}"} if role.of == "erasure" else _usual_answer(role)
        )
        made.noted.say(("answer",), "what it answers is not said")
    answer_notes(made.noted, answered, ("answer",))
    return made


def _usual_answer(role: Role) -> JsonValue:
    found: dict[str, JsonValue] = {"decision_id": "{decision_id}", "decision": "{decision}"}
    return (
        {**found, "reasons": "{reasons}"}
        if role.of == "explanation"
        else {**found, "score": "{score}"}
    )


def _with_key(template: JsonValue, keys: Sequence[str]) -> JsonValue:
    """A decision's key where a field has the name of the path's key."""
    if not isinstance(template, dict):
        return template
    names = {words_of(key) for key in keys}
    return {
        name: "{decision_id}" if words_of(name) in names and isinstance(inside, str) else inside
        for name, inside in template.items()
    }


def _review(one: Seen, role: Role, route: str) -> Written:
    decision = reviewer = None
    for place, shape in fields_in(one.operation.body):
        if "[" in place:
            continue
        last = place.rpartition(".")[2]
        if decision is None and value_named(last, shape) == "decision" and len(shape.enum) != 1:
            decision = place
        elif reviewer is None and shape.kind == "string" and _REVIEWER.fullmatch(words_of(last)):
            reviewer = place
    is_silent = one.operation.answer == NOTHING  # as with 204
    if decision is None or not ("decision" in one.answered.says or is_silent):
        return _stub(one, Role("stub", role.surely, "", "review"), route)
    made = _keyed(one, role, route)
    places = {"decision": decision, **({"reviewer": reviewer} if reviewer else {})}
    made.content["review"] = places
    return made


_MAKERS: Final[Mapping[str, Any]] = {
    "health": _health,
    "models": _models,
    "decision": _keyed,
    "explanation": _keyed,
    "erasure": _keyed,
    "review": _review,
}
