from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from simulator.pushing.gateway import Pushgateway
from simulator.pushing.mark import Mark
from simulator.pushing.outage import Backoff
from simulator.pushing.pusher import Pusher
from tests.support.gateway_double import Answer, GatewayDouble
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = Mark(started=1764.5, interval_seconds=3600.0)
BOUND = 5.0  # seconds; only a failing test waits that long
QUICK = Backoff(first_seconds=0.001, cap_seconds=0.002)
NEVER = Backoff(first_seconds=600.0, cap_seconds=600.0)


class StepClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def gateway(double: GatewayDouble) -> Iterator[Pushgateway]:
    with Pushgateway(double.url, timeout_seconds=0.1) as opened:
        yield opened


@pytest.fixture
def pusher(gateway: Pushgateway, clock: StepClock) -> Iterator[Pusher]:
    made = Pusher(gateway, instance="a", mark=MARK, clock=clock, backoff=QUICK)
    yield made
    made.close(delete_groups=False)


@pytest.fixture
def patient(gateway: Pushgateway, clock: StepClock) -> Iterator[Pusher]:
    """A pusher that, after a failure, tries again only when hurried."""
    made = Pusher(gateway, instance="a", mark=MARK, clock=clock, backoff=NEVER)
    yield made
    made.close(delete_groups=False)


def has_failures(pusher: Pusher, n_failures: int) -> bool:
    return pusher.failures >= n_failures


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_an_outage_is_one_warning_one_notice_and_whole_counters_after(
    double: GatewayDouble, pusher: Pusher, clock: StepClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="simulator")
    pusher.start().result(BOUND)
    pusher.submit({"minio": b"n_total 1\n"})
    pusher.flush(BOUND)
    double.stop()
    for number in range(2, 8):
        pusher.submit({"minio": b"n_total %d\n" % number})
        pusher.flush(0.01)
    wait_until(lambda: pusher.failures >= 3, "3 failures")
    clock.seconds += 42.0
    double.start()

    assert pusher.flush(BOUND)
    assert double.body_of("minio", "a") == b"n_total 7\n"
    assert caplog.messages == [
        (
            f"Pushgateway {double.url} cannot be reached: Connection refused; "
            "the run goes on, and the newest values are retried"
        ),
        f"Pushgateway({double.url!r}) answers again after 42.0 s",
    ]


def test_each_failed_attempt_counts_and_the_push_after_counts_once(
    double: GatewayDouble, patient: Pusher
) -> None:
    patient.start().result(BOUND)
    double.answer = Answer(503)
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    double.answer = None
    patient.flush(BOUND)

    assert (patient.pushes, patient.failures) == (1, 1)


