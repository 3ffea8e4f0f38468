"""History and a live run that goes on from it, seen by one Prometheus."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from simulator.metrics.self_monitoring import MARK, RUN
from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.writing import write_history
from simulator.runtime.stack import RunningStack, Stack
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from tests.support.simulator_process import simulator_run
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e

HOUR, STEP, BOUND = 3600.0, 15.0, 40.0
# how a live run itself is doing, of which a history has nothing to tell
LIVE = "|".join(family.name for family in (*RUN, *MARK))
PLATFORM = f'{{instance="simulator", __name__!~"push_.*|{LIVE}"}}'
RISING = (
    '{instance="simulator", __name__=~"(scoring|compliance)_.*_total|.*_(bucket|count)|'
    '.*_distribution|kafka_.*_offset.*|minio_s3_requests_.*_?total", '
    '__name__!~".*_inflight_total"}'  # a gauge, whatever it is called
)
COUNTERS = f"sum by (__name__) ({RISING})"


@pytest.fixture(scope="module")
def end() -> float:
    """When the history stops: just now, on a tick."""
    return time.time() // STEP * STEP


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, end: float
) -> Iterator[tuple[RunningStack, Path]]:
    """A Prometheus on an hour of history, and the live run that goes on from it."""
    folder = tmp_path_factory.mktemp("stack")
    blocks = folder / "prometheus-data"
    write_history([TimedRun(load_scenario("calm"), end - HOUR, end, STEP, "simulator")], blocks)
    with (
        Stack(
            scrape_interval_seconds=1.0,
            working_dir=folder,
            with_alertmanager=False,
            with_grafana=False,
        ) as running,
        simulator_run(
            folder / "live",
            *("--push-interval", "1s", "--pushgateway", running.pushgateway_url),
            SIMULATOR_HISTORY=str(blocks),
        ),
    ):
        yield running, blocks


@pytest.fixture(scope="module")
def prometheus(stack: tuple[RunningStack, Path]) -> Iterator[Prometheus]:
    """Once it has scraped some live ticks."""
    with Prometheus(stack[0].prometheus_url) as client:
        wait_until(
            lambda: [
                s for s in client.query("simulator_ticks_total", at=time.time()) if s.values >= 5
            ],
            "some live ticks",
        )
        yield client


def test_live_series_are_those_of_the_history(prometheus: Prometheus, end: float) -> None:
    past = prometheus.series(PLATFORM, start=end - 60, end=end)
    live = prometheus.series(PLATFORM, start=time.time() - 2, end=time.time())
    as_sets = [{frozenset(labels.items()) for labels in found} for found in (past, live)]
    assert len(as_sets[0]) > 700
    assert as_sets[0] == as_sets[1]


def test_no_counter_falls_where_the_live_run_begins(prometheus: Prometheus, end: float) -> None:
    found = prometheus.query_range(RISING, start=end - 60, end=time.time(), step_seconds=1)
    assert len(found) > 500
    assert [s.labels for s in found if (np.diff(s.values) < 0).any()] == []
    assert min(s.times[-1] - s.times[0] for s in found) > 60


def test_counters_go_on_from_what_the_history_counted(prometheus: Prometheus, end: float) -> None:
    before = {s.labels["__name__"]: s.values[0] for s in prometheus.query(COUNTERS, at=end)}
    after = {s.labels["__name__"]: s.values[0] for s in prometheus.query(COUNTERS, at=time.time())}
    assert before.keys() == after.keys()
    # a few seconds of forty requests each, on top of an hour of them
    assert 1.0 < after["scoring_requests_total"] / before["scoring_requests_total"] < 1.1


def test_the_increase_over_the_join_is_that_of_both_sides(
    prometheus: Prometheus, end: float
) -> None:
    live = int(time.time() - end)
    since = 607  # seconds before the end: between two ticks, so that both begin with the same one
    (whole,) = prometheus.query(
        f"sum(increase(scoring_requests_total[{since + live}s]))", at=end + live
    )
    (past,) = prometheus.query(f"sum(increase(scoring_requests_total[{since}s]))", at=end)
    assert past.values[0] < whole.values[0] < 1.3 * past.values[0]
