"""The archive: a store that fills up, messages that are deleted before they are archived."""

from typing import Any

import numpy as np
import pytest

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import VIOLATION_TYPES
from simulator.simulation.engine import Simulation
from simulator.simulation.minio import APIS
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.totals import totals_of

STEP = 15.0
TEN_MINUTES = round(600.0 / STEP)
PUT = APIS.index("putobject")
GAP = VIOLATION_TYPES.index("audit_log_gap")
FULL = episode("capacity-filling", used_ratio=1.0, start="10m", duration="20m")
STOPPED = episode("consumer-slowdown", group="archiver", start="10m", duration="20m")
BYTES = 2048


def _run(plan: Scenario, n_ticks: int = 6 * TEN_MINUTES) -> Trace:
    return Simulation(plan, origin=MONDAY, step=STEP).advance(n_ticks)


def _archiver(trace: Trace) -> int:
    return [g.name for g in trace.scenario.platform.kafka.consumer_groups].index("archiver")


def _written(trace: Trace) -> Any:  # noqa: ANN401 - an array
    return trace.topic.consumed[:, _archiver(trace)]


@pytest.fixture(scope="module")
def full() -> Trace:
    return _run(scenario(FULL))


def test_nothing_is_written_while_the_store_is_full(full: Trace) -> None:
    during = slice(TEN_MINUTES, 3 * TEN_MINUTES)
    assert full.topic.refused[during].all()
    assert _written(full)[during].sum() == 0
    assert not np.delete(full.topic.refused, np.arange(200)[during]).any()


def test_a_full_store_answers_each_write_with_an_error_of_the_server(full: Trace) -> None:
    errors, requests = full.storage.errors[:, PUT], full.storage.requests[:, PUT]
    assert np.array_equal(errors > 0, full.topic.refused)
    assert np.array_equal(errors[full.topic.refused], requests[full.topic.refused])


def test_a_full_store_has_its_quorum_and_is_read_from(full: Trace) -> None:
    assert full.drives.can_write.all()
    assert np.delete(full.storage.errors, PUT, axis=1).sum() == 0


def test_the_archiver_falls_behind_a_full_store_and_catches_up(full: Trace) -> None:
    lag = full.topic.lag[:, _archiver(full)].sum(axis=1)
    produced = full.topic.produced[TEN_MINUTES : 3 * TEN_MINUTES].sum()
    assert lag[3 * TEN_MINUTES - 1] >= produced
    assert lag[4 * TEN_MINUTES] < 2000
    assert full.topic.lag[:, 1 - _archiver(full)].sum(axis=1).max() < 2000


def test_audit_records_are_lost_while_the_store_is_full(full: Trace) -> None:
    counts = full.violations.counts[:, GAP]
    assert counts[TEN_MINUTES : 3 * TEN_MINUTES].sum() > 5 * max(counts[:TEN_MINUTES].sum(), 1)


@pytest.mark.parametrize(("used_ratio", "is_refused"), [(0.985, False), (0.995, True)])
def test_writes_are_refused_with_less_than_one_percent_free(
    used_ratio: float, *, is_refused: bool
) -> None:
    trace = _run(scenario(episode("capacity-filling", used_ratio=used_ratio)), 20)
    assert set(trace.topic.refused) == {is_refused}


def test_a_store_without_its_archiver_refuses_nothing() -> None:
    trace = _run(scenario(FULL, episode("consumer-slowdown", group="archiver")))
    assert not trace.topic.refused.any()
    assert trace.storage.errors.sum() == 0


@pytest.fixture(scope="module")
def small() -> Trace:
    """A store with room for 20 000 messages above what is used, before the last 1 %."""
    usable = 20_000 * BYTES / (0.99 - 0.55)
    return _run(scenario(platform={"minio": {"drive_bytes": usable / 12.0}}), 3 * TEN_MINUTES)


def test_a_store_is_filled_by_what_is_written_to_it(small: Trace) -> None:
    written = np.cumsum(_written(small))
    assert 18_000 < written[-1] <= 20_000
    assert small.topic.refused[-1]
    assert (small.storage.used <= 0.99 * small.storage.usable_total).all()
    np.testing.assert_allclose(
        small.storage.usable_free, small.storage.usable_total * 0.45 - written * float(BYTES)
    )


