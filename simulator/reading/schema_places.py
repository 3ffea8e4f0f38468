"""Places in a JSON Schema, as pydantic makes one of a record."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

__all__ = ["Node", "allows_truth", "below", "keys", "schema_of"]

#: A part of a schema, with all it refers to in place.
Node: TypeAlias = Mapping[str, Any]

_SAYS_WHAT: Final = frozenset({"type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf"})


@cache
def schema_of(model: type[BaseModel]) -> Node:
    """The schema of a record."""
    return model.model_json_schema()


def keys(schema: Node, place: list[int | str]) -> Iterator[str]:
    """The keys that a record may have at a place, as validation names it: tags of kinds included.

    >>> class Point(BaseModel):
    ...     x: float
    >>> list(keys(schema_of(Point), []))
    ['x']
    """
    nodes = [schema]
    for part in place:
        inside = [found for node in nodes for found in below(schema, node, part)]
        nodes = inside or nodes  # the name of one of several types leads nowhere
    for node in nodes:
        for one in _alternatives(schema, node):
            yield from one.get("properties", {})


def below(schema: Node, node: Node, part: int | str) -> Iterator[Node]:
    """What may stand under a key, an index, or the tag of one of several kinds."""
    tags = node.get("discriminator", {}).get("mapping", {})
    if part in tags:
        yield from _alternatives(schema, {"$ref": tags[part]})
        return
    for one in _alternatives(schema, node):
        rest = one.get("items", {}) if isinstance(part, int) else _of_any_name(one)
        named = one.get("properties", {})
        child = named.get(part, rest) if isinstance(part, str) else rest
        if isinstance(child, dict) and child:
            yield child
        elif not _SAYS_WHAT & one.keys():
            yield one  # what is in anything may be anything


def _of_any_name(node: Node) -> Any:  # noqa: ANN401 - a schema, or whether there may be more
    """What may stand under keys that have no name of their own."""
    return next(iter(node.get("patternProperties", {}).values()), None) or node.get(
        "additionalProperties", {}
    )


def allows_truth(schema: Node, node: Node) -> bool:
    """Whether yes or no may stand there."""
    return any(
        one.get("type") == "boolean" or not _SAYS_WHAT & one.keys()
        for one in _alternatives(schema, node)
    )


def _alternatives(schema: Node, node: Node) -> Iterator[Node]:
    """The parts of the schema that may hold in a place, and neither refer nor choose."""
    if "$ref" in node:
        yield from _alternatives(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
    elif choice := node.get("anyOf") or node.get("oneOf"):
        for one in choice:
            yield from _alternatives(schema, one)
    else:
        yield node
