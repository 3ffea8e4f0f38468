"""Short texts on pages: labels of axes, and badges."""

from dataclasses import dataclass
from typing import Final

from simulator.drawing.ticks import time_text, time_ticks

__all__ = ["Badge", "Label", "time_labels"]

_EDGE_PERCENT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict: `kind` for the style, a glyph, and the word."""

    kind: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place on an axis; `kind` is "threshold", "round", "minor", "first" or "last"."""

    text: str
    at: float
    kind: str = "round"


def time_labels(start: float, end: float) -> tuple[Label, ...]:
    """The labels of the time axis; every second one may be left out on a narrow page.

    >>> [(label.text, label.at, label.kind) for label in time_labels(0.0, 60.0)][:2]
    [('00:00:00', 0.0, 'round first'), ('00:00:10', 16.67, 'minor')]
    """
    span = end - start
    if span <= 0:
        return ()
    moments, step = time_ticks(start, end)
    placed = [(time_text(at, step), (at - start) / span * 100) for at in moments]
    return tuple(
        Label(text, round(at, 2), f"{'minor' if n % 2 else 'round'} {_alignment(at)}".strip())
        for n, (text, at) in enumerate(placed)
    )


def _alignment(at: float) -> str:
    if at < _EDGE_PERCENT:
        return "first"
    return "last" if at > 100 - _EDGE_PERCENT else ""
