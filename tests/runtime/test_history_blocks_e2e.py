"""Histories as blocks: what a Prometheus answers from them, and what ends of all kinds leave."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.windows import Run
from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from tests.support.processes import children, command_line, is_alive, wait_for_the_end
from tests.support.simulator_process import COMMAND, environment
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psutil

pytestmark = pytest.mark.e2e

CALM = load_scenario("calm")
START, HOUR, STEP = 1_794_182_400.0, 3600.0, 15.0  # on a boundary of blocks


@pytest.fixture(scope="module", autouse=True)
def programs(find_program: object) -> None:
    for name in ("promtool", "prometheus"):  # which is asked what there is in blocks
        find_program(name)  # type: ignore[operator]  # skips where it is absent


@contextmanager
def prometheus_on(folder: Path) -> Iterator[Prometheus]:
    with served_blocks(folder, scrape_interval_seconds=STEP) as url, Prometheus(url) as client:
        yield client


@pytest.fixture(scope="module")
def runs() -> tuple[TimedRun, TimedRun]:
    """Two scenarios after one another, meeting in the middle of a block's time."""
    tour = load_scenario("tour").compressed(12.0)
    return (
        TimedRun(CALM, START + HOUR, START + 4 * HOUR, STEP, "lab"),
        TimedRun(tour, START + 5 * HOUR, START + 7 * HOUR, STEP, "lab"),
    )


@pytest.fixture(scope="module")
def prometheus(
    tmp_path_factory: pytest.TempPathFactory, runs: tuple[TimedRun, TimedRun]
) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("blocks")
    write_history(runs, folder)
    with prometheus_on(folder) as client:
        yield client


@pytest.mark.parametrize("which", [0, 1])
def test_boundaries_lose_and_double_no_tick(
    prometheus: Prometheus, runs: tuple[TimedRun, TimedRun], which: int
) -> None:
    run = runs[which]
    window = f"{run.end - run.start:.0f}s"
    found = prometheus.query(f"count_over_time(kafka_brokers[{window}])", at=run.end)
    assert [s.values[0] for s in found] == [(run.end - run.start) / STEP]


def test_ticks_are_where_they_ended(
    prometheus: Prometheus, runs: tuple[TimedRun, TimedRun]
) -> None:
    def at(moment: float) -> list[float]:
        return [s.values[0] for s in prometheus.query("timestamp(kafka_brokers)", at=moment)]

    boundary = START + 2 * HOUR
    assert at(runs[0].start) == []
    assert at(runs[0].start + STEP) == [runs[0].start + STEP]
    assert [at(boundary - 0.001), at(boundary)] == [[boundary - STEP], [boundary]]


def test_a_series_is_seen_at_the_ticks_that_have_it_and_at_no_other(
    prometheus: Prometheus, runs: tuple[TimedRun, TimedRun]
) -> None:
    """Nothing that has ended is shown for five minutes more."""
    name, run = "ml_model_accuracy", runs[1]
    expected: dict[str, list[float]] = {}
    for window in Run(run).windows():
        (family,) = (one for one in window.families if one.name == name)
        for series in family.series:
            is_there = ~np.isnan(series.columns[0].values)
            version = dict(series.labels)["version"]
            expected.setdefault(version, []).extend(window.times[is_there].tolist())
    found = prometheus.query_range(name, start=run.start, end=run.end, step_seconds=STEP)
    assert {s.labels["version"]: s.times.tolist() for s in found} == expected
    assert min(times[-1] for times in expected.values()) < run.end - 300.0


def test_counters_do_not_fall_at_boundaries(
    prometheus: Prometheus, runs: tuple[TimedRun, TimedRun]
) -> None:
    window = f"{3 * HOUR:.0f}s"
    counted = '{__name__=~"scoring_.*_total|.*_bucket|.*_count"}'
    assert prometheus.query(f"resets({counted}[{window}]) > 0", at=runs[0].end) == ()


def test_quantiles_are_computed_over_a_boundary(prometheus: Prometheus) -> None:
    p95 = "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[10m])))"
    (found,) = prometheus.query(p95, at=START + 2 * HOUR + 300.0)
    assert 0.01 < found.values[0] < 0.3


