"""`concatenate`: the columns of all frames beside each other, and nothing joined."""

from dataclasses import replace

from simulator.grafana.frames import Field, Frame, field_of
from simulator.grafana.transformations.options import Options

__all__ = ["concatenate"]


def concatenate(frames: tuple[Frame, ...], _: Options) -> tuple[Frame, ...]:
    """One frame; columns that are shorter end with empty cells."""
    if len(frames) <= 1:
        return frames
    rows = max(len(frame) for frame in frames)

    def filled(field: Field, ref_id: str) -> Field:
        cells = field_of(field, [*field.cells(), *[None] * (rows - len(field))])
        return replace(cells, of_query=field.of_query or ref_id)

    fields = (filled(field, frame.ref_id) for frame in frames for field in frame.fields)
    return (Frame("", tuple(fields)),)
