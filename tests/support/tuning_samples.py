"""Small tunings, each of a kind that a report has to show."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator.grafana.alarm_steps import AlarmSteps
from simulator.grafana.model import Dashboard, Panel
from simulator.promql.limits import limit
from simulator.rules.model import Alert, Group, Place
from simulator.tuning.judging.objectives import Constraints, F1Objective, Search
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor, ThresholdPlace
from simulator.tuning.truth.incidents import WantedAlarm
from simulator.tuning.tune import tune
from tests.support.tuning_values import recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulator.tuning.judging.ranking import Recording
    from simulator.tuning.monitors.drift_noise import DriftNoise
    from simulator.tuning.monitors.monitor import Skipped
    from simulator.tuning.results import Tuning

DAY = 7200.0
"""A short one, two hours long; the days follow each other with as long a pause."""

N_DAYS = 3
_MOMENTS = int(DAY / 30.0)
_THRESHOLDS = {"orange": 2.0, "red": 6.0}


def day_start(number: int) -> float:
    return 1767225600.0 + number * 2 * DAY


def days(*, n_series: int = 1, level: float = 1.0, top: float = 10.0) -> tuple[Recording, ...]:
    """A signal that rises twice a day: to half of `top`, and to all of it; and one false peak."""
    found = []
    for number in range(N_DAYS):
        rng = np.random.default_rng(number)
        rows = []
        for _ in range(n_series):
            row = level * (1.0 + 0.1 * rng.random(_MOMENTS))
            row[60:90], row[150:180], row[20:24] = top / 2, top, top / 4
            rows.append(row.tolist())
        found.append(recording(*rows, start=day_start(number)))
    return tuple(found)


def without_values() -> tuple[Recording, ...]:
    return tuple(
        recording([math.nan] * _MOMENTS, start=day_start(number)) for number in range(N_DAYS)
    )


def wanted(signal: str = "lag", *, levels: Sequence[str] = ("orange", "red")) -> list[WantedAlarm]:
    """Two incidents a day: an orange one in the middle, and a red one later."""
    at = {"orange": (60 * 30.0, 90 * 30.0), "red": (150 * 30.0, 180 * 30.0)}
    return [
        WantedAlarm(
            f"{level}-one", signal, level, *(day_start(n) + x for x in (*at[level], at[level][1]))
        )
        for n in range(N_DAYS)
        for level in levels
        for begin, end in [at[level]]
    ]


def place(title: str = "Lag", *, panel_id: int = 3) -> ThresholdPlace:
    panel = Panel("panels[0]", panel_id, title, "timeseries")
    return ThresholdPlace(Dashboard("board", "Board", (panel,)), panel, "panels.0")


def rule(level: str = "orange", *, hold: float = 60.0) -> AlertRule:
    expr = f"lag >= {_THRESHOLDS[level]:g}"
    place = Place(Path("rules.yml"), ("groups", 0, "rules", 0))
    alert = Alert(f"Lag{level.title()}", expr, hold, 0.0, {}, {}, place)
    group = Group("g", (alert,), Place(place.file, place.path[:2]))
    return AlertRule(alert, group, limit(expr), (level,), "lag")


def monitor(
    name: str = "Lag",
    *,
    signal: str = "lag",
    recordings: tuple[Recording, ...] | None = None,
    thresholds: dict[str, float] | None = None,
    is_on_panel: bool = True,
) -> Monitor:
    values = _THRESHOLDS if thresholds is None else thresholds
    return Monitor(
        name=name,
        names=frozenset({name, signal}),
        place=place(name) if is_on_panel else None,
        rules={"orange": rule()},
        alarms=AlarmSteps(
            {level: n for n, level in enumerate(values, 1)}, values, is_lower_worse=False
        ),
        signal=signal,
        unit="s",
        look_back=120.0,
        recordings=days() if recordings is None else recordings,
    )


def sample_tuning(
    *found: Monitor | Skipped,
    incidents: Iterable[WantedAlarm] | None = None,
    n_chosen_on: int = 2,
    constraints: Constraints | None = None,
    noise: DriftNoise | None = None,
) -> Tuning:
    return tune(
        found or (monitor(),),
        wanted=list(wanted() if incidents is None else incidents),
        search=Search(F1Objective(), constraints or Constraints(), most_hold=300.0),
        n_chosen_on=n_chosen_on,
        subject="sample",
        noise=noise,
    )
