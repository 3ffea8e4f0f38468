"""What a schema says of a value, and of what is in it: names, types, limits, examples."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeGuard

from simulator.adopt.openapi.document import Document, Node

__all__ = ["NOTHING", "Shape", "fields_in", "shape_in"]

_DEEPEST: Final = 10
_MOST: Final = 1500  # shapes within one; what a schema has beyond is left out
_MOST_ENUM: Final = 100
_NEXT: Final = 0.01  # to a bound of numbers that is not reached itself
_UNKNOWN: Final = "object"
_WORDS: Final = re.compile(r"\^\(?(?:\?:)?([\w -]+(?:\|[\w -]+)+)\)?\$")
_NUMBERS: Final = {"integer", "number"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A value as a schema has it; `kind` is its JSON type, empty where nothing says so.

    `others` is the type of an object's further fields; a number is a multiple of `step`.
    """

    kind: str = ""
    title: str = ""
    about: str = ""
    format: str = ""
    enum: tuple[Any, ...] = ()
    least: float | None = None
    most: float | None = None
    examples: tuple[Any, ...] = ()
    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: "Shape | None" = None
    fewest: int = 0
    shortest: int = 0
    longest: int | None = None
    pattern: str = ""
    others: str = ""
    largest: int | None = None
    step: float | None = None
    is_one_of_several: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.kind in _NUMBERS

    @property
    def says(self) -> str:
        """What its title and description say, on one line."""
        return " ".join(f"{self.title} {self.about}".split())


#: Of which nothing is said.
NOTHING: Final = Shape()


def shape_in(document: Document, schema: object) -> Shape:
    """The shape that a schema has; of a choice the first that is not null, cycles cut.

    >>> document = Document({"a": {"type": "object", "properties": {"x": {"$ref": "#/a"}}}}, "")
    >>> [place for place, _ in fields_in(shape_in(document, {"$ref": "#/a"}))]
    ['x']
    """
    return _Reader(document).shape(schema, ())


def fields_in(shape: Shape, place: str = "", depth: int = 0) -> Iterator[tuple[str, Shape]]:
    """The fields of an object, of objects in it, and of the first item of lists, by their places.

    Lists of objects are written with `[0]`; those of plain values are one field.
    """
    if depth > _DEEPEST:
        return
    for name, inside in shape.fields.items():
        at = f"{place}.{name}" if place else name
        yield at, inside
        if inside.items is not None and inside.items.fields:
            yield from fields_in(inside.items, f"{at}[0]", depth + 1)
        else:
            yield from fields_in(inside, at, depth + 1)


