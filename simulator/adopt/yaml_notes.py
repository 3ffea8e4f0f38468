"""YAML with comments: plain values, each place with what is said of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, Final, TypeAlias

import yaml

from simulator.quoting import printable

__all__ = ["Noted", "Path", "yaml_lines"]

#: Keys and indices on the way to a value.
Path: TypeAlias = tuple[str | int, ...]

_WIDTH: Final = 98
_LONGEST: Final = 400  # of a comment
_NO_LIMIT: Final = 2**31


@dataclass
class Noted:
    """Plain values, with comments before places in them, and after the last entry of others."""

    content: dict[str, Any] = field(default_factory=dict)
    before: dict[Path, list[str]] = field(default_factory=dict)
    after: dict[Path, list[str]] = field(default_factory=dict)

    def say(self, place: Path, *notes: str) -> None:
        """Comments on what is at a place."""
        self.before.setdefault(place, []).extend(note for note in notes if note)

    def add(self, place: Path, *notes: str) -> None:
        """Comments at the end of what is at a place."""
        self.after.setdefault(place, []).extend(note for note in notes if note)


def yaml_lines(noted: Noted) -> Iterator[str]:
    """The values as YAML with the comments, a line at a time.

    >>> noted = Noted({"a": {"b": 1, "c": [2]}})
    >>> noted.say(("a", "b"), "so it is")
    >>> list(yaml_lines(noted))
    ['a:', '  # so it is', '  b: 1', '  c: [2]']
    """
    yield from _mapping(noted, noted.content, ())


def _mapping(noted: Noted, content: Mapping[str, Any], at: Path) -> Iterator[str]:
    for key, value in content.items():
        place = (*at, key)
        yield from comment_lines(noted.before.get(place, ()))
        yield from _entry(noted, f"{_flow(key)}:", value, place)
    yield from comment_lines(noted.after.get(at, ()))


def _entry(noted: Noted, start: str, value: object, place: Path) -> Iterator[str]:
    """A value behind a key or the mark of an item: on one line where it fits and says nothing."""
    line = f"{start} {_flow(value)}"
    is_plain = not value or not isinstance(value, dict | list)
    if is_plain or (len(line) <= _WIDTH - 2 * len(place) and not _has_notes(noted, place)):
        yield line
        yield from ("  " + one for one in comment_lines(noted.after.get(place, ())))
        return
    yield start
    inside = (
        _mapping(noted, value, place) if isinstance(value, dict) else _items(noted, value, place)  # type: ignore[arg-type]  # a list
    )
    yield from ("  " + one for one in inside)


def _items(noted: Noted, values: Sequence[Any], at: Path) -> Iterator[str]:
    for index, value in enumerate(values):
        place = (*at, index)
        yield from comment_lines(noted.before.get(place, ()))
        line = f"- {_flow(value)}"
        if (
            not isinstance(value, dict)
            or not value
            or (len(line) <= _WIDTH - 2 * len(place) and not _has_notes(noted, place))
        ):
            yield line
            continue
        mark = "- "
        for one in _mapping(noted, value, place):
            is_about_all = mark == "- " and one.startswith("#")
            yield one if is_about_all else mark + one
            mark = mark if is_about_all else "  "
    yield from comment_lines(noted.after.get(at, ()))


def _has_notes(noted: Noted, place: Path) -> bool:
    size = len(place)
    return any(at[:size] == place and len(at) > size for at in noted.before) or any(
        at[:size] == place for at in noted.after
    )


def comment_lines(notes: Sequence[str]) -> Iterator[str]:
    """Texts as lines of comment.

    >>> list(comment_lines(["so it is"]))
    ['# so it is']
    """
    for note in notes:
        text = printable(" ".join(note.split()))[:_LONGEST]
        for number, line in enumerate(wrap(text, _WIDTH - 8, break_on_hyphens=False) or [""]):
            yield f"# {'  ' if number else ''}{line}".rstrip()


def _flow(value: object) -> str:
    """A value, whose texts can all be shown on a line, on one line."""
    text = yaml.safe_dump(
        [value], default_flow_style=True, sort_keys=False, allow_unicode=True, width=_NO_LIMIT
    )
    return text.strip()[1:-1]
