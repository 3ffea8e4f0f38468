from __future__ import annotations

import logging
import re
import time

import pytest

from simulator.errors import PushgatewayError
from simulator.pushing.claim import InstanceInUseError
from simulator.pushing.gateway import Pushgateway, PushgatewayDeniedError
from simulator.pushing.mark import Mark
from simulator.pushing.pusher import Pusher
from tests.support.gateway_double import Answer, GatewayDouble

MARK = Mark(started=1764.5, interval_seconds=3600.0)
BOUND = 5.0  # seconds; only a failing test waits that long


def snapshots_of(double: GatewayDouble) -> list[bytes]:
    """The bodies of all PUTs after the first, which claims the instance."""
    return [seen.body for seen in double.seen if seen.method == "PUT"][1:]


def test_a_snapshot_is_pushed_as_one_group_per_job(double: GatewayDouble, pusher: Pusher) -> None:
    pusher.submit({"minio": b"m 1\n", "compliance": b"c 1\n"})

    assert pusher.flush(BOUND)
    assert double.body_of("minio", "a") == b"m 1\n"
    assert double.body_of("compliance", "a") == b"c 1\n"


def test_one_push_is_one_whole_snapshot(pusher: Pusher) -> None:
    for number in range(3):
        pusher.submit({"minio": b"m %d\n" % number, "compliance": b"c 1\n"})
        pusher.flush(BOUND)

    assert (pusher.pushes, pusher.failures) == (3, 0)


def test_a_snapshot_is_pushed_once(double: GatewayDouble, pusher: Pusher) -> None:
    pusher.submit({"minio": b"m 1\n"})
    pusher.flush(BOUND)
    pusher.flush(BOUND)

    assert double.put_jobs()[1:] == ["minio"]  # the first is the claim


def test_nothing_to_push_is_flushed_at_once(pusher: Pusher) -> None:
    assert pusher.flush(BOUND)
    assert pusher.pushes == 0


def test_while_the_gateway_is_slow_only_the_newest_snapshot_is_kept(
    double: GatewayDouble, pusher: Pusher
) -> None:
    double.hang()
    pusher.submit({"minio": b"m 1\n"})
    double.wait_until_hung()
    for number in (2, 3, 4):  # returns although the gateway does not answer
        pusher.submit({"minio": b"m %d\n" % number})
    double.release()

    assert pusher.flush(BOUND)
    assert snapshots_of(double) == [b"m 1\n", b"m 4\n"]


def test_a_snapshot_changed_after_submit_is_pushed_as_submitted(
    double: GatewayDouble, pusher: Pusher
) -> None:
    double.hang()
    snapshot = {"minio": b"m 1\n"}
    pusher.submit({})
    pusher.submit(snapshot)
    snapshot["minio"] = b"m 2\n"
    double.release()
    pusher.flush(BOUND)

    assert double.body_of("minio", "a") == b"m 1\n"


def test_flush_gives_up_in_time(double: GatewayDouble, pusher: Pusher) -> None:
    double.hang()
    pusher.submit({"minio": b"m 1\n"})

    assert not pusher.flush(0.02)


def test_the_content_type_is_the_text_format_that_the_gateway_reads(
    double: GatewayDouble, pusher: Pusher
) -> None:
    pusher.submit({"minio": b"m 1\n"})
    pusher.flush(BOUND)

    assert double.seen[-1].headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_a_refused_group_does_not_stop_the_others(double: GatewayDouble, pusher: Pusher) -> None:
    double.answers["minio"] = Answer(400, "no")
    pusher.submit({"minio": b"m 1\n", "compliance": b"c 1\n"})

    assert not pusher.flush(BOUND)
    assert double.body_of("compliance", "a") == b"c 1\n"
    assert (pusher.pushes, pusher.failures) == (0, 1)


def test_a_refused_snapshot_is_not_tried_again_and_the_next_one_is(
    double: GatewayDouble, pusher: Pusher
) -> None:
    double.answers["minio"] = Answer(400, "no")
    pusher.submit({"minio": b"m 1\n"})
    pusher.flush(BOUND)
    pusher.flush(BOUND)
    double.answers.clear()
    pusher.submit({"minio": b"m 2\n"})

    assert pusher.flush(BOUND)
    assert snapshots_of(double) == [b"m 1\n", b"m 2\n"]


