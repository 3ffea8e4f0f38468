"""Recording rules evaluated on a folder of blocks, and stored in it as further blocks."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from simulator.alerting.alert_history import Evaluations
from simulator.alerting.recordings import (
    RecordingRule,
    joined_samples,
    recorded_samples,
    recording_layers,
)
from simulator.errors import PrometheusError
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.progress import Progress, Report, unreported
from simulator.rules.model import Group
from simulator.runtime.served_blocks import served_blocks
from simulator.tsdb.blocks import Samples, windows, write_block
from simulator.tsdb.ulids import ulid

__all__ = ["store_recordings"]

_ENTROPY_BYTES: Final = 10


def store_recordings(
    blocks: Path,
    groups: Sequence[Group],
    spans: Sequence[tuple[float, float]],
    *,
    interval: float,
    report: Report = unreported,
) -> None:
    """Evaluates the recording rules over spans of unix seconds, each group at its own interval.

    Those that read others are evaluated once these are stored. `interval` is that of groups which
    have none. A rule that Prometheus refuses writes nothing: what reads it has no data.

    Raises:
        StackError: Prometheus is missing, or does not do what it should.
        OutputError: the folder cannot be written to.
    """
    layers = recording_layers(groups)
    total, done = sum(map(len, layers)), 0
    for layer in layers:
        with (
            served_blocks(blocks, scrape_interval_seconds=interval) as url,
            Prometheus(url, timeout_seconds=120.0) as prometheus,
        ):
            for start, end in spans:
                for samples in _of_span(layer, prometheus, start, end, interval):
                    _write(blocks, samples)
        done += len(layer)
        report(Progress("recordings", done, total))


def _of_span(
    layer: Sequence[RecordingRule],
    prometheus: Prometheus,
    start: float,
    end: float,
    interval: float,
) -> Iterator[Samples]:
    """What the rules write in a span, those with the same times together."""
    by_times: dict[Evaluations, list[Samples]] = {}
    for group, rule in layer:
        when = Evaluations(start, end, group.interval or interval, group.query_offset, group.limit)
        try:
            found = recorded_samples(rule, prometheus, when)
        except UnreachablePrometheusError:
            raise
        except PrometheusError:
            continue
        if found.labels:
            by_times.setdefault(replace(when, limit=0), []).append(found)
    yield from map(joined_samples, by_times.values())


def _write(blocks: Path, samples: Samples) -> None:
    for window in windows(samples):
        if window.is_present.any():
            write_block(window, folder=blocks, ulid=_name(window))


def _name(window: Samples) -> str:
    """A block's name, which is another one for other times and series."""
    series = sorted(sorted(labels.items()) for labels in window.labels)
    digest = hashlib.sha256(repr((window.times_ms[:2].tolist(), series)).encode()).digest()
    return ulid(int(window.times_ms[0]), entropy=digest[:_ENTROPY_BYTES])
