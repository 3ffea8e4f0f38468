"""The chart of fields over time: bands, episodes, series and witnesses."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.report.html.drawn_series import MOST_LINES, drawn_tracks
from simulator.coverage.report.html.witnesses import witnesses
from simulator.coverage.report.verdict_text import band_text, value_text
from simulator.coverage.verdicts import Coverage, FieldCoverage, Track
from simulator.drawing.axes import time_axis, value_axis
from simulator.drawing.chart import Band, Chart, Curve, Key
from simulator.drawing.lanes import Lanes, merged
from simulator.drawing.scales import fitting_scale
from simulator.grafana.colors import css_color

__all__ = ["field_chart"]


def field_chart(fields: Sequence[FieldCoverage], coverage: Coverage, episodes: Lanes) -> Chart:
    """The chart of fields that share a unit and their bands."""
    first = fields[0]
    drawn, tracks = drawn_tracks(fields)
    is_crowded = len(tracks) > len(drawn)
    edges = _edges(first)
    scale = fitting_scale(np.concatenate([track.values for track in tracks]), edges)
    title = ", ".join(dict.fromkeys(field.name for field in fields))
    names = [name for name, _ in drawn]
    crowd = f"{MOST_LINES} of {len(tracks)} series drawn, the shade spans them all"
    return Chart(
        title=title,
        x=time_axis(coverage.start, coverage.end),
        y=value_axis(scale, edges, lambda value: value_text(value, first)),
        description=_description(tracks, fields),
        bands=tuple(_bands(first)),
        windows=tuple(
            Band("shade", start, end)
            for start, end in merged((b.start, b.end) for b in episodes.bars)
        ),
        area=tuple((track.times, track.values) for track in tracks) if is_crowded else (),
        curves=tuple(
            Curve(f"line l{n}", track.times, track.values, name=name)
            for n, (name, track) in enumerate(drawn)
        ),
        marks=witnesses(fields, coverage),
        lanes=episodes,
        keys=tuple(Key(f"line l{n}", name) for n, name in enumerate(names) if names != [title]),
        notes=tuple(note for note in (scale.note, crowd * is_crowded) if note),
    )


def _edges(field: FieldCoverage) -> NDArray[np.float64]:
    ends = {end for step in field.steps for end in (step.low, step.high) if math.isfinite(end)}
    return np.array(sorted(ends), np.float64)


def _bands(field: FieldCoverage) -> Iterator[Band]:
    for step in field.steps:
        if step.low < step.high:  # else no value is on it
            title = f"{step.color}: {band_text(step, field)}"
            yield Band("band-area", step.low, step.high, title, css_color(step.color))


def _description(tracks: Sequence[Track], fields: Sequence[FieldCoverage]) -> str:
    known = np.concatenate([track.values for track in tracks])
    known = known[~np.isnan(known)]
    if not known.size:
        return "no value is a number"
    low, high = (value_text(float(v), fields[0]) for v in (known.min(), known.max()))
    thresholds = "; ".join(f"{s.color} {band_text(s, fields[0])}" for s in fields[0].steps)
    many = f"{len(tracks)} series" if len(tracks) > 1 else "1 series"
    return f"{many} from {low} to {high}" + (f"; bands: {thresholds}" if thresholds else "")
