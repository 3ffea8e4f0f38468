"""The frames whose rows a bar chart draws, several joined on their time.

public/app/plugins/panel/barchart/utils.ts (prepSeries).
"""

from collections.abc import Sequence
from dataclasses import replace

from simulator.grafana.frames import Frame
from simulator.grafana.overrides import StyledField
from simulator.grafana.transformations.join_by_field import joined_on_time

__all__ = ["bar_frames"]

_Fields = tuple[StyledField, ...]


def bar_frames(frames: Sequence[_Fields]) -> list[_Fields]:
    """The first frame; with the others where it has a time: tables beside each other, joined on it.

    Series need no joining: the bars of each are at its own times.
    """
    first = frames[0]
    if not any(one.field.kind == "time" for one in first):
        return [first]
    timed = [fields for fields in frames if any(one.field.kind == "time" for one in fields)]
    if len(timed) == 1 or not any(one.field.kind == "string" for each in timed for one in each):
        return [fields for fields in timed if len(fields[0].field)]
    joined = joined_on_time([Frame("", tuple(one.field for one in fields)) for fields in timed])
    times = [next(one for one in fields if one.field.kind == "time") for fields in timed]
    styled = [times[0]]
    for fields, time in zip(timed, times, strict=True):
        styled += [one for one in fields if one is not time]
    pairs = zip(styled, joined.fields, strict=True)
    return [tuple(replace(one, field=field) for one, field in pairs)]
