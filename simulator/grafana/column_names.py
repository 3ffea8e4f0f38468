"""Names that a panel's transformations, overrides and display names look for and do not find."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Answer, Frame, frames_from
from simulator.grafana.model import Override, Panel
from simulator.grafana.overrides import styled_frames
from simulator.grafana.panel_types import panel_type
from simulator.grafana.transformations import transformed
from simulator.grafana.transformations.options import Options, entries, mapping, names

__all__ = ["Unmet", "unmet_names"]

_OWN_COLUMNS: Final = frozenset({"latest", "cells", "bars"})
"""Ways of showing that make columns of their own, which overrides are for."""
_BY_VALUES: Final = frozenset(
    {"rowsToFields", "extractFields", "filterByValue", "partitionByValues", "groupingToMatrix"}
)
"""Values decide which columns come out, so what later names are for is not known from series."""
_LABEL: Final = re.compile(r"\$\{__field\.labels\.([^}:]+)(?::[^}]*)?\}")


@dataclass(frozen=True, slots=True)
class Unmet:
    """A name, where it is looked for, and what there is: columns, or labels where it is one's."""

    name: str
    place: str
    there: tuple[str, ...]
    is_label: bool = False


def unmet_names(panel: Panel, answers: Sequence[Answer]) -> Iterator[Unmet]:
    """The names that nothing has, where the answers are all that the panel can get.

    Its variables have been replaced. What comes after a transformation that is not read, or whose
    columns depend on values, is not looked at.
    """
    frames = frames_from(answers)
    for one in panel.transformations:
        if one.disabled:
            continue
        if one.filter is None:
            yield from _in_options(one.id, one.options, frames)
        result = transformed(frames, [one])
        if result.unsupported or one.id in _BY_VALUES:
            return
        frames = result.frames
    if panel_type(panel.type).view not in _OWN_COLUMNS:
        yield from _in_settings(panel, frames)


def _in_options(kind: str, options: Options, frames: Sequence[Frame]) -> Iterator[Unmet]:
    columns = _COLUMNS.get(kind, _none)(options)
    there = _columns_of(frames)
    for name in dict.fromkeys(columns):
        if not any(_is_there(name, frame, frames) for frame in frames):
            yield Unmet(name, kind, there)
    yield from _missing_labels(_LABELS.get(kind, _none)(options), kind, frames)


def _is_there(name: str, frame: Frame, frames: Sequence[Frame]) -> bool:
    shown = frame_names(frame, frames)
    return any(is_named(field, one, name) for field, one in zip(frame.fields, shown, strict=True))


def _columns_of(frames: Sequence[Frame]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in frames for name in frame_names(one, frames)))


def _missing_labels(wanted: Iterable[str], place: str, frames: Sequence[Frame]) -> Iterator[Unmet]:
    found = [field.labels for one in frames for field in one.fields if field.labels is not None]
    there = tuple(dict.fromkeys(label for labels in found for label in labels))
    for name in dict.fromkeys(wanted):
        if name not in there:
            yield Unmet(name, place, there, is_label=True)


def _in_settings(panel: Panel, frames: Sequence[Frame]) -> Iterator[Unmet]:
    config = panel.field_config
    styled = [field for one in styled_frames(frames, config, panel.type) for field in one]
    met = {index for field in styled for index in field.overrides}
    there = tuple(dict.fromkeys(field.name for field in styled))
    for index, override in enumerate(config.overrides):
        is_said = any(key == "thresholds" for key, _ in override.properties)  # it is a verdict then
        if index not in met and not is_said:
            for name in _names_of(override):
                yield Unmet(name, "override", there)
    texts = [config.defaults.get("displayName")]
    texts += [
        value
        for index, one in enumerate(config.overrides)
        for key, value in one.properties
        if key == "displayName" and index in met
    ]
    labels = (label for text in texts for label in _LABEL.findall(str(text or "")))
    yield from _missing_labels(labels, "display name", frames)


def _names_of(override: Override) -> Sequence[str]:
    options = override.matcher.options
    if override.matcher.id == "byName" and isinstance(options, str):
        return (options,)
    is_list = override.matcher.id == "byNames" and isinstance(options, dict)
    if is_list and isinstance(options, dict) and options.get("mode") != "exclude":
        return names(options, "names")
    return ()


def _none(_: Options) -> Sequence[str]:
    return ()


def _chosen(options: Options, key: str) -> Sequence[str]:
    """The names that are set to something: true, or a new name."""
    return [name for name, value in mapping(options, key).items() if value]


def _organized(options: Options) -> Sequence[str]:
    keys = ("includeByName", "excludeByName", "renameByName")
    return [name for key in keys for name in _chosen(options, key)]


def _filtered(options: Options) -> Sequence[str]:
    if options.get("byVariable") is True:
        return ()
    sides = (mapping(options, key) for key in ("include", "exclude"))
    return [name for side in sides for name in names(side, "names")]


def _grouped(options: Options) -> Sequence[str]:
    rules = mapping(options, "fields").items()
    return [name for name, rule in rules if isinstance(rule, dict) and rule.get("operation")]


def _listed(key: str, member: str) -> Callable[[Options], Sequence[str]]:
    """The texts at a member of each object in a list."""
    return lambda options: [
        str(one[member]) for one in entries(options, key) if isinstance(one.get(member), str)
    ]


def _single(*keys: str) -> Callable[[Options], Sequence[str]]:
    return lambda options: [
        value for key in keys if isinstance(value := options.get(key), str) and value
    ]


_COLUMNS: Final[Mapping[str, Callable[[Options], Sequence[str]]]] = MappingProxyType(
    {
        "organize": _organized,
        "rename": lambda options: _chosen(options, "renameByName"),
        "filterFieldsByName": _filtered,
        "groupBy": _grouped,
        "sortBy": _listed("sort", "field"),
        "filterByValue": _listed("filters", "fieldName"),
        "convertFieldType": _listed("conversions", "targetField"),
        "joinByField": _single("byField"),
        "seriesToColumns": _single("byField"),
        "formatTime": _single("timeField"),
        "extractFields": _single("source"),
        "groupingToMatrix": _single("columnField", "rowField", "valueField"),
        "partitionByValues": lambda options: names(options, "fields"),
    }
)
_LABELS: Final[Mapping[str, Callable[[Options], Sequence[str]]]] = MappingProxyType(
    {
        "labelsToFields": lambda options: (
            *names(options, "keepLabels"),
            *_single("valueLabel")(options),
        ),
        "joinByLabels": lambda options: (*_single("value")(options), *names(options, "join")),
    }
)
