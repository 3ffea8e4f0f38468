"""A day covered: the whole command, and looking at panels all at once beside moment by moment."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from _measuring import (
    AS_INSTALLED,
    Target,
    in_turns,
    median_ratio,
    print_table,
    processor_seconds,
    verdict,
)

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage
from simulator.grafana.dashboard_files import read_dashboards
from simulator.grafana.frames import Series
from simulator.grafana.model import Dashboard
from simulator.installation import shipped
from simulator.observation import over_time
from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

_SIMULATOR = str(Path(sys.executable).with_name("simulator"))
_START, _STEP_SECONDS = 1_767_571_200.0, 15.0
_N_ROUNDS = 3
_MOST_PROCESSOR_SECONDS, _MOST_SECONDS = 6.5, 4.0
"""Of the command on two processors of 2026 that do nothing else, Prometheus 2.42 included."""


class _Remembering(Prometheus):
    """Asks every question once, so that looking alone is measured."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._told: dict[tuple[str, float, float, float], tuple[Series, ...]] = {}

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        """What it answered the first time."""
        question = (expr, start, end, step_seconds)
        if question not in self._told:
            self._told[question] = super().query_range(
                expr, start=start, end=end, step_seconds=step_seconds
            )
        return self._told[question]


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    on_the_clock, of_the_processor = map(
        min, zip(*(_command() for _ in range(_N_ROUNDS)), strict=True)
    )
    tour = load_scenario("tour")
    truth = TimedRun(tour, _START, _START + tour.duration, _STEP_SECONDS, "simulator")
    dashboards = read_dashboards([shipped("dashboards")])
    with tempfile.TemporaryDirectory() as folder:
        write_history([truth], Path(folder))
        with (
            served_blocks(Path(folder), scrape_interval_seconds=_STEP_SECONDS) as url,
            _Remembering(url) as prometheus,
        ):
            plan = CoverPlan(truth.start, truth.end, _STEP_SECONDS)
            at_once, one_by_one = in_turns(
                lambda: processor_seconds(lambda: cover(dashboards, prometheus, plan)),
                lambda: processor_seconds(lambda: _slowly(dashboards, prometheus, plan)),
                n_rounds=_N_ROUNDS,
            )
    moments = round(tour.duration / _STEP_SECONDS)
    print_table(
        f"The tour: one day, {moments:,} moments, {len(dashboards)} dashboards",
        ("what", "seconds"),
        [
            ("simulator cover tour, Prometheus included, on the clock", f"{on_the_clock:.1f}"),
            ("the same, of the processor", f"{of_the_processor:.1f}"),
            ("looking at all panels at once, of the processor", f"{min(at_once):.2f}"),
            ("the same moment by moment, of the processor", f"{min(one_by_one):.2f}"),
        ],
    )
    return verdict(
        began,
        Target("a day covered, on the clock", on_the_clock, _MOST_SECONDS, " s"),
        Target("of the processor", of_the_processor, _MOST_PROCESSOR_SECONDS, " s"),
        Target(
            "times as fast as moment by moment",
            median_ratio(one_by_one, at_once),
            5.0,
            is_least=True,
        ),
    )


def _command() -> tuple[float, float]:
    """Seconds of the command as a user types it: on the clock, and of the processor."""
    began, before = perf_counter(), os.times()
    subprocess.run(
        [_SIMULATOR, "cover", "tour"],
        env=AS_INSTALLED,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=600,
    )
    after = os.times()
    user = after.children_user - before.children_user
    return perf_counter() - began, user + after.children_system - before.children_system


def _slowly(dashboards: list[Dashboard], prometheus: Prometheus, plan: CoverPlan) -> Coverage:
    """The coverage with every moment looked at by itself, none left out."""
    with _replaced("_is_value_by_value", lambda *_: False), _replaced("MOST_VIEWS", 10**9):
        return cover(dashboards, prometheus, plan)


@contextmanager
def _replaced(name: str, value: object) -> Iterator[None]:
    before = getattr(over_time, name)
    setattr(over_time, name, value)
    try:
        yield
    finally:
        setattr(over_time, name, before)


if __name__ == "__main__":
    sys.exit(main())
