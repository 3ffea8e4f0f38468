"""`seriesToRows`: all series in one table of time, name and value, the latest first."""

import numpy as np

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Frame, number_field, text_field
from simulator.grafana.transformations.options import Options
from simulator.grafana.transformations.rows import sorted_rows, taken

__all__ = ["is_series", "series_to_rows"]


def series_to_rows(frames: tuple[Frame, ...], _: Options) -> tuple[Frame, ...]:
    """The table; other frames than series stay as they are, and all with them."""
    used = [frame for frame in frames if len(frame)]
    if not used or not all(map(is_series, used)):
        return tuple(used)
    times: list[float] = []
    names: list[str] = []
    values: list[float] = []
    for frame in used:
        at = next(n for n, field in enumerate(frame.fields) if field.kind == "time")
        value = frame.fields[1 if at == 0 else 0]
        times += frame.fields[at].numbers.tolist()
        names += [_frame_name(frame)] * len(frame)
        values += value.numbers.tolist() if value.kind == "number" else [np.nan] * len(frame)
    ref_id = "seriesToRows-" + "-".join(frame.ref_id for frame in used)
    time = number_field("Time", times, "time")
    rows = Frame(ref_id, (time, text_field("Metric", names), number_field("Value", values)))
    return (taken(rows, sorted_rows(time, is_falling=True)),)


def is_series(frame: Frame) -> bool:
    """Whether it has numbers and a time that rises, as of one series; tables often have not."""
    kinds = [field.kind for field in frame.fields]
    times = [field.numbers for field in frame.fields if field.kind == "time"]
    return "number" in kinds and any(bool((np.diff(one) > 0).all()) for one in times)


def _frame_name(frame: Frame) -> str:
    pairs = zip(frame.fields, frame_names(frame, [frame]), strict=True)
    return ", ".join(name for field, name in pairs if field.kind != "time")