def test_two_outages_are_two_warnings(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    pusher.start().result(BOUND)
    for expected in (1, 2):
        double.answer = Answer(500)
        pusher.submit({"minio": b"m 1\n"})
        enough = pusher.failures + 2
        wait_until(partial(has_failures, pusher, enough), "enough failures")
        double.answer = None
        assert pusher.flush(BOUND)
        assert len(warnings_of(caplog)) == expected


def test_a_gateway_that_hangs_is_an_outage_too(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    pusher.start().result(BOUND)
    double.hang()
    pusher.submit({"minio": b"m 1\n"})
    wait_until(lambda: pusher.failures >= 2, "2 failures")
    double.release()

    assert pusher.flush(BOUND)
    (warning,) = warnings_of(caplog)
    assert "does not answer within 0.1 s" in warning


def test_after_a_failure_half_way_all_groups_are_pushed_again(
    double: GatewayDouble, patient: Pusher
) -> None:
    patient.start().result(BOUND)
    double.answers["kafka-exporter"] = Answer(502)
    patient.submit({"minio": b"m 1\n", "kafka-exporter": b"k 1\n", "compliance": b"c 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    double.answers.clear()
    assert patient.flush(BOUND)

    tried_first, tried_again = (
        ["minio", "kafka-exporter"],
        ["minio", "kafka-exporter", "compliance"],
    )
    assert double.put_jobs()[1:] == tried_first + tried_again


def test_during_an_outage_a_new_snapshot_waits_as_the_old_one_did(
    double: GatewayDouble, patient: Pusher
) -> None:
    patient.start().result(BOUND)
    double.answer = Answer(500)
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    for number in range(20):
        patient.submit({"minio": b"m %d\n" % number})
        time.sleep(0.001)

    assert patient.failures == 1


def test_flush_does_not_wait_for_the_backoff(double: GatewayDouble, patient: Pusher) -> None:
    patient.start().result(BOUND)
    double.answer = Answer(500)
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    double.answer = None

    assert patient.flush(BOUND)


def test_flush_during_an_outage_tries_once_and_gives_up_in_time(
    double: GatewayDouble, patient: Pusher
) -> None:
    patient.start().result(BOUND)
    double.answer = Answer(500)
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")

    assert not patient.flush(0.2)
    assert patient.failures == 2


def test_a_flush_ends_with_the_run(double: GatewayDouble, patient: Pusher) -> None:
    patient.start().result(BOUND)
    double.answer = Answer(500)
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    with ThreadPoolExecutor() as threads:
        flushed = threads.submit(patient.flush, 4 * BOUND)
        wait_until(lambda: patient.failures == 2, "the attempt that the flush hurries")
        patient.close(delete_groups=False)

        assert not flushed.result(BOUND)


def test_a_run_may_start_before_its_gateway_and_still_clears_what_was_left(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    double.stop()
    pusher.start().result(BOUND)
    pusher.submit({"minio": b"m 1\n"})
    wait_until(lambda: pusher.failures >= 2, "2 failures")
    double.start()
    double.put_group("compliance", "b")

    assert pusher.flush(BOUND)
    assert double.body_of("minio", "a") == b"m 1\n"
    assert double.body_of("compliance", "b") == b""
    assert len(warnings_of(caplog)) == 1


def test_what_was_left_is_deleted_before_the_first_push(
    double: GatewayDouble, patient: Pusher
) -> None:
    double.put_group("compliance", "a")
    double.answer = Answer(503)
    patient.start().result(BOUND)
    double.answer = None
    patient.submit({"minio": b"m 1\n"})

    assert patient.flush(BOUND)
    changes = [seen.method for seen in double.seen if seen.method != "GET"]
    assert changes == ["PUT", "DELETE", "PUT"]  # the claim, what was left, the snapshot
    assert double.body_of("compliance", "a") is None


def test_what_was_left_is_deleted_once(double: GatewayDouble, patient: Pusher) -> None:
    double.answer = Answer(503)
    patient.start().result(BOUND)
    double.answer = None
    for number in range(3):
        patient.submit({"minio": b"m %d\n" % number})
        assert patient.flush(BOUND)

    # Listed by start, in vain, and before the first push, which is the claim.
    methods = [seen.method for seen in double.seen]
    assert methods[:4] == ["GET", "GET", "PUT", "PUT"]
    assert "DELETE" not in methods


def test_what_was_left_and_cannot_be_deleted_does_not_stop_the_pushes(
    double: GatewayDouble, patient: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    double.put_group("compliance", "a")
    double.answer = Answer(503)
    patient.start().result(BOUND)
    double.answer = None
    double.answers["compliance"] = Answer(405, "deleting is off")
    patient.submit({"minio": b"m 1\n"})
    patient.flush(BOUND)

    assert double.body_of("minio", "a") == b"m 1\n"
    assert "deleting is off" in warnings_of(caplog)[-1]


def test_closing_while_the_gateway_is_down_is_quick_and_says_what_is_undone(
    double: GatewayDouble, patient: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    patient.start().result(BOUND)
    double.stop()
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    caplog.clear()
    began = time.monotonic()

    patient.close(delete_groups=True)

    assert time.monotonic() - began < 2  # the backoff alone is 600 s
    assert caplog.messages == [
        (
            f"end of instance 'a' at Pushgateway({double.url!r}): the last values are not pushed "
            f"and its groups are not deleted (Pushgateway {double.url} cannot be reached: "
            "Connection refused)"
        )
    ]


def test_an_outage_that_begins_with_the_last_push_is_one_warning(
    double: GatewayDouble, patient: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    patient.start().result(BOUND)
    double.hang()
    patient.submit({"minio": b"m 1\n"})
    double.wait_until_hung()

    patient.close(delete_groups=False)

    (warning,) = caplog.messages
    assert warning.startswith("end of instance 'a'")


def test_closing_after_the_gateway_came_back_pushes_the_last_values(
    double: GatewayDouble, patient: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    patient.start().result(BOUND)
    double.stop()
    patient.submit({"minio": b"m 1\n"})
    wait_until(lambda: patient.failures == 1, "a failure")
    double.start()

    patient.close(delete_groups=False)

    assert double.body_of("minio", "a") == b"m 1\n"
    assert len(warnings_of(caplog)) == 1


def test_no_log_of_an_outage_shows_the_credentials(
    double: GatewayDouble, clock: StepClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = double.url.removeprefix("http://")
    with Pushgateway(f"http://ada:hush@{address}") as gateway:
        pusher = Pusher(gateway, instance="a", mark=MARK, clock=clock, backoff=QUICK)
        pusher.start().result(BOUND)
        double.stop()
        pusher.submit({"minio": b"m 1\n"})
        wait_until(lambda: pusher.failures >= 2, "2 failures")
        pusher.close(delete_groups=True)

    assert "cannot be reached" in caplog.text
    assert "hush" not in caplog.text
    assert "ada:" not in caplog.text
