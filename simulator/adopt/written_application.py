"""Operations that score as routes of a mapping: where features lie, and how answers look."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from simulator.adopt.answers import Answered, answer_of, cut, scalar_named
from simulator.adopt.features import PlacedFeature, graded
from simulator.adopt.guess import grade_of
from simulator.adopt.openapi.samples import needed, sample
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.roles import Role, Seen
from simulator.adopt.words import words_of
from simulator.adopt.written_routes import Written, answer_notes, beside, key_text, route_text
from simulator.adopt.yaml_notes import Noted, Path
from simulator.mapping.answer_values import ANSWER_VALUES, REASON_VALUES, VALUES_OF
from simulator.mapping.feature_place import WHOLE

__all__ = ["Applied", "applied", "scoring_route"]

_USUAL_ANSWER: Final[JsonValue] = {
    "applicant_id": "{applicant_id}",
    "decision": "{decision}",
    "score": "{score}",
    "probability_of_default": "{probability_of_default}",
}
_PREFIX: Final = re.compile(r"\^([A-Za-z]*[_-]?)(?:\\d|\[0-9\])")
_SIZED: Final = re.compile(r"\^([A-Za-z]*[_-]?)(?:\\d|\[0-9\])\{([3-9]|1[0-2])\}\$")
_NUMBERED: Final = re.compile(r"([A-Za-z]+[_-]?)[0-9]+")
#: Of keys as digits, and of the usual ones, which are longer the more people and workers there are.
_FEWEST_DIGITS, _USUAL_DIGITS, _MOST_DIGITS = 3, 7, 12
_SHORTEST_KEY, _LONGEST_KEY = 10, 20
_LARGEST_ANSWER: Final = 16_000
_MOST_LISTED: Final = 60
_NUMBER_OF: Final = {
    "contribution": "contribution|impact|weight|importance|shap|shap value|effect|"
    "points|poids|value|valeur|score|attribution",
    "value": "value|valeur|feature value|actual|observed",
    "rank": "rank|rang|order|position|priority",
}
_TEXT_OF: Final = {
    "feature": "feature|feature name|name|variable|field|nom|factor|attribute|code|champ|column",
    "reason": "reason|description|message|text|label|explanation|detail|motif|"
    "libelle|raison|impact description",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """An application of an operation as a mapping has it, with what was found of its answer."""

    content: dict[str, Any]
    noted: Noted
    answered: Answered
    one_answer: Shape
    list_at: str | None


def applied(one: Seen) -> Applied:
    """Where in what is sent what lies, and how an answer to one application looks."""
    content: dict[str, Any] = {}
    noted = Noted(content)
    taken = one.taken
    if taken.applicant is not None:
        content["applicant"] = _place(taken.applicant.place)
        noted.say(("applicant",), "likely: by its name")
        if (keys := _keys(taken.applicant.shape)) is not None:
            content["applicant_keys"] = keys
    if taken.features:
        content["features"] = {each.feature: _written(each) for each in taken.features}
        for each in taken.features:
            noted.say(("features", each.feature), _why(each))
    else:
        noted.say((), "no feature has a place: all of them are looked up")
    at = ("features",) if taken.features else ()
    noted.add(at, *_left_out(taken.others))
    if (sent := _beside(one)) is not None:
        content["sends"] = sent
        noted.say(("sends",), "what clients have to send beside, as in an example")
    list_at, item = _list_of(one)
    echoed = [] if taken.applicant is None else [taken.applicant.steps[-1]]
    answered = _one(item, list_at, echoed)
    template, is_cut = cut(answered.template, _LARGEST_ANSWER)
    if template in (None, {}, []) or is_cut:
        noted.say(("answer",), "what it answers is not said, so it is what is usual")
        template, answered = _USUAL_ANSWER, Answered(_USUAL_ANSWER)
    content["answer"] = template
    answer_notes(noted, answered, ("answer",))
    if answered.reason is not None:
        content["reason"] = _reason(answered.reason)
    return Applied(content, noted, answered, item, list_at)


def _keys(shape: Shape) -> str | None:
    """How keys are made that its type, format, pattern or example wants; None where any will do."""
    if shape.kind == "integer":
        return "{number}"
    if shape.format == "uuid":
        return "{uuid}"
    example = next((one for one in shape.examples if isinstance(one, str)), "")
    if sized := _SIZED.fullmatch(shape.pattern):
        return f"{sized[1]}{{digits_{sized[2]}}}"
    found = _PREFIX.match(shape.pattern) or _NUMBERED.fullmatch(example)
    if found:
        return f"{found[1] or 1}{{number}}"
    size = _size(shape)
    return None if size is None else f"{{digits_{size}}}"


def _size(shape: Shape) -> int | None:
    """Of how many digits keys are whose length is limited; None where the usual ones fit."""
    is_long_enough = shape.longest is None or shape.longest >= _LONGEST_KEY
    if is_long_enough and shape.shortest <= _SHORTEST_KEY:
        return None
    most = _MOST_DIGITS if shape.longest is None else min(shape.longest, _MOST_DIGITS)
    return min(max(_USUAL_DIGITS, shape.shortest), most) if most >= _FEWEST_DIGITS else None


def _place(place: str) -> str:
    part, colon, name = place.partition(":")
    return f"path:{key_text(name)}" if colon and part == "path" else place


def _written(one: PlacedFeature) -> dict[str, Any]:
    found: dict[str, Any] = {"at": _place(one.place)}
    if one.values:
        return {**found, "values": one.values}
    if one.unit is not None:
        found["unit"] = one.unit.unit
        if one.unit.scale != 1.0:
            found["scale"] = one.unit.scale
    found |= {
        name: limit
        for name, limit in (("least", one.least), ("most", one.most))
        if limit is not None
    }
    if one.step is not None:
        found["step"] = one.step
    if one.is_whole and one.feature not in WHOLE:
        found["whole"] = True
    if one.is_text:
        found["text"] = True
    return found


def _beside(one: Seen) -> JsonValue:
    """What else has to be in the body of an application, without what has a place."""
    if one.operation.is_form or not one.operation.media:
        return None
    taken = one.taken
    body = needed(taken.item)
    places = [each.place for each in taken.features]
    places += [] if taken.applicant is None else [taken.applicant.place]
    for place in places:
        body = _less(body, place.split("."))
    if taken.at is not None and not places:
        return body if isinstance(body, dict) else {}
    return body if body not in ({}, []) and len(json.dumps(body)) <= _LARGEST_ANSWER else None


def _less(body: JsonValue, steps: Sequence[str]) -> JsonValue:
    """A body without a field, and without objects that held nothing else."""
    if not isinstance(body, dict) or steps[0] not in body:
        return body
    kept = {name: inside for name, inside in body.items() if name != steps[0]}
    if len(steps) == 1:
        return kept
    inside = _less(body[steps[0]], steps[1:])
    return {**body, steps[0]: inside} if inside != {} else kept


def _why(one: PlacedFeature) -> str:
    unit = f"; {one.unit.unit}: {one.unit.why}" if one.unit is not None and not one.values else ""
    return f"{graded(one)}: {one.why}{unit}"


def _left_out(others: dict[str, str]) -> list[str]:
    """What is sent and is no feature, by the reason."""
    by_reason: dict[str, list[str]] = {}
    for place, why in others.items():
        by_reason.setdefault(why, []).append(place)
    found = []
    for why, places in by_reason.items():
        more = f" and {len(places) - _MOST_LISTED} more" if len(places) > _MOST_LISTED else ""
        found.append(f"not placed: {', '.join(places[:_MOST_LISTED])}{more}: {why}")
    return found


def _list_of(one: Seen) -> tuple[str | None, Shape]:
    """Where a batch's answer has its list, empty where it is that list, and an item's shape."""
    shape = one.operation.answer
    if one.taken.at is None:
        return None, shape
    if shape.items is not None:
        return "", shape.items
    lists = [
        (name, inside.items) for name, inside in shape.fields.items() if inside.items is not None
    ]
    if not lists:
        return None, shape
    return max(lists, key=lambda each: _said_by(*each))


def _said_by(name: str, items: Shape) -> int:
    return len(answer_of(items, ANSWER_VALUES).says) * 2 + bool(scalar_named(name, items))


def _one(item: Shape, list_at: str | None, echoed: Collection[str]) -> Answered:
    if list_at is not None and not item.fields:
        value = scalar_named(list_at, item)
        return Answered(f"{{{value}}}" if value else sample(item), {("",): value} if value else {})
    return answer_of(item, ANSWER_VALUES, list(echoed))


def _reason(items: Shape) -> JsonValue:
    """One reason: its name, its words, what it added."""
    if not items.fields and items.kind == "object":
        return (
            {"feature": "{feature}"}
            if items.others == "string"
            else {"contribution": "{contribution}"}
        )
    if not items.fields:
        return "{contribution}" if items.is_number else "{feature}"
    found: dict[str, JsonValue] = {}
    for name, inside in items.fields.items():
        options = (
            _NUMBER_OF
            if inside.is_number
            else _TEXT_OF
            if inside.kind == "string" and not inside.enum
            else {}
        )
        said = words_of(name)
        value = next(
            (v for v, words in options.items() if said in words.split("|") and v in REASON_VALUES),
            "",
        )
        is_new = f"{{{value}}}" not in found.values()
        found[name] = f"{{{value}}}" if value and is_new else sample(inside)
    return found


def scoring_route(one: Seen, role: Role, found: Applied, shared: Applied | None) -> Written:
    """The route, whose application is said at it where the API's is another one."""
    content: dict[str, Any] = {
        "route": route_text(one.operation.method, one.operation.path),
        "endpoint": role.of,
    }
    made = Written(content, Noted(content))
    made.noted.say((), f"{grade_of(role.surely)}: {role.of}: {role.why}")
    if one.operation.is_old:
        made.noted.say((), "the document says that it is deprecated")
    if shared is None or found.content != shared.content:
        content["application"] = found.content
        _move(found.noted, made.noted, ("application",))
    placed = {each.place for each in one.taken.features}
    placed |= set() if one.taken.applicant is None else {one.taken.applicant.place}
    if more := beside(one, placed):
        content["beside"] = more
    if role.of == "batch":
        _batch(one, found, content)
    return made