@pytest.fixture(scope="module")
def deleted() -> Trace:
    """An archiver that is stopped for longer than the topic keeps what it has not read."""
    return _run(scenario(STOPPED, platform={"kafka": {"retention_messages": 2000}}))


def test_what_the_topic_deleted_is_never_archived(deleted: Trace) -> None:
    one = _archiver(deleted)
    read, lost = deleted.topic.consumed[:, one].sum(), deleted.topic.lost[:, one].sum()
    assert lost > 10_000
    left = deleted.topic.log_end[-1].sum() - read - lost
    assert 0 <= left < 2000
    assert deleted.topic.lost[:, 1 - one].sum() == 0


def test_an_archiver_reads_on_from_the_oldest_message_that_is_left(deleted: Trace) -> None:
    one = _archiver(deleted)
    committed, oldest = deleted.topic.committed[:, one], deleted.topic.oldest
    stopped = 3 * TEN_MINUTES - 1
    assert (committed[stopped] < oldest[stopped]).all()  # where an operator sees the loss coming
    assert (committed[stopped + 1 :] >= oldest[stopped + 1 :]).all()


def test_a_slow_group_of_which_messages_are_deleted_commits_from_the_oldest_on() -> None:
    slow = episode("consumer-slowdown", group="archiver", capacity_ratio=0.01)
    topic = _run(scenario(slow, platform={"kafka": {"retention_messages": 500}})).topic
    assert topic.lost.sum() > 0
    assert (topic.committed >= topic.oldest[:, np.newaxis]).all()
    assert topic.lag.max() <= 500


def test_each_decision_that_was_deleted_is_a_gap_in_the_audit_log(deleted: Trace) -> None:
    lost = deleted.topic.lost[:, _archiver(deleted)]
    counts = deleted.violations.counts[:, GAP]
    assert (counts >= lost).all()
    assert counts.sum() - lost.sum() < 20


def test_what_another_group_never_read_is_no_gap_in_the_audit_log() -> None:
    stopped = STOPPED | {"group": "risk-monitoring"}
    trace = _run(scenario(stopped, platform={"kafka": {"retention_messages": 2000}}))
    assert trace.topic.lost.sum() > 10_000
    assert trace.violations.counts[:, GAP].sum() < 20


@pytest.mark.parametrize("brokers", [2, 4, 5])
def test_decisions_that_kafka_does_not_take_leave_gaps_in_the_audit_log(brokers: int) -> None:
    plan = scenario(
        episode("broker-loss", brokers=brokers, start="10m", duration="40m"),
        traffic={"requests_per_second": 400.0},
        platform={"api": {"workers": 320}},
    )
    gaps, in_health = (
        int(_run(one).violations.counts[TEN_MINUTES : 5 * TEN_MINUTES, GAP].sum())
        for one in (plan, plan.muted("broker-loss"))
    )
    assert gaps > 5 * max(in_health, 1)


def test_there_are_never_more_gaps_than_decisions_to_miss() -> None:
    """Not even where Kafka takes nothing from the start on."""
    lost = episode("broker-loss", brokers=5, duration="40m")
    many = {"requests_per_second": 4000.0}
    trace = _run(scenario(lost, traffic=many, platform={"api": {"workers": 3200}}))
    totals = totals_of(trace)
    gaps, decided = totals.violations[:, GAP], totals.decisions.sum(axis=1)
    assert (gaps <= decided).all()
    nothing_yet = decided == 0
    assert nothing_yet.sum() > 2 * TEN_MINUTES
    assert gaps[-1] > 50  # found once decisions are recorded again


def test_errors_of_the_api_itself_leave_none() -> None:
    trace = _run(scenario(episode("errors", status=503, ratio=0.5)))
    healthy = _run(scenario())
    assert trace.violations.parents[:, GAP].sum() == trace.requests.applications[:, :, 0].sum()
    assert trace.violations.counts[:, GAP].sum() <= 5 + healthy.violations.counts[:, GAP].sum()
