"""Values that lie beside a request's body: in its query, its headers, the keys of its path."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from simulator.mapping.places import Place, parsed

__all__ = ["value_outside", "values_outside"]


def values_outside(places: Mapping[str, Place], scope: Mapping[str, Any]) -> dict[str, str | None]:
    """What lies at these places, by their names; None where nothing does."""
    return {name: value_outside(place, scope) for name, place in places.items()}


def value_outside(place: Place, scope: Mapping[str, Any]) -> str | None:
    """What lies at a place outside of the body.

    >>> scope = {"query_string": b"id=7", "headers": [(b"x-id", b"8")], "path_params": {"id": "9"}}
    >>> [value_outside(place, scope) for place in ("query:id", "header:X-Id", "path:id", "path:no")]
    ['7', '8', '9', None]
    """
    part, (name,) = parsed(place)
    if part == "query":
        said = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        return said.get(str(name))
    if part == "path":
        found = scope.get("path_params", {}).get(name)
        return None if found is None else str(found)
    wanted = str(name).lower().encode()
    values = (value.decode("latin-1") for key, value in scope["headers"] if key == wanted)
    return next(values, None)
