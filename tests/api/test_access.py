"""Who may see the simulation, and that the platform stays open beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from simulator.api.access import Guard, guard_of
from simulator.api.app import create_app
from simulator.api.control_token import TOKEN_HEADER, control_token
from simulator.errors import AccessError

if TYPE_CHECKING:
    from tests.support.scoring_client import Client

TOKEN = "9f2c-open"  # noqa: S105 - of these tests alone
OUTSIDE = "0.0.0.0"  # noqa: S104 - the case in question


class Guarded:
    """The API behind a guard, asked for by another name."""

    def __init__(self, client: Client, guard: Guard) -> None:
        self._client = client
        self._app = create_app(client.backend, guard)

    def ask(self, path: str, **headers: str) -> httpx.Response:
        return self.ask_with(path, [(k.replace("_", "-"), v) for k, v in headers.items()])

    def ask_with(self, path: str, headers: list[tuple[str, str]]) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
                # as bytes, so that what is not ASCII can be sent too
                raw = [(k.encode(), v.encode("latin-1")) for k, v in headers]
                return await client.get(path, headers=raw)

        answered: httpx.Response = self._client.run(answer())
        return answered


@pytest.fixture(scope="module")
def on_loopback(lasting_client: Client) -> Guarded:
    return Guarded(lasting_client, guard_of("127.0.0.1", host="my-laptop"))


@pytest.fixture(scope="module")
def with_token(lasting_client: Client) -> Guarded:
    return Guarded(lasting_client, guard_of(OUTSIDE, token=TOKEN))


@pytest.fixture(scope="module")
def without_token(lasting_client: Client) -> Guarded:
    return Guarded(lasting_client, guard_of(OUTSIDE))


@pytest.fixture(params=["on_loopback", "with_token", "without_token"])
def any_of_them(request: pytest.FixtureRequest) -> Guarded:
    guarded: Guarded = request.getfixturevalue(request.param)
    return guarded


OURS = ["localhost", "LOCALHOST:1", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000", "a.localhost"]
OURS += ["localhost.:80", "my-laptop:8000", "My-Laptop", "[::ffff:127.0.0.1]:80"]


@pytest.mark.parametrize("host", OURS)
def test_on_loopback_this_machine_s_own_names_are_answered(on_loopback: Guarded, host: str) -> None:
    assert on_loopback.ask("/simulation", host=host).status_code == 200


OTHERS = ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"]
OTHERS += ["192.168.0.7", "[::2]", "", ":8000", "localhost:port", "a@localhost", "localhost/x"]
OTHERS += ["localhost, evil.example", "2130706433", "127.1", "localhost:123456", "[::1"]


@pytest.mark.parametrize("host", OTHERS)
def test_on_loopback_a_page_that_was_given_another_name_is_not(
    on_loopback: Guarded, host: str
) -> None:
    answer = on_loopback.ask("/simulation", host=host)

    assert answer.status_code == 421
    assert repr(host) in answer.json()["detail"]


def test_two_hosts_are_none(on_loopback: Guarded) -> None:
    hosts = [("host", "localhost"), ("host", "evil.example")]

    assert on_loopback.ask_with("/simulation", hosts).status_code == 421


def test_a_long_host_is_quoted_shortly(on_loopback: Guarded) -> None:
    assert len(on_loopback.ask("/simulation", host="x" * 9_000).json()["detail"]) < 400


@pytest.mark.parametrize("path", ["/simulation", "/simulation/unknown-requests"])
def test_the_simulation_is_shown_to_who_knows_the_token(with_token: Guarded, path: str) -> None:
    assert with_token.ask(path, x_simulator_token=TOKEN).status_code == 200


@pytest.mark.parametrize("path", ["/simulation", "/simulation/unknown-requests"])
@pytest.mark.parametrize("given", [None, "", "9f2c", TOKEN + "x", TOKEN.upper(), "é", "x" * 9000])
def test_and_to_nobody_else(with_token: Guarded, given: str | None, path: str) -> None:
    headers = {} if given is None else {"x_simulator_token": given}
    answer = with_token.ask(path, **headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == TOKEN_HEADER
    assert TOKEN_HEADER in answer.json()["detail"]
    assert TOKEN not in answer.text


def test_the_simulated_api_s_own_header_opens_nothing(with_token: Guarded) -> None:
    assert with_token.ask("/simulation", authorization=f"Bearer {TOKEN}").status_code == 401


def test_a_token_in_the_address_opens_nothing(with_token: Guarded) -> None:
    assert with_token.ask(f"/simulation?{TOKEN_HEADER}={TOKEN}").status_code == 401


def test_without_a_token_nobody_gets_in_and_the_answer_says_what_to_do(
    without_token: Guarded,
) -> None:
    answer = without_token.ask("/simulation", host="localhost", x_simulator_token="None")  # noqa: S106 - a wrong one

    assert answer.status_code == 403
    assert "SIMULATOR_CONTROL_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/v1/models", "/docs"])
def test_the_platform_is_open_whoever_asks(any_of_them: Guarded, path: str) -> None:
    assert any_of_them.ask(path, host="scoring.example").status_code == 200


def test_the_document_says_that_a_token_is_needed_where_it_is(
    with_token: Guarded, on_loopback: Guarded
) -> None:
    document = with_token.ask("/openapi.json").json()

    ours = [path for path in document["paths"] if path.startswith("/simulation")]
    for path in ours:
        assert document["paths"][path]["get"]["security"] == [{"SimulatorToken": []}]
    scheme = document["components"]["securitySchemes"]["SimulatorToken"]
    assert (scheme["in"], scheme["name"]) == ("header", TOKEN_HEADER)
    assert [p for p, o in document["paths"].items() if "security" in str(o)] == ours
    assert "security" not in str(on_loopback.ask("/openapi.json").json()["paths"])


def test_an_empty_variable_is_none() -> None:
    assert control_token({"SIMULATOR_CONTROL_TOKEN": ""}) is None
    assert control_token({}) is None


@pytest.mark.parametrize("token", ["two words", "tab\t", "line\n", "é", "\x00"])
def test_a_token_that_no_header_carries_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(AccessError, match="SIMULATOR_CONTROL_TOKEN holds") as refused:
        control_token({"SIMULATOR_CONTROL_TOKEN": token})
    assert repr(token)[1:-1] not in str(refused.value)
