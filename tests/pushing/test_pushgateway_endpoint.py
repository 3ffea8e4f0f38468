from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import pytest

from simulator.errors import PushgatewayError
from simulator.http.endpoint import Endpoint, masked_url
from simulator.pushing.gateway import PUSHGATEWAY, Pushgateway, PushgatewayDeniedError
from tests.support.gateway_double import Answer, GatewayDouble

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s3cr/t@é:"  # noqa: S105 - made up, with the characters that URLs and headers dislike
HUSH = "hush"
ESCAPED = "s3cr%2Ft%40%C3%A9%3A"


def test_user_and_password_are_taken_out_of_the_url() -> None:
    endpoint = Endpoint.parse(f"https://ada:{ESCAPED}@push.example:9091/prefix/", of=PUSHGATEWAY)

    assert endpoint.url == "https://push.example:9091/prefix"
    assert (endpoint.username, endpoint.password) == ("ada", SECRET)


def test_the_environment_says_what_the_url_does_not() -> None:
    endpoint = Endpoint.from_environment(
        "http://127.0.0.1:9091",
        {
            "SIMULATOR_PUSHGATEWAY_USERNAME": "ada",
            "SIMULATOR_PUSHGATEWAY_PASSWORD": SECRET,
        },
        of=PUSHGATEWAY,
    )

    assert (endpoint.username, endpoint.password) == ("ada", SECRET)


def test_the_url_goes_before_the_environment() -> None:
    endpoint = Endpoint.from_environment(
        "http://ada:mine@127.0.0.1:9091",
        {"SIMULATOR_PUSHGATEWAY_USERNAME": "eve", "SIMULATOR_PUSHGATEWAY_PASSWORD": "hers"},
        of=PUSHGATEWAY,
    )

    assert (endpoint.username, endpoint.password) == ("ada", "mine")


def test_the_password_for_the_user_of_the_url_may_come_from_the_environment() -> None:
    endpoint = Endpoint.from_environment(
        "http://ada@127.0.0.1:9091",
        {"SIMULATOR_PUSHGATEWAY_PASSWORD": "mine"},
        of=PUSHGATEWAY,
    )

    assert (endpoint.username, endpoint.password) == ("ada", "mine")


def test_empty_variables_count_as_not_set() -> None:
    endpoint = Endpoint.from_environment(
        "http://127.0.0.1:9091",
        {
            "SIMULATOR_PUSHGATEWAY_USERNAME": "",
            "SIMULATOR_PUSHGATEWAY_PASSWORD": "",
            "SIMULATOR_PUSHGATEWAY_CA_FILE": "",
        },
        of=PUSHGATEWAY,
    )

    assert (endpoint.username, endpoint.password, endpoint.ca_file) == (None, None, None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:9091",
        "localhost:9091",
        "//127.0.0.1:9091",
        "ftp://127.0.0.1:9091",
        "http://",
        "http://:9091",
        "http://host name:9091",
        "http://host:port",
        "http://host:0",
        "http://host:70000",
        "http://[::1:9091",
        "http://127.0.0.1:9091/?a=b",
        "http://127.0.0.1:9091/#a",
    ],
)
def test_a_url_that_is_no_address_is_refused_with_its_value(url: str) -> None:
    with pytest.raises(PushgatewayError, match="expected http://HOST:PORT") as refused:
        Endpoint.parse(url, of=PUSHGATEWAY)

    assert repr(masked_url(url)) in str(refused.value)


@pytest.mark.parametrize("url", ["http://[::1]:9091", "https://push.example", "http://a:1/b/c"])
def test_a_url_that_is_an_address_stays_as_it_is(url: str) -> None:
    assert Endpoint.parse(url, of=PUSHGATEWAY).url == url


@pytest.mark.parametrize(
    ("username", "password", "problem"),
    [
        ("ada", None, "a user name without a password"),
        (None, "mine", "a password without a user"),
        ("a:b", "mine", "holds a colon"),
    ],
)
def test_credentials_that_cannot_work_are_refused(
    username: str | None, password: str | None, problem: str
) -> None:
    with pytest.raises(PushgatewayError, match=problem):
        Endpoint.parse(
            "http://127.0.0.1:9091", of=PUSHGATEWAY, username=username, password=password
        )


