"""Requests as a mapping has them: where values lie in a body, a path, a query and headers.

A request is made once into texts with gaps, which are filled for each one: a user has no time for
an encoder.
"""

import json
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from pydantic import JsonValue

from simulator.load.gapped_text import GappedText, Part
from simulator.mapping.places import parsed, put_at
from simulator.mapping.templates import parts_of

__all__ = ["Filling", "RequestShape", "Sent", "json_text"]

_KEY: Final = re.compile(r"\{([^}]*)\}")
#: Around the name of a gap in a body: the gap is a value, or stands within a text.
_VALUE, _WITHIN = "\x00", "\x01"
_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode  # made once, which takes a while
_GAP: Final = re.compile(r'"\\u0000([^"\\]+)\\u0000"|\\u0001([^"\\]+)\\u0001')


class Sent(NamedTuple):
    """A request to send; headers are those beside the usual ones."""

    path: str
    body: str | None = None
    headers: Mapping[str, str] = {}


class Filling(dict[str, object]):
    """What stands in the gaps of a request, as it is written in JSON, or a number.

    >>> Filling(applicant='"c7"')["within applicant"]
    'c7'
    """

    def __missing__(self, name: str) -> object:
        """What is only made where it is asked for."""
        if name.startswith("within "):
            return _plain(self[name.removeprefix("within ")])
        if name == "applicant_id":
            return self["applicant"]
        return _MOMENTS[name]()


class RequestShape:
    """A request with gaps.

    Args:
        path: its template, with keys in braces.
        places: of what is filled in, by name.
        base: what else is sent: JSON with names in braces.
        written: how numbers are written, such as `d` or `.2f`; all else is JSON when it comes.
        beside: what else is sent outside of the body, by its place: texts with names in braces.

    >>> places = {"key": "path:id", "age": "person.age"}
    >>> shape = RequestShape("/a/{id}", places, written={"age": "d"})
    >>> shape.fill(Filling(key='"x 1"', age=41.0))
    Sent(path='/a/x%201', body='{"person":{"age":41}}', headers={})
    """

    def __init__(
        self,
        path: str,
        places: Mapping[str, str],
        *,
        base: JsonValue = None,
        written: Mapping[str, str] | None = None,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        self._written = written or {}
        body, outside = _laid_out(base, places)
        self._body = None if body is None else GappedText(self._with_gaps(body))
        values = {(part, name): GappedText([self._gap(slot)]) for part, name, slot in outside}
        for place, text in (beside or {}).items():
            part, (name, *_) = parsed(place)
            values.setdefault((part, str(name)), _text_with_names(text))
        self._path = [
            values.get(("path", piece), piece) if i % 2 else piece
            for i, piece in enumerate(_KEY.split(path))
        ]
        self._query = [(f"{quote(n)}=", v) for (part, n), v in values.items() if part == "query"]
        self._headers = [(name, v) for (part, name), v in values.items() if part == "header"]
        #: Keys of the path that nothing is put in.
        self.open_keys = [each for each in self._path[1::2] if isinstance(each, str)]

    def fill(self, filling: Filling) -> Sent:
        """The request."""
        path = "".join([e if isinstance(e, str) else _quoted(e.fill(filling)) for e in self._path])
        if self._query:
            asked = "&".join([f"{name}{_quoted(v.fill(filling))}" for name, v in self._query])
            path = f"{path}?{asked}"
        headers = {name: _plain(value.fill(filling)) for name, value in self._headers}
        return Sent(path, self.body(filling), headers)

    def body(self, filling: Filling) -> str | None:
        """The body alone."""
        return None if self._body is None else self._body.fill(filling)

    def _with_gaps(self, body: JsonValue) -> Sequence[Part]:
        """What is between gaps, and gaps: a value's, or within a text."""
        text, value, within = _GAP.split(json_text(body)), slice(1, None, 3), slice(2, None, 3)
        gaps = [v or f"within {w}" for v, w in zip(text[value], text[within], strict=True)]
        parts: list[Part] = [text[0]]
        for gap, after in zip(gaps, text[3::3], strict=True):
            parts += [self._gap(gap), after]
        return parts

    def _gap(self, slot: str) -> Part:
        return slot, self._written.get(slot, "s")


def json_text(value: JsonValue) -> str:
    """JSON on one line.

    >>> json_text({"a": [1, "x"]})
    '{"a":[1,"x"]}'
    """
    return _JSON(value)


def _laid_out(
    base: JsonValue, places: Mapping[str, str]
) -> tuple[JsonValue, Sequence[tuple[str, str, str]]]:
    """A body with gaps; and of what lies outside of it the part, its name there, and the gap's."""
    body = _with_names(deepcopy(base))
    outside = []
    for slot, place in places.items():
        part, steps = parsed(place)
        if part == "body":
            body = put_at(body, steps, f"{_VALUE}{slot}{_VALUE}")
        else:
            outside.append((part, str(steps[0]), slot))
    return body, outside


def _with_names(base: JsonValue) -> JsonValue:
    """The same with gaps in the place of names in braces."""
    match base:
        case dict():
            return {key: _with_names(inside) for key, inside in base.items()}
        case list():
            return [_with_names(inside) for inside in base]
        case str():
            parts = parts_of(base)
            if len(parts) == 3 and not parts[0] and not parts[2]:  # noqa: PLR2004 - a name alone
                return f"{_VALUE}{parts[1]}{_VALUE}"
            return "".join(
                f"{_WITHIN}{part}{_WITHIN}" if i % 2 else part for i, part in enumerate(parts)
            )
    return base


def _text_with_names(text: str) -> GappedText:
    pieces = enumerate(parts_of(text))
    return GappedText([(f"within {piece}", "s") if i % 2 else piece for i, piece in pieces])


def _plain(value: object) -> str:
    """A value as it stands in a text."""
    if not isinstance(value, str) or value[:1] != '"':
        return str(value)
    return str(json.loads(value)) if "\\" in value else value[1:-1]


def _quoted(value: str) -> str:
    return quote(_plain(value), safe="")


def _timestamp() -> str:
    return f'"{datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")}Z"'


#: What every request can say, as answers can.
_MOMENTS: Final[Mapping[str, Callable[[], object]]] = {
    "timestamp": _timestamp,
    "unix_seconds": lambda: round(time.time(), 3),
    "request_id": lambda: f'"{uuid.uuid4()}"',
}
