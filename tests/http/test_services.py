"""What each service reads of an address and of credentials, and says of a refusal."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from simulator.errors import PushgatewayError, SimulatorError
from simulator.http.endpoint import Endpoint
from simulator.http.session import Session
from simulator.observation.prometheus import PROMETHEUS, Prometheus
from simulator.pushing.gateway import PUSHGATEWAY, Pushgateway
from tests.support.gateway_double import Answer, GatewayDouble
from tests.support.prometheus_double import PrometheusDouble

if TYPE_CHECKING:
    from simulator.http.service import Service

PASSWORD = "пароль-ключ"  # noqa: S105 - of a double


@pytest.mark.parametrize("service", [PUSHGATEWAY, PROMETHEUS], ids=lambda s: s.name)
def test_a_password_of_any_letters_is_sent_as_utf_8(service: Service) -> None:
    with GatewayDouble(credentials=("ada", PASSWORD)) as double:
        endpoint = Endpoint.parse(double.url, of=service, username="ada", password=PASSWORD)
        with Session(endpoint, timeout_seconds=5) as session:
            assert session.exchange("GET", "/-/ready").status == 200


def test_a_password_that_is_no_text_is_sent_byte_for_byte() -> None:
    raw = b"\xff\xfe-key"  # as os.environ gives it
    with GatewayDouble() as double:
        endpoint = Endpoint.parse(
            double.url,
            of=PUSHGATEWAY,
            username="ada",
            password=raw.decode(errors="surrogateescape"),
        )
        with Session(endpoint, timeout_seconds=5) as session:
            session.exchange("GET", "/-/ready")

    sent = double.seen[0].headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"ada:" + raw


@pytest.mark.parametrize("service", [PUSHGATEWAY, PROMETHEUS], ids=lambda s: s.name)
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9091/\x1b[2J",
        "http://127.0.0.1:9091/a b",
        f"http://{'a' * 64}.example",
        "http://a..b",
        "http://[::1",
        "http://127.0.0.1:9091\n",
    ],
)
def test_an_address_that_cannot_be_shown_or_asked_is_refused(service: Service, url: str) -> None:
    with pytest.raises(SimulatorError, match="expected http://HOST:PORT") as refused:
        Endpoint.parse(url, of=service)

    assert str(refused.value).isprintable()
    assert refused.type is service.errors.address


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_prometheus_that_is_elsewhere_is_not_followed(status: int) -> None:
    with GatewayDouble() as double, Prometheus(double.url) as prometheus:
        double.answer = Answer(status, location="https://ada:secret@prom.example/")
        with pytest.raises(SimulatorError, match=r"it is at 'https://\*\*\*@prom.example/'"):
            prometheus.label_values("job")

    assert len(double.seen) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_prometheus_that_denies_access_names_the_variables(status: int) -> None:
    with GatewayDouble() as double, Prometheus(double.url) as prometheus:
        double.answer = Answer(status, "no entry")
        with pytest.raises(PROMETHEUS.errors.denied, match="SIMULATOR_PROMETHEUS_PASSWORD"):
            prometheus.label_values("job")


def test_an_answer_of_endless_digits_or_levels_is_no_answer_of_a_prometheus() -> None:
    with GatewayDouble() as double, Prometheus(double.url) as prometheus:
        for text in ("1" * 5000, "[" * 100_000):
            double.answer = Answer(200, text)
            with pytest.raises(SimulatorError, match="does not answer as a Prometheus"):
                prometheus.label_values("job")


def test_an_error_that_holds_an_escape_cannot_steer_the_terminal() -> None:
    with PrometheusDouble() as double, Prometheus(double.url) as prometheus:
        double.says("query", {"status": "error", "error": "\x1b[2J" + "x" * 10_000}, status=400)
        with pytest.raises(SimulatorError) as refused:
            prometheus.query("up\n\x1b[31m" + "y" * 10_000, at=0)

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 1000


def test_the_address_error_of_a_gateway_is_a_gateways() -> None:
    with pytest.raises(PushgatewayError, match="Pushgateway URL"):
        Pushgateway("nonsense")
