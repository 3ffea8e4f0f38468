"""Alarms and their measures by plain loops over moments: what the sweep must agree with."""

import math
import statistics
from collections.abc import Sequence

from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident


def firing(
    values: Sequence[float], threshold: float, hold_steps: int, *, is_lower_worse: bool = False
) -> list[bool]:
    """Prometheus's rule state at each evaluation, `for` counted from the first one that is true."""
    found, since = [], None
    for index, value in enumerate(values):
        reached = value < threshold if is_lower_worse else value >= threshold
        since = (index if since is None else since) if reached else None
        found.append(since is not None and index - since >= hold_steps)
    return found


def alarms(recording: Recording, threshold: float, hold_steps: int, *, lower: bool) -> list[bool]:
    per_series = [
        firing(row, threshold, hold_steps, is_lower_worse=lower)
        for row in recording.values.tolist()
    ]
    return [any(states) for states in zip(*per_series, strict=True)]


def measured(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    threshold: float,
    hold_steps: int,
    *,
    lower: bool = False,
) -> dict[str, float]:
    """All measures, moment by moment."""
    worths: list[float] = []
    detections: list[float] = []
    resets: list[float] = []
    flaps: list[int] = []
    n_false = n_incidents = 0
    days = 0.0
    for one in recordings:
        on = alarms(one, threshold, hold_steps, lower=lower)
        times = [*one.times.tolist(), one.end]
        days += (one.end - one.start) / 86400.0
        spans = _spans(on)
        inside = [any(_covers(times, i, e) for e in incidents) for i in range(len(on))]
        worths += [sum(inside[a:b]) / (b - a) for a, b in spans]
        n_false += len(_spans([o and not w for o, w in zip(on, inside, strict=True)]))
        for e in incidents:
            window = [i for i in range(len(on)) if _covers(times, i, e)]
            if not window:
                continue
            n_incidents += 1
            hit = [i for i in window if on[i]]
            if not hit:
                continue
            since = max(e.start, one.start)  # what is older than the recording
            detections.append(max(times[hit[0]] - since, 0.0))
            touching = [(a, b) for a, b in spans if a <= window[-1] and b > window[0]]
            resets.append(max(times[touching[-1][1]] - e.end, 0.0))
            flaps.append(len(touching) - 1)
    precision = statistics.fmean(worths) if worths else math.nan
    recall = len(detections) / n_incidents if n_incidents else math.nan
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else math.nan,
        "detection_median": _quantile(detections, 0.5),
        "detection_p90": _quantile(detections, 0.9),
        "reset_median": _quantile(resets, 0.5),
        "false_alarms_per_day": n_false / days,
        "flaps_per_episode": statistics.fmean(flaps) if flaps else math.nan,
    }


def healthy_share(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    threshold: float,
    hold_steps: int,
    *,
    lower: bool,
) -> float:
    """The share of time outside all windows with an alarm; 0 without such time."""
    outside = []
    for one in recordings:
        times = [*one.times.tolist(), one.end]
        on = alarms(one, threshold, hold_steps, lower=lower)
        outside += [o for i, o in enumerate(on) if not any(_covers(times, i, e) for e in incidents)]
    return statistics.fmean(outside) if outside else 0.0


def _covers(times: Sequence[float], index: int, incident: Incident) -> bool:
    """Whether the time that a moment stands for meets the incident's window."""
    return times[index] < incident.until and times[index + 1] > incident.start


def _spans(on: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for index, state in enumerate([*on, False]):
        if state and start is None:
            start = index
        if not state and start is not None:
            found.append((start, index))
            start = None
    return found


def _quantile(values: Sequence[float], q: float) -> float:
    """Between two order statistics linearly, as numpy does by default."""
    if not values:
        return math.nan
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
