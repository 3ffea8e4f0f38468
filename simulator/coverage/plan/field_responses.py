"""How a field answers to a trial: how deep in a band it is, and on which side it is otherwise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.plan.goals import Goal
from simulator.coverage.verdicts import FieldCoverage, Track

__all__ = ["NO_RESPONSE", "Aim", "Cut", "Response", "aim_at", "responses"]

_Floats = NDArray[np.float64]
_AT_THE_EDGE = 0.5
_IN_PASSING = 0.05


@dataclass(frozen=True, slots=True)
class Cut:
    """When a trial is judged: from `start` (not included) to `end`, held since `held`."""

    start: float
    held: float
    end: float


@dataclass(frozen=True, slots=True)
class Response:
    """What a trial did to a field, as one goal sees it.

    `score` is 0 where no value came into the band, little where one did in passing, else the mean
    over the moments of the hold: 0.5 at the band's edge, 1 in its middle, 0 outside. `high` and
    `low` are the medians over the hold of the highest and of the lowest series, `nearest` the value
    that came closest to the band, `distance` away; all nan without data.
    """

    score: float
    high: float
    low: float
    nearest: float
    distance: float


NO_RESPONSE = Response(0.0, math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Aim:
    """A band, and the distance from its edge at which a value is well inside."""

    low: float
    high: float
    reach: float

    @property
    def middle(self) -> float:
        """The value to aim at; nan where any will do."""
        if math.isinf(self.low):
            return math.nan if math.isinf(self.high) else self.high - self.reach
        return self.low + self.reach if math.isinf(self.high) else (self.low + self.high) / 2.0

    def contains(self, levels: _Floats) -> NDArray[np.bool_]:
        """Whether each level is in the band, shape as `levels`; nan is where any will do."""
        if math.isinf(self.low) and math.isinf(self.high):
            return np.ones(levels.shape, dtype=np.bool_)
        return (levels >= self.low) & (levels < self.high)

    def depth(self, levels: _Floats) -> _Floats:
        """0 at the edge to 1 well inside, shape as `levels`, all of them in the band.

        >>> Aim(0.1, 0.3, 0.1).depth(np.array([0.1, 0.2, 0.25])).round(2)
        array([0. , 1. , 0.5])
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = np.minimum(levels - self.low, self.high - levels)
            return np.nan_to_num(np.clip(inside / self.reach, 0.0, 1.0), nan=1.0)


def aim_at(goal: Goal, calm: Response) -> Aim:
    """The goal's band; one without an end is entered by half of the way there from calm.

    >>> calm = Response(0.0, high=0.02, low=0.0, nearest=0.02, distance=0.08)
    >>> from simulator.coverage.plan.goals import FieldId
    >>> of = FieldId("uid", "panels[0]", "Drift", "A", (None, 0.1), 0)
    >>> round(aim_at(Goal(of, "psi", 1, "red", 0.1), calm).middle, 3)
    0.14
    """
    low, high = goal.low, goal.high
    if not math.isinf(low) and not math.isinf(high):
        return Aim(low, high, (high - low) / 2.0)
    edge, usual = (high, calm.low) if math.isinf(low) else (low, calm.high)
    way = abs(edge - usual) / 2.0
    if not (way > 0.0 and math.isfinite(way)):
        way = abs(edge) if math.isfinite(edge) and edge else 1.0
    return Aim(low, high, way)


def responses(field: FieldCoverage | None, aim: Aim, cuts: Sequence[Cut]) -> list[Response]:
    """The response of a field in each of the cuts."""
    tracks = [track for track in field.tracks if len(track.times)] if field else []
    if not tracks:
        return [NO_RESPONSE] * len(cuts)
    spacing = _spacing(tracks)
    return [_response(_during(tracks, cut), aim, cut, spacing) for cut in cuts]


def _spacing(tracks: Sequence[Track]) -> float:
    spacings = [float(np.median(np.diff(t.times))) for t in tracks if len(t.times) > 1]
    return min(spacings, default=math.inf)


def _during(tracks: Sequence[Track], cut: Cut) -> tuple[_Floats, _Floats]:
    """Times and levels of all series in the cut, shape (points,)."""
    parts = []
    for track in tracks:
        first, last = np.searchsorted(track.times, (cut.start, cut.end), side="right")
        parts.append((track.times[first:last], track.values[first:last]))
    return np.concatenate([t for t, _ in parts]), np.concatenate([v for _, v in parts])


def _response(points: tuple[_Floats, _Floats], aim: Aim, cut: Cut, spacing: float) -> Response:
    times, levels = points
    if not len(times):
        return NO_RESPONSE
    inside = aim.contains(levels)
    away = np.maximum(np.maximum(aim.low - levels, levels - aim.high), 0.0)
    nearest = int(np.argmin(np.where(np.isnan(away), np.inf, away)))
    held = times > cut.held
    scores = np.where(inside, _AT_THE_EDGE + (1.0 - _AT_THE_EDGE) * aim.depth(levels), 0.0)
    moments, of_moment = np.unique(times[held], return_inverse=True)
    high, low = _extremes(levels[held], of_moment, len(moments))
    best = np.zeros(len(moments))
    np.maximum.at(best, of_moment, scores[held])
    expected = max(len(moments), math.floor((cut.end - cut.held) / spacing), 1)
    passing = _IN_PASSING if inside.any() else 0.0
    return Response(
        score=max(float(best.sum()) / expected, passing),
        high=high,
        low=low,
        nearest=float(levels[nearest]),
        distance=float(away[nearest]),
    )


def _extremes(levels: _Floats, of_moment: NDArray[np.intp], count: int) -> tuple[float, float]:
    """The medians over the moments of their highest and their lowest level."""
    if not count:
        return math.nan, math.nan
    high, low = np.full(count, -np.inf), np.full(count, np.inf)
    np.fmax.at(high, of_moment, levels)
    np.fmin.at(low, of_moment, levels)
    return float(np.median(high)), float(np.median(low))
