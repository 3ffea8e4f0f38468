"""`organize`, `order`, `rename` and `renameByRegex`: columns left out, put in order, renamed."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cmp_to_key

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame
from simulator.grafana.sorting import collated
from simulator.grafana.transformations.filter_fields import filter_fields_by_name
from simulator.grafana.transformations.options import Options, entries, mapping
from simulator.grafana.value_mappings import field_pattern

__all__ = ["order", "organize", "rename", "rename_by_regex"]

_GROUP = re.compile(r"\$(?:(\$)|(\d)|<(\w+)>)")


def organize(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The columns that are not excluded, in order, with their new names."""
    wanted = {
        kind: {"names": [name for name, is_on in mapping(options, key).items() if is_on]}
        for kind, key in (("include", "includeByName"), ("exclude", "excludeByName"))
    }
    kept = filter_fields_by_name(frames, wanted)
    return rename(order(kept, options), options)


def order(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The columns by their places, those without one last; or by name or label."""
    if options.get("orderByMode") == "auto":
        return tuple(replace(f, fields=_automatic(f, frames, options)) for f in frames)
    places = mapping(options, "indexByName")

    def in_order(frame: Frame) -> Frame:
        names = frame_names(frame, frames)
        found = [places.get(name) for name in names]
        at = [place if isinstance(place, int) else float("inf") for place in found]
        return replace(
            frame, fields=tuple(frame.fields[n] for n in sorted(range(len(at)), key=at.__getitem__))
        )

    return tuple(map(in_order, frames))


def _automatic(frame: Frame, frames: tuple[Frame, ...], options: Options) -> tuple[Field, ...]:
    names = dict(zip(map(id, frame.fields), frame_names(frame, frames), strict=True))
    first_time = next((field for field in frame.fields if field.kind == "time"), None)

    def compared(one: Field, other: Field) -> int:
        if first_time is not None and first_time in (one, other):
            return -1 if one is first_time else 1
        for rule in entries(options, "orderBy"):
            label = str(rule.get("name", ""))
            of_name = rule.get("type") == "name"
            left, right = (
                collated(names[id(f)] if of_name else (f.labels or {}).get(label, ""))
                for f in (one, other)
            )
            if left != right:
                return (-1 if left < right else 1) * (-1 if rule.get("desc") else 1)
        return 0

    return tuple(sorted(frame.fields, key=cmp_to_key(compared)))


def rename(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The columns with the names that `renameByName` gives."""
    names = mapping(options, "renameByName")

    def renamed(name: str) -> str | None:
        new = names.get(name)
        return new if isinstance(new, str) and new else None

    return _renamed(frames, renamed)


def rename_by_regex(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The columns whose name has the pattern in it, that replaced; all of them with `/g`.

    A pattern without slashes is that of a whole name, as elsewhere.
    """
    text = str(options.get("regex", "(.*)"))
    pattern = field_pattern(text)
    new = str(options.get("renamePattern", "$1"))
    is_everywhere = text.startswith("/") and "g" in text.rpartition("/")[2]

    def filled(match: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            if reference[1]:
                return "$"
            number = int(reference[2]) if reference[2] else -1
            if number > match.re.groups or number == 0:
                return reference[0]
            found = match[number] if number > 0 else match.groupdict().get(reference[3])
            return found or ""

        return _GROUP.sub(group, new.replace("$&", match[0]))

    def renamed(name: str) -> str | None:
        if pattern is None or not pattern.search(name):
            return None
        return pattern.sub(filled, name, count=0 if is_everywhere else 1)

    return _renamed(frames, renamed)


def _renamed(frames: tuple[Frame, ...], new_name: Callable[[str], str | None]) -> tuple[Frame, ...]:
    def of(frame: Frame) -> Frame:
        new = map(new_name, frame_names(frame, [frame]))
        return replace(
            frame,
            fields=tuple(
                field if name is None else replace(field, renamed=name)
                for field, name in zip(frame.fields, new, strict=True)
            ),
        )

    return tuple(map(of, frames))
