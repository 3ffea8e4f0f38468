"""The schema of a body of which is known only where some values lie in it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

__all__ = ["MaybeNumber", "Text", "body_of"]

_LARGEST: Final = 1e12
#: Somebody's key.
Text = Annotated[str, Field(min_length=1, max_length=128)]
#: A number, null, or nothing at all.
MaybeNumber = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST)] | None
_STRICT: Final = ConfigDict(strict=True, allow_inf_nan=False, populate_by_name=False)


def body_of(name: str, types: Mapping[str, Any]) -> type[BaseModel]:
    """Objects that have values of these types at these places; whatever else they have is ignored.

    >>> person = body_of("Person", {"id": Text, "features.age": MaybeNumber})
    >>> ada = person.model_validate({"id": "ada", "features": {"age": 36}, "note": 1})
    >>> ada.model_dump(by_alias=True)
    {'id': 'ada', 'features': {'age': 36.0}}
    """
    inside: dict[str, dict[str, Any]] = {}
    for place, kind in types.items():
        first, _, rest = place.partition(".")
        inside.setdefault(first, {})[rest] = kind
    fields: dict[str, Any] = {}
    for number, (field, kinds) in enumerate(inside.items()):
        kind = kinds[""] if "" in kinds else body_of(f"{name}_{field}", kinds)
        default = None if kind == MaybeNumber else ...
        # a field of its own name might be one that all of pydantic's models have, such as "json"
        fields[f"f{number}"] = (kind, Field(default, alias=field))
    return create_model(name, __config__=_STRICT, **fields)
