"""A target asked moment by moment, where its panel's range does not simply slide with now.

"Today" begins at midnight and grows. What is asked for at one moment and at the next is asked once.
"""

import bisect
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from simulator.grafana.bound_panels import BoundPanel, with_macros
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Target
from simulator.grafana.whole_series import draws_points
from simulator.observation.asked_once import Queries
from simulator.observation.replay import MOST_VIEWS, Moments, Replayed, aligned, between

__all__ = ["asked_at_moments"]

_MOST_TEXTS = 288
"""Moments at which a range query is asked whose text is another one each time."""


_NO_TIME = "[0s"
"""What no Prometheus takes: the range of "today" at midnight."""


@dataclass(frozen=True, slots=True)
class _View:
    """What is asked at a moment: a query over a range, in unix seconds and steps of seconds."""

    moment: float
    query: Target
    start: float
    end: float
    step: float
    ahead: float

    @property
    def on_steps(self) -> tuple[float, float]:
        """Start and end as a range query is sent."""
        return aligned(self.start, self.step, self.ahead), aligned(self.end, self.step, self.ahead)


@dataclass(frozen=True, slots=True, eq=False)
class _AtMoments(Replayed):
    """Answers that each belong to one moment, and to those after it until the next one."""

    moments: tuple[float, ...] = ()
    seen: tuple[tuple[Series, ...], ...] = ()

    def until(self, moment: float) -> Iterator[Series]:
        latest = bisect.bisect_right(self.moments, moment) - 1
        yield from self.seen[latest] if latest >= 0 else ()


def asked_at_moments(
    bound: BoundPanel, target: Target, queries: Queries, moments: Moments
) -> Iterator[Replayed]:
    """The answers to each kind of query that a target makes.

    Raises:
        PrometheusError: the query is refused, or nothing answers.
        DashboardError: the query's settings.
    """
    looked_at = moments.at_most(MOST_VIEWS)
    views = [_view(bound.at(now), target) for now in looked_at.times.tolist()]
    for kind in target.kinds if views else ():
        if kind == "instant":
            yield _answered(views, _instants(views, queries), looked_at.every)
            continue
        few = views[:: math.ceil(len(_texts(views)) / _MOST_TEXTS)]
        ranges = _ranges(few, queries)
        seen = [tuple(between(ranges.get(_same(one), ()), *one.on_steps)) for one in few]
        drawn = _drawn(few, ranges) if draws_points(bound.panel) else None
        yield _answered(few, seen, max(one.step for one in few), drawn)


def _view(bound: BoundPanel, target: Target) -> _View:
    query, intervals = with_macros(bound, target)
    options = bound.query_options
    step, ahead = intervals.step / 1000, options.utc_offset
    return _View(options.now, query, options.start, options.end, step, ahead)


def _answered(
    views: Sequence[_View],
    seen: Sequence[tuple[Series, ...]],
    spacing: float,
    drawn: tuple[Series, ...] | None = None,
) -> Replayed:
    whole = _joined(seen) if drawn is None else drawn
    moments = tuple(one.moment for one in views)
    answer = Answer(views[0].query, whole)
    return _AtMoments(answer, spacing, None, moments=moments, seen=tuple(seen))


def _texts(views: Sequence[_View]) -> frozenset[str]:
    return frozenset(one.query.expr for one in views)


def _instants(views: Sequence[_View], queries: Queries) -> list[tuple[Series, ...]]:
    """One point a series at each moment; moments that follow each other are asked in one go."""
    seen: list[tuple[Series, ...]] = []
    known: dict[tuple[str, float], tuple[Series, ...]] = {}
    for (text, _), group in groupby(views, key=_text_and_lag):
        first, *others = same = list(group)
        if _NO_TIME in text:
            found: tuple[Series, ...] = ()
        elif others:
            found = queries.query_range(
                text,
                start=first.end,
                end=same[-1].end,
                step_seconds=others[0].end - first.end,
            )
        elif (text, first.end) in known:
            found = known[text, first.end]
        else:
            found = known[text, first.end] = queries.query(text, at=first.end)
        seen += [tuple(_as_of(one.moment, between(found, one.end, one.end))) for one in same]
    return seen


def _text_and_lag(view: _View) -> tuple[str, float]:
    return view.query.expr, round(view.moment - view.end, 3)


def _as_of(moment: float, points: Iterable[Series]) -> Iterator[Series]:
    return (Series(one.labels, np.array([moment]), one.values[-1:]) for one in points)


def _same(view: _View) -> tuple[str, float]:
    return view.query.expr, view.step


def _ranges(
    views: Sequence[_View], queries: Queries
) -> dict[tuple[str, float], tuple[Series, ...]]:
    """The answers by text and step, each over all that is seen of it."""
    spans: dict[tuple[str, float], tuple[float, float]] = {}
    for one in views:
        start, end = one.on_steps
        first, last = spans.get(_same(one), (start, end))
        spans[_same(one)] = min(first, start), max(last, end)
    return {
        (text, step): queries.query_range(text, start=start, end=end, step_seconds=step)
        for (text, step), (start, end) in spans.items()
        if start <= end and _NO_TIME not in text
    }


def _drawn(
    views: Sequence[_View], ranges: dict[tuple[str, float], tuple[Series, ...]]
) -> tuple[Series, ...]:
    """All points that were drawn; where ranges end now, those that came in meanwhile."""
    follows = all(one.end >= one.moment for one in views)
    earliest = views[0].moment if follows else -math.inf
    parts = []
    for key, found in ranges.items():
        windows = sorted(one.on_steps for one in views if _same(one) == key)
        parts += [tuple(between(found, max(a, earliest), b)) for a, b in _merged(windows)]
    return _joined(parts)


def _merged(windows: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The windows, those that overlap as one."""
    first, *others = windows
    for start, end in others:
        if start <= first[1]:
            first = first[0], max(first[1], end)
        else:
            yield first
            first = start, end
    yield first


def _joined(parts: Iterable[Sequence[Series]]) -> tuple[Series, ...]:
    """The series of all parts, each whole, a point of each time."""
    every: dict[tuple[tuple[str, str], ...], list[Series]] = {}
    for part in parts:
        for one in part:
            every.setdefault(tuple(sorted(one.labels.items())), []).append(one)
    return tuple(_whole(same) for _, same in sorted(every.items()))


def _whole(same: Sequence[Series]) -> Series:
    times, first = np.unique(np.concatenate([one.times for one in same]), return_index=True)
    return Series(same[0].labels, times, np.concatenate([one.values for one in same])[first])
