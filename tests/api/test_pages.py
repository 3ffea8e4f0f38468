"""The first page, and the documentation, which load nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.first_page import Link
from tests.support.scoring_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

PAGE = "http://localhost:8000/"
GATEWAY = Link("Pushgateway", "https://push.example:9091/<b>", "where all metrics go")


@pytest.fixture(scope="module")
def linked() -> Iterator[Client]:
    """An API that knows of a Pushgateway."""
    with Client() as client:
        client.app = create_app(client.backend, guard_of("127.0.0.1"), [GATEWAY])
        yield client


@pytest.fixture(scope="module")
def page(linked: Client) -> str:
    return linked.send("GET", "/").text


@pytest.fixture(scope="module")
def documentation(lasting_client: Client) -> httpx.Response:
    return lasting_client.send("GET", "/docs")


def test_the_first_page_leads_to_everything_that_runs(linked: Client) -> None:
    links = linked.send("GET", "/", headers={"accept": "application/json"}).json()["links"]

    assert links[-1]["href"] == GATEWAY.href
    for link in links[:-1]:
        assert linked.send("GET", f"/{link['href']}").status_code == 200
    assert {"docs", "metrics", "simulation"} <= {link["href"] for link in links}


def test_the_page_has_the_links_of_the_json(linked: Client, page: str) -> None:
    links = linked.send("GET", "/", headers={"accept": "application/json"}).json()["links"]

    shown = re.findall(r'<a href="([^"]*)">', page)
    assert shown == [link["href"].replace("<b>", "&lt;b&gt;") for link in links]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("application/json;q=0.1, text/html", "text/html"),
        ("image/png", "text/html"),
        ("application/json;q=nonsense", "text/html"),
        (";;,,", "text/html"),
    ],
)
def test_it_is_given_as_it_is_preferred(
    linked: Client, accept: str | None, media_type: str
) -> None:
    answer = linked.send("GET", "/", headers={} if accept is None else {"accept": accept})

    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "accept"


def test_a_link_cannot_break_out_of_the_page(page: str) -> None:
    assert "<b>" not in page


def test_the_documentation_loads_only_what_is_here(
    lasting_client: Client, documentation: httpx.Response
) -> None:
    loaded = re.findall(r'(?:src|href)="([^"]*)"', documentation.text)

    assert len(loaded) == 3
    for address in loaded:
        there = urljoin(f"{PAGE}docs", address)
        assert there.startswith(PAGE)
        answer = lasting_client.send("GET", there.removeprefix(PAGE[:-1]))
        assert (answer.status_code, len(answer.content) > 1_000) == (200, True)
    assert "//cdn" not in documentation.text


def test_the_documentation_s_policy_allows_its_own_script_and_no_other(
    documentation: httpx.Response,
) -> None:
    policy = documentation.headers["content-security-policy"]
    (script,) = re.findall(r"<script>(.*?)</script>", documentation.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/docs/assets/", "/docs/assets/../../app.py", "/redoc"])
def test_nothing_else_is_served_beside_it(lasting_client: Client, path: str) -> None:
    assert lasting_client.send("GET", path).status_code == 404
