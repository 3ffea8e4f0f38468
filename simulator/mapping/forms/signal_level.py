"""How high a signal is that the simulation does not know: the same whatever kind it is of."""

import math
from datetime import datetime
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from simulator.errors import ScenarioError
from simulator.mapping.extra_signal import ExtraSignal, Influence
from simulator.measures.causes import CAUSES
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats
from simulator.simulation.slow_noise import SlowNoise

__all__ = ["Level"]

_DAY_HOURS: Final = 24.0
_HOUR: Final = 3600.0


class Level:
    """The level in each tick, which are asked for in order, each once.

    Args:
        spec: what it is made of.
        name: of its draws and of what it remembers.
    """

    def __init__(self, spec: ExtraSignal, name: str) -> None:
        self._spec, self._name = spec, name
        self._factors = np.array(
            [math.prod(row) for row in product(*map(_factors_of, spec.labels.values()))]
        )
        self._noise: list[SlowNoise] | None = None

    def of(self, seen: Seen) -> Floats:
        """The level, shape (ticks, rows)."""
        spec = self._spec
        level = np.full(seen.trace.grid.count, spec.base)
        if spec.daily is not None:
            level += spec.base * spec.daily.amplitude * self._wave(seen)
        for place, influence in enumerate(spec.causes):
            level += influence.weight * self._effect(influence, place, seen)
        rows = level[:, np.newaxis] * self._factors * self._noises(seen)
        return np.clip(rows, spec.min, spec.highest)

    def _wave(self, seen: Seen) -> Floats:
        """From -1 to 1 and back within a day, shape (ticks,)."""
        grid, traffic = seen.trace.grid, seen.scenario.traffic
        clock = datetime.fromtimestamp(grid.origin, ZoneInfo(traffic.time_zone))
        begun = clock.hour + clock.minute / 60.0 + clock.second / _HOUR
        hours = begun + grid.elapsed * seen.scenario.compression / _HOUR
        peak = self._spec.daily.peak_hours if self._spec.daily else 0.0
        return np.cos(2.0 * math.pi * (hours - peak) / _DAY_HOURS)

    def _effect(self, influence: Influence, place: int, seen: Seen) -> Floats:
        """What counts of a cause, shape (ticks,)."""
        found = CAUSES[influence.cause].values(seen, influence.of)
        counting = np.clip(found - influence.above, 0.0, influence.most)
        seconds = influence.delay / seen.scenario.compression
        n_late = round(seconds / seen.trace.grid.step)
        return _later(counting, n_late, f"{self._name} {place}", seen) if n_late else counting

    def _noises(self, seen: Seen) -> Floats:
        """Factors of mean 1, shape (ticks, rows), or (1, 1) without noise."""
        spec = self._spec
        if not spec.noise:
            return np.ones((1, 1))
        if self._noise is None:
            time = spec.noise_time / seen.scenario.compression
            self._noise = [
                SlowNoise(
                    spec.noise, time, seen.trace.grid.step, seen.streams, f"{self._name}.{row}"
                )
                for row in range(len(self._factors))
            ]
        return np.column_stack([noise.means(seen.trace.grid) for noise in self._noise])


def _later(values: Floats, n_late: int, name: str, seen: Seen) -> Floats:
    """The values so many ticks later; the first one stands for those before.

    Steps of another length before are stretched to as long a time.

    Raises:
        ScenarioError: what was left of those before is no row of numbers.
    """
    before = seen.memory.get(name, values[:1])
    if before.ndim != 1 or not len(before) or np.isnan(before).any():
        raise ScenarioError(f"the run before remembered no usable values of {name!r}")
    if len(before) != n_late:
        at = np.linspace(0.0, 1.0, n_late)
        before = np.interp(at, np.linspace(0.0, 1.0, max(len(before), 1)), before)
    joined = np.concatenate([before, values])
    seen.memory[name] = joined[-n_late:]
    return joined[: len(values)]


def _factors_of(rows: tuple[str, ...] | dict[str, float]) -> tuple[float, ...]:
    return tuple(rows.values()) if isinstance(rows, dict) else (1.0,) * len(rows)
