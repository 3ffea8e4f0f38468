"""The live loop: when it ticks, what it publishes, and what it does when it is late."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from simulator.api.request_counter import RequestCounter
from simulator.cli.run import run
from simulator.runtime.live import LiveRun
from simulator.scenario.loading import load_scenario
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of
from tests.support.live_double import ORIGIN, LiveDouble

if TYPE_CHECKING:
    from simulator.metrics.snapshot import Snapshot

CALM = load_scenario("calm")
OVERLOAD = load_scenario("overload").compressed(120.0)


def value(snapshot: dict[str, bytes], job: str, name: str) -> float:
    """The sum of a metric over its series."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(snapshot[job].decode())
        for sample in family.samples
        if sample.name == name
    )


def test_a_tick_ends_when_its_step_is_over() -> None:
    live = LiveDouble(CALM, step=5.0)
    live.run(stop_at=17.0)

    assert live.seconds == [5.0, 10.0, 15.0, 17.0]


def test_the_partial_tick_at_the_end_is_published() -> None:
    live = LiveDouble(CALM, step=5.0)
    live.run(stop_at=1.0)

    assert live.seconds == [1.0]
    assert value(live.published[0], "simulator", "simulator_ticks_total") == 1.0


def test_lateness_does_not_add_up() -> None:
    live = LiveDouble(CALM, step=5.0, busy=dict.fromkeys(range(1, 9), 1.5))
    live.run(stop_at=44.0)

    assert live.seconds[:8] == [5.0 * (i + 1) + 1.5 for i in range(8)]
    assert value(live.published[-1], "simulator", "simulator_tick_overruns_total") == 0.0


def test_a_tick_that_took_too_long_is_made_up_for_and_counted() -> None:
    live = LiveDouble(CALM, step=5.0, busy={2: 12.0})
    live.run(stop_at=41.0)

    # the second ends at 22 instead of 10; those due at 15 and 20 follow at once, then all is well
    assert live.seconds == [5.0, 22.0, 22.0, 22.0, 25.0, 30.0, 35.0, 40.0, 41.0]
    overruns = [value(s, "simulator", "simulator_tick_overruns_total") for s in live.published]
    assert overruns == [0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]


def test_every_tick_publishes_how_late_the_loop_was_of_late() -> None:
    live = LiveDouble(CALM, step=5.0, busy={2: 3.0})
    live.run(stop_at=33.0)

    lags = [value(s, "simulator", "simulator_event_loop_lag_seconds") for s in live.published]
    assert [round(lag) for lag in lags] == [0, 3, 3, 3, 3, 0, 0]


def test_a_run_whose_ticks_overrun_says_that_it_is_the_limit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = LiveDouble(CALM, step=1.0, busy=dict.fromkeys(range(1, 100), 3.0))
    live.run(stop_at=10.0)

    assert "the simulator, and not the platform it simulates, is the limit" in caplog.messages[0]
    assert caplog.messages[-1].startswith("the simulator was the limit in ")


def test_ticks_in_which_it_was_the_limit_are_published() -> None:
    live = LiveDouble(CALM, step=5.0, busy={2: 3.0})
    live.run(stop_at=33.0)

    limited = [value(s, "simulator", "simulator_ticks_limited_total") for s in live.published]
    assert (limited[0], limited[-1]) == (0.0, 1.0)


def test_a_late_start_is_made_up_for() -> None:
    live = LiveDouble(CALM, step=5.0, late_start=11.0)
    live.run(stop_at=21.0)

    assert live.seconds == [11.0, 11.0, 15.0, 20.0, 21.0]


def test_a_run_that_is_always_late_still_stops() -> None:
    live = LiveDouble(CALM, step=1.0, busy=dict.fromkeys(range(1, 100), 3.0))
    live.run(stop_at=10.0)

    assert len(live.published) < 10


def test_a_stop_during_a_tick_is_heeded_after_it() -> None:
    live = LiveDouble(CALM, step=5.0, busy={2: 3.0})
    live.run(stop_at=12.0)

    assert live.seconds == [5.0, 13.0, 13.0]


