"""The schema of a body of which is known only where some values lie in it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    create_model,
)

from simulator.api.conversions import key, number
from simulator.mapping.places import Named, Step, parsed

__all__ = ["Flag", "Key", "Number", "Scalar", "body_of"]

_LARGEST: Final = 1e12
_Finite = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST)]


def _scalar(value: object) -> object:
    if isinstance(value, dict | list):
        raise ValueError("should be a text, a number, true or false")  # noqa: TRY004 - pydantic's way
    return value


#: Somebody's key, which has to be there.
Key = Annotated[
    Annotated[StrictStr, Field(min_length=1, max_length=128)] | StrictInt, BeforeValidator(key)
]
#: A number, null, or nothing at all.
Number = _Finite | None
#: The same, or true or false.
Flag = Annotated[StrictBool | _Finite | None, BeforeValidator(number)]
#: A text, too.
Scalar = Annotated[
    Annotated[StrictStr, Field(max_length=1000)] | StrictBool | _Finite | None,
    BeforeValidator(_scalar),
]
_LENIENT: Final = ConfigDict(allow_inf_nan=False, populate_by_name=False)

#: Steps that are left to go to a value, and its type.
_Leaf: TypeAlias = tuple[tuple[Step, ...], Any]


def body_of(name: str, types: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an annotation
    """What has values of these types at these places; whatever else it has is ignored.

    An object, or a list where the places begin so. Numbers may be written as texts.

    >>> person = body_of("Person", {"id": Key, "features.age": Number})
    >>> ada = person.model_validate({"id": "ada", "features": {"age": "36"}, "note": 1})
    >>> ada.model_dump(by_alias=True)
    {'id': 'ada', 'features': {'age': 36.0}}
    """
    return _type(name, [(parsed(place).steps, kind) for place, kind in types.items()])[0]


def _type(name: str, leaves: Sequence[_Leaf]) -> tuple[Any, bool]:
    """The type of what holds these, and whether it has to be there."""
    if leaves and all(not steps for steps, _ in leaves):
        kinds = [kind for _, kind in leaves]
        kind = kinds[0] if all(kind == kinds[0] for kind in kinds) else Scalar
        return kind, kind not in (Number, Flag, Scalar)
    if not leaves or isinstance(leaves[0][0][0], str):
        return _object(name, leaves)
    return _list(name, leaves), False


def _object(name: str, leaves: Sequence[_Leaf]) -> tuple[type[BaseModel], bool]:
    inside: dict[str, list[_Leaf]] = {}
    for (first, *rest), kind in leaves:
        inside.setdefault(str(first), []).append((tuple(rest), kind))
    fields: dict[str, Any] = {}
    is_needed = False
    for index, (field, parts) in enumerate(inside.items()):
        kind, is_field_needed = _type(f"{name}_{field}", parts)
        is_needed = is_needed or is_field_needed
        # a field of its own name might be one that all of pydantic's models have, such as "json"
        fields[f"f{index}"] = _field(kind, field, is_needed=is_field_needed)
    return create_model(name, __config__=_LENIENT, **fields), is_needed


def _field(kind: Any, alias: str, *, is_needed: bool) -> tuple[Any, Any]:  # noqa: ANN401 - an annotation
    if is_needed:
        return kind, Field(alias=alias)
    if kind in (Number, Flag, Scalar):
        return kind, Field(None, alias=alias)
    # what holds others may be null or missing: then all in it is
    empty = list if get_origin(kind) is list else dict
    made = BeforeValidator(lambda value: empty() if value is None else value)
    return Annotated[kind, made], Field(
        alias=alias, default_factory=kind if empty is dict else list
    )


def _list(name: str, leaves: Sequence[_Leaf]) -> Any:  # noqa: ANN401 - an annotation
    """A list whose items are alike; which of them is meant is looked for when one is read."""
    items: list[_Leaf] = []
    for (first, *rest), kind in leaves:
        items.append((tuple(rest), kind if kind != Key else Scalar))
        if isinstance(first, Named):
            items.append(((first.field,), Scalar))
    kind, _ = _type(f"{name}_item", items)
    return list[kind]  # type: ignore[valid-type]  # made now
