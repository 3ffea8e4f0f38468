"""From what a panel showed to the verdict on each of its threshold steps."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.bands import Band, active_steps, bands
from simulator.coverage.verdicts import FieldCoverage, Nearest, StepCoverage, Track, Verdict, worst
from simulator.grafana.thresholds import Thresholds
from simulator.observation.panel_values import FieldValues
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["field_coverage", "is_judged", "unseen_steps"]

_HIDDEN = "reached, but a value mapping gives these values another colour"
_EMPTY = "no value is on it: the step after it begins at or below"
_ONLY_NAN = "only NaN"


def field_coverage(
    field: FieldValues, name: str, *, spacing: float, episodes: Sequence[EpisodeSpan]
) -> FieldCoverage:
    """The verdicts on a field with its witnesses.

    Where the panel draws no thresholds, or a single colour, data alone decides.
    """
    thresholds = field.key.thresholds
    tracks = tuple(Track(one.name, one.times, one.levels) for one in field.series)
    steps: tuple[StepCoverage, ...] = ()
    if thresholds is not None and is_judged(thresholds, is_painted=field.key.is_painted):
        steps = (
            _steps(field, thresholds, spacing, episodes)
            if field.has_points
            else unseen_steps(thresholds)
        )
    has_data = Verdict.EXERCISED if field.has_points else Verdict.NO_DATA
    return FieldCoverage(
        name=name,
        verdict=worst([has_data, *(step.verdict for step in steps)]),
        steps=steps,
        tracks=tracks,
        unit=field.unit,
        is_percentage=thresholds is not None and thresholds.is_percentage,
        reason="" if field.has_points else _ONLY_NAN,
        source=f"{field.key.source} {field.key.calc}".strip(),
    )


def is_judged(thresholds: Thresholds, *, is_painted: bool) -> bool:
    """Whether there is anything to exercise: steps that are drawn, and more than one colour."""
    return is_painted and len(thresholds.steps) > 1


def unseen_steps(thresholds: Thresholds) -> tuple[StepCoverage, ...]:
    """The steps of a field that never had a value."""
    return tuple(_step(band, Verdict.NO_DATA) for band in bands(thresholds))


def _step(band: Band, verdict: Verdict) -> StepCoverage:
    return StepCoverage(
        index=band.index,
        color=band.step.color,
        value=band.step.value if np.isfinite(band.step.value) else None,
        low=band.low,
        high=band.high,
        verdict=verdict,
    )


def _steps(
    field: FieldValues,
    thresholds: Thresholds,
    spacing: float,
    episodes: Sequence[EpisodeSpan],
) -> tuple[StepCoverage, ...]:
    times = np.concatenate([one.times for one in field.series])
    levels = np.concatenate([one.levels for one in field.series])
    is_hidden = np.concatenate([one.is_hidden for one in field.series])
    names = np.repeat([one.name for one in field.series], [len(s.times) for s in field.series])
    active = active_steps(levels, thresholds)
    at_rest = _at_rest(active, times, spacing, episodes)
    found = []
    for band in bands(thresholds):
        on_it = active == band.index
        seen = on_it & ~is_hidden
        if seen.any():
            first = int(np.argmin(np.where(seen, times, np.inf)))
            moments = np.unique(times[seen])
            found.append(
                replace(
                    _step(band, Verdict.EXERCISED),
                    first_seen=float(moments[0]),
                    last_seen=float(moments[-1]),
                    seconds=len(moments) * spacing,
                    seen_in=str(names[first]),
                    episodes=()
                    if band.index == at_rest
                    else _meanwhile(moments, spacing, episodes),
                )
            )
        else:
            found.append(_missed(band, times, levels, is_reached=bool(on_it.any())))
    return tuple(found)


def _missed(
    band: Band, times: NDArray[np.float64], levels: NDArray[np.float64], *, is_reached: bool
) -> StepCoverage:
    missed = _step(band, Verdict.NOT_REACHED)
    if band.is_empty or is_reached:
        return replace(missed, reason=_EMPTY if band.is_empty else _HIDDEN)
    distance = band.distance(levels)
    best = int(np.argmin(distance))
    nearest = Nearest(float(levels[best]), float(times[best]), float(distance[best]))
    return replace(missed, nearest=nearest)


def _at_rest(
    active: NDArray[np.int64],
    times: NDArray[np.float64],
    spacing: float,
    episodes: Sequence[EpisodeSpan],
) -> int:
    """The step on which the field mostly is while the fewest episodes are on: nothing causes it.

    An episode counts for as long as an alarm for it is right: labels come late, and lag is read
    off slowly. The first step, where as many are on at all times, which tells nothing.
    """
    n_on = np.zeros(len(times), dtype=np.int64)
    for e in episodes:
        settled = max((alarm.until for alarm in e.alarms), default=e.end)
        n_on += _is_on(replace(e, end=max(settled, e.end)), times, spacing)
    there = n_on[active >= 0]
    if not len(there) or (there.min() == there.max() > 0):
        return 0
    return int(np.argmax(np.bincount(active[(active >= 0) & (n_on == there.min())])))


def _is_on(episode: EpisodeSpan, moments: NDArray[np.float64], spacing: float) -> NDArray[np.bool_]:
    """Whether it is on at each moment: a point tells of the time since the one before it."""
    is_on: NDArray[np.bool_] = (moments > episode.start) & (moments - spacing < episode.end)
    return is_on


def _meanwhile(
    moments: NDArray[np.float64], spacing: float, episodes: Sequence[EpisodeSpan]
) -> tuple[str, ...]:
    """The episodes that were on at some of the moments, the best match first.

    How well an episode matches is the time that both share, by the time in which either was on
    (Jaccard's index): what lasts all day is on during everything, and explains little of it.
    """
    matches = {}
    for e in episodes:
        shared = spacing * int(_is_on(e, moments, spacing).sum())
        if shared:
            either = len(moments) * spacing + max(e.end - e.start, shared) - shared
            matches[e.name] = shared / either
    return tuple(sorted(matches, key=lambda name: -matches[name]))
