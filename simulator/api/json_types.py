"""Types that msgspec reads JSON by, from the JSON Schema in which an API describes itself.

What is made of a schema takes nothing that the schema refuses. A keyword without a counterpart is
refused when the type is made, and not left out.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_origin

import msgspec
from pydantic import BaseModel

__all__ = ["TypeForm", "items_type", "type_at", "type_of"]

#: What an annotation may be; before Python 3.15 there is no type for it.
TypeForm: TypeAlias = Any

_SAYS_NOTHING: Final = {"title", "description", "default", "$defs"}  # of what a value may be
_LIMITS: Final = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
}
_PLAIN: Final = {
    "string": str,
    "number": float,
    "integer": float,
    "boolean": bool,
    "null": type(None),
}


def type_of(model: type[BaseModel]) -> TypeForm:
    """The type of what `model` takes; objects become structs with the names of its fields.

    JSON has one kind of number, so an integer is a float that is whole: 3.0 is 3 (JSON Schema
    2020-12, section 6.1.1).

    Raises:
        ValueError: the schema says what cannot be said to msgspec.

    >>> class Person(BaseModel, extra="forbid"):
    ...     name: Literal["Ada", "Alan"]
    ...     n_children: int = 0
    >>> msgspec.json.decode(b'{"name": "Ada", "n_children": 3.0}', type=type_of(Person))
    Person(name='Ada', n_children=3.0)
    """
    schema = model.model_json_schema()
    return _type(schema, schema.get("$defs", {}))


def type_at(kind: TypeForm, place: str) -> TypeForm:
    """The type of what lies at a place, such as `features.age`, within a type of `type_of`.

    Raises:
        ValueError: it has no such field.
    """
    for name in place.split("."):
        is_object = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        fields = {f.name: f.type for f in msgspec.structs.fields(kind)} if is_object else {}
        if name not in fields:
            raise ValueError(f"what is sent has no field {place!r}")
        kind = fields[name]
    return kind


def items_type(kind: TypeForm) -> TypeForm:
    """The type of a list's items.

    Raises:
        ValueError: it is no list.

    >>> items_type(Annotated[list[int], msgspec.Meta(max_length=3)])
    <class 'int'>
    """
    plain = kind.__origin__ if hasattr(kind, "__metadata__") else kind  # of Annotated
    if get_origin(plain) is not list:
        raise ValueError(f"what is sent has no list of applications, but {plain!r}")
    return get_args(plain)[0]


def _type(schema: Mapping[str, Any], named: Mapping[str, Any]) -> TypeForm:
    said = {keyword: value for keyword, value in schema.items() if keyword not in _SAYS_NOTHING}
    match said:
        case {"$ref": str(reference)}:
            return _type(named[reference.rpartition("/")[2]], named)
        case {"anyOf": [one, {"type": "null"}], **others} if not others:
            return _type(one, named) | None
        case {"const": _} | {"enum": _}:
            return Literal[tuple(said.get("enum", [said.get("const")]))]
        case {"type": "object", "properties": dict()}:
            return _struct(schema, named)
        case {"type": "array", "items": items}:
            return _limited(list[_type(items, named)], said, "items")  # type: ignore[misc]  # made now
        case {"type": str(kind)} if kind in _PLAIN:
            whole = {"multipleOf": 1} if kind == "integer" else {}
            return _limited(_PLAIN[kind], whole | said)
    raise ValueError(f"there is no type for values of the schema {schema}")


def _limited(plain: TypeForm, said: Mapping[str, Any], *understood: str) -> TypeForm:
    limits = {_LIMITS[word]: value for word, value in said.items() if word in _LIMITS}
    if "pattern" in said:
        limits["pattern"] = _pattern(said["pattern"])
    _refuse_others(said, {*_LIMITS, "type", "pattern", *understood})
    return Annotated[plain, msgspec.Meta(**limits)] if limits else plain


def _pattern(pattern: str) -> str:
    r"""The same for Python's `re`, to which `$` also means the place before a last line's end.

    >>> _pattern("^[a-z]+$")
    '^[a-z]+\\Z'
    """
    body = pattern.removesuffix("$")
    if set(body) & set(r"$\."):  # what other languages of patterns understand in other ways
        raise ValueError(f"there is no type for texts of the pattern {pattern!r}")
    return body if body == pattern else rf"{body}\Z"


def _struct(schema: Mapping[str, Any], named: Mapping[str, Any]) -> type[msgspec.Struct]:
    _refuse_others(schema, {"type", "properties", "required", "additionalProperties"})
    required = schema["properties"].keys() & schema.get("required", ())
    fields: list[Any] = [
        (name, _type(of, named)) if name in required else (name, _type(of, named), of["default"])
        for name, of in schema["properties"].items()
    ]
    return msgspec.defstruct(
        schema["title"],
        fields,
        kw_only=True,
        forbid_unknown_fields=schema.get("additionalProperties") is False,
        gc=False,  # no value of JSON holds itself
    )


def _refuse_others(schema: Mapping[str, Any], known: Collection[str]) -> None:
    if unknown := sorted(schema.keys() - known - _SAYS_NOTHING):
        raise ValueError(f"there is no type for values limited by {unknown}")
