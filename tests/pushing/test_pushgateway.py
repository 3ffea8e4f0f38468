from __future__ import annotations

import itertools

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import PushgatewayError
from simulator.pushing.gateway import (
    Pushgateway,
    PushgatewayDeniedError,
    PushgatewayRefusedError,
    PushgatewayUnreachableError,
)
from simulator.pushing.grouping_key import group_path
from tests.support.gateway_double import Answer, GatewayDouble, labels_of_path

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def test_put_sends_the_body_and_its_content_type_to_the_group(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    gateway.put("minio", "a", b"m 1\n", TEXT)

    (seen,) = double.seen
    assert (seen.method, seen.path) == ("PUT", "/metrics/job/minio/instance/a")
    assert (seen.body, seen.headers["Content-Type"]) == (b"m 1\n", TEXT)


def test_delete_deletes_the_group_and_no_other(double: GatewayDouble, gateway: Pushgateway) -> None:
    for job, instance in itertools.product(("minio", "compliance"), ("a", "b")):
        double.put_group(job, instance)

    gateway.delete("minio", "a")

    assert sorted(double.groups) == [
        (("instance", "a"), ("job", "compliance")),
        (("instance", "b"), ("job", "compliance")),
        (("instance", "b"), ("job", "minio")),
    ]


def test_deleting_a_group_that_is_not_there_is_no_error(gateway: Pushgateway) -> None:
    gateway.delete("minio", "nowhere")


def test_groups_are_the_grouping_labels_of_everyone(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.put_group("minio", "a")
    double.put_group("backup", "b", shard="1")

    assert [group.labels for group in gateway.groups()] == [
        {"job": "minio", "instance": "a"},
        {"job": "backup", "instance": "b", "shard": "1"},
    ]


def test_deleting_an_instance_takes_its_groups_only_and_counts_them(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    for job, instance in [("minio", "a"), ("kafka-exporter", "a"), ("minio", "ab"), ("minio", "")]:
        double.put_group(job, instance)

    assert gateway.delete_groups_of("a") == 2
    assert [dict(labels)["instance"] for labels in double.groups] == ["ab", ""]


def test_deleting_an_instance_spares_groups_with_further_labels(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.put_group("minio", "a", shard="1")

    assert gateway.delete_groups_of("a") == 0
    assert len(double.groups) == 1


def test_all_requests_share_one_connection(double: GatewayDouble, gateway: Pushgateway) -> None:
    for number in range(5):
        gateway.put("minio", "a", b"m %d\n" % number, TEXT)
    gateway.delete_groups_of("a")

    assert len(double.seen) == 7
    assert double.n_connections == 1


def test_an_instance_of_any_text_names_the_group_it_should(gateway: Pushgateway) -> None:
    names = ["a/b", "a b", "étage 1", "..", ".", "", "a%2Fb", "a?b#c", "a+b", "a@base64", "=", "~"]
    for name in names:
        gateway.put("minio", name, b"", TEXT)

    assert [group.labels["instance"] for group in gateway.groups()] == names


@given(st.text(), st.text())
def test_a_group_path_says_its_labels_and_no_client_rewrites_it(job: str, instance: str) -> None:
    path = group_path(job, instance)

    assert labels_of_path(path) == {"job": job, "instance": instance}
    assert requests.Request("PUT", f"http://127.0.0.1{path}").prepare().path_url == path


def test_a_name_that_utf_8_cannot_hold_is_refused_by_name() -> None:
    with pytest.raises(PushgatewayError, match=r"instance 'a\\udcff' is not valid Unicode"):
        group_path("minio", "a\udcff")


def test_a_refusal_carries_the_gateways_own_text(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.answer = Answer(400, "pushed metrics must not have timestamps\n")

    with pytest.raises(PushgatewayRefusedError) as refused:
        gateway.put("minio", "a", b"m 1 1000\n", TEXT)

    assert str(refused.value) == (
        f"Pushgateway {double.url} answered 400 to PUT /metrics/job/minio/instance/a: "
        "pushed metrics must not have timestamps"
    )


def test_of_a_long_refusal_only_the_start_is_shown(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.answer = Answer(400, "x" * 5_000_000)

    with pytest.raises(PushgatewayRefusedError) as refused:
        gateway.put("minio", "a", b"", TEXT)

    assert 500 < len(str(refused.value)) < 700


def test_of_a_long_refusal_only_the_start_is_read(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.answer = Answer(400, "x" * 4_000, claimed_length=10**12)

    with pytest.raises(PushgatewayRefusedError, match="xxx"):
        gateway.put("minio", "a", b"", TEXT)


def test_a_refusal_cannot_steer_the_terminal(double: GatewayDouble, gateway: Pushgateway) -> None:
    double.answer = Answer(400, "bad\r\n\x1b[2Jmetric")

    with pytest.raises(PushgatewayRefusedError, match=r": bad �\[2Jmetric$"):
        gateway.put("minio", "a", b"", TEXT)


def test_after_a_refusal_the_next_put_works(double: GatewayDouble, gateway: Pushgateway) -> None:
    double.answer = Answer(400, "no")
    with pytest.raises(PushgatewayRefusedError):
        gateway.put("minio", "a", b"", TEXT)
    double.answer = None

    gateway.put("minio", "a", b"m 1\n", TEXT)

    assert double.body_of("minio", "a") == b"m 1\n"


@pytest.mark.parametrize("status", [401, 403])
def test_a_denial_names_the_variables_to_set(
    double: GatewayDouble, gateway: Pushgateway, status: int
) -> None:
    double.answer = Answer(status, "no entry")

    with pytest.raises(PushgatewayDeniedError, match="SIMULATOR_PUSHGATEWAY_USERNAME and") as no:
        gateway.put("minio", "a", b"", TEXT)

    assert f"answered {status}" in str(no.value)
    assert "no entry" in str(no.value)


def test_a_redirect_is_reported_and_not_followed(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.answer = Answer(302, location="https://ada:secret@push.example/")

    with pytest.raises(
        PushgatewayRefusedError, match=r"it is at 'https://\*\*\*@push.example/'; give that address"
    ):
        gateway.put("minio", "a", b"", TEXT)

    assert len(double.seen) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_later_is_kept_apart_from_a_refusal(
    double: GatewayDouble, gateway: Pushgateway, status: int
) -> None:
    double.answer = Answer(status, "later")

    with pytest.raises(PushgatewayUnreachableError, match=f"answered {status} .*: later"):
        gateway.put("minio", "a", b"", TEXT)


def test_a_gateway_that_hangs_is_unreachable_after_the_timeout(double: GatewayDouble) -> None:
    double.hang()
    with (
        Pushgateway(double.url, timeout_seconds=0.05) as gateway,
        pytest.raises(PushgatewayUnreachableError, match=r"does not answer within 0\.05 s"),
    ):
        gateway.put("minio", "a", b"", TEXT)


def test_a_refused_connection_is_unreachable_and_says_why(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    double.stop()

    with pytest.raises(PushgatewayUnreachableError) as unreachable:
        gateway.put("minio", "a", b"", TEXT)

    assert str(unreachable.value) == (
        f"Pushgateway {double.url} cannot be reached: Connection refused"
    )


def test_a_restarted_gateway_is_reached_at_the_first_try(
    double: GatewayDouble, gateway: Pushgateway
) -> None:
    gateway.put("minio", "a", b"m 1\n", TEXT)
    double.stop()
    double.start()

    gateway.put("minio", "a", b"m 2\n", TEXT)

    assert double.body_of("minio", "a") == b"m 2\n"


@pytest.mark.parametrize("text", ["<html>", "[]", '{"data": [{}]}', '{"data": [{"labels": 1}]}'])
def test_groups_of_something_else_are_an_error(
    double: GatewayDouble, gateway: Pushgateway, text: str
) -> None:
    double.answer = Answer(200, text)

    with pytest.raises(PushgatewayRefusedError, match="does not answer as a Pushgateway"):
        gateway.groups()


def test_a_proxy_of_the_environment_is_not_used(
    double: GatewayDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Pushgateway(double.url) as gateway:
        assert gateway.groups() == []


def test_a_path_before_the_gateways_own_is_kept(double: GatewayDouble) -> None:
    double.answer = Answer(200)
    with Pushgateway(f"{double.url}/push/") as gateway:
        gateway.put("minio", "a", b"", TEXT)

    assert double.seen[0].path == "/push/metrics/job/minio/instance/a"