def test_each_distinct_refusal_is_shown_once_in_the_gateways_words(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    texts = [
        "* x 1.5e+09 bad * y",
        "* y * x 1.7e+09 bad",
        "must not have timestamps",
        "* x 2 bad * y",
    ]
    for text in texts:
        double.answers["minio"] = Answer(400, text)
        pusher.submit({"minio": b"m 1\n"})
        pusher.flush(BOUND)

    shown = [record.getMessage() for record in caplog.records]
    assert [text.rpartition(": ")[2] for text in shown] == [texts[0], texts[2]]
    assert all("/metrics/job/minio/instance/a" in text for text in shown)
    assert pusher.failures == 4


def test_ever_new_refusals_do_not_fill_the_log(
    double: GatewayDouble, pusher: Pusher, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(30):
        double.answers["minio"] = Answer(400, "x" * (number + 1))
        pusher.submit({"minio": b"m 1\n"})
        pusher.flush(BOUND)

    assert len(caplog.records) == 20
    assert pusher.failures == 30


def test_start_deletes_what_a_killed_run_of_this_instance_left(
    double: GatewayDouble, unstarted: Pusher
) -> None:
    double.put_group("minio", "a")
    double.put_group("minio", "b")

    unstarted.start().result(BOUND)

    assert double.body_of("minio", "a") is None
    assert double.body_of("minio", "b") is not None


def test_start_fails_for_what_does_not_heal_and_can_be_closed(
    double: GatewayDouble, unstarted: Pusher
) -> None:
    double.answer = Answer(401, "Unauthorized")

    with pytest.raises(PushgatewayDeniedError):
        unstarted.start().result(BOUND)
    unstarted.close(delete_groups=True)

    assert len(double.seen) == 1


def test_a_good_run_logs_no_warning(pusher: Pusher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="simulator")
    pusher.submit({"minio": b"m 1\n"})
    pusher.flush(BOUND)

    pusher.close(delete_groups=True)

    assert caplog.messages == []


def test_a_start_as_an_instance_that_another_run_pushes_as_is_refused(
    double: GatewayDouble, gateway: Pushgateway, pusher: Pusher
) -> None:
    del pusher  # which has begun
    other = Pusher(
        gateway,
        instance="a",
        mark=Mark(started=9.0, interval_seconds=5.0),
        clock=time.monotonic,
    )

    with pytest.raises(InstanceInUseError, match=r"instance 'a' .*--instance .*--take-over"):
        other.start().result(BOUND)
    other.close(delete_groups=True)

    assert b"1764.5" in (double.body_of("simulator", "a") or b"")


def test_a_run_that_was_replaced_says_so_and_leaves_the_groups_alone(
    double: GatewayDouble, pusher: Pusher
) -> None:
    other = Mark(started=9.0, interval_seconds=5.0)
    double.put_group("simulator", "a", other.text)
    double.put_group("minio", "a", b"m 7\n")
    pusher.submit({"minio": b"m 1\n", "simulator": b"s 1\n"})

    assert not pusher.flush(BOUND)
    assert "another run has begun to push as instance 'a'" in str(pusher.lost.result(BOUND))
    pusher.close(delete_groups=True)
    assert double.body_of("minio", "a") == b"m 7\n"
    assert double.body_of("simulator", "a") == other.text


def test_kept_groups_say_that_no_push_follows_and_the_next_run_does_not_wait(
    double: GatewayDouble, gateway: Pushgateway, pusher: Pusher
) -> None:
    pusher.submit({"minio": b"m 1\n", "simulator": b"s 1\n"})
    pusher.flush(BOUND)
    pusher.close(delete_groups=False)
    following = Pusher(
        gateway, instance="a", mark=Mark(started=9.0, interval_seconds=1.0), clock=time.monotonic
    )

    following.start().result(BOUND)  # the mark's interval of an hour would be refused

    assert double.body_of("minio", "a") is None
    following.close(delete_groups=True)
    assert double.groups == {}


def test_a_gateway_that_takes_longer_than_an_interval_is_said_once_and_again_when_it_recovers(
    double: GatewayDouble, gateway: Pushgateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="simulator")
    mark = Mark(started=9.0, interval_seconds=0.05)
    pusher = Pusher(gateway, instance="a", mark=mark, clock=time.monotonic)
    pusher.start().result(BOUND)
    for seconds in (0.06, 0.06, 0.0, 0.0):
        double.put_seconds = seconds
        pusher.submit({"minio": b"m 1\n"})
        assert pusher.flush(BOUND)
    pusher.close(delete_groups=True)

    slow, well = caplog.messages
    assert re.search(r"is slow: values are 0\.[01] s old .* new ones come every 0\.05 s", slow)
    assert well.endswith("keeps up again")


def test_an_empty_instance_is_refused(gateway: Pushgateway) -> None:
    with pytest.raises(PushgatewayError, match="the instance is ''"):
        Pusher(gateway, instance="", mark=MARK, clock=time.monotonic)


def test_a_job_that_is_not_in_a_snapshot_loses_its_group_until_it_is(
    double: GatewayDouble, pusher: Pusher
) -> None:
    whole = {"minio": b"m 1\n", "compliance": b"c 1\n"}
    for snapshot in (whole, {"minio": b"m 2\n"}, {"minio": b"m 3\n"}):
        pusher.submit(snapshot)
        assert pusher.flush(BOUND)

    assert double.body_of("compliance", "a") is None
    assert [seen.path for seen in double.seen if seen.method == "DELETE"] == [
        "/metrics/job/compliance/instance/a"
    ]
    pusher.submit(whole)
    assert pusher.flush(BOUND)
    assert double.body_of("compliance", "a") == b"c 1\n"
    assert (pusher.pushes, pusher.failures) == (4, 0)


def test_a_group_that_cannot_be_deleted_is_tried_again(
    double: GatewayDouble, pusher: Pusher
) -> None:
    pusher.submit({"minio": b"m 1\n", "compliance": b"c 1\n"})
    assert pusher.flush(BOUND)
    double.answers["compliance"] = Answer(400, "no")
    pusher.submit({"minio": b"m 2\n"})
    assert not pusher.flush(BOUND)
    del double.answers["compliance"]
    pusher.submit({"minio": b"m 3\n"})

    assert pusher.flush(BOUND)
    assert double.body_of("compliance", "a") is None
