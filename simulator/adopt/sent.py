"""What an operation takes: values by their places, lists of applications, somebody's key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from simulator.adopt.answer_words import ENTITY_KEYS
from simulator.adopt.features import PlacedFeature, Sent, features_among
from simulator.adopt.openapi.operations import Operation
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.words import known, words_of
from simulator.mapping.places import Place

__all__ = ["Taken", "taken_by"]

_OTHER_KEYS: Final = known(
    "(application|loan|request|transaction|dossier|demande|account|"
    "case|contract|card|session|prospect|lead|policy|"
    "order|entity|record|row|proposal)( \\w+)? ?(id|number|no|key|"
    "ref|reference|numero|uuid)|(id|numero|num|ref|"
    "reference) (dossier|demande|application|transaction|contrat|"
    "pret|compte)|id|uuid|reference|ref|numero|key|"
    "siret|siren",
    1.0,
)
_ROWS: Final = known("instances|inputs|records|dataframe records|data|rows|items|samples|", 1.0)
_DEEPEST: Final = 6
_PLACE: Final[TypeAdapter[str]] = TypeAdapter(Place)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an operation takes of one application.

    `at` is where the list of applications is, None for one application alone, empty where the body
    is the list. `others` says of every other value why it is no feature.
    """

    features: tuple[PlacedFeature, ...]
    others: dict[str, str]
    applicant: Sent | None
    at: str | None
    item: Shape


def taken_by(operation: Operation, *, is_alone: bool = False) -> Taken:
    """What it takes, from a list in its body where most of the features are.

    Where it `is_alone`, what lies in lists is of the one applicant, who is the first in them.
    """
    alone = _taken(_values(operation), None, operation.body)
    if is_alone:
        listed = ((place, items) for place, items in _lists(operation.body) if items.fields)
        firsts = (one for place, items in listed for one in _leaves(items, f"{place}[0]"))
        with_lists = _taken(chain(_values(operation), firsts), None, operation.body)
        return max(alone, with_lists, key=lambda one: len(one.features))
    several = [
        _taken(_leaves(items, ""), place, items)
        for place, items in _lists(operation.body)
        if items.fields or _ROWS.words.fullmatch(words_of(place))
    ]
    best = max(several, key=lambda one: len(one.features), default=None)
    if best is not None and len(best.features) > len(alone.features):
        return best
    if (
        best is not None
        and not alone.features
        and not best.features
        and "datatype" not in best.item.fields
    ):
        return best if not _plain_fields(operation.body) else alone
    return alone


def _plain_fields(body: Shape) -> bool:
    """Whether a body has values of its own beside its lists."""
    return any(inside.items is None and inside.kind != "object" for inside in body.fields.values())


def _taken(values: Iterator[Sent], at: str | None, item: Shape) -> Taken:
    listed = list(values)
    good = [one for one in listed if _is_place(one.place)]
    bad = {one.place: "its name cannot be written as a place" for one in listed if one not in good}
    features, others = features_among(good)
    taken = {one.place for one in features}
    applicant = _applicant([one for one in good if one.place not in taken])
    if applicant is not None:
        others.pop(applicant.place, None)
    return Taken(tuple(features), others | bad, applicant, at, item)


def _is_place(text: str) -> bool:
    try:
        _PLACE.validate_python(text)
    except ValidationError:
        return False
    return True


def _applicant(values: Sequence[Sent]) -> Sent | None:
    """Where somebody's key lies: a customer's before an application's, near the top."""
    keys = [
        one for one in values if one.shape.kind in {"string", "integer", ""} and not one.shape.enum
    ]
    for names in (ENTITY_KEYS, _OTHER_KEYS):
        for one in sorted(keys, key=lambda each: each.place.count(".")):
            steps = one.steps
            last, with_parent = words_of(steps[-1]), words_of(" ".join(steps[-2:]))
            if names.words.fullmatch(last) or (
                last in {"id", "number", "numero"} and names.words.fullmatch(with_parent)
            ):
                return one
    return None


def _values(operation: Operation) -> Iterator[Sent]:
    """Everything that is sent with a request: in its body, its query, its path, its headers."""
    if operation.media and not operation.is_form:
        yield from _leaves(operation.body, "")
    for one in operation.parameters:
        if one.part != "header" or ENTITY_KEYS.words.fullmatch(
            words_of(one.name).removeprefix("x ")
        ):
            yield Sent(f"{one.part}:{one.name}", one.shape)


def _leaves(shape: Shape, place: str, depth: int = 0) -> Iterator[Sent]:
    """Values in an object, and in lists whose items are named or of which one is enough."""
    columns = _columns(shape)
    if columns is not None:
        for index, name in enumerate(columns):
            yield Sent(f"{place}.data[0][{index}]".lstrip("."), Shape("number"), name)
        return
    named = _named_items(shape)
    if named:
        for name, field in named:
            yield Sent(f"{place}[name={name}].{field}", Shape("number"), name)
        return
    for name, inside in shape.fields.items():
        at = f"{place}.{name}" if place else name
        if depth < _DEEPEST and (inside.fields or _named_items(inside)):
            yield from _leaves(inside, at, depth + 1)
        else:
            yield Sent(at, inside)


def _columns(shape: Shape) -> list[str] | None:
    """The names of the columns of a table of rows: `columns` and `data`, as pandas splits it."""
    if not {"columns", "data"} <= shape.fields.keys():
        return None
    for given in (shape.examples, shape.fields["columns"].examples):
        for one in given:
            names = one.get("columns") if isinstance(one, dict) else one
            if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
                return names[:100]
    return None


def _named_items(shape: Shape) -> list[tuple[str, str]]:
    """The names of a list of named values, and where their value is: `[{name, value}]`."""
    items = shape.items
    if items is None or "name" not in items.fields:
        return []
    field = next((one for one in ("value", "data") if one in items.fields), None)
    names: list[Any] = list(items.fields["name"].enum)
    for example in shape.examples:
        names += (
            [one.get("name") for one in example if isinstance(one, dict)]
            if isinstance(example, list)
            else []
        )
    if field is None:
        return []
    end = f"{field}[0]" if items.fields[field].kind == "array" else field
    return [(name, end) for name in dict.fromkeys(names) if isinstance(name, str)]


def _lists(shape: Shape, place: str = "", depth: int = 0) -> Iterator[tuple[str, Shape]]:
    """The lists in a body, by their places; the body itself has the empty one."""
    if shape.items is not None:
        yield place, shape.items
    if depth < 2:  # noqa: PLR2004 - deeper than that no batch is
        for name, inside in shape.fields.items():
            yield from _lists(inside, f"{place}.{name}" if place else name, depth + 1)
