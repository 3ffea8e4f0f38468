"""What metrics of a mapping are on a calm day and on the tour, without a Prometheus."""

from collections.abc import Mapping as Keyed
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator.adopt.boards.fitting_metrics import mapping_of
from simulator.adopt.boards.on_platform import on_platform
from simulator.mapping.export import Exports
from simulator.simulation.engine import Simulation

__all__ = ["Day", "days_of"]

_STEP_SECONDS: Final = 300.0
_MONDAY: Final = 1_767_571_200.0
_SHARE: Final = 0.01
"""Of a day: a quarter of an hour, so that an alert has the time to fire."""


@dataclass(frozen=True, slots=True)
class Day:
    """The values of a gauge over a day: of each moment the lowest and the highest of its series.

    `low` and `high` are what is passed for a quarter of an hour in all.
    """

    low: float
    high: float


def days_of(
    platform: Keyed[str, Any], metrics: Keyed[str, Any]
) -> tuple[dict[str, Day], dict[str, Day]]:
    """Each gauge's values on a calm day, and on the tour; none of one that has no value."""
    mapping = mapping_of({"version": 1, "name": "x", "platform": platform, "metrics": metrics})
    found: list[dict[str, Day]] = []
    for name in ("calm", "tour"):
        scenario = on_platform(name, mapping)
        ticks = int(scenario.duration // _STEP_SECONDS)
        trace = Simulation(scenario, origin=_MONDAY, step=_STEP_SECONDS).advance(ticks)
        days: dict[str, Day] = {}
        for one in Exports(mapping).of(scenario).samples(trace):
            values = np.asarray(one.blocks[0], dtype=np.float64)[:, :, 0]
            has = np.isfinite(values).any(axis=1)
            if has.any():
                low, high = np.nanmin(values[has], axis=1), np.nanmax(values[has], axis=1)
                days[one.family.name] = Day(
                    float(np.quantile(low, _SHARE)), float(np.quantile(high, 1.0 - _SHARE))
                )
        found.append(days)
    return found[0], found[1]
