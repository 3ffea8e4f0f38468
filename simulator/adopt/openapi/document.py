"""An OpenAPI 3 or Swagger 2 document: its text read, its references followed within it.

Documents are taken as programs and people write them, which no strict model of the format would:
what cannot be used is passed over by whoever looks at it, and named there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from simulator.errors import OpenApiError
from simulator.quoting import quoted
from simulator.reading.json_text import json_in
from simulator.reading.yaml_text import yaml_in

__all__ = ["MOST_BYTES", "Document", "Node", "document_in"]

#: An object of the document.
Node: TypeAlias = Mapping[str, Any]

MOST_BYTES: Final = 4 * 1024 * 1024
_DEEPEST: Final = 100  # levels of objects and lists that are read; what is deeper is null
_MOST_HOPS: Final = 20  # from one reference to the next
_LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Document:
    """A document and where it is from."""

    root: Node
    source: str

    def node(self, value: object) -> Node:
        """The object that this is or refers to; an empty one where there is none.

        Only references within the document are followed.

        >>> document = Document({"a": {"b/c": {"type": "string"}}}, "x.json")
        >>> document.node({"$ref": "#/a/b~1c"})
        {'type': 'string'}
        """
        for _ in range(_MOST_HOPS):
            if not isinstance(value, Mapping):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            beside = {key: said for key, said in value.items() if key != "$ref"}
            found = self._at(reference)
            value = {**found, **beside} if beside and isinstance(found, Mapping) else found
        return {}

    def _at(self, reference: str) -> object:
        start, _, pointer = reference.partition("#")
        if start:
            return {}
        found: object = self.root
        for part in filter(None, unquote(pointer).split("/")):
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping):
                found = found.get(key)
            elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
                found = found[int(key)]
            else:
                return {}
        return found


def document_in(text: str, source: str) -> Document:
    r"""The document that a text in JSON or YAML holds; `source` names it in messages.

    Raises:
        OpenApiError: it is neither, or holds no OpenAPI 3 or Swagger 2 document with paths.

    >>> document_in("openapi: 3.1.0\npaths: {}", "a.yaml").root["openapi"]
    '3.1.0'
    >>> document_in("[1]", "a.json")
    Traceback (most recent call last):
    simulator.errors.OpenApiError: a.json: holds a list, and no OpenAPI document
    """
    is_json = text.lstrip().startswith(("{", "["))
    if is_json:
        content = json_in(text, source, error=OpenApiError, has_unique_keys=False)
    else:
        content = yaml_in(text, source, error=OpenApiError, has_aliases=True)
    root = _plain(content)
    if not isinstance(root, dict):
        what = "a list" if isinstance(root, list) else f"{quoted(root)}"
        raise OpenApiError(f"{source}: holds {what}, and no OpenAPI document")
    version = str(root.get("openapi", root.get("swagger", "")))
    if not version.startswith(("3.", "2.")) and version not in {"2", "3"}:
        raise OpenApiError(
            f"{source}: openapi: neither OpenAPI 3 nor Swagger 2 "
            f"(found {quoted(version) if version else 'no version'}): give the document that "
            "describes the API, such as FastAPI's /openapi.json"
        )
    if not isinstance(root.get("paths"), dict):
        raise OpenApiError(f"{source}: paths: is missing: the document describes no request")
    return Document(root, source)


def _plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - what JSON can have
    """Values as JSON has them: texts as keys, dates as texts, no number that it cannot write."""
    found: Any
    match value:
        case _ if depth > _DEEPEST:
            found = None
        case dict():
            found = {str(key): _plain(inside, depth + 1) for key, inside in value.items()}
        case list():
            found = [_plain(inside, depth + 1) for inside in value]
        case int() | float() if not isinstance(value, bool):
            found = value if math.isfinite(value) and abs(value) <= _LARGEST else None
        case bool() | str():
            found = value
        case _:
            found = value.isoformat() if isinstance(value, date) else None
    return found
