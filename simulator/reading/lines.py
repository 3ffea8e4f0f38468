"""On which line of a file of others something is written, counted from 1."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import yaml

__all__ = ["json_line", "yaml_line"]

Steps: TypeAlias = Sequence[str | int]

_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = json.JSONDecoder()
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is


def json_line(text: str, steps: Steps) -> int:
    r"""The line of what the steps lead to in a JSON text, or of the last step that is there.

    >>> json_line('{"a": 1,\n "b": [1,\n 2]}', ("b", 1))
    3
    >>> json_line('{"a": 1,\n "b": [1,\n 2]}', ("b", "c"))
    2
    """
    at = _after_blanks(text, 0)
    try:
        for step in steps:
            found = _member(text, at, step)
            if found is None:
                break
            at = found
    except (ValueError, IndexError, RecursionError):
        pass  # what is no JSON has a beginning
    return text.count("\n", 0, at) + 1


def _member(text: str, start: int, step: str | int) -> int | None:
    """Where a member of an object or list begins; Python's decoder skips the others."""
    if text[start] not in "{[" or (text[start] == "{") is isinstance(step, int):
        return None
    at, index = _after_blanks(text, start + 1), 0
    while text[at] not in "}]":
        key: str | int = index
        begin = at
        if text[start] == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = begin = _after_blanks(text, _after_blanks(text, at) + 1)  # behind the colon
        if key == step:
            return begin
        _, at = _DECODER.raw_decode(text, at)
        at = _after_blanks(text, at)
        if text[at] == ",":
            at = _after_blanks(text, at + 1)
        index += 1
    return None


def _after_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    return found.end() if found else start


def yaml_line(text: str, steps: Steps, *, document: int = 0) -> int:
    r"""The same in a YAML text of one or several documents.

    >>> yaml_line("a: 1\nb:\n  - c: 2\n  - c: 3\n", ("b", 1, "c"))
    4
    """
    documents = _documents(text)
    if document >= len(documents):
        return 1
    node: yaml.Node | None = documents[document]
    line = 1
    for step in (None, *steps):
        node = node if step is None else _below(node, step)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


@lru_cache(maxsize=8)
def _documents(text: str) -> tuple[yaml.Node | None, ...]:
    try:
        return tuple(yaml.compose_all(text, Loader=_Loader))
    except (yaml.YAMLError, RecursionError):
        return ()


def _below(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        pairs: Mapping[str, yaml.Node] = {key.value: value for key, value in node.value}
        return pairs.get(str(step))
    return None
