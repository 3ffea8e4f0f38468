"""Which episodes were on: from a truth file, or from the metric that tells of them."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np

from simulator.errors import TruthError
from simulator.grafana.frames import Series
from simulator.observation.prometheus import Prometheus
from simulator.quoting import quoted, shortened
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in
from simulator.scenario.timed_run import EpisodeAlarm, EpisodeSpan
from simulator.scenario.vocabulary import SEVERITIES, SIGNALS
from simulator.spelling import did_you_mean
from simulator.timeline.moments import parse_moment

__all__ = ["episodes_in", "recorded_episodes"]

_MOST_BYTES = 16 * 1024 * 1024
_WANTED = ("name", "kind", "start", "end")
_ALARM_SEVERITIES = SEVERITIES[1:]


def episodes_in(file: Path) -> tuple[EpisodeSpan, ...]:
    """The episodes of a truth file, in its order.

    Raises:
        TruthError: it cannot be read, is no JSON, or an episode is incomplete; with the place.
    """
    document = json_in(read_text(file, most=_MOST_BYTES, error=TruthError), file, error=TruthError)
    entries = document.get("episodes") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise TruthError(f"{file}: an object with a list of episodes is wanted")
    return tuple(_episode(entry, f"{file}: episodes.{i}") for i, entry in enumerate(entries))


def _episode(entry: object, place: str) -> EpisodeSpan:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(k), str) for k in _WANTED[:2]):
        raise TruthError(f"{place}: {', '.join(_WANTED)} are wanted, found {quoted(entry)}")
    try:
        start, end = (parse_moment(str(entry.get(key)), now=math.nan) for key in _WANTED[2:])
    except ValueError as error:
        raise TruthError(f"{place}: {error}") from error
    if not start < end:
        name, ends = quoted(entry["name"]), shortened(str(entry["end"]))
        raise TruthError(f"{place}: {name} ends at {ends}, not after its start")
    return EpisodeSpan(entry["name"], entry["kind"], start, end, _alarms(entry, end, place))


def _alarms(entry: dict[str, object], end: float, place: str) -> tuple[EpisodeAlarm, ...]:
    """The alarms that an episode wants; files from before alarms were known have none."""
    alarms = entry.get("alarms", [])
    if not isinstance(alarms, list):
        raise TruthError(f"{place}.alarms: a list is wanted, found {quoted(alarms)}")
    return tuple(_alarm(one, end, f"{place}.alarms.{i}") for i, one in enumerate(alarms))


def _alarm(entry: object, end: float, place: str) -> EpisodeAlarm:
    if not isinstance(entry, dict):
        raise TruthError(f"{place}: signal, severity, until are wanted, found {quoted(entry)}")
    for key, words in (("signal", SIGNALS), ("severity", _ALARM_SEVERITIES)):
        if entry.get(key) not in words:
            found, meant = quoted(entry.get(key)), did_you_mean(str(entry.get(key)), words)
            raise TruthError(f"{place}.{key}: {found} is none of {', '.join(words)}{meant}")
    try:
        until = parse_moment(str(entry.get("until")), now=math.nan)
    except ValueError as error:
        raise TruthError(f"{place}.until: {error}") from error
    if not until >= end:
        raise TruthError(f"{place}.until: {quoted(entry['until'])} is before the episode's end")
    return EpisodeAlarm(entry["signal"], entry["severity"], until)


def recorded_episodes(
    prometheus: Prometheus, *, start: float, end: float, step: float
) -> tuple[EpisodeSpan, ...]:
    """The episodes that a simulator recorded of itself, to the nearest `step` seconds.

    Raises:
        PrometheusError: the query is refused, or nothing answers.
    """
    found = prometheus.query_range(
        "max by (episode, kind) (simulator_episode_active)",
        start=start,
        end=end,
        step_seconds=step,
    )
    spans = [span for series in found for span in _spans(series, step)]
    return tuple(sorted(spans, key=lambda span: (span.start, span.name)))


def _spans(series: Series, step: float) -> list[EpisodeSpan]:
    """One span per uninterrupted run of ones."""
    on = np.concatenate([[False], series.values > 0.0, [False]])
    edges = np.flatnonzero(on[1:] != on[:-1])
    name, kind = series.labels.get("episode", ""), series.labels.get("kind", "")
    return [
        EpisodeSpan(name, kind, float(series.times[a]) - step, float(series.times[b - 1]))
        for a, b in list(pairwise(edges.tolist()))[::2]
    ]
