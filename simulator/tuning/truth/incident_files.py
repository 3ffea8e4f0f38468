"""Known incidents from a file: a simulator's truth.json, or a team's own list as CSV or JSON."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from simulator.errors import TruthError
from simulator.observation.episodes import episodes_in
from simulator.quoting import quoted, shortened
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in
from simulator.scenario.timed_run import EpisodeSpan
from simulator.spelling import did_you_mean
from simulator.timeline.moments import parse_moment
from simulator.tuning.truth.incidents import LEVELS, WantedAlarm

__all__ = ["wanted_alarms_in", "wanted_alarms_of"]

_MOST_BYTES: Final = 16 * 1024 * 1024
_TABLES: Final = (".csv", ".tsv", ".txt")
_NEEDED: Final = ("start", "end", "signal", "severity")
_KNOWN: Final = (*_NEEDED, "until", "name")
_LEVEL_OF: Final = {**{level: level for level in LEVELS}, "warning": "orange", "critical": "red"}
_SEPARATORS: Final = ",;\t"


def wanted_alarms_in(file: Path) -> tuple[WantedAlarm, ...]:
    """The wanted alarms of a file, in time order.

    A table (.csv) has a line of column names: start, end, signal, severity, and where wanted
    until, name. JSON is a list of objects with these keys, or {"incidents": [...]}, or a truth.json
    of the simulator. Moments are RFC 3339 or unix seconds; severity is orange or warning, red or
    critical; signal is one of the simulator's or a measure that tells of it, the name of a panel,
    field or alert, or *.

    Raises:
        TruthError: it cannot be read, or an incident is incomplete; with place and value.
    """
    text = read_text(file, most=_MOST_BYTES, error=TruthError)
    rows = _table(text, file) if file.suffix.casefold() in _TABLES else _objects(text, file)
    found = (
        wanted_alarms_of(episodes_in(file))
        if rows is None
        else [_wanted(row, place) for place, row in rows]
    )
    if not found:
        raise TruthError(f"{file}: no incident in it is worth an alarm: nothing to tune for")
    return tuple(sorted(found, key=lambda one: one.start))


def wanted_alarms_of(episodes: Iterable[EpisodeSpan]) -> list[WantedAlarm]:
    """The alarms that episodes are worth."""
    return [
        WantedAlarm(span.name, alarm.signal, alarm.severity, span.start, span.end, alarm.until)
        for span in episodes
        for alarm in span.alarms
    ]


def _table(text: str, file: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [str(name).strip().casefold() for name in lines.fieldnames or ()]
    except csv.Error as error:
        raise TruthError(f"{file}: line 1: {error}") from error
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise TruthError(
            f"{file}: columns {', '.join(_NEEDED)} are wanted in the first line; "
            f"{', '.join(missing)} missing in {quoted(head.strip())}"
        )
    twice = [name for name in _KNOWN if names.count(name) > 1]
    if twice:
        raise TruthError(f"{file}: the column {twice[0]} is there twice")
    lines.fieldnames = names
    try:
        for row in lines:
            place = f"{file}: line {lines.line_num}"
            if more := row.pop(None, None):  # where csv puts the rest
                raise TruthError(f"{place}: more cells than columns: {quoted(more)}")
            yield place, row
    except csv.Error as error:
        raise TruthError(f"{file}: line {lines.line_num}: {error}") from error


def _objects(text: str, file: Path) -> Iterator[tuple[str, Mapping[str, object]]] | None:
    """The objects with their places; None for a truth.json."""
    document = json_in(text, file, error=TruthError)
    if isinstance(document, dict) and "episodes" in document:
        return None
    entries = document.get("incidents") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise TruthError(f"{file}: a list of incidents is wanted, found {quoted(text)}")
    return ((f"{file}: {i}", _object(one, f"{file}: {i}")) for i, one in enumerate(entries))


def _object(entry: object, place: str) -> Mapping[str, object]:
    if not isinstance(entry, dict):
        raise TruthError(
            f"{place}: an object with {', '.join(_NEEDED)} is wanted, found {quoted(entry)}"
        )
    return entry


def _wanted(row: Mapping[str, object], place: str) -> WantedAlarm:
    words = {key: str(value).strip() for key, value in row.items() if value is not None}
    missing = [name for name in _NEEDED if not words.get(name)]
    if missing:
        raise TruthError(f"{place}: no {', '.join(missing)}")
    severity = words["severity"].casefold()
    if severity not in _LEVEL_OF:
        raise TruthError(
            f"{place}: severity: {quoted(words['severity'])} is none of {', '.join(_LEVEL_OF)}"
            f"{did_you_mean(words['severity'], _LEVEL_OF)}"
        )
    start, end = (_moment(words[key], f"{place}: {key}") for key in ("start", "end"))
    until = _moment(words["until"], f"{place}: until") if words.get("until") else end
    if not start < end <= until:
        raise TruthError(
            f"{place}: start {shortened(words['start'])}, end {shortened(words['end'])}, until "
            f"{shortened(words.get('until') or words['end'])} are not in this order"
        )
    name = words.get("name") or f"{words['signal']} at {words['start']}"
    return WantedAlarm(name, words["signal"], _LEVEL_OF[severity], start, end, until)


def _moment(text: str, place: str) -> float:
    try:
        return parse_moment(text, now=math.nan)
    except ValueError as error:
        raise TruthError(f"{place}: {error}") from error
