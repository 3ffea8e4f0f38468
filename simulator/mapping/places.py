"""Where in a request something lies: fields of its body, items of lists, its query, headers, path.

`features.age` is a field in an object, `inputs[3]` an item of a list, of which the first is 0,
`data[name=age].value` is in the item that has such a field; `query:customer`, `header:X-Id` and
`path:id` are beside the body.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias, cast

from pydantic import Field, JsonValue

from simulator.reading.written import Written

__all__ = [
    "FieldName",
    "Named",
    "OutsidePlace",
    "Parsed",
    "Place",
    "Step",
    "parsed",
    "put_at",
    "value_at",
]

_NAME: Final = r"[^\s.:=\[\]{}\"']{1,64}"
_ITEM: Final = rf"\[([0-9]{{1,3}}|{_NAME}=[^\]\[]{{1,64}})\]"
_BODY: Final = rf"({_NAME}|{_ITEM})(\.{_NAME}|{_ITEM}){{0,7}}"
_OUTSIDE: Final = rf"(query|header|path):{_NAME}"
Place = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^({_BODY}|{_OUTSIDE})$",
        "names of fields joined by dots, without blanks or quotes, such as features.age, "
        "inputs[2], data[name=age].value, query:age, header:X-Age or path:id",
    ),
]
#: A place in a body that is a field of its outermost object, or within others in it.
FieldName = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^{_NAME}(\.{_NAME}){{0,5}}$",
        "at most six names of fields joined by dots, such as data.results",
    ),
]
#: A place in the query or among the headers.
OutsidePlace = Annotated[
    str,
    Field(max_length=80),
    Written(rf"^(query|header):{_NAME}$", "query: or header: and a name, such as query:channel"),
]
_STEPS: Final = re.compile(rf"\.?({_NAME})|\[([0-9]+)\]|\[({_NAME})=([^\]\[]+)\]")


class Named(NamedTuple):
    """The item of a list whose field of that name says that."""

    field: str
    text: str


#: Into an object by a field's name, into a list by an index or by what an item says.
Step: TypeAlias = str | int | Named


class Parsed(NamedTuple):
    """A place in parts; outside of the body there is one step, a name."""

    part: Literal["body", "query", "header", "path"]
    steps: tuple[Step, ...]


@lru_cache(maxsize=4096)
def parsed(place: str) -> Parsed:
    """A place in parts.

    >>> parsed("data[name=age].values[2]").steps
    ('data', Named(field='name', text='age'), 'values', 2)
    >>> parsed("header:X-Customer")
    Parsed(part='header', steps=('X-Customer',))
    """
    part, colon, name = place.partition(":")
    if colon and part in {"query", "header", "path"}:
        return Parsed(cast("Literal['query', 'header', 'path']", part), (name,))
    return Parsed("body", tuple(map(_step, _STEPS.finditer(place))))


def _step(found: re.Match[str]) -> Step:
    name, index, field, text = found.groups()
    if name is not None:
        return str(name)
    return int(index) if index is not None else Named(field, text)


def value_at(body: object, steps: Sequence[Step]) -> object:
    """What lies there in a body that may be anything; None where there is no such place.

    >>> value_at({"data": [{"name": "age", "value": 41}]}, parsed("data[name=age].value").steps)
    41
    """
    for step in steps:
        body = _inside(body, step)
    return body


def _inside(body: object, step: Step) -> object:
    match step, body:
        case str(), dict():
            return body.get(step)
        case int(), list():
            return body[step] if step < len(body) else None
        case Named(field, text), list():
            items = (each for each in body if isinstance(each, dict) and each.get(field) == text)
            return next(items, None)
    return None


def put_at(body: JsonValue, steps: Sequence[Step], value: JsonValue) -> JsonValue:
    """A body with a value put there; what is on the way is made, and lists are filled with nulls.

    The body itself is changed where it is an object or a list; None stands for one not yet made.

    >>> put_at({"a": 1}, parsed("data[name=age].value").steps, 41)
    {'a': 1, 'data': [{'name': 'age', 'value': 41}]}
    >>> put_at(None, parsed("[2]").steps, 7)
    [None, None, 7]
    """
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(first, str):
        fields = body if isinstance(body, dict) else {}
        fields[first] = put_at(fields.get(first), rest, value)
        return fields
    items = body if isinstance(body, list) else []
    at = first if isinstance(first, int) else _index_of(items, first)
    items += [None] * (at + 1 - len(items))
    before = items[at]
    if isinstance(first, Named) and before is None:
        before = {first.field: first.text}
    items[at] = put_at(before, rest, value)
    return items


def _index_of(items: Sequence[JsonValue], named: Named) -> int:
    """Where the item is, or is to be."""
    found = (
        at
        for at, each in enumerate(items)
        if isinstance(each, dict) and each.get(named.field) == named.text
    )
    return next(found, len(items))
