"""The end of a run: what is still pushed, what is deleted, and what is said to be undone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.support.gateway_double import Answer, GatewayDouble, labels_of_path

if TYPE_CHECKING:
    from simulator.pushing.pusher import Pusher

BOUND = 5.0  # seconds; only a failing test waits that long


def test_close_pushes_the_last_snapshot_and_then_deletes_this_instance_only(
    double: GatewayDouble, pusher: Pusher
) -> None:
    double.put_group("minio", "b")
    pusher.submit({"minio": b"m 1\n"})

    pusher.close(delete_groups=True)

    changes = [
        (seen.method, labels_of_path(seen.path)["job"])
        for seen in double.seen[2:]
        if seen.method != "GET"
    ]
    assert changes == [("PUT", "minio"), ("DELETE", "simulator"), ("DELETE", "minio")]
    assert [dict(labels)["instance"] for labels in double.groups] == ["b"]
    assert pusher.pushes == 1


def test_close_keeps_the_groups_unless_asked(double: GatewayDouble, pusher: Pusher) -> None:
    pusher.submit({"minio": b"m 1\n"})

    pusher.close(delete_groups=False)

    assert double.body_of("minio", "a") == b"m 1\n"


def test_closing_again_does_nothing(double: GatewayDouble, pusher: Pusher) -> None:
    pusher.submit({"minio": b"m 1\n"})
    pusher.close(delete_groups=False)

    pusher.close(delete_groups=True)

    assert double.body_of("minio", "a") == b"m 1\n"


def test_close_returns_in_time_from_a_gateway_that_hangs_and_says_what_is_undone(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    double.hang()
    pusher.submit({"minio": b"m 1\n"})
    double.wait_until_hung()
    began = time.monotonic()

    pusher.close(delete_groups=True, timeout_seconds=0.05)

    assert time.monotonic() - began < 2  # the gateway would hang for longer
    assert [record.getMessage() for record in caplog.records] == [
        (
            f"end of instance 'a' at Pushgateway({double.url!r}): the last values are not pushed "
            "and its groups are not deleted (no end within 0.05 s)"
        )
    ]


def test_what_close_gave_up_is_not_done_later(double: GatewayDouble, pusher: Pusher) -> None:
    double.hang()
    pusher.submit({"minio": b"m 1\n"})
    double.wait_until_hung()
    pusher.close(delete_groups=True, timeout_seconds=0.02)
    double.release()
    pusher._thread.join(BOUND)  # white box: nothing public tells that the thread has ended

    assert not pusher._thread.is_alive()
    assert "DELETE" not in [seen.method for seen in double.seen]


def test_a_deletion_that_the_gateway_refuses_is_said_at_the_end(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    double.answer = Answer(405, "admin API is off")

    pusher.close(delete_groups=True)

    assert caplog.messages == [
        (
            f"end of instance 'a' at Pushgateway({double.url!r}): its groups are not deleted "
            f"(Pushgateway {double.url} answered 405 to GET /api/v1/metrics: admin API is off)"
        )
    ]


def test_a_closed_pusher_takes_no_snapshot(pusher: Pusher) -> None:
    pusher.close(delete_groups=False)

    with pytest.raises(RuntimeError, match="closed"):
        pusher.submit({"minio": b"m 1\n"})


def test_closing_while_the_start_waits_for_an_answer_is_done_at_once(
    double: GatewayDouble, unstarted: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    double.hang()
    begun = unstarted.start()
    double.wait_until_hung()
    began = time.monotonic()

    unstarted.close(delete_groups=True)

    assert time.monotonic() - began < BOUND / 2  # the exchange itself may last longer
    assert caplog.messages == []  # nothing of this run is there
    begun.result(BOUND)  # the thread has ended its exchange
    assert [seen.method for seen in double.seen] == ["GET"]