def _move(noted: Noted, to: Noted, under: Path) -> None:
    for place, notes in noted.before.items():
        to.say((*under, *place), *notes)
    for place, notes in noted.after.items():
        to.add((*under, *place), *notes)


def _batch(one: Seen, found: Applied, content: dict[str, Any]) -> None:
    if one.taken.at:
        content["applications"] = one.taken.at
        sent = _less(needed(one.operation.body), one.taken.at.split("."))
        if sent != {}:
            content["sends"] = sent
    largest = _largest(one.operation.body, one.taken.at or "")
    if largest is not None and 1 <= largest <= 100:  # noqa: PLR2004 - as a batch may have
        content["most"] = largest
    if found.list_at:
        content["decisions"] = found.list_at
        beside = answer_of(one.operation.answer, VALUES_OF["batch"], own=found.list_at)
        if beside.template not in (None, {}):
            content["answer"] = _counted(beside.template, one.operation.answer)


def _largest(body: Shape, at: str) -> int | None:
    for name in filter(None, at.split(".")):
        body = body.fields.get(name, Shape())
    return body.largest


_COUNTS: Final = (
    ("n_accepted", "approved|accepted|accorde|accepte|acceptes|approuve"),
    ("n_refused", "rejected|refused|declined|denied|fraud|refuse|refuses|high risk"),
    ("n_review", "review|manual|pending|referred"),
    ("mean_score", "average|mean|moyen|moyenne|avg"),
    ("count", "total|count|size|n|nb|nombre|number|processed|num|length|records"),
)


def _counted(template: JsonValue, shape: Shape) -> JsonValue:
    """The same with how many applications a batch had, where its answer says so."""
    if not isinstance(template, dict):
        return template
    found = dict(template)
    for name, inside in shape.fields.items():
        said = set(words_of(name).split())
        if inside.is_number and not str(found.get(name)).startswith("{"):
            value = next((v for v, words in _COUNTS if said & set(words.split("|"))), None)
            if value is not None:
                found[name] = f"{{{value}}}"
    return found
