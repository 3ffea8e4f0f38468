"""Routes put into a mapping's file, the rest of it as it was: comments, order, blank lines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from simulator.adopt.yaml_notes import Noted, yaml_lines
from simulator.errors import MappingError
from simulator.reading.yaml_text import yaml_in

__all__ = ["with_routes"]

_STEP: Final = "  "


def with_routes(
    text: str, routes: Sequence[Mapping[str, Any]], notes: Sequence[str], source: str
) -> str:
    r"""The file's text with the routes after those that it has, each with a comment before it.

    Where the file is JSON, or a part is written as such, comments are left out.

    Raises:
        MappingError: the text is no YAML, or has its routes where none can be put in.

    >>> ours = "api:\n  routes:\n  - {route: GET /a}  # mine\n"
    >>> print(with_routes(ours, [{"route": "GET /b"}], ["seen 2 times"], "a.yaml"), end="")
    api:
      routes:
      - {route: GET /a}  # mine
      # seen 2 times
      - {route: GET /b}
    """
    before = yaml_in(text, source, error=MappingError)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(before, dict) or not isinstance(root, yaml.MappingNode):
        raise MappingError(f"{source}: holds no mapping, to which routes could be added")
    after = _with(text, root, routes, notes)
    wanted = {**before, "api": {**(before.get("api") or {})}}
    wanted["api"]["routes"] = [*(wanted["api"].get("routes") or []), *routes]
    try:
        is_right = yaml_in(after, source, error=MappingError) == wanted
    except MappingError:
        is_right = False
    if not is_right:
        raise MappingError(
            f"{source}: api.routes: nothing can be added to it as it is written; "
            "write it as a list with an item a line"
        )
    return after


def _with(
    text: str, root: yaml.MappingNode, routes: Sequence[Mapping[str, Any]], notes: Sequence[str]
) -> str:
    api = _value(root, "api")
    if root.flow_style:
        return _into_flow(text, root, api, routes)
    listed = list(_listed(routes, notes))
    if api is None:
        return _ended(text) + "\n".join(["api:", *_routes(_STEP, listed), ""])
    if not isinstance(api, yaml.MappingNode):
        return _after_line(text, api, _routes(_STEP, listed))
    if api.flow_style:
        return _into_flow(text, api, _value(api, "routes"), routes)
    return _into_api(text, api, routes, listed)


def _into_api(
    text: str, api: yaml.MappingNode, routes: Sequence[Mapping[str, Any]], listed: Sequence[str]
) -> str:
    """Into an API that is written with an entry a line."""
    indent = " " * api.value[0][0].start_mark.column
    found = _value(api, "routes")
    if found is None:
        return _after(text, api, _routes(indent, listed))
    if not isinstance(found, yaml.SequenceNode):
        return _after_line(text, found, _routes(indent, listed)[1:])
    if found.flow_style:
        return _into_flow(text, found, None, routes)
    dashes = " " * found.start_mark.column
    return _after(text, found, [dashes + line for line in listed])


def _routes(indent: str, listed: Sequence[str]) -> list[str]:
    """Lines of the key and its list."""
    return [f"{indent}routes:", *(f"{indent}{_STEP}{line}" for line in listed)]


def _listed(routes: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> Sequence[str]:
    """The routes as items of a list, with their comments."""
    noted = Noted({"routes": [dict(route) for route in routes]})
    for number, note in enumerate(notes):
        noted.say(("routes", number), note)
    return [line.removeprefix(_STEP) for line in list(yaml_lines(noted))[1:]]


def _value(node: yaml.Node, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _last(node: yaml.Node) -> yaml.Node:
    """The last value that is written in a node."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last(last[1] if isinstance(last, tuple) else last)
    return node


def _after(text: str, node: yaml.Node, lines: Sequence[str]) -> str:
    return _after_line(text, _last(node), lines)


def _after_line(text: str, node: yaml.Node, lines: Sequence[str]) -> str:
    """Lines after that on which a value ends."""
    mark = node.end_mark
    at = mark.index
    if mark.column > 0 or at == node.start_mark.index:
        end = text.find("\n", at)
        at = len(text) if end < 0 else end + 1
    return "".join([_ended(text[:at]), *(f"{line}\n" for line in lines), text[at:]])


def _into_flow(
    text: str, node: yaml.Node, inside: yaml.Node | None, routes: Sequence[Mapping[str, Any]]
) -> str:
    """Into what is written in brackets: a list of routes, an API, or the whole file."""
    if isinstance(inside, yaml.CollectionNode):
        deeper = _value(inside, "routes") if isinstance(inside, yaml.MappingNode) else None
        return _into_flow(text, inside, deeper, routes)
    items = ", ".join(json.dumps(route, ensure_ascii=False) for route in routes)
    if isinstance(node, yaml.MappingNode):
        is_root = node.start_mark.index == 0 or _value(node, "version") is not None
        items = f'"api": {{"routes": [{items}]}}' if is_root else f'"routes": [{items}]'
    at = node.end_mark.index - 1
    comma = ", " if node.value else ""
    return text[:at].rstrip() + comma + items + text[len(text[:at].rstrip()) :]
