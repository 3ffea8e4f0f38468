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
from simulator.scenario.draws.drawing import drawn_on_clock
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun

__all__ = ["BEFORE_SECONDS", "MONDAY", "independent_days", "recorded_runs"]

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

    What is drawn is drawn by the scenario's own seed, and is another on each of them.
    Each begins with a quiet time of 20 minutes before its midnight, on the next day that is free;
    weekdays differ unless whole weeks lie between. A duration longer than the scenario's adds quiet
    time. `first` is the first midnight, unix seconds.

    >>> from simulator.scenario.loading import load_scenario
    >>> days = independent_days(load_scenario("calm"), count=2, duration=86400.0, step=30.0)
    >>> [(day.scenario.seed, (day.end - MONDAY) / 86400.0) for day in days]
    [(1, 1.0), (2, 3.0)]
    """
    before = math.ceil(BEFORE_SECONDS / scenario.compression / step) * step
    every = math.ceil((duration + before + _APART_SECONDS) / _DAY_SECONDS) * _DAY_SECONDS
    midnights = [first + number * every for number in range(count)]
    plans = (
        drawn_on_clock(scenario, midnight, seconds=duration, first_day=number)
        for number, midnight in enumerate(midnights)
    )
    return tuple(
        TimedRun(
            plan.model_copy(update={"duration": duration, "seed": scenario.seed + number}).delayed(
                before
            ),
            midnight - before,
            midnight + duration,
            step,
            INSTANCE,
        )
        for number, (midnight, plan) in enumerate(zip(midnights, plans, strict=True))
    )


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