def test_ticks_are_counted_one_by_one() -> None:
    live = LiveDouble(CALM, step=5.0)
    live.run(stop_at=26.0)

    ticks = [value(s, "simulator", "simulator_ticks_total") for s in live.published]
    assert ticks == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_a_snapshot_has_every_job() -> None:
    live = LiveDouble(CALM, step=5.0)
    live.run(stop_at=6.0)

    assert all(set(snapshot) == {*JOBS, "simulator"} for snapshot in live.published)
    assert len(JOBS) == 5


def test_pushes_are_reported_as_they_were_before_the_tick() -> None:
    live = LiveDouble(CALM, step=5.0)
    live.run(stop_at=11.0)

    pushes = [value(s, "simulator", "simulator_pushes_total") for s in live.published]
    failures = [value(s, "simulator", "simulator_push_failures_total") for s in live.published]
    assert (pushes, failures) == ([0.0, 1.0, 2.0], [2.0, 2.0, 2.0])


def test_requests_meet_the_conditions_of_the_tick_that_begins() -> None:
    live = LiveDouble(OVERLOAD, step=15.0)
    live.run(stop_at=1800.0)

    oracle = Simulation(OVERLOAD, origin=ORIGIN, step=15.0)
    expected = []
    for _ in live.met:
        oracle.advance()
        expected.append(oracle.conditions())
    assert live.met == expected


def test_an_episode_is_said_while_it_is_on() -> None:
    (episode,) = OVERLOAD.episodes
    live = LiveDouble(OVERLOAD, step=5.0)
    live.run(stop_at=episode.start + episode.duration + 11.0)

    active = [value(s, "simulator", "simulator_episode_active") for s in live.published]
    beginnings = [5.0 * i for i in range(len(active))]
    assert active == [
        float(episode.start <= t < episode.start + episode.duration) for t in beginnings
    ]
    assert 0 < sum(active) < len(active)


def tally_of(n: int) -> RequestCounter:
    counter = RequestCounter(1)
    counter.batch("branch", "internal", 3)
    for _ in range(n):
        counter.single("mobile", "success")
        counter.scored(
            true=(0.2, 0, 0.2, 80, 2500, 0, 0, 36, 1, 1, 45, 8000),
            given=(0.2, 0, 0.2, 80, 2500, 0, 0, 36, 1, 1, 45, 8000),
            score=752,
            version=0,
            prediction_seconds=0.02,
            bureau_failed=None,
        )
        counter.request("score", 200, 0.04)
    return counter


def test_tallies_take_the_place_of_sampled_requests() -> None:
    sizes = [0, 7, 100, 1]
    live = LiveDouble(CALM, step=5.0, tallies=[tally_of(n).take() for n in sizes])
    live.run(stop_at=16.0)

    received = [value(s, "scoring-api", "scoring_requests_total") for s in live.published]
    scored = [value(s, "scoring-api", "scoring_credit_score_count") for s in live.published]
    offsets = [
        value(s, "kafka-exporter", "kafka_topic_partition_current_offset") for s in live.published
    ]
    assert scored == np.cumsum(sizes).tolist() == offsets
    assert received == (np.cumsum(sizes) + 3 * np.arange(1, 5)).tolist()


class GoneSink:
    def opened(self, stop: asyncio.Event) -> contextlib.nullcontext[None]:
        del stop
        return contextlib.nullcontext()

    def write(self, snapshot: Snapshot) -> None:
        del snapshot
        raise RuntimeError("the sink is gone")


def test_a_failing_sink_ends_the_run() -> None:
    simulation = Simulation(CALM, origin=0.0, step=1.0)
    live = LiveRun(
        simulation,
        export_of(CALM),
        next_tally=lambda: None,
        meet=lambda _: None,
        sinks=[GoneSink()],
        clock=lambda: 2.0,  # the first tick is over
    )

    with pytest.raises(RuntimeError, match="the sink is gone"):
        asyncio.run(live.run(asyncio.Event()))


def test_what_a_run_starts_with_is_no_work_for_the_garbage_collector() -> None:
    gc.unfreeze()
    options = "--scenario calm --pushgateway none --port 0 --push-interval 100ms --duration 200ms"

    ended = CliRunner().invoke(run, options.split(), catch_exceptions=False)

    n_frozen = gc.get_freeze_count()
    gc.unfreeze()
    assert ended.exit_code == 0, ended.output
    assert n_frozen > 10_000
