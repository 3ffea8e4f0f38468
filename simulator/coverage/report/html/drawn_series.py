"""Which series are drawn where there are many: the witnesses, then those that moved most."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simulator.coverage.verdicts import FieldCoverage, Track

__all__ = ["MOST_LINES", "chart_groups", "drawn_tracks"]

MOST_LINES: Final = 8
"""More lines than this in one chart can't be distinguished."""


def chart_groups(fields: Sequence[FieldCoverage]) -> tuple[tuple[FieldCoverage, ...], ...]:
    """The fields that have data, together where unit and bands are the same: one chart each."""
    groups: dict[object, list[FieldCoverage]] = {}
    for field in fields:
        if any(len(track.times) for track in field.tracks):
            bands = tuple((step.color, step.low, step.high) for step in field.steps)
            groups.setdefault((field.unit, field.is_percentage, bands), []).append(field)
    return tuple(tuple(group) for group in groups.values())


def drawn_tracks(
    fields: Sequence[FieldCoverage],
) -> tuple[tuple[tuple[str, Track], ...], tuple[Track, ...]]:
    """The series to draw as lines, each with its name in the legend, and all that there are."""
    named = list(_named(fields))
    witnesses = {step.seen_in for field in fields for step in field.steps if step.seen_in}
    ranked = sorted(
        range(len(named)),
        key=lambda n: (named[n][1].name not in witnesses, -_travel(named[n][1])),
    )
    chosen = sorted(ranked[:MOST_LINES])
    return tuple(named[n] for n in chosen), tuple(track for _, track in named)


def _named(fields: Sequence[FieldCoverage]) -> Iterator[tuple[str, Track]]:
    """The series with data; the field's name goes before where several fields share the chart."""
    for field in fields:
        for track in field.tracks:
            if not len(track.times):
                continue
            is_distinct = len(fields) == 1 or track.name == field.name
            yield (
                (track.name or field.name)
                if is_distinct
                else f"{field.name} · {track.name}".removesuffix(" · "),
                track,
            )


def _travel(track: Track) -> float:
    """How far the values went from their median; infinite ones go furthest."""
    known = track.values[~np.isnan(track.values)]
    if not known.size:
        return -1.0
    if np.isinf(known).any():
        return np.inf
    return float(np.ptp(known / 2))  # halved: a span of the largest numbers is one too