def test_a_ca_file_that_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    ca_file = str(tmp_path / "ca.pem")

    with pytest.raises(PushgatewayError, match=r"ca\.pem.*No such file or directory"):
        Endpoint.parse("https://127.0.0.1:9091", of=PUSHGATEWAY, ca_file=ca_file)


def test_a_ca_file_without_certificates_is_refused_by_name(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text("not a certificate")

    with pytest.raises(PushgatewayError, match=r"ca\.pem.*give a readable file of PEM"):
        Endpoint.parse("https://127.0.0.1:9091", of=PUSHGATEWAY, ca_file=str(ca_file))


@pytest.mark.parametrize(
    "url",
    [
        "http://ada:hush@host:port",
        "http://ada:hu/hush@host",
        "http://ada:hush/x@host",
        "http://ada:hu#hush@host",
        "http://ada:hu?hush@host",
        "http://ada:hush@b@",
        "ada:hush@host",
        "ada:hu//hush@host",
        "http://host/?token=hush",
        "http://ada:[hush@host",
        "http://ada:hush\n@host:x",
    ],
)
def test_a_refused_url_shows_no_secret_not_even_in_its_traceback(url: str) -> None:
    with pytest.raises(PushgatewayError) as refused:
        Endpoint.parse(url, of=PUSHGATEWAY)

    shown = "".join(traceback.format_exception(refused.value, chain=True))
    assert "hush" not in str(refused.value)
    assert "hush" not in shown
    assert "ada" not in str(refused.value)


def test_no_repr_holds_the_credentials() -> None:
    endpoint = Endpoint.parse(
        "http://127.0.0.1:9091", of=PUSHGATEWAY, username="ada", password=HUSH
    )
    with Pushgateway(endpoint) as gateway:
        shown = f"{endpoint!r} {endpoint} {gateway!r} {gateway} {gateway.endpoint}"

    assert "hush" not in shown
    assert "ada" not in shown


def test_the_credentials_reach_the_gateway() -> None:
    with (
        GatewayDouble(credentials=("ada", SECRET)) as double,
        Pushgateway(
            Endpoint.parse(double.url, of=PUSHGATEWAY, username="ada", password=SECRET)
        ) as gateway,
    ):
        gateway.put("minio", "a", b"m 1\n", "text/plain")

        assert double.body_of("minio", "a") == b"m 1\n"


def test_wrong_credentials_are_denied_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with (
        GatewayDouble(credentials=("ada", SECRET)) as double,
        Pushgateway(
            Endpoint.parse(double.url, of=PUSHGATEWAY, username="ada", password=HUSH)
        ) as gateway,
        pytest.raises(PushgatewayDeniedError) as denied,
    ):
        gateway.put("minio", "a", b"m 1\n", "text/plain")

    shown = "".join(traceback.format_exception(denied.value)) + caplog.text
    assert "/metrics/job/minio" in caplog.text
    assert "hush" not in shown
    assert "Basic" not in shown


def test_a_failed_connection_shows_no_credentials(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with GatewayDouble() as double:
        address = double.url.removeprefix("http://")
    with (
        Pushgateway(f"http://ada:hush@{address}") as gateway,
        pytest.raises(PushgatewayError) as unreachable,
    ):
        gateway.groups()

    chain = [unreachable.value, unreachable.value.__cause__]
    assert "hush" not in f"{chain!r} {chain} {caplog.text}"


def test_a_gateway_that_answers_with_a_secret_address_does_not_spread_it() -> None:
    with GatewayDouble() as double, Pushgateway(double.url) as gateway:
        double.answer = Answer(301, location="/login?token=hush")
        with pytest.raises(PushgatewayError) as moved:
            gateway.groups()

    assert "hush" not in str(moved.value)
