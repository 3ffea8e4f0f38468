from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.pushing.gateway import Pushgateway, PushgatewayRefusedError
from simulator.pushing.lateness import LatenessWatch
from simulator.pushing.refusals import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.gateway_double import GatewayDouble

COUNTED = b"# HELP n_total n\n# TYPE n_total counter\nn_total 1\n"
GAUGED = b"# HELP n_total n\n# TYPE n_total gauge\nn_total 1\n"
NO = PushgatewayRefusedError("it says no")


@pytest.fixture
def refusals(double: GatewayDouble) -> Iterator[Refusals]:
    with Pushgateway(double.url) as gateway:
        yield Refusals(gateway, "a")


def test_a_job_that_never_arrived_names_the_group_in_the_way_and_how_to_delete_it(
    double: GatewayDouble, refusals: Refusals
) -> None:
    double.put_group("rival", "b/1", GAUGED, zone="x")
    for _ in range(3):
        refusals.note_refused("scoring-api", COUNTED, NO)
        refusals.note_taken("minio")

    assert list(refusals.summary()) == [
        'scoring-api never arrived: refused by group {instance="b/1", job="rival", zone="x"}, in '
        "which n_total is a gauge and not a counter; delete that group: "
        f"curl -X DELETE {double.url}/metrics/job/rival/instance@base64/Yi8x/zone/x"
    ]


def test_a_group_in_the_way_is_said_once_in_whatever_words_the_gateway_refuses(
    double: GatewayDouble, refusals: Refusals, caplog: pytest.LogCaptureFixture
) -> None:
    double.put_group("rival", "b", GAUGED)
    for words in ("n_total is not a GAUGE", "of 4 problems n_total is one"):
        refusals.note_refused("scoring-api", COUNTED, PushgatewayRefusedError(words))

    (message,) = caplog.messages
    assert message.startswith('scoring-api is refused by group {instance="b", job="rival"}')


def test_the_path_that_is_said_is_the_group_s(double: GatewayDouble, refusals: Refusals) -> None:
    double.put_group("rival", "b", GAUGED)
    refusals.note_refused("scoring-api", COUNTED, NO)
    (line,) = refusals.summary()
    path = line.rpartition(double.url)[2]
    with Pushgateway(double.url) as gateway:
        gateway._answer("DELETE", path)  # white box: as curl would

    assert double.groups == {}


def test_a_job_that_arrives_at_times_says_how_often_it_did_not(refusals: Refusals) -> None:
    refusals.note_taken("minio")
    refusals.note_refused("minio", COUNTED, NO)

    assert list(refusals.summary()) == ["minio did not arrive 1 times of 2: refused: it says no"]


def test_a_run_of_which_all_was_taken_has_nothing_to_say(refusals: Refusals) -> None:
    refusals.note_taken("minio")

    assert list(refusals.summary()) == []
    assert not refusals.are_there


def test_labels_of_others_cannot_steer_the_terminal(
    double: GatewayDouble, refusals: Refusals
) -> None:
    double.put_group("rival", "\x1b[2J", GAUGED)
    refusals.note_refused("scoring-api", COUNTED, NO)

    assert all(line.isprintable() for line in refusals.summary())


def test_a_gateway_that_wavers_about_the_interval_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = LatenessWatch("it", interval_seconds=5.0)
    for seconds in (4.9, 5.1, 4.9, 5.1, 3.0, 18.0):
        watch.note_taken(seconds)

    assert [message.partition(";")[0] for message in caplog.messages] == [
        "it is slow: values are 5.1 s old when it has taken them, and new ones come every 5 s"
    ]
