"""Numbers in a dashboard's JSON replaced in place."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from json_source_map import calculate

from simulator.errors import TuningError
from simulator.quoting import shortened
from simulator.tuning.writing.edits import Edit, edited, place, utf8_text
from simulator.tuning.writing.numbers import plain_number

__all__ = ["with_numbers"]

_MARK: Final = "\ufeff"
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Literal:
    """A number as it is written, so that 1 and 1.0 are not equal."""

    text: str


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
    values = _values(body, file)
    found = {path: (value, span) for (path, value), span in _spanned(body, values, file)}
    edits = {}
    for path, number in numbers.items():
        value, (start, end) = found.get(path, (None, (0, 0)))
        if path not in found:
            raise TuningError(f"{place(file, path)}: is not there; {number} is wanted")
        literal = _literal(value, body[start:end], place(file, path))
        if float(literal.text) != number:
            edits[path] = Edit(start, end, _plain(number, place(file, path)))
    after = edited(body, edits.values())
    wanted = [(p, _Literal(edits[p].text) if p in edits else value) for p, value in values]
    if _values(after, file) != wanted:
        raise TuningError(f"{file}: more than the numbers would change; nothing is written")
    return (text[: len(text) - len(body)] + after).encode()


def _literal(value: object, written: str, where: str) -> _Literal:
    """The number at a place; both the parser and the source map must see it there."""
    if not isinstance(value, _Literal) or not _NUMBER.fullmatch(value.text):
        raise TuningError(f"{where}: {shortened(written)} is no number")
    if value.text != written:
        raise TuningError(
            f"{where}: {shortened(value.text)} is not found in the text, but {shortened(written)}"
        )
    return value


def _plain(number: float, where: str) -> str:
    try:
        return plain_number(number)
    except ValueError as error:
        raise TuningError(f"{where}: {error}") from error


def _values(text: str, file: Path) -> list[tuple[_Path, object]]:
    """All values in the order of the text, each with its path; objects and lists as their type.

    Objects are tuples of pairs while they are walked, so that a key that is there twice counts.
    """
    try:
        document = json.loads(
            text,
            object_pairs_hook=tuple,
            parse_int=_Literal,
            parse_float=_Literal,
            parse_constant=_Literal,
        )
        return list(_walked((), document))
    except (ValueError, RecursionError) as error:
        raise TuningError(f"{file}: not JSON that can be read: {error}") from error


def _walked(path: _Path, value: object) -> Iterator[tuple[_Path, object]]:
    if not isinstance(value, tuple | list):
        yield path, value
        return
    yield path, type(value)
    for key, child in value if isinstance(value, tuple) else enumerate(value):
        yield from _walked((*path, key), child)


def _spanned(
    text: str, values: list[tuple[_Path, object]], file: Path
) -> Iterator[tuple[tuple[_Path, object], tuple[int, int]]]:
    """The values with where they begin and end.

    The library's pointers hold keys as they are written, without the escapes of JSON pointers, so
    `a/b` and `b` in `a` are one; but its entries come in the order of the text, as the values do.
    """
    try:
        entries = list(calculate(text).values())
    except (ValueError, RecursionError) as error:
        raise TuningError(f"{file}: its places cannot be found: {error}") from error
    if len(entries) != len(values):
        raise TuningError(f"{file}: a key is there twice, or reads as another one's path")
    spans = [(entry.value_start.position, entry.value_end.position) for entry in entries]
    return zip(values, spans, strict=True)