class _Reader:
    """Reads one schema; what it holds is counted, and references on the way are known."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _MOST

    def shape(self, schema: object, above: tuple[str, ...], given: Sequence[Any] = ()) -> Shape:
        """The shape below some references; `given` are examples of what is around."""
        self._left -= 1
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if reference in above or len(above) > _DEEPEST or self._left < 0:
            return Shape()
        above = (*above, str(reference or f"level {len(above)}"))
        node, is_one_of_several = self._whole(schema, 0)
        fields = node.get("properties")
        named = fields if isinstance(fields, dict) else {}
        examples = (*_examples(node), *given)
        example = next((one for one in examples if isinstance(one, dict)), {})
        items = node.get("items", (node.get("prefixItems") or [None])[0])
        return Shape(
            kind=_kind(node),
            title=_text(node.get("title")),
            about=_text(node.get("description")),
            format=_text(node.get("format")),
            enum=tuple(islice(_enum(node), _MOST_ENUM)),
            least=_limit(node, "minimum", "exclusiveMinimum", 1),
            most=_limit(node, "maximum", "exclusiveMaximum", -1),
            examples=examples,
            fields={
                name: self.shape(
                    inside, above, [example[name]] if example.get(name) is not None else ()
                )
                for name, inside in named.items()
            },
            required=frozenset(
                one for one in _list(node.get("required")) if isinstance(one, str) and one in named
            ),
            items=self.shape(items, above) if items or _kind(node) == "array" else None,
            fewest=_count(node.get("minItems")) or 0,
            shortest=min(_count(node.get("minLength")) or 0, 1000),
            longest=_count(node.get("maxLength")),
            pattern=_text(node.get("pattern")),
            others=_kind(self._document.node(node.get("additionalProperties"))),
            largest=_count(node.get("maxItems")),
            step=_step(node.get("multipleOf")),
            is_one_of_several=is_one_of_several,
        )

    def _whole(self, schema: object, depth: int) -> tuple[Node, bool]:
        """A schema with what all of it, or the first of its alternatives, says."""
        node = self._document.node(schema)
        several = False
        if depth > _DEEPEST:
            return node, False
        for name in ("allOf", "oneOf", "anyOf"):
            parts = [self._whole(part, depth + 1)[0] for part in _list(node.get(name))[:20]]
            parts = [part for part in parts if _kind(part) != "null"]
            if name != "allOf":
                several = several or len(parts) > 1
                parts = sorted(parts, key=lambda part: "properties" not in part)[:1]
            rest = {key: said for key, said in node.items() if key != name}
            node = _merged([*parts, rest]) if parts else node
        return node, several


def _merged(parts: Sequence[Node]) -> Node:
    """What several say of one value: fields add up, and later ones say other things anew."""
    found: dict[str, Any] = {}
    for part in parts:
        fields = {**_object(found.get("properties")), **_object(part.get("properties"))}
        required = [*_list(found.get("required")), *_list(part.get("required"))]
        found.update(part)
        found.update({"properties": fields} if fields else {})
        found.update({"required": required} if required else {})
    return found


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value[:2000] if isinstance(value, str) else ""


def _kind(node: Node) -> str:
    said = node.get("type")
    kinds = [one for one in (said if isinstance(said, list) else [said]) if one != "null"]
    kind = kinds[0] if kinds else None
    if isinstance(kind, str):
        return kind
    if said in ("null", ["null"]):
        return "null"
    if "properties" in node or "additionalProperties" in node:
        return _UNKNOWN
    if "items" in node or "prefixItems" in node:
        return "array"
    values = list(_enum(node))[:1]
    return {bool: "boolean", int: "integer", float: "number", str: "string"}.get(
        type(values[0]) if values else object, ""
    )


def _enum(node: Node) -> Iterator[Any]:
    """The values that are allowed: listed, or as a pattern that is nothing but words."""
    if "const" in node:
        yield node["const"]
    yield from (one for one in _list(node.get("enum")) if one is not None)
    words = _WORDS.fullmatch(_text(node.get("pattern")))
    if words and "enum" not in node:
        yield from words[1].split("|")


def _examples(node: Node) -> Iterator[Any]:
    """What is given as an example or a default, the best first."""
    if "example" in node:
        yield node["example"]
    several = node.get("examples")
    if isinstance(several, dict):
        several = [_object(one).get("value", one) for one in several.values()]
    yield from _list(several)
    if node.get("default") is not None:
        yield node["default"]


def _limit(node: Node, name: str, exclusive: str, sign: int) -> float | None:
    """A bound, or what is next to it where it is not reached.

    OpenAPI 3.0 says by true that it is not, 3.1 by a number in its place. `sign` is 1 for a
    least value.
    """
    beside = sign * (1.0 if _kind(node) == "integer" else _NEXT)
    plain, other = node.get(name), node.get(exclusive)
    found = [float(plain) + beside * (other is True)] if _is_limit(plain) else []
    found += [float(other) + beside] if _is_limit(other) else []
    return sign * max(sign * one for one in found) if found else None


def _is_limit(value: object) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _step(value: object) -> float | None:
    return float(value) if _is_limit(value) and value > 0 else None


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
