"""Dashboard variables from JSON."""

import re
from collections.abc import Iterator

from simulator.errors import DashboardError
from simulator.grafana.data_source_parsing import data_source_in
from simulator.grafana.intervals import duration_milliseconds
from simulator.grafana.json_objects import JsonObject
from simulator.grafana.model import Variable

__all__ = ["ALL", "variable_from"]

ALL = "$__all"
"""The value Grafana saves for the choice "All"."""

_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


def variable_from(found: JsonObject) -> Variable:
    """The variable in an entry of `templating.list`.

    One with a value of the wrong kind is there and says so as `unread`, with the path.
    """
    try:
        return _variable(found)
    except DashboardError as error:
        return Variable(str(found.get("name")), str(found.get("type")), unread=str(error))


def _variable(found: JsonObject) -> Variable:
    kind = found.text("type")
    query = _query(found)
    current = found.child("current")
    shortest = found.text("auto_min") or "10s"
    duration_milliseconds(shortest)
    listed = _listed(query) if kind in {"custom", "interval"} else ()
    options = listed or _saved_options(found)
    return Variable(
        name=found.text("name"),
        type=kind,
        query=query,
        regex=found.text("regex"),
        current=_texts(current.get("value")),
        current_text=_texts(current.get("text")),
        options=options,
        multi=found.flag("multi"),
        include_all=found.flag("includeAll"),
        all_value=found.text("allValue"),
        auto_count=found.integer("auto_count") or 30,
        auto_min=shortest,
        sort=found.integer("sort") or 0,
        data_source=data_source_in(found),
        filters=tuple(_filters(found)) if kind == "adhoc" else (),
    )


def _filters(found: JsonObject) -> Iterator[tuple[str, str, str]]:
    """Label, operator and value of each ad-hoc filter; "one of" as the regex that it stands for."""
    for one in (*found.children("baseFilters"), *found.children("filters")):
        operator, value = one.text("operator") or "=", one.text("value")
        if operator in {"=|", "!=|"}:
            value = "|".join(map(re.escape, one.texts("values") or (value,)))
            operator = "=~" if operator == "=|" else "!~"
        if one.text("key"):
            yield one.text("key"), operator, value


def _query(found: JsonObject) -> str:
    """The query as text; since 8 the Prometheus data source keeps it as `{"query": ...}`."""
    value = found.get("query")
    if isinstance(value, dict):
        return found.child("query").text("query") or found.text("definition")
    return value if isinstance(value, str) else found.text("definition")


def _saved_options(found: JsonObject) -> tuple[str, ...]:
    entries = found.get("options")
    if not isinstance(entries, list):
        return ()
    values = (entry.get("value") for entry in entries if isinstance(entry, dict))
    return tuple(str(value) for value in values if value is not None and value != ALL)


def _listed(query: str) -> tuple[str, ...]:
    r"""The values of a comma separated list, each alone or as "label : value".

    >>> _listed(r"6s, five minutes : 5m, a\,b")
    ('6s', '5m', 'a,b')
    """
    parts = (part.strip().replace("\\,", ",") for part in _UNESCAPED_COMMA.split(query))
    return tuple(part.split(" : ", 1)[-1].strip() for part in parts if part)


def _texts(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(str(item) for item in values if not isinstance(item, (dict, list)))
