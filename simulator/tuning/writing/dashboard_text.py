"""Numbers in a dashboard's JSON replaced in place."""

import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.errors import TuningError
from simulator.quoting import shortened
from simulator.tuning.writing.edits import Edit, edited, place, utf8_text
from simulator.tuning.writing.plain_numbers import plain_number

__all__ = ["with_numbers"]

_MARK: Final = "\ufeff"
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_BLANKS: Final = re.compile(r"[ \t\n\r]*")

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Literal:
    """A number as it is written, so that 1 and 1.0 are not equal."""

    text: str


_DECODER: Final = json.JSONDecoder(
    parse_int=_Literal, parse_float=_Literal, parse_constant=_Literal
)


@dataclass(frozen=True, slots=True)
class _Value:
    """A value's path, what it is, and where it is written; of an object or a list the type."""

    path: _Path
    content: object
    start: int
    end: int


def with_numbers(content: bytes, numbers: Mapping[_Path, float], file: Path) -> bytes:
    """The content with another number at each path; one that has its value stays as written.

    Raises:
        TuningError: a path is not there or holds no number, the content is not JSON or says
            something twice, or a number is not finite. The text has the file, path and value.

    >>> with_numbers(b'{"a": [1.50,  2]}', {("a", 1): 0.25}, Path("a.json"))
    b'{"a": [1.50,  0.25]}'
    """
    text = utf8_text(content, file)
    body = text.removeprefix(_MARK)
    found = _values(body, file)
    edits = {}
    for path, number in numbers.items():
        if path not in found:
            raise TuningError(f"{place(file, path)}: is not there; {number} is wanted")
        value = found[path]
        if not isinstance(value.content, _Literal) or not _NUMBER.fullmatch(value.content.text):
            written = shortened(body[value.start : value.end])
            raise TuningError(f"{place(file, path)}: {written} is no number")
        if float(value.content.text) != number:
            edits[path] = Edit(value.start, value.end, _plain(number, place(file, path)))
    after = edited(body, edits.values())
    wanted = {p: _Literal(edits[p].text) if p in edits else v.content for p, v in found.items()}
    if {path: value.content for path, value in _values(after, file).items()} != wanted:
        raise TuningError(f"{file}: more than the numbers would change; nothing is written")
    return (text[: len(text) - len(body)] + after).encode()


def _plain(number: float, where: str) -> str:
    try:
        return plain_number(number)
    except ValueError as error:
        raise TuningError(f"{where}: {error}") from error


def _values(text: str, file: Path) -> dict[_Path, _Value]:
    """All values by their path."""
    found: dict[_Path, _Value] = {}
    try:
        _DECODER.decode(text)  # so that what is walked is known to be JSON
        for value in _walked(text, _after_blanks(text, 0), ()):
            if value.path in found:
                raise TuningError(f"{place(file, value.path)}: a key is there twice")
            found[value.path] = value
    except (ValueError, RecursionError) as error:
        raise TuningError(f"{file}: not JSON that can be read: {error}") from error
    return found


def _walked(text: str, start: int, path: _Path) -> Generator[_Value, None, int]:
    """The value that begins at `start`, behind those in it; returns where it ends.

    Python's decoder says no places, but reads one key or scalar from a place on.
    """
    if text[start] not in "{[":
        content, end = _DECODER.raw_decode(text, start)
        yield _Value(path, content, start, end)
        return end
    is_object = text[start] == "{"
    at, n_values = _after_blanks(text, start + 1), 0
    while text[at] not in "}]":
        key: str | int = n_values
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _after_blanks(text, _after_blanks(text, at) + 1)  # behind the colon
        at = _after_blanks(text, (yield from _walked(text, at, (*path, key))))
        if text[at] == ",":
            at = _after_blanks(text, at + 1)
        n_values += 1
    yield _Value(path, dict if is_object else list, start, at + 1)
    return at + 1


def _after_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    return found.end() if found else start
