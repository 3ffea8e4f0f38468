"""`filterFieldsByName` and `filterByRefId`: some columns, or some queries' frames."""

import re
from collections.abc import Callable
from dataclasses import replace

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Field, Frame
from simulator.grafana.transformations.options import Options, mapping, names
from simulator.grafana.value_mappings import field_pattern

__all__ = ["filter_by_ref_id", "filter_fields_by_name", "is_of_query"]

_IsMeant = Callable[[Field, str], bool]


def filter_fields_by_name(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The columns that are included and not excluded; frames without any are left out."""
    by_variable = options.get("byVariable") is True
    include = _meant(mapping(options, "include"), by_variable=by_variable)
    exclude = _meant(mapping(options, "exclude"), by_variable=by_variable)
    if include is None and exclude is None:
        return frames
    found = []
    for frame in frames:
        shown = frame_names(frame, frames)
        kept = tuple(
            field
            for field, name in zip(frame.fields, shown, strict=True)
            if not (exclude and exclude(field, name)) and (not include or include(field, name))
        )
        if kept:
            found.append(replace(frame, fields=kept))
    return tuple(found)


def _meant(options: Options, *, by_variable: bool) -> _IsMeant | None:
    wanted, pattern = names(options, "names"), options.get("pattern")
    variable = options.get("variable")
    if by_variable and isinstance(variable, str) and variable:
        braced = re.fullmatch(r"\{(.*)\}", variable)
        wanted, pattern = tuple((braced[1] if braced else variable).split(",")), None
    if not wanted and not pattern:
        return None
    regex = field_pattern(str(pattern)) if pattern else None

    def is_meant(field: Field, shown: str) -> bool:
        if any(is_named(field, shown, name) for name in wanted):
            return True
        return regex is not None and bool(regex.search(shown))

    return is_meant


def filter_by_ref_id(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames of the queries that are included and not excluded."""
    include, exclude = options.get("include"), options.get("exclude")
    return tuple(
        frame
        for frame in frames
        if not (exclude and is_of_query(frame, str(exclude)))
        and (not include or is_of_query(frame, str(include)))
    )


def is_of_query(frame: Frame, wanted: str) -> bool:
    """Whether the frame is of the query that a letter, a list as `A|B`, or a `/pattern/` means.

    >>> [is_of_query(Frame("B", ()), wanted) for wanted in ("B", "A|B", "/a|b/i", "A")]
    [True, True, True, False]
    """
    if wanted.startswith("/"):
        pattern = field_pattern(wanted)
        return pattern is not None and bool(pattern.search(frame.ref_id))
    return frame.ref_id in wanted.split("|") or frame.ref_id == wanted
