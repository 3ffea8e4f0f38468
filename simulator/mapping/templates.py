"""Answers as they are written in a mapping: JSON with names in braces in its texts.

A name is one of a fixed list, and is replaced by its value: there is nothing in a template to run.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, TypeAlias

from pydantic import JsonValue

from simulator.spelling import did_you_mean

__all__ = ["Parts", "parts_of", "template_problems", "texts_in"]

#: A text in pieces: at even places as it is, at odd ones the name of what stands there.
Parts: TypeAlias = tuple[str, ...]

_NAME: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DEEPEST: Final = 20


def parts_of(text: str) -> Parts:
    """A text in pieces.

    >>> parts_of("{score} points")
    ('', 'score', ' points')
    """
    return tuple(_NAME.split(text))


def texts_in(template: JsonValue, place: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The texts of a template, each with its place in the file."""
    if depth > _DEEPEST:
        return
    match template:
        case str():
            yield place, template
        case dict():
            for key, inside in template.items():
                yield from texts_in(inside, f"{place}.{key}", depth + 1)
        case list():
            for index, inside in enumerate(template):
                yield from texts_in(inside, f"{place}.{index}", depth + 1)


def template_problems(
    template: JsonValue, place: str, known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Names that stand for nothing, and braces around what is no name."""
    if _depth(template) > _DEEPEST:
        yield place, f"is nested more than {_DEEPEST} levels deep"
        return
    for at, text in texts_in(template, place):
        parts = parts_of(text)
        for name in parts[1::2]:
            if name not in known:
                among = f", but {', '.join(known)}" if known else ", and the path has no key"
                yield at, f"there is no {{{name}}}{among}{did_you_mean(name, known)}"
        if any("{" in part or "}" in part for part in parts[::2]):
            yield at, "holds a brace that is not around a name; there is no way to write one"


def _depth(template: JsonValue) -> int:
    """Levels of objects and lists."""
    level: list[JsonValue] = [template]
    depth = 0
    while level and depth <= _DEEPEST:
        inside = [one for one in level if isinstance(one, dict | list)]
        level = [v for one in inside for v in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inside)
    return depth
