"""What can be asked of an API: its operations, each with what is sent and what is answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from simulator.adopt.openapi.document import Document, Node
from simulator.adopt.openapi.shapes import NOTHING, Shape, shape_in

__all__ = ["METHODS", "Operation", "Parameter", "base_path", "operations_in"]

METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_MOST_OPERATIONS: Final = 2000
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")

Part = Literal["query", "header", "path"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that is sent outside of the body."""

    name: str
    part: Part
    shape: Shape
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and a path, with all that the document says of it.

    `media` is what the body is sent as, empty without one. `asks` names the security schemes that
    it wants, one of them; empty where it is open.
    """

    method: str
    path: str
    name: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    about: str = ""
    parameters: tuple[Parameter, ...] = ()
    media: str = ""
    body: Shape = NOTHING
    status: int = 200
    answer: Shape = NOTHING
    asks: tuple[str, ...] = ()
    is_old: bool = False

    @property
    def is_form(self) -> bool:
        """Whether its body is a form and no JSON."""
        return self.media in _FORMS


def base_path(document: Document) -> str:
    """The path before all others, as the first server or `basePath` has it; no final slash.

    >>> base_path(Document({"servers": [{"url": "https://x.example/api/v1/"}]}, ""))
    '/api/v1'
    """
    servers = document.root.get("servers")
    first = document.node(servers[0]) if isinstance(servers, list) and servers else {}
    variables = document.node(first.get("variables"))

    def default(found: re.Match[str]) -> str:
        return str(document.node(variables.get(found[1])).get("default", ""))

    url = first.get("url") or document.root.get("basePath") or ""
    if not isinstance(url, str):
        return ""
    try:
        path = urlsplit(_VARIABLE.sub(default, url)).path
    except ValueError:
        return ""
    path = "/".join(["", *filter(None, path.split("/"))])
    return path if path != "/" else ""


def operations_in(document: Document) -> Iterator[Operation]:
    """All of them, in the document's order; of very many the first."""
    left = _MOST_OPERATIONS
    base = base_path(document)
    for path, item in document.root["paths"].items():
        node = document.node(item)
        shared = node.get("parameters")
        for method in METHODS:
            if isinstance(node.get(method), dict) and left > 0:
                left -= 1
                whole = base + path.replace("${", "{")
                yield _operation(document, method, whole, node[method], shared)


def _operation(document: Document, method: str, path: str, node: Node, shared: object) -> Operation:
    given = [
        document.node(one)
        for several in (shared, node.get("parameters"))
        if isinstance(several, list)
        for one in several
    ]
    media, body = _body(document, node, given)
    status, answer = _answer(document, node)
    tags = node.get("tags")
    return Operation(
        method=method.upper(),
        path=path,
        name=_text(node.get("operationId")),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        summary=_text(node.get("summary")),
        about=_text(node.get("description")),
        parameters=tuple(_parameters(document, given)),
        media=media,
        body=body,
        status=status,
        answer=answer,
        asks=_asks(document, node),
        is_old=node.get("deprecated") is True,
    )


def _text(value: object) -> str:
    return " ".join(value.split())[:2000] if isinstance(value, str) else ""


def _parameters(document: Document, given: Sequence[Node]) -> Iterator[Parameter]:
    for one in given:
        name, part = one.get("name"), one.get("in")
        if isinstance(name, str) and part in {"query", "header", "path"}:
            schema = {**one, **document.node(one.get("schema"))}
            yield Parameter(
                name, cast("Part", part), shape_in(document, schema), one.get("required") is True
            )


def _body(document: Document, node: Node, given: Sequence[Node]) -> tuple[str, Shape]:
    """As what the body is sent, and its shape."""
    media, found = _content(document, document.node(node.get("requestBody")).get("content"))
    if media:
        return media, found
    for one in given:  # Swagger 2
        if one.get("in") == "body":
            return "application/json", shape_in(document, one.get("schema"))
    fields = {str(one.get("name")): one for one in given if one.get("in") == "formData"}
    if fields:
        return _FORMS[0], shape_in(document, {"type": "object", "properties": fields})
    return "", Shape()


def _content(document: Document, content: object) -> tuple[str, Shape]:
    """The first that is JSON, else the first."""
    by_media = document.node(content)
    names = sorted(by_media, key=lambda name: "json" not in name)
    if not names:
        return "", Shape()
    said = document.node(by_media[names[0]])
    schema = said.get("schema")
    examples = {key: said[key] for key in ("example", "examples") if key in said}
    if isinstance(examples.get("examples"), dict):
        examples["examples"] = [
            document.node(one).get("value") for one in examples["examples"].values()
        ]
    shape = shape_in(document, {"allOf": [schema or {}], **examples})
    return ("application/json" if "json" in names[0] else names[0]), shape


def _answer(document: Document, node: Node) -> tuple[int, Shape]:
    """The status and the answer of the first success."""
    answers = document.node(node.get("responses"))
    good = sorted(code for code in answers if code[:1] == "2") or ["default"]
    code = good[0]
    answer = document.node(answers.get(code))
    status = int(code) if code.isdigit() and len(code) == 3 else 200  # noqa: PLR2004 - as all have
    _, shape = _content(document, answer.get("content"))
    if "schema" in answer or "examples" in answer:  # Swagger 2
        examples = document.node(answer.get("examples"))
        given: dict[str, Any] = {"example": next(iter(examples.values()))} if examples else {}
        shape = shape_in(document, {"allOf": [answer.get("schema") or {}], **given})
    return status, shape


def _asks(document: Document, node: Node) -> tuple[str, ...]:
    """The schemes of what it wants, where it wants one of several the first."""
    asked = node.get("security", document.root.get("security"))
    if not isinstance(asked, list) or not asked or {} in asked:
        return ()
    return tuple(document.node(asked[0]))
