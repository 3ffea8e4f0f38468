"""One plot: bands, episodes, lines and marks, with every position in percent of the plot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.report.html.marks import Mark, marks
from simulator.coverage.report.html.series import MOST_LINES, drawn_tracks
from simulator.coverage.report.verdict_text import band_text, value_text
from simulator.coverage.verdicts import Coverage, FieldCoverage, Track
from simulator.drawing.labels import Label, time_labels
from simulator.drawing.paths import area_path, envelope, line_path
from simulator.drawing.scales import Scale, fitting_scale
from simulator.drawing.ticks import value_ticks
from simulator.grafana.colors import css_color

__all__ = ["Band", "Line", "Plot", "plotted"]

_SCALE_NOTES: Final = {
    "linear": "",
    "log": "logarithmic scale",
    "stretched": "scale stretched around the thresholds",
}
_ZERO_LOG_NOTE: Final = "logarithmic scale with a zero"


@dataclass(frozen=True, slots=True)
class Band:
    """A threshold step's band: from the top and high, both in percent."""

    color: str
    top: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as a path, and its number among the line colours."""

    name: str
    path: str
    color: int


@dataclass(frozen=True, slots=True)
class Plot:
    """All that a plot shows; `area` spans the series that are too many to be drawn."""

    title: str
    description: str
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    area: str
    marks: tuple[Mark, ...]
    values: tuple[Label, ...]
    times: tuple[Label, ...]
    notes: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        """Whether its only line has a name that the plot's title does not say."""
        return any(line.name != self.title for line in self.lines)

    @property
    def gutter(self) -> int:
        """How many characters the labels of the values need."""
        return max((len(label.text) for label in self.values), default=1)


def plotted(fields: Sequence[FieldCoverage], coverage: Coverage) -> Plot:
    """The plot of fields that share a unit and their bands."""
    first = fields[0]
    drawn, tracks = drawn_tracks(fields)
    edges = _edges(first)
    scale = fitting_scale(np.concatenate([track.values for track in tracks]), edges)
    is_crowded = len(tracks) > len(drawn)
    return Plot(
        title=", ".join(dict.fromkeys(field.name for field in fields)),
        description=_description(tracks, fields),
        bands=_bands(first, scale),
        lines=tuple(
            Line(name, line_path(*_placed(track, scale, coverage)), number)
            for number, (name, track) in enumerate(drawn)
        ),
        area=area_path(*envelope([_placed(t, scale, coverage) for t in tracks]))
        if is_crowded
        else "",
        marks=marks(fields, scale, coverage),
        values=tuple(
            Label(
                value_text(value, first), _percent(scale, value), "threshold" if edge else "round"
            )
            for value, edge in value_ticks(scale, edges)
        ),
        times=time_labels(coverage.start, coverage.end),
        notes=_notes(scale, len(drawn), len(tracks)),
    )


def _edges(field: FieldCoverage) -> NDArray[np.float64]:
    ends = {end for step in field.steps for end in (step.low, step.high) if math.isfinite(end)}
    return np.array(sorted(ends), np.float64)


def _bands(field: FieldCoverage, scale: Scale) -> tuple[Band, ...]:
    bands: list[Band] = []
    for step in field.steps:
        if not step.low < step.high:
            continue  # no value is on it
        bottom, top = scale.heights([step.low, step.high]).tolist()
        bands.append(
            Band(
                css_color(step.color),
                round((1 - top) * 100, 2),
                round((top - bottom) * 100, 2),
                f"{step.color}: {band_text(step, field)}",
            )
        )
    return tuple(bands)


def _placed(
    track: Track, scale: Scale, coverage: Coverage
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points as shares of the time span and heights."""
    span = coverage.end - coverage.start or 1.0
    return np.clip((track.times - coverage.start) / span, 0.0, 1.0), scale.heights(track.values)


def _percent(scale: Scale, value: float) -> float:
    return round((1 - float(scale.heights([value])[0])) * 100, 2)


def _notes(scale: Scale, n_drawn: int, n_tracks: int) -> tuple[str, ...]:
    is_log = scale.kind == "stretched" and scale.center == 0
    notes = [_ZERO_LOG_NOTE if is_log else _SCALE_NOTES[scale.kind]]
    if n_drawn < n_tracks:
        notes.append(f"{MOST_LINES} of {n_tracks} series drawn, the shade spans them all")
    return tuple(note for note in notes if note)


def _description(tracks: Sequence[Track], fields: Sequence[FieldCoverage]) -> str:
    known = np.concatenate([track.values for track in tracks])
    known = known[~np.isnan(known)]
    if not known.size:
        return "no value is a number"
    low, high = (value_text(float(v), fields[0]) for v in (known.min(), known.max()))
    thresholds = "; ".join(f"{s.color} {band_text(s, fields[0])}" for s in fields[0].steps)
    many = f"{len(tracks)} series" if len(tracks) > 1 else "1 series"
    return f"{many} from {low} to {high}" + (f"; bands: {thresholds}" if thresholds else "")
