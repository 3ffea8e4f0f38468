"""What is done to frames between the answers and the panel: a module per transformation.

One that is not read is named, never skipped in silence. Grafana's own are in
packages/grafana-data/src/transformations/transformers, some in public/app/features/transformers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from simulator.grafana.frames import Frame
from simulator.grafana.model import Matcher, Transformation
from simulator.grafana.transformations.calculate_field import calculate_field
from simulator.grafana.transformations.concatenate import concatenate
from simulator.grafana.transformations.config_from_data import config_from_data
from simulator.grafana.transformations.convert_field_type import convert_field_type, format_time
from simulator.grafana.transformations.extract_fields import extract_fields
from simulator.grafana.transformations.filter_by_value import filter_by_value
from simulator.grafana.transformations.filter_fields import (
    filter_by_ref_id,
    filter_fields_by_name,
    is_of_query,
)
from simulator.grafana.transformations.group_by import group_by
from simulator.grafana.transformations.grouping_to_matrix import grouping_to_matrix
from simulator.grafana.transformations.join_by_field import join_by_field
from simulator.grafana.transformations.labels_to_fields import join_by_labels, labels_to_fields
from simulator.grafana.transformations.merge import merge
from simulator.grafana.transformations.options import Options, UnreadOptionError
from simulator.grafana.transformations.organize import order, organize, rename, rename_by_regex
from simulator.grafana.transformations.partition_by_values import partition_by_values
from simulator.grafana.transformations.prepare_time_series import prepare_time_series
from simulator.grafana.transformations.reduce import reduce
from simulator.grafana.transformations.rows import limit, sort_by
from simulator.grafana.transformations.rows_to_fields import rows_to_fields
from simulator.grafana.transformations.series_to_rows import series_to_rows
from simulator.grafana.transformations.time_series_table import time_series_table
from simulator.quoting import quoted

__all__ = [
    "KNOWN_TRANSFORMATIONS",
    "Transformed",
    "is_by_point",
    "keeps_values",
    "transformed",
]

_Apply = Callable[[tuple[Frame, ...], Options], tuple[Frame, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """A transformation that is read; what `keeps_values` and `is_by_point` say of it."""

    apply: _Apply
    keeps_values: bool = False
    is_by_point: bool = False


_TRANSFORMATIONS: Mapping[str, _Known] = MappingProxyType(
    {
        "merge": _Known(merge, keeps_values=True, is_by_point=True),
        "organize": _Known(organize, keeps_values=True, is_by_point=True),
        "order": _Known(order, keeps_values=True, is_by_point=True),
        "rename": _Known(rename, keeps_values=True, is_by_point=True),
        "renameByRegex": _Known(rename_by_regex, keeps_values=True, is_by_point=True),
        "filterFieldsByName": _Known(filter_fields_by_name, keeps_values=True, is_by_point=True),
        "filterByRefId": _Known(filter_by_ref_id, keeps_values=True, is_by_point=True),
        "filterByValue": _Known(filter_by_value, is_by_point=True),
        "sortBy": _Known(sort_by, keeps_values=True, is_by_point=True),
        "limit": _Known(limit),
        "joinByField": _Known(join_by_field, is_by_point=True),
        "seriesToColumns": _Known(join_by_field, is_by_point=True),
        "joinByLabels": _Known(join_by_labels),
        "concatenate": _Known(concatenate),
        "groupBy": _Known(group_by),
        "groupingToMatrix": _Known(grouping_to_matrix),
        "reduce": _Known(reduce),
        "calculateField": _Known(calculate_field),
        "labelsToFields": _Known(labels_to_fields, keeps_values=True, is_by_point=True),
        "seriesToRows": _Known(series_to_rows),
        "prepareTimeSeries": _Known(prepare_time_series, is_by_point=True),
        "timeSeriesTable": _Known(time_series_table),
        "convertFieldType": _Known(convert_field_type, is_by_point=True),
        "formatTime": _Known(format_time, is_by_point=True),
        "extractFields": _Known(extract_fields),
        "partitionByValues": _Known(partition_by_values, is_by_point=True),
        "rowsToFields": _Known(rows_to_fields),
        "configFromData": _Known(config_from_data),
        # no transformation of Grafana's has this name, and it skips what it does not know
        "filterByName": _Known(lambda frames, _: frames, keeps_values=True, is_by_point=True),
    }
)

KNOWN_TRANSFORMATIONS = frozenset(_TRANSFORMATIONS)


@dataclass(frozen=True, slots=True)
class Transformed:
    """The frames after the transformations, and those that were not applied, with their options."""

    frames: tuple[Frame, ...]
    unsupported: tuple[str, ...] = ()


def transformed(frames: Sequence[Frame], transformations: Sequence[Transformation]) -> Transformed:
    """The frames after every transformation that is not disabled, in order."""
    result, unsupported = tuple(frames), []
    for transformation in transformations:
        if transformation.disabled:
            continue
        known = _TRANSFORMATIONS.get(transformation.id)
        if known is None:
            unsupported.append(quoted(transformation.id))
            continue
        try:
            result = _applied(known, result, transformation)
        except UnreadOptionError as error:
            unsupported.append(f"{quoted(transformation.id)}: {error}")
    return Transformed(result, tuple(unsupported))


def _applied(
    known: _Known, frames: tuple[Frame, ...], transformation: Transformation
) -> tuple[Frame, ...]:
    """The frames that it is for changed, and the others put back where the first of them was."""
    if transformation.filter is None:
        return known.apply(frames, transformation.options)
    is_meant = [_is_for(transformation.filter, n, frame) for n, frame in enumerate(frames)]
    meant = tuple(frame for frame, yes in zip(frames, is_meant, strict=True) if yes)
    changed = known.apply(meant, transformation.options)
    others = [frame for frame, yes in zip(frames, is_meant, strict=True) if not yes]
    places = [n for n, yes in enumerate(is_meant) if not yes and n]
    at = min(places[0] if places else 0, len(changed))
    return (*changed[:at], *others, *changed[at:])


def _is_for(wanted: Matcher, index: int, frame: Frame) -> bool:
    match wanted.id:
        case "byRefId":
            return is_of_query(frame, str(wanted.options))
        case "byIndex":
            return str(index) == str(wanted.options)
    raise UnreadOptionError(f"filter {quoted(wanted.id)}")


def is_by_point(transformation: Transformation) -> bool:
    """Whether a point of a series comes out as it does whatever the other points are.

    >>> [is_by_point(Transformation(name, {})) for name in ("organize", "limit", "reduce")]
    [True, False, False]
    """
    if transformation.id == "calculateField":
        return str(transformation.options.get("mode", "reduceRow")) in {"reduceRow", "binary"}
    known = _TRANSFORMATIONS.get(transformation.id)
    return transformation.disabled or (known is not None and known.is_by_point)


def keeps_values(transformation: Transformation) -> bool:
    """Whether it passes every number on as it is, whatever it is; so does one that is disabled.

    >>> keeps_values(Transformation("merge", {})), keeps_values(Transformation("reduce", {}))
    (True, False)
    """
    known = _TRANSFORMATIONS.get(transformation.id)
    return transformation.disabled or (known is not None and known.keeps_values)
