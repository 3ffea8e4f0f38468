"""What users show: keys and tokens, by secrets of the environment that are said nowhere."""

from __future__ import annotations

import doctest
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import pytest

from simulator.errors import MappingError, SimulatorError
from simulator.load import login as login_module
from simulator.load.login import Login, TokenError
from simulator.mapping.api_part import Authentication
from simulator.mapping.loading import parse_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRETS: Final = {
    "SIMULATOR_API_CLIENT_ID": "me",
    "SIMULATOR_API_CLIENT_SECRET": "s&c=r t",
}
TOKEN: Final = "POST /token"  # noqa: S105 - a route


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def login(
    environ: dict[str, str] | None = None,
    *,
    is_built_in: bool = False,
    clock: Clock | None = None,
    **asked: Any,  # noqa: ANN401 - of a mapping
) -> Login:
    authentication = Authentication.model_validate({"kind": "bearer", **asked})
    return Login(authentication, environ or {}, is_built_in=is_built_in, clock=clock or Clock())


def shown(found: Login) -> Mapping[str, str] | None:
    """What it shows at the moment."""
    return found.headers


def form(found: Login) -> dict[str, list[str]]:
    assert found.request is not None
    return parse_qs(found.request.body or "")


def test_a_key_is_shown_in_its_header_and_a_token_of_the_environment_as_a_bearer_s() -> None:
    key = login({"SIMULATOR_API_KEY": "k-1"}, kind="api-key", header="X-Key")
    token = login({"SIMULATOR_API_TOKEN": "t-1"})

    assert (key.headers, token.headers) == ({"X-Key": "k-1"}, {"Authorization": "Bearer t-1"})


def test_a_token_of_the_environment_is_shown_in_place_of_asking_for_one() -> None:
    found = login({**SECRETS, "SIMULATOR_API_TOKEN": "t-1"}, token=TOKEN)

    assert (shown(found), found.request) == ({"Authorization": "Bearer t-1"}, None)
    assert not found.drop(shown(found) or {}), "there is no other one to be had"


@pytest.mark.parametrize(
    ("asked", "variable"),
    [({"kind": "api-key"}, "SIMULATOR_API_KEY"), ({"kind": "bearer"}, "SIMULATOR_API_TOKEN")],
)
def test_what_is_not_in_the_environment_is_named_unless_the_platform_is_built_in(
    asked: dict[str, Any], variable: str
) -> None:
    with pytest.raises(SimulatorError, match=f"set {variable}$"):
        login(**asked)
    assert login(is_built_in=True, **asked).headers


@pytest.mark.parametrize("secret", ["a b", "a\r\nX-Evil: 1", "clé", "a\0"])
def test_a_secret_that_no_header_carries_is_refused_without_being_quoted(secret: str) -> None:
    with pytest.raises(SimulatorError, match="SIMULATOR_API_KEY holds") as refusal:
        login({"SIMULATOR_API_KEY": secret}, kind="api-key")
    assert secret not in str(refusal.value)


def test_a_token_is_asked_for_with_the_client_s_secrets_or_a_person_s() -> None:
    person = {"SIMULATOR_API_USERNAME": "u", "SIMULATOR_API_PASSWORD": "p"}

    assert form(login(SECRETS, token=TOKEN)) == {
        "grant_type": ["client_credentials"],
        "client_id": ["me"],
        "client_secret": ["s&c=r t"],
    }
    assert form(login({**SECRETS, **person}, token=TOKEN)) == {
        "grant_type": ["password"],
        "client_id": ["me"],
        "client_secret": ["s&c=r t"],
        "username": ["u"],
        "password": ["p"],
    }
    assert form(login(token=TOKEN)) == {"grant_type": ["client_credentials"]}


def test_a_mapping_may_say_what_is_sent_for_a_token() -> None:
    asked: dict[str, Any] = {
        "token": TOKEN,
        "credentials": {"login": "{client_id}@x"},
        "credentials_as": "json",
    }
    found = login(SECRETS, **asked)

    assert found.request is not None
    assert json.loads(found.request.body or "") == {"login": "me@x"}
    assert found.request.headers == {"Content-Type": "application/json"}
    with pytest.raises(SimulatorError, match=r"set SIMULATOR_API_CLIENT_ID$"):
        login(**asked)


def test_a_key_in_the_query_or_a_cookie_is_shown_there() -> None:
    queried = login({"SIMULATOR_API_KEY": "k 1&"}, kind="api-key", query="key")
    baked = login({"SIMULATOR_API_KEY": "k-1"}, kind="api-key", cookie="session")

    assert (queried.query, queried.headers) == ("key=k%201%26", {})
    assert (baked.query, baked.headers) == ("", {"Cookie": "session=k-1"})
    assert login(kind="api-key", query="key", is_built_in=True).query == "key=simulated"