def test_episodes_are_on_as_the_truth_says(
    prometheus: Prometheus, runs: tuple[TimedRun, TimedRun]
) -> None:
    run = runs[1]
    window = f"{run.end - run.start:.0f}s"
    found = prometheus.query(f"sum_over_time(simulator_episode_active[{window}])", at=run.end)
    seen = {s.labels["episode"]: s.values[0] * STEP for s in found}
    for episode in run.episodes:
        assert seen[episode.name] == pytest.approx(episode.end - episode.start, abs=STEP)


@contextmanager
def backfill(output: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "backfill", "calm", "--end", f"{START + 96 * HOUR:.0f}", *arguments]
    with subprocess.Popen(
        [*command, "--output", str(output)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def entries(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


@contextmanager
def half_way(output: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """A backfill with some blocks made, and all that it has started."""
    with backfill(output, "--duration", "60d", "--step", "15s") as process:
        wait_until(lambda: len(list(output.glob(".backfill-*/ready/*/meta.json"))) > 2, "blocks")
        yield process, children(process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with half_way(tmp_path) as (process, started):
        began = time.monotonic()
        process.send_signal(number)
        _, said = process.communicate(timeout=30.0)
        seconds = time.monotonic() - began
    assert (process.returncode, said.splitlines()[-1]) == (
        130,
        "stopped; nothing of it was written",
    )
    assert seconds < 15.0
    wait_for_the_end(started)
    assert entries(tmp_path) == {".backfill.lock"}


def test_killed_half_way_it_leaves_no_block_and_the_next_run_works(tmp_path: Path) -> None:
    with half_way(tmp_path) as (process, started):
        process.kill()
        process.wait(10.0)
    wait_for_the_end(started)

    with prometheus_on(tmp_path) as client:
        assert client.query("count(kafka_brokers)", at=START + 90 * HOUR) == ()
        assert client.series('{__name__=~".+"}', start=START, end=START + 96 * HOUR) == ()

    with backfill(tmp_path, "--duration", "3h") as again:
        assert again.wait(60.0) == 0
    assert [name for name in entries(tmp_path) if name.startswith(".backfill-")] == []
    with prometheus_on(tmp_path) as client:
        (found,) = client.query("count_over_time(kafka_brokers[3h])", at=START + 96 * HOUR)
    assert found.values[0] == 3 * HOUR / STEP


def test_a_second_run_of_the_same_is_the_same_samples(tmp_path: Path) -> None:
    run = TimedRun(CALM, START + HOUR, START + 3 * HOUR, STEP, "lab")
    dumps = []
    for name in ("one", "other"):
        write_history([run], tmp_path / name)
        dumps.append(samples(tmp_path / name))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]) > 300_000


def samples(folder: Path) -> list[str]:
    """Every sample of the blocks, as promtool tells it; it wants a log of writes beside them."""
    from simulator.runtime.binaries import find  # noqa: PLC0415 - only where it is there

    (folder / "wal").mkdir()
    command = [str(find("promtool")), "tsdb", "dump", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return sorted(done.stdout.splitlines())


TWO_HOURS = ("--duration", "2h", "--end", f"{START:.0f}")  # one block, of 600 kB and more


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_what_the_file_system_refuses_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk, which needs root."""
    signal_ignored = "import signal,sys,runpy; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    command = [COMMAND[0], "-c", signal_ignored + "from simulator.cli import main; main()"]
    done = subprocess.run(
        [*command, "backfill", "calm", *TWO_HOURS, "--output", str(tmp_path)],
        env=environment(),
        preexec_fn=_small_files,
        capture_output=True,
        text=True,
        timeout=60.0,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    (last,) = [line for line in done.stderr.splitlines() if line.startswith("simulator: ")]
    assert "File too large" in last or "file too large" in last
    assert entries(tmp_path) == {".backfill.lock"}


def test_prometheus_is_stopped_with_the_block(tmp_path: Path) -> None:
    with prometheus_on(tmp_path):
        started = [one for one in children(os.getpid()) if str(tmp_path) in command_line(one)]
        assert started
    assert not any(map(is_alive, started))
