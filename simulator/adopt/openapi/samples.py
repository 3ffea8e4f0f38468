"""A value that fits a schema, where the simulation knows none: its example, or one made up."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue

from simulator.adopt.openapi.patterns import text_like
from simulator.adopt.openapi.shapes import Shape

__all__ = ["needed", "plain", "sample"]

_DEEPEST: Final = 8
_MOST_ITEMS, _MOST_FIELDS, _LONGEST = 3, 60, 200
#: Texts of a format; names in braces are those that every answer can say.
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "{timestamp}",
    "date": "2026-01-05",
    "time": "09:30:00Z",
    "uuid": "{request_id}",
    "email": "ada@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "ipv4": "192.0.2.1",
    "byte": "AA==",
    "duration": "PT1S",
}


def sample(shape: Shape, depth: int = 0) -> JsonValue:
    """A value of that shape: one that is given as an example, else the first or the least.

    >>> sample(Shape("object", fields={"state": Shape("string", enum=("UP", "DOWN"))}))
    {'state': 'UP'}
    """
    example = shape.examples[0] if shape.examples else None
    if depth > _DEEPEST:
        return None
    if shape.fields:
        return _object(shape, example if isinstance(example, dict) else {}, depth)
    if example is not None or shape.enum:
        return plain(shape.enum[0] if example is None else example)
    if shape.kind == "array":
        return [sample(shape.items or Shape(), depth + 1)] * min(max(shape.fewest, 1), _MOST_ITEMS)
    return _scalar(shape)


def _object(shape: Shape, given: Mapping[str, Any], depth: int) -> JsonValue:
    """An object with the fields of an example, and others as they are made."""
    return {
        _text(name): plain(given[name]) if name in given else sample(inside, depth + 1)
        for name, inside in list(shape.fields.items())[:_MOST_FIELDS]
    }


def needed(shape: Shape, depth: int = 0) -> JsonValue:
    """The same with the fields alone that have to be there; all of an object that names none.

    >>> needed(Shape("object", fields={"a": Shape("boolean"), "b": Shape()}, required={"a"}))
    {'a': True}
    """
    if not shape.fields or depth > _DEEPEST:
        return sample(shape, depth)
    example = shape.examples[0] if shape.examples else None
    given = example if isinstance(example, dict) else {}
    return {
        _text(name): plain(given[name]) if name in given else needed(inside, depth + 1)
        for name, inside in list(shape.fields.items())[:_MOST_FIELDS]
        if name in shape.required or not shape.required
    }


def _scalar(shape: Shape) -> JsonValue:
    match shape.kind:
        case "string":
            return _FORMATS.get(shape.format) or _made(shape)
        case "boolean":
            return True
        case "integer" | "number":
            return _number(shape)
        case "object":
            return {}
    return None


def _made(shape: Shape) -> str:
    """A text that is as long as it has to be, and of its pattern where one is easily found."""
    if shape.pattern and (found := text_like(shape.pattern, shape.shortest, shape.longest)):
        return found.replace("{", "(").replace("}", ")")
    return ("text" + "x" * (shape.shortest - len("text")))[: shape.longest]


def _number(shape: Shape) -> float:
    least, most = shape.least, shape.most
    number = 1.0
    if least is not None and most is not None:
        number = (least + most) / 2
    elif least is not None:
        number = max(least + 1, number)
    elif most is not None:
        number = min(most, number)
    if shape.step:
        number = (
            max(round(number / shape.step), 0 if least is None or least <= 0 else 1) * shape.step
        )
    return int(number) if shape.kind == "integer" or number == int(number) else round(number, 6)


def plain(value: Any, depth: int = 0) -> JsonValue:  # noqa: ANN401 - of a document
    """A value of a document as a template has it: no braces in texts, and of bounded size.

    >>> plain({"a": "{x}", "b": [1, 2]})
    {'a': '(x)', 'b': [1, 2]}
    """
    if depth > _DEEPEST:
        return None
    match value:
        case dict():
            pairs = list(value.items())[:_MOST_FIELDS]
            return {_text(str(name)): plain(inside, depth + 1) for name, inside in pairs}
        case list():
            return [plain(inside, depth + 1) for inside in value[:_MOST_ITEMS]]
        case str():
            return _text(value).replace("{", "(").replace("}", ")")
        case bool() | int() | float() | None:
            return value
    return str(value)[:_LONGEST]


def _text(value: str) -> str:
    """A text that can be shown on a line."""
    return "".join(c if c.isprintable() else " " for c in value[:_LONGEST])
