"""Names of series: the legend of the target, and what Grafana makes up where it gives none."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "auto_name",
    "label_text",
    "labelled_name",
    "legend_labels",
    "series_name",
    "single_label",
]

_LABEL = re.compile(r"\{\{\s*(.+?)\s*\}\}")


def series_name(labels: Mapping[str, str], legend_format: str, expr: str) -> str:
    """The name the data source gives a series, "" where it leaves it to the panel (`__auto`).

    >>> up = {"__name__": "up", "job": "api", "instance": "a"}
    >>> series_name(up, "", "up")
    'up{instance="a", job="api"}'
    >>> series_name(up, "{{job}} / {{nope}}", "up")
    'api / '
    >>> series_name({}, "", "sum(up)")
    'sum(up)'
    """
    if legend_format == "__auto":
        return "" if labels else expr
    if legend_format:
        return _LABEL.sub(lambda match: labels.get(match[1], ""), legend_format)
    others = [name for name in sorted(labels) if name != "__name__"]
    metric = labels.get("__name__", "")
    if not others:
        return metric or expr
    pairs = (f"{name}={json.dumps(labels[name], ensure_ascii=False)}" for name in others)
    return f"{metric}{{{', '.join(pairs)}}}"


def legend_labels(legend_format: str) -> tuple[str, ...]:
    """The labels that a legend names.

    >>> legend_labels("{{job}} / {{ instance }}")
    ('job', 'instance')
    """
    return tuple(match[1] for match in _LABEL.finditer(legend_format))


def auto_name(labels: Mapping[str, str], together: Sequence[Mapping[str, str]]) -> str:
    """The `__auto` name of a series that carries its metric's name: the labels that differ.

    >>> a, b = {"__name__": "up", "job": "a"}, {"__name__": "up", "job": "b"}
    >>> auto_name(a, [a, b]), auto_name(a, [a])
    ('{job="a"}', '{__name__="up", job="a"}')
    """
    if set(labels) == {"__name__"} and all(set(other) == {"__name__"} for other in together):
        return labels["__name__"]
    common: set[tuple[str, str]] = set()
    if len(together) > 1:
        named = [other for other in together if "__name__" in other]
        common = set.intersection(*(set(other.items()) for other in named))
    return label_text(dict(set(labels.items()) - common)) or "Value"


def labelled_name(name: str, labels: Mapping[str, str], only: str | None) -> str:
    """The name of a field without a given one: its own unless "Value", then its labels.

    `only` is the one label name all series of the panel have between them, if it is one.

    >>> labelled_name("Value", {"job": "a"}, "job"), labelled_name("Value", {"a": "1"}, None)
    ('a', '{a="1"}')
    """
    parts = [] if name == "Value" else [name]
    parts.append(labels.get(only, "") if only else label_text(labels))
    return " ".join(part for part in parts if part) or name


def label_text(labels: Mapping[str, str]) -> str:
    """Labels in braces, sorted; "" for none.

    >>> label_text({"b": "2", "a": "1"})
    '{a="1", b="2"}'
    """
    if not labels:
        return ""
    return "{" + ", ".join(f'{name}="{labels[name]}"' for name in sorted(labels)) + "}"


def single_label(label_sets: Iterable[Mapping[str, str]]) -> str | None:
    """The only label name among all the sets; None where there are none or several.

    >>> single_label([{"job": "a"}, {"job": "b"}, {}]), single_label([{"a": "1"}, {"b": "2"}])
    ('job', None)
    """
    names = {name for labels in label_sets for name in labels}
    return names.pop() if len(names) == 1 else None
