"""Episodes on the time axis: where each is, and lanes in which none hides another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulator.coverage.report.verdict_text import clock_text
from simulator.coverage.verdicts import Coverage
from simulator.drawing.quantities import duration_text
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["EpisodeBar", "Shade", "episode_bars", "n_lanes", "shades"]

_ROOM_BEFORE: Final = 64.0
"""Up to here there is room for a name after the bar, in percent; as much at the other side."""


@dataclass(frozen=True, slots=True)
class EpisodeBar:
    """An episode as drawn: its number on the page, left end and width in percent, and its lane."""

    number: int
    name: str
    kind: str
    left: float
    width: float
    lane: int
    title: str

    @property
    def side(self) -> str:
        """Where there is room for the name: "after" the bar, "before" it, or "inside" it."""
        if self.left + self.width < _ROOM_BEFORE:
            return "after"
        return "before" if self.left > 100 - _ROOM_BEFORE else "inside"

    @property
    def label_at(self) -> float:
        """How far the name is from its side of the plot, in percent."""
        places = {"after": self.left + self.width, "before": 100 - self.left, "inside": self.left}
        return round(places[self.side], 2)


@dataclass(frozen=True, slots=True)
class Shade:
    """A time when some episode was on, in percent of the span."""

    left: float
    width: float


def episode_bars(coverage: Coverage) -> tuple[EpisodeBar, ...]:
    """The episodes in the order they began, numbered from 1."""
    spans = sorted(coverage.episodes, key=lambda span: (span.start, span.end))
    lanes = _lanes(spans)
    return tuple(
        EpisodeBar(
            number, span.name, span.kind, *_place(span, coverage), lane, _title(span, coverage)
        )
        for number, (span, lane) in enumerate(zip(spans, lanes, strict=True), start=1)
    )


def n_lanes(bars: Sequence[EpisodeBar]) -> int:
    """How many lanes the bars take."""
    return max((bar.lane for bar in bars), default=-1) + 1


def _lanes(spans: Sequence[EpisodeSpan]) -> list[int]:
    """For each span, in order of their starts, the first lane that is free again."""
    free_from: list[float] = []
    lanes: list[int] = []
    for span in spans:
        lane = next((n for n, end in enumerate(free_from) if end <= span.start), len(free_from))
        free_from[lane : lane + 1] = [span.end]
        lanes.append(lane)
    return lanes


def shades(bars: Sequence[EpisodeBar]) -> tuple[Shade, ...]:
    """The times when at least one episode was on; twenty at once are as dark as one.

    >>> bars = [EpisodeBar(1, "a", "", 0.0, 20.0, 0, ""), EpisodeBar(2, "b", "", 10.0, 30.0, 1, "")]
    >>> shades(bars)
    (Shade(left=0.0, width=40.0),)
    """
    merged: list[Shade] = []
    for bar in sorted(bars, key=lambda bar: bar.left):
        last = merged[-1] if merged else None
        if last is None or bar.left > last.left + last.width:
            merged.append(Shade(bar.left, bar.width))
        else:
            right = max(last.left + last.width, bar.left + bar.width)
            merged[-1] = Shade(last.left, right - last.left)
    return tuple(merged)


def _place(span: EpisodeSpan, coverage: Coverage) -> tuple[float, float]:
    length = coverage.end - coverage.start
    left, right = (
        min(max((at - coverage.start) / length, 0.0), 1.0) * 100 if length > 0 else 0.0
        for at in (span.start, span.end)
    )
    return round(left, 2), round(right - left, 2)


def _title(span: EpisodeSpan, coverage: Coverage) -> str:
    begin, end = clock_text(span.start, coverage), clock_text(span.end, coverage)
    lasted = duration_text(span.end - span.start)
    return f"{span.name} ({span.kind}), {begin} to {end}, {lasted}"
