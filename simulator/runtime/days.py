"""Independent days of a scenario: their histories in one folder, and one Prometheus on them."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from simulator.mapping.model import Mapping
from simulator.observation.prometheus import Prometheus
from simulator.progress import Report
from simulator.pushing.instance import INSTANCE
from simulator.rules.model import Group
from simulator.runtime.history.writing import write_history
from simulator.runtime.recorded_rules import store_recordings
from simulator.runtime.served_blocks import served_blocks
from simulator.runtime.temporary import temporary_folder
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun

__all__ = [
    "BEFORE_SECONDS",
    "MONDAY",
    "before_seconds",
    "independent_days",
    "midnights",
    "recorded_runs",
]

MONDAY: Final = 1_767_571_200.0
"""2026-01-05, 00:00 UTC: always the same days, so that results are always the same, too."""

BEFORE_SECONDS: Final = 1200.0
"""The platform runs before each day starts, as it does in truth: windows are full by then."""

_APART_SECONDS: Final = 2 * 3600.0
"""Without samples between two days: no query of a threshold sees both of them."""

_DAY_SECONDS: Final = 86400.0


def independent_days(
    scenario: Scenario, *, count: int, duration: float, step: float, first: float = MONDAY
) -> tuple[TimedRun, ...]:
    """The scenario `count` times, with as many seeds, each from a midnight on.

    Each begins with a quiet time of 20 minutes before its midnight, on the next day that is free;
    weekdays differ unless whole weeks lie between. A duration longer than the scenario's adds quiet
    time. `first` is the first midnight, unix seconds.

    >>> from simulator.scenario.loading import load_scenario
    >>> days = independent_days(load_scenario("calm"), count=2, duration=86400.0, step=30.0)
    >>> [(day.scenario.seed, (day.end - MONDAY) / 86400.0) for day in days]
    [(1, 1.0), (2, 3.0)]
    """
    before = before_seconds(scenario, step)
    whole = scenario.model_copy(update={"duration": duration}).delayed(before)
    return tuple(
        TimedRun(
            whole.model_copy(update={"seed": scenario.seed + number}),
            midnight - before,
            midnight + duration,
            step,
            INSTANCE,
        )
        for number, midnight in enumerate(midnights(count, duration + before, first=first))
    )


def before_seconds(scenario: Scenario, step: float) -> float:
    """The quiet time before a midnight, in whole steps."""
    return math.ceil(BEFORE_SECONDS / scenario.compression / step) * step


def midnights(count: int, seconds: float, *, first: float) -> list[float]:
    """Those from `first` on between which a run of so many seconds has room.

    >>> [(one - MONDAY) / 86400.0 for one in midnights(3, 86400.0, first=MONDAY)]
    [0.0, 2.0, 4.0]
    """
    every = math.ceil((seconds + _APART_SECONDS) / _DAY_SECONDS) * _DAY_SECONDS
    return [first + number * every for number in range(count)]


@contextmanager
def recorded_runs(
    runs: Sequence[TimedRun],
    report: Report,
    *,
    scrape_interval_seconds: float,
    mapping: Mapping | None = None,
    rules: Sequence[Group] = (),
) -> Iterator[Prometheus]:
    """A Prometheus that has all the runs, and what rules record of them.

    Nothing is left of it afterwards.

    Raises:
        StackError: a program is missing, or does not do what it should.
    """
    with temporary_folder("runs") as folder:
        blocks = folder / "blocks"
        write_history(runs, blocks, mapping=mapping, report=report)
        store_recordings(
            blocks,
            rules,
            [(run.start, run.end) for run in runs],
            interval=scrape_interval_seconds,
            report=report,
        )
        with (
            served_blocks(blocks, scrape_interval_seconds=scrape_interval_seconds) as url,
            Prometheus(url, timeout_seconds=120.0) as prometheus,
        ):
            yield prometheus
