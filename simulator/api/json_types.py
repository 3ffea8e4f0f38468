"""Types that msgspec reads JSON by, from the JSON Schema in which an API describes itself.

What is made of a schema takes nothing that the schema refuses. A keyword without a counterpart is
refused when the type is made, and not left out.
"""

import keyword
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias, Union

import msgspec
from pydantic import TypeAdapter

__all__ = ["TypeForm", "type_of"]

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


def type_of(model: TypeForm) -> TypeForm:
    """The type of what `model` takes, a model or a list of such; objects become structs.

    JSON has one kind of number, so an integer is a float that is whole: 3.0 is 3 (JSON Schema
    2020-12, section 6.1.1).

    Raises:
        ValueError: the schema says what cannot be said to msgspec.

    >>> from pydantic import BaseModel
    >>> class Person(BaseModel, extra="forbid"):
    ...     name: Literal["Ada", "Alan"]
    ...     n_children: int = 0
    >>> msgspec.json.decode(b'{"name": "Ada", "n_children": 3.0}', type=type_of(Person))
    Person(name='Ada', n_children=3.0)
    """
    schema = TypeAdapter(model).json_schema()
    return _type(schema, schema.get("$defs", {}))


def _type(schema: Mapping[str, Any], named: Mapping[str, Any]) -> TypeForm:
    said = {keyword: value for keyword, value in schema.items() if keyword not in _SAYS_NOTHING}
    match said:
        case {"$ref": str(reference)}:
            return _type(named[reference.rpartition("/")[2]], named)
        case {"anyOf": list(kinds), **others} if not others and _are_told_apart(kinds):
            return Union[tuple(_either(each, named) for each in kinds)]  # noqa: UP007 - of as many
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


def _are_told_apart(kinds: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first letter of a value says which of them it is."""
    types = [kind.get("type") or ("object" if "$ref" in kind else None) for kind in kinds]
    if None in types or {"integer", "number"} <= set(types):
        return False
    return len(set(types)) == len(types)


def _either(schema: Mapping[str, Any], named: Mapping[str, Any]) -> TypeForm:
    """One of several; a whole number beside a text is a key, of which no digit may be lost."""
    return int if schema.get("type") == "integer" and len(schema) == 1 else _type(schema, named)


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
    required = set(schema.get("required", ()))
    fields: list[Any] = []
    names: dict[str, str] = {}
    for number, (name, of) in enumerate(schema["properties"].items()):
        attribute = name if _is_attribute(name) else f"_{number}"
        names[attribute] = name
        kind = _type(of, named)
        fields.append((attribute, kind, *([] if name in required else [_default(of, kind)])))
    return msgspec.defstruct(
        schema["title"],
        fields,
        rename=names,
        kw_only=True,
        forbid_unknown_fields=schema.get("additionalProperties") is False,
        gc=False,  # no value of JSON holds itself
    )


def _is_attribute(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")


def _default(schema: Mapping[str, Any], kind: TypeForm) -> Any:  # noqa: ANN401 - of a field
    """What is taken where a field is not sent; an object without anything in it, or no items."""
    if "default" in schema:
        return schema["default"]
    is_list = schema.get("type") == "array"
    return msgspec.field(default_factory=list if is_list else kind)


def _refuse_others(schema: Mapping[str, Any], known: Collection[str]) -> None:
    if unknown := sorted(schema.keys() - known - _SAYS_NOTHING):
        raise ValueError(f"there is no type for values limited by {unknown}")
