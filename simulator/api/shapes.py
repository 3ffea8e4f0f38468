"""The shape of a request, without anything of what it says: names and types, and no values.

What a name may give away is left out, too: parts of a path and keys of an object that look like a
number or somebody's key are `{id}`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

import msgspec

__all__ = ["BodyShape", "body_shape", "name_shape", "path_shape", "query_shape"]

#: The name of a type, several joined by bars; objects by key; a list of what its items are.
BodyShape: TypeAlias = "str | dict[str, BodyShape] | list[BodyShape]"

_ID: Final = "{id}"
_MORE: Final = "..."  # stands for what is beyond the limits
_MOST_NAMES, _MOST_ITEMS, _LONGEST_NAME, _MOST_PARTS = 50, 20, 40, 12
_DEPTHS: Final = (6, 3, 1, 0)  # the first at which a shape is not too large
_MOST_BYTES: Final = 4096  # of a shape as JSON
_TYPES: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}
_WORD: Final = re.compile(r"[A-Za-z_~.:-]+|[a-z]+[0-9]|[vV]?[0-9]{1,2}(\.[0-9]{1,2})*")
_NAME: Final = re.compile(r"[A-Za-z_$@~.:-][A-Za-z0-9_$@~.:-]*")
_LONG_NUMBER: Final = re.compile(r"[0-9]{3}")


def path_shape(path: str) -> str:
    """A path with `{id}` for each part that is no word; versions such as v1 and 2.0 are words.

    >>> path_shape("/api/2.0/customers/CUST1234/limits/17/")
    '/api/2.0/customers/{id}/limits/{id}/'
    >>> path_shape("/oauth2/v1/3f2b8c1e-0000/ada@bank.example")
    '/oauth2/v1/{id}/{id}'
    """
    parts = path.split("/")
    kept = [part if _is_word(part) else _ID for part in parts[: _MOST_PARTS + 1]]
    return "/".join(kept + [_MORE] * (len(parts) > _MOST_PARTS + 1))


def _is_word(part: str) -> bool:
    is_short = len(part) <= _LONGEST_NAME
    return not part or (is_short and not part.isdigit() and bool(_WORD.fullmatch(part)))


def name_shape(name: str) -> str:
    """A key of an object or a parameter as it is, unless it looks like somebody's own.

    >>> [name_shape(name) for name in ("income", "login_attempts_24h", "CUST1234", "17", "é a")]
    ['income', 'login_attempts_24h', '{id}', '{id}', '{id}']
    """
    is_name = len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) and not _LONG_NUMBER.search(name)
    return name if is_name else _ID


def query_shape(query: str) -> tuple[str, ...]:
    """The names of a query's parameters, each once.

    >>> query_shape("limit=10&customer=ada&limit=5")
    ('customer', 'limit')
    """
    names = {name_shape(name) for name, _ in parse_qsl(query, keep_blank_values=True)}
    return tuple(_some(sorted(names)))


def body_shape(raw: bytes, media_type: str) -> "BodyShape | None":
    """Keys and types of a body in JSON or of a form; None of any other, and of what is neither.

    >>> body_shape(b'{"id": "c1", "features": [{"age": 30}, {"age": null}]}', "application/json")
    {'id': 'string', 'features': [{'age': 'null | number'}]}
    >>> body_shape(b"grant_type=password&username=ada", "application/x-www-form-urlencoded")
    {'grant_type': 'string', 'username': 'string'}
    """
    if media_type == "application/x-www-form-urlencoded":
        return dict.fromkeys(query_shape(raw.decode("latin-1")), "string")
    if not (media_type == "application/json" or media_type.endswith("+json")):
        return None
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    shapes = (_shape(value, depth) for depth in _DEPTHS)
    return next(s for s in shapes if len(msgspec.json.encode(s)) <= _MOST_BYTES)


def _shape(value: object, depth: int) -> BodyShape:
    match value:
        case dict() if depth:
            return _of_object(value, depth - 1)
        case list() if depth:
            items = [_shape(each, depth - 1) for each in value[:_MOST_ITEMS]]
            return [reduce(_either, items)] if items else []
    return _TYPES[type(value)]


def _of_object(value: Mapping[str, object], depth: int) -> dict[str, BodyShape]:
    """Of two keys that look alike both; keys beyond the limit are one."""
    found: dict[str, BodyShape] = {}
    for key in value:
        name = name_shape(key)
        if name not in found and len(found) == _MOST_NAMES:
            return {**found, _MORE: _MORE}
        shape = _shape(value[key], depth)
        found[name] = _either(found[name], shape) if name in found else shape
    return found


def _either(one: BodyShape, other: BodyShape) -> BodyShape:
    """The shape of values some of which are of one and some of the other shape."""
    match one, other:
        case dict(), dict():
            both = {key: _either(one[key], other[key]) for key in one if key in other}
            names = _some({**one, **other})
            return {key: both.get(key, one.get(key, other.get(key, _MORE))) for key in names}
        case list(), list():
            return [reduce(_either, one + other)] if one or other else []
    return " | ".join(sorted({*_types(one), *_types(other)}))


def _types(shape: BodyShape) -> Iterable[str]:
    match shape:
        case dict():
            return ("object",)
        case list():
            return ("array",)
    return shape.split(" | ")


def _some(names: Iterable[str]) -> list[str]:
    """As many names as are kept."""
    listed = list(names)
    return listed if len(listed) <= _MOST_NAMES else [*listed[:_MOST_NAMES], _MORE]
