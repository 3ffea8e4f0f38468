"""What fields are called before any override, in the frames that they are in."""

from collections.abc import Sequence

from simulator.grafana.frames import Field, Frame
from simulator.grafana.legends import labelled_name, single_label

__all__ = ["display_name", "frame_names", "is_named"]


def frame_names(frame: Frame, frames: Sequence[Frame]) -> list[str]:
    """The names of a frame's fields, in order, where `frames` are those of the panel.

    Columns of one name are numbered: "Value 1", "Value 2"; times are not, but for those of a join.

    >>> from simulator.grafana.frames import number_field
    >>> joined = Frame("A", (number_field("v", [1.0]), number_field("v", [2.0])))
    >>> frame_names(joined, [joined])
    ['v 1', 'v 2']
    """
    only = single_label(
        field.labels for one in frames for field in one.fields if field.labels is not None
    )
    raw = [field.name for field in frame.fields]
    found = []
    for index, field in enumerate(frame.fields):
        name = display_name(field, only)
        is_given = bool(field.renamed or field.source_name)
        is_plain_time = field.kind == "time" and field.labels is None
        if name == field.name and not is_given and not is_plain_time and raw.count(name) > 1:
            name = f"{name} {raw[: index + 1].count(name)}"
        found.append(name)
    return found


def display_name(field: Field, only_label: str | None) -> str:
    """The name of a field by itself; `only_label` as in `legends.single_label`."""
    if field.renamed or field.source_name:
        return field.renamed or field.source_name
    if field.labels is None:
        return field.name
    return labelled_name(field.name, field.labels, only_label)


def is_named(field: Field, shown: str, wanted: object) -> bool:
    """Whether a name means the field: its raw name, or the one that is shown.

    "Value" is also the value's name from before series carried their metric's name.
    """
    if wanted in (field.name, shown):
        return True
    metric = (field.labels or {}).get("__name__")
    return wanted == "Value" and metric is not None and metric == field.name