def test_a_name_and_a_password_are_shown_as_one() -> None:
    person = {"SIMULATOR_API_USERNAME": "Aladdin", "SIMULATOR_API_PASSWORD": "open sesame"}
    found = login(person, kind="basic")

    assert found.headers == {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}  # RFC 7617
    with pytest.raises(SimulatorError, match=r"set SIMULATOR_API_PASSWORD$"):
        login({"SIMULATOR_API_USERNAME": "Aladdin"}, kind="basic")


def test_a_token_of_another_host_is_asked_for_there_unless_the_platform_is_built_in() -> None:
    asked: dict[str, Any] = {"token": TOKEN, "token_host": "https://login.example/realms/x/"}
    theirs, ours = login(SECRETS, **asked).request, login(is_built_in=True, **asked).request

    assert theirs is not None
    assert (theirs.address, theirs.route) == ("https://login.example/realms/x/token", "/token")
    assert ours is not None
    assert ours.address == "/token"


def test_a_client_may_show_itself_in_a_header_beside_the_form() -> None:
    found = login(SECRETS, token=TOKEN, credentials_as="basic")

    assert form(found) == {"grant_type": ["client_credentials"]}
    assert found.request is not None
    shown = b64decode(found.request.headers["Authorization"].removeprefix("Basic "))
    assert shown == b"me:s%26c%3Dr+t"  # RFC 6749, section 2.3.1


def test_a_token_is_shown_until_shortly_before_its_end() -> None:
    clock = Clock()
    found = login(token=TOKEN, lasts_seconds=1000.0, clock=clock)
    assert shown(found) is None
    found.take(b'{"access_token": "t-1"}')

    clock.now = 969.0
    assert shown(found) == {"Authorization": "Bearer t-1"}
    clock.now = 971.0
    assert shown(found) is None
    found.take(b'{"access_token": "t-2", "expires_in": 10}')
    clock.now = 981.0
    assert shown(found) is None, "what the answer says of its end comes before the mapping"


def test_a_token_that_is_refused_is_dropped_once() -> None:
    found = login(token=TOKEN)
    found.take(b'{"access_token": "t-1"}')
    first = found.headers
    assert first is not None
    found.take(b'{"access_token": "t-2"}')

    found.drop(first)
    assert shown(found) == {"Authorization": "Bearer t-2"}, "another user has renewed it"
    found.drop(found.headers or {})
    assert shown(found) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html>", "^no JSON$"),
        (b"[]", r"^no data\.jwt$"),
        (b'{"data": {"jwt": 5}}', r"^no data\.jwt$"),
        (b'{"data": {"jwt": "secret"}}', r"^no data\.jwt$"),
        (
            b'{"data": {"jwt": "JWT secret\\r\\nX: 1"}}',
            r"^data\.jwt is none that a header carries$",
        ),
    ],
)
def test_an_answer_without_a_token_is_said_without_what_it_holds(answer: bytes, said: str) -> None:
    found = login(token=TOKEN, answer={"data": {"jwt": "JWT {token}"}})
    with pytest.raises(TokenError, match=said) as problem:
        found.take(answer)
    assert "secret" not in str(problem.value)

    found.take(b'{"data": {"jwt": "JWT abc", "expires_in": true}}')
    assert found.headers == {"Authorization": "Bearer abc"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"token": TOKEN, "credentials": {"user": "{user}"}},
            "api.authentication.credentials.user: there is no {user}, but client_id",
        ),
        (
            {"credentials_as": "json"},
            "api.authentication.credentials_as: is said of a token, and no route hands one out",
        ),
        ({"token": TOKEN, "answer": {"t": 1}}, "api.authentication.answer: holds no {token}"),
        ({"query": "key"}, "api.authentication.query: is said of a key"),
        (
            {"kind": "api-key", "query": "key", "cookie": "key"},
            "api.authentication.cookie: a key is in one place, and query says another",
        ),
        (
            {"kind": "basic", "token": TOKEN},
            "api.authentication.token: is shown by a bearer: leave it out",
        ),
    ],
)
def test_a_login_that_cannot_be_is_refused_with_its_place(asked: dict[str, Any], said: str) -> None:
    api = {"authentication": {"kind": "bearer", **asked}}
    with pytest.raises(MappingError) as refusal:
        parse_mapping(json.dumps({"version": 1, "name": "x", "api": api}), "x.yaml")
    assert said in str(refusal.value)


def test_the_examples_of_its_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(login_module)
    assert (failed, tried > 0) == (0, True)
