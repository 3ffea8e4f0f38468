"""How to get what lies at a place from what msgspec has read."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, get_args, get_origin

import msgspec

from simulator.api.json_types import TypeForm
from simulator.mapping.places import parsed

__all__ = ["attribute_of", "getter_of", "items_type", "type_at"]


def getter_of(kind: TypeForm, place: str) -> Callable[[Any], Any]:
    """How to get what lies at a place from what was read by a type of `type_of`.

    It gives None where a list has no such item.

    Raises:
        ValueError: the type has no such place.

    >>> from pydantic import BaseModel
    >>> from simulator.api.json_types import type_of
    >>> class Row(BaseModel):
    ...     cells: list[int]
    >>> row = msgspec.json.decode(b'{"cells": [7, 8]}', type=type_of(Row))
    >>> getter_of(type_of(Row), "cells[1]")(row), getter_of(type_of(Row), "cells[2]")(row)
    (8.0, None)
    """
    if dotted := attribute_of(kind, place):
        return attrgetter(dotted)
    parts: list[Callable[[Any], Any]] = []
    for step in parsed(place).steps:
        if isinstance(step, str):
            name, kind = _field(kind, step, place)
            parts.append(attrgetter(name))
            continue
        kind = items_type(kind)
        if isinstance(step, int):
            parts.append(partial(_item, step))
        else:
            name, _ = _field(kind, step.field, place)
            parts.append(partial(_named, attrgetter(name), step.text))
    return partial(_through, tuple(parts))


def attribute_of(kind: TypeForm, place: str) -> str | None:
    """The same as names of attributes joined by dots; None where the way leads through lists.

    Raises:
        ValueError: the type has no such place.
    """
    names = []
    for step in parsed(place).steps:
        if not isinstance(step, str):
            return None
        name, kind = _field(kind, step, place)
        names.append(name)
    return ".".join(names)


def type_at(kind: TypeForm, place: str) -> TypeForm:
    """The type of what lies at a place of names of fields, such as `features.age`.

    Raises:
        ValueError: the type has no such place.
    """
    for step in parsed(place).steps:
        _, kind = _field(kind, str(step), place)
    return kind


def _field(kind: TypeForm, field: str, place: str) -> tuple[str, TypeForm]:
    """The attribute that holds a field, and its type."""
    is_object = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    for found in msgspec.structs.fields(kind) if is_object else ():
        if found.encode_name == field:
            return found.name, found.type
    raise ValueError(f"what is sent has no field {place!r}")


def _item(index: int, items: Sequence[Any]) -> Any:  # noqa: ANN401 - JSON
    return items[index] if index < len(items) else None


def _named(name: Callable[[Any], Any], text: str, items: Iterable[Any]) -> Any:  # noqa: ANN401 - JSON
    return next((each for each in items if name(each) == text), None)


def _through(parts: Iterable[Callable[[Any], Any]], body: Any) -> Any:  # noqa: ANN401 - JSON
    for part in parts:
        if body is None:
            return None
        body = part(body)
    return body


def items_type(kind: TypeForm) -> TypeForm:
    """The type of a list's items.

    Raises:
        ValueError: it is no list.

    >>> from typing import Annotated
    >>> items_type(Annotated[list[int], msgspec.Meta(max_length=3)])
    <class 'int'>
    """
    plain = kind.__origin__ if hasattr(kind, "__metadata__") else kind  # of Annotated
    if get_origin(plain) is not list:
        raise ValueError(f"what is sent has no list of applications, but {plain!r}")
    return get_args(plain)[0]
