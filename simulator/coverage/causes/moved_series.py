"""What an episode moves: the run with it, beside the same run in which it is muted."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulator.coverage.causes.beyond_chance import counters_beyond_chance, levels_beyond_chance
from simulator.mapping.export import Exports
from simulator.metrics.families import Family, FamilySamples
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.engine import Simulation

__all__ = ["MovedSeries", "moved_series"]

_TICKS: Final = 48
"""Of an episode and what it leaves behind: more would cost more, and hardly tell more."""
_TICKS_BEFORE: Final = 1
_MOST_TICKS: Final = 160
_TICKS_ON: Final = 4
"""For so many ticks, at least, the episode itself is on, where those of the run allow it."""


@dataclass(frozen=True, slots=True)
class MovedSeries:
    """A series that is elsewhere than it would be; buckets that share their labels are one."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Window:
    """A scenario that begins with an episode; `origin` in unix seconds, ticks of `step`."""

    scenario: Scenario
    origin: float
    step: float
    n_ticks: int

    def samples(self, scenario: Scenario, exports: Exports) -> tuple[FamilySamples, ...]:
        """What a variant of the scenario shows."""
        trace = Simulation(scenario, origin=self.origin, step=self.step).advance(self.n_ticks)
        return exports.of(scenario).samples(trace)


def moved_series(run: TimedRun, episode: str, exports: Exports) -> tuple[MovedSeries, ...]:
    """The series that an episode of the run moves beyond their healthy spread.

    Only the episode's own time is simulated, at the scenario's own pace, and what the platform
    takes to recover from it: as it is, with the episode muted, and so with another seed, which
    tells what chance alone does. Where others hide all that it does, as a gap in a longer one, it
    is looked at alone.
    """
    window = _window(run, episode)
    moved = tuple(_moved(window, window.scenario, episode, exports))
    if moved:
        return moved
    others = (one.name for one in window.scenario.episodes if one.name != episode)
    return tuple(_moved(window, window.scenario.muted(*others), episode, exports))


def _window(run: TimedRun, name: str) -> _Window:
    scenario, shortest = run.scenario.uncompressed, run.step * run.scenario.compression
    episode, platform = next(e for e in scenario.episodes if e.name == name), scenario.platform
    recovery = max(platform.monitoring.label_delay, platform.minio.healing, platform.kafka.catch_up)
    length = min(episode.duration + recovery, scenario.duration - episode.start)
    wanted = min(length / _TICKS, episode.longest_seconds / _TICKS_ON)
    step = max(math.floor(wanted / shortest), 1) * shortest
    shift = _TICKS_BEFORE * step - episode.start
    shifted = scenario.delayed(shift)
    seen = (_lasting(one, step, is_it=one.name == name) for one in shifted.episodes)
    return _Window(
        shifted.model_copy(update={"episodes": tuple(seen)}),
        run.start - shift,
        step,
        min(math.ceil(length / step), _MOST_TICKS) + _TICKS_BEFORE,
    )


def _lasting(episode: EpisodeBase, step: float, *, is_it: bool) -> EpisodeBase:
    """The episode; another one that is over within a tick is left out of the picture."""
    if is_it or episode.duration >= step:
        return episode
    return episode.model_copy(update={"mute": True, "duration": step})


def _moved(
    window: _Window, scenario: Scenario, episode: str, exports: Exports
) -> Iterator[MovedSeries]:
    muted = scenario.muted(episode)
    other = muted.model_copy(update={"seed": (muted.seed + 1) % 2**63})
    samples = [window.samples(one, exports) for one in (scenario, muted, other)]
    runs = [_columns(one) for one in samples]
    series = _series([family for family, _ in samples[0]])
    found: dict[tuple[int, str], None] = {}
    for is_gauge, columns in runs[0].items():
        values = (np.concatenate(run[is_gauge].values, axis=1) for run in runs)
        is_moved = (levels_beyond_chance if is_gauge else counters_beyond_chance)(*values)
        keys = (key for block in columns.keys for key in block)
        found.update(dict.fromkeys(itertools.compress(keys, is_moved.tolist())))
    for number, suffix in sorted(found):
        name, labels = series[number]
        yield MovedSeries(f"{name}{suffix}", labels)


@dataclass(slots=True)
class _Columns:
    """Samples of some series; each key is the number of a series and the end of its name."""

    keys: list[list[tuple[int, str]]] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)


def _columns(samples: Sequence[FamilySamples]) -> dict[bool, _Columns]:
    """All samples of the families, those of gauges together and those of counters."""
    found: dict[bool, _Columns] = {}
    n_series = 0
    for family, blocks in samples:
        parts = iter(family.parts)
        for block in blocks:
            suffixes = [part.suffix for part in itertools.islice(parts, block.shape[2])]
            alike = found.setdefault(family.kind == "gauge", _Columns())
            numbers = range(n_series, n_series + block.shape[1])
            alike.keys.append(list(itertools.product(numbers, suffixes)))
            alike.values.append(_apart(block))
        n_series += block.shape[1]
    return found


def _apart(block: Floats | Ints) -> Floats:
    """The samples, shape (ticks, series x parts); buckets without what is in those below them.

    A few slow requests are hardly seen among all that took no longer than a bucket's bound.
    """
    apart = np.diff(block, axis=2, prepend=0) if block.shape[2] > 1 else block
    return apart.reshape(len(block), -1).astype(np.float64)


def _series(families: Sequence[Family]) -> list[tuple[str, Mapping[str, str]]]:
    """The name and the labels of every series, in the order of the samples."""
    return [
        (one.name, {"job": one.job, **dict(zip(one.labels, values, strict=True))})
        for one in families
        for values in one.series
    ]
