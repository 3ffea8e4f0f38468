"""Restarts, gaps and glitches of exporters: what is seen changes, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.scenario.kinds.counter_reset import GAUGES_ONLY
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.arrays import Running
from simulator.simulation.engine import Simulation
from tests.support.exported import default_families, export_of, exposed, samples_from_start
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import arrays_of, differing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

STEP: Final = 15.0
N_TICKS: Final = 60
#: Ticks at whose beginning jobs restart, of a crash loop every three minutes from minute two on.
LOOP: Final = (8, 20, 32)
#: A gauge to MinIO, which counts.
BUCKETS_AS_GAUGES: Final = "minio_s3_requests_ttfb_seconds_distribution"
CRASHES: Final = {"start": "2m", "duration": "9m", "every": "3m"}


def run(plan: Scenario, n_ticks: int = N_TICKS) -> Trace:
    return Simulation(plan, origin=MONDAY, step=STEP).advance(n_ticks)


def shown(name: str, trace: Trace) -> NDArray[np.float64]:
    """The samples of a family, shape (ticks, series)."""
    return exposed(samples_from_start(trace), name)


def restarting(*jobs: str, **changes: Any) -> Scenario:  # noqa: ANN401 - a file's own values
    return scenario(episode("counter-reset", jobs=list(jobs), **{**CRASHES, **changes}))


@pytest.fixture(scope="module")
def healthy() -> Trace:
    return run(scenario())


def test_jobs_are_those_of_the_metrics() -> None:
    counting = {f.job for f in default_families() if f.kind != "gauge"}

    assert set(JOBS) == {family.job for family in default_families()}
    assert set(JOBS) - GAUGES_ONLY == counting


@pytest.mark.parametrize("job", sorted(set(JOBS) - GAUGES_ONLY))
def test_counters_fall_where_their_job_restarts_and_nowhere_else(healthy: Trace, job: str) -> None:
    found, usual = (samples_from_start(one) for one in (run(restarting(job)), healthy))
    counting = [f for f in default_families() if f.kind != "gauge"]

    for family in counting:
        falls = np.flatnonzero((np.diff(exposed(found, family.name), axis=0) < 0).any(axis=1)) + 1
        assert set(falls.tolist()) <= (set(LOOP) if family.job == job else set()), family.name
    for family in (f for f in counting if f.job == job):
        whole, parts = exposed(usual, family.name), exposed(found, family.name)
        np.testing.assert_array_equal(parts[:8], whole[:8])
        for first, last in zip(LOOP, (*LOOP[1:], N_TICKS), strict=True):
            np.testing.assert_array_equal(parts[first:last], whole[first:last] - whole[first - 1])


@given(
    increments=st.lists(st.integers(0, 2**40), min_size=1, max_size=30),
    restarts=st.lists(st.booleans(), min_size=30, max_size=30),
    cut=st.integers(0, 30),
)
def test_totals_are_those_of_a_plain_loop(
    increments: list[int], restarts: list[bool], cut: int
) -> None:
    total, wanted = 0, []
    for increment, restart in zip(increments, restarts, strict=False):
        total = increment if restart else total + increment
        wanted.append(total)
    rows, flags = np.array(increments), np.array(restarts[: len(increments)])

    running = Running()
    parts = [
        running("x", rows[part], restarts=flags[part]) for part in (slice(cut), slice(cut, None))
    ]
    assert np.concatenate(parts).tolist() == wanted


def test_the_platform_goes_on_through_a_restart(healthy: Trace) -> None:
    trace = run(restarting(*JOBS))

    changed = differing(arrays_of(trace), arrays_of(healthy))
    assert {path.split(".")[0] for path in changed} == {"exposure", "causes"}
    assert {path for path in changed if path.startswith("causes.")} == {"causes.active"}


#: When processes began, and for how long they have been there.
OF_PROCESSES = {"minio_node_process_starttime_seconds", "minio_node_process_uptime_seconds"}


def test_gauges_go_on_through_a_restart(healthy: Trace) -> None:
    found, usual = (samples_from_start(one) for one in (run(restarting(*JOBS)), healthy))

    for family in (f for f in default_families() if f.kind == "gauge"):
        if family.name not in {BUCKETS_AS_GAUGES, *OF_PROCESSES}:
            np.testing.assert_array_equal(exposed(found, family.name), exposed(usual, family.name))


def test_laws_within_a_job_hold_from_one_restart_to_the_next() -> None:
    found = samples_from_start(run(restarting("scoring-api", "compliance")))
    received, failed, levels, decisions = (
        exposed(found, f"scoring_{name}_total")
        for name in ("requests", "errors", "risk_level", "decisions")
    )
    scored = received.sum(axis=1) - failed.sum(axis=1)

    for other in (levels, decisions):
        np.testing.assert_array_equal(other.sum(axis=1), scored)
    assert (received >= 0).all()


def test_afterwards_counters_grow_as_if_nothing_had_been(healthy: Trace) -> None:
    """And all else is bit by bit as without the episodes, but for when processes began."""
    span = {"start": "2m", "duration": "5m"}
    trace = run(
        scenario(
            episode("counter-reset", jobs=list(JOBS), **span, every="1m", down="20s"),
            episode("scrape-gap", jobs=list(JOBS), **span),
            episode("exporter-glitch", form="negative", apart_seconds=9, **span),
        )
    )
    end = 28  # seven minutes in ticks

    one, other = (
        {
            path: a[end:] if a.ndim and len(a) == N_TICKS else a
            for path, a in arrays_of(t).items()
            if path not in {"causes.active", "exposure.started"}
        }
        for t in (trace, healthy)
    )
    assert differing(one, other) == []
    found, usual = (samples_from_start(t) for t in (trace, healthy))
    for family in (f for f in default_families() if f.kind != "gauge"):
        after, wanted = (exposed(s, family.name)[end:] for s in (found, usual))
        np.testing.assert_array_equal(after - after[0], wanted - wanted[0])


def test_a_job_has_no_samples_while_it_is_down() -> None:
    """For 40 s from the beginning of a tick on: at the ends of two ticks of 15 s."""
    trace = run(restarting("minio", down="40s"))
    absent = np.isnan(shown("minio_s3_requests_total", trace)).all(axis=1)

    assert np.flatnonzero(absent).tolist() == [t + i for t in LOOP for i in (0, 1)]
    assert not np.isnan(shown("scoring_requests_total", trace)).any()


@pytest.mark.parametrize(("down", "n_absent"), [("15s", 0), ("16s", 1), ("30s", 1), ("31s", 2)])
def test_a_job_is_up_again_when_its_time_down_is_over(down: str, n_absent: int) -> None:
    trace = run(restarting("minio", every="4m", duration="4m", down=down))

    assert trace.exposure.answers.sum() == trace.exposure.answers.size - n_absent


def test_a_run_goes_on_from_one_that_ended_after_a_restart() -> None:
    plan = restarting("scoring-api")
    before = export_of(plan)
    last = exposed(before.samples(run(plan)), "scoring_requests_total")[-1]

    after = Export(default_mapping(), scenario(), before=before.left())
    trace = run(scenario(), 4)
    found, alone = (
        exposed(s, "scoring_requests_total")
        for s in (after.samples(trace), samples_from_start(trace))
    )
    np.testing.assert_array_equal(found, last + alone)


def test_a_gap_has_no_samples_of_its_jobs_and_counters_run_on(healthy: Trace) -> None:
    trace = run(scenario(episode("scrape-gap", jobs=["minio"], start="2m", duration="1m")))
    found, whole = (shown("minio_s3_requests_total", one) for one in (trace, healthy))

    assert np.isnan(found[8:12]).all()
    np.testing.assert_array_equal(
        np.delete(found, range(8, 12), 0), np.delete(whole, range(8, 12), 0)
    )
    assert not np.isnan(shown("kafka_brokers", trace)).any()


def test_scrapes_are_late_by_another_part_of_the_most_each_time() -> None:
    fields = {"jobs": ["minio"], "mode": "late", "late_seconds": 40.0, "duration": "6h"}
    trace = run(scenario(episode("scrape-gap", **fields)), 1440)
    seconds = trace.exposure.lateness("minio")

    assert scipy.stats.kstest(seconds / 40.0, "uniform").pvalue > 1e-4
    assert (trace.exposure.lateness("scoring-api") == 0.0).all()
    assert trace.exposure.answers.all()


def glitched(**fields: Any) -> Trace:  # noqa: ANN401 - a file's own values
    return run(scenario(episode("exporter-glitch", start="2m", duration="5m", **fields)))


def test_without_commits_found_offset_and_lag_are_minus_one(healthy: Trace) -> None:
    trace = glitched(form="no-commit", group="risk-monitoring", partitions=5)
    n = trace.topic.committed.shape[2]
    lag, offset, total, offsets = (
        shown(f"kafka_consumergroup_{name}", trace)[8:28]
        for name in ("lag", "current_offset", "lag_sum", "current_offset_sum")
    )

    assert (lag[:, n : n + 5] == -1).all()
    assert (offset[:, n : n + 5] == -1).all()
    np.testing.assert_array_equal(total[:, 1], lag[:, n + 5 :].sum(axis=1))
    np.testing.assert_array_equal(offsets[:, 1], offset[:, n:].sum(axis=1))
    np.testing.assert_array_equal(lag[:, :n], shown("kafka_consumergroup_lag", healthy)[8:28, :n])


def test_lag_is_below_zero_where_offsets_are_read_apart(healthy: Trace) -> None:
    trace = glitched(form="negative", apart_seconds=12)
    lag, committed, log_end = (
        shown(name, trace)
        for name in (
            "kafka_consumergroup_lag",
            "kafka_consumergroup_current_offset",
            "kafka_topic_partition_current_offset",
        )
    )

    assert (lag[8:28] < 0).mean() > 0.9
    assert (np.delete(lag, range(8, 28), 0) >= 0).all()
    n = log_end.shape[1]
    np.testing.assert_array_equal(lag, np.tile(log_end, 2) - committed)
    assert (np.diff(log_end, axis=0) >= 0).all()
    assert n == healthy.topic.log_end.shape[1]


def test_a_group_that_vanishes_has_no_series_and_others_have_theirs() -> None:
    trace = glitched(form="vanish", group="archiver")

    for name in ("lag", "lag_sum", "current_offset", "current_offset_sum", "members"):
        found = shown(f"kafka_consumergroup_{name}", trace)
        half = found.shape[1] // 2
        is_absent = np.isnan(found)
        assert is_absent[8:28, :half].all()
        assert not is_absent[:, half:].any()
        assert not np.delete(is_absent, range(8, 28), 0).any()


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "negative", "apart_seconds": 9},
        {"form": "vanish", "group": "archiver"},
        {"form": "no-commit", "group": "archiver", "partitions": 2},
    ],
)
def test_kafka_itself_does_not_notice_its_exporter(healthy: Trace, fields: dict[str, Any]) -> None:
    changed = differing(arrays_of(glitched(**fields)), arrays_of(healthy))

    assert {path.split(".")[0] for path in changed} == {"causes", "exposure"}
