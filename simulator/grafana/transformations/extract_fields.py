"""`extractFields`: columns of what is written in the texts of another.

public/app/features/transformers/extractFields/.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame, number_field, text_field
from simulator.grafana.transformations.options import Options, UnreadOptionError
from simulator.grafana.value_mappings import field_pattern

__all__ = ["extract_fields"]

_Parsed = Mapping[str, object]
_PAIR = re.compile(
    r"""\s*["']?([^\s"',;&{}:=]+)["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s,;&{}]*))"""
)


def extract_fields(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """Each frame with the columns that were found; unchanged where the source is not there.

    Raises:
        UnreadOptionError: a format that is not read.
    """
    wanted = options.get("source")
    parse = _parser(options)
    if not wanted:
        return frames

    def of(frame: Frame) -> Frame:
        names = frame_names(frame, [frame])
        source = next(
            (f for f, n in zip(frame.fields, names, strict=True) if wanted in (f.name, n)), None
        )
        if source is None or source.kind != "string":
            return frame
        found = _columns([parse(text) for text in source.texts])
        if options.get("keepTime") is True:
            found = [*(field for field in frame.fields if field.kind == "time"), *found]
        return replace(
            frame, fields=tuple(found if options.get("replace") else [*frame.fields, *found])
        )

    return tuple(map(of, frames))


def _columns(rows: Sequence[_Parsed]) -> list[Field]:
    """A column per key in order of appearance, of the kind of its first value."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = []
    for name in names:
        cells = [row.get(name) for row in rows]
        first = next((one for one in cells if one is not None), None)
        if isinstance(first, int | float) and not isinstance(first, bool):
            numbers = (one if isinstance(one, int | float) else float("nan") for one in cells)
            columns.append(number_field(name, numbers))
        else:
            columns.append(text_field(name, ("" if one is None else str(one) for one in cells)))
    return columns


def _parser(options: Options) -> Callable[[str], _Parsed]:
    kind = options.get("format", "auto")
    match kind:
        case "json" if not options.get("jsonPaths"):
            return _json
        case "kvp":
            return _pairs
        case "delimiter":
            mark = str(options.get("delimiter") or ",")
            return lambda text: dict.fromkeys(map(str.strip, text.strip().split(mark)), 1)
        case "regexp":
            return _pattern(str(options.get("regExp") or ""))
        case "auto":
            return lambda text: _json(text) or _pairs(text)
    raise UnreadOptionError(f"format {kind!r}")


def _json(text: str) -> _Parsed:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pairs(text: str) -> _Parsed:
    """Pairs as `a=b, c: d`; a label set is written so.

    >>> _pairs('{job="api", zone: eu}')
    {'job': 'api', 'zone': 'eu'}
    """
    found = _PAIR.finditer(text)
    return {one[1]: next((v for v in one.groups()[1:] if v is not None), "") for one in found}


def _pattern(text: str) -> Callable[[str], _Parsed]:
    pattern = field_pattern(text) if text.startswith("/") else re.compile("(?P<NewField>.*)")

    def parse(text: str) -> _Parsed:
        match = pattern.search(text) if pattern else None
        return match.groupdict() if match else {}

    return parse
