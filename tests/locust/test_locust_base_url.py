"""The base URL of a test: used with a path under it and blanks around it, or refused in words."""

from __future__ import annotations

import pytest

from simulator.errors import SimulatorError
from simulator.load.base_url import base_url


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("  http://127.0.0.1:8000/ \n", "http://127.0.0.1:8000"),
        ("https://scoring.example/credit//", "https://scoring.example/credit"),
        ("HTTP://[::1]:8000/a/b", "http://[::1]:8000/a/b"),
    ],
)
def test_paths_can_be_put_behind_it(given: str, used: str) -> None:
    assert base_url(given, source="--host") == used


@pytest.mark.parametrize(
    "given",
    [
        "",
        "  ",
        "localhost",
        "localhost:8000",
        "//localhost:8000",
        "ftp://localhost",
        "http://",
        "http:///v1",
        "http://h:port",
        "http://h:99999",
        "http://h:0",
        "http://[::1",
        "http://a b",
        "http://h/a\tb",
        "http://h/<script>",
        "http://h/\N{SNOWMAN}",
    ],
)
def test_what_is_no_base_url_is_refused_with_its_value(given: str) -> None:
    with pytest.raises(SimulatorError, match=r"--host is '.*': give a base URL such as http://127"):
        base_url(given, source="--host")


@pytest.mark.parametrize("given", ["http://h/?a=1", "http://h#top", "http://h/v1?", "http://h/#"])
def test_a_query_is_refused_since_paths_are_put_behind_it(given: str) -> None:
    with pytest.raises(SimulatorError, match="it cannot have a query or a fragment"):
        base_url(given, source="--host")


@pytest.mark.parametrize("given", ["http://ada:s3cret@h:8000", "ada:s3cret@h", "http://s3cret@h"])
def test_a_password_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(SimulatorError, match="holds a user's name or password") as refused:
        base_url(given, source="--host")
    assert "s3cret" not in str(refused.value)


def test_a_long_value_is_cut() -> None:
    with pytest.raises(SimulatorError) as refused:
        base_url("x" * 10_000, source="host")
    assert len(str(refused.value)) < 400
