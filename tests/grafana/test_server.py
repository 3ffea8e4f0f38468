"""Dashboards read from a running Grafana, over a small real HTTP server that answers as one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulator.errors import DashboardError
from simulator.grafana.server import TOKEN_VARIABLE, grafana_dashboards

TOKEN = {TOKEN_VARIABLE: "glsa_secret"}
STAT = {"type": "stat", "title": "S", "targets": [{"refId": "A", "expr": "up"}]}


class Grafana:
    """Answers by path; asks for the token above where it is `closed`."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.is_closed = False
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def has(self, uid: str, dashboard: object) -> None:
        self.answers[f"/api/dashboards/uid/{uid}"] = {"dashboard": dashboard, "meta": {}}
        listed = self.answers.setdefault("/api/search", [])
        assert isinstance(listed, list)
        listed.append({"uid": uid, "type": "dash-db"})


def _handler(grafana: Grafana) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            grafana.asked.append(self.path)
            found = grafana.answers.get(self.path.partition("?")[0])
            is_denied = grafana.is_closed and self.headers["Authorization"] != "Bearer glsa_secret"
            content = json.dumps(found).encode()
            self.send_response(401 if is_denied else 404 if found is None else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing; the parameter's name is the base class's."""

    return Handler


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    one = Grafana()
    thread = threading.Thread(target=one.server.serve_forever, args=(0.02,))
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


def test_all_dashboards_are_read(grafana: Grafana) -> None:
    for uid in ("b", "a"):
        grafana.has(uid, {"uid": uid, "title": uid.upper(), "panels": [STAT]})
    found = grafana_dashboards(grafana.url, {})
    assert [one.title for one in found.dashboards] == ["B", "A"]


def test_the_address_of_a_dashboard_is_that_one(grafana: Grafana) -> None:
    for uid in ("b", "a"):
        grafana.has(uid, {"uid": uid, "title": uid.upper(), "panels": [STAT]})
    found = grafana_dashboards(f"{grafana.url}/d/a/its-name?orgId=1&from=now-1h", {})
    assert [one.title for one in found.dashboards] == ["A"]
    assert not any(path.startswith("/api/search") for path in grafana.asked)


def test_library_panels_are_filled_in(grafana: Grafana) -> None:
    element = {"uid": "lib", "name": "Shared", "kind": 1, "model": {**STAT, "title": "L"}}
    grafana.answers["/api/library-elements"] = {"result": {"elements": [element]}}
    panel = {"libraryPanel": {"uid": "lib", "name": "Shared"}, "title": "Mine"}
    grafana.has("a", {"uid": "a", "title": "A", "panels": [panel]})
    (board,) = grafana_dashboards(grafana.url, {}).dashboards
    assert board.panels[0].targets[0].expr == "up"


def test_what_is_no_dashboard_is_named_and_the_others_are_read(grafana: Grafana) -> None:
    grafana.has("a", {"uid": "a", "title": "A", "panels": [STAT]})
    grafana.has("odd", {"title": "O", "panels": "none"})
    found = grafana_dashboards(grafana.url, {})
    assert [one.uid for one in found.dashboards] == ["a"]
    ((uid, reason),) = found.skipped
    assert (uid, "panels: a list is wanted" in reason) == ("odd", True)


def test_a_token_is_sent_and_a_missing_one_asked_for(grafana: Grafana) -> None:
    grafana.is_closed = True
    grafana.has("a", {"uid": "a", "title": "A", "panels": [STAT]})
    assert len(grafana_dashboards(grafana.url, TOKEN).dashboards) == 1
    with pytest.raises(
        DashboardError, match=rf"denies GET /api/search \(401\); set {TOKEN_VARIABLE}"
    ):
        grafana_dashboards(grafana.url, {})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"/api/search": []}, "shows no dashboard"),
        ({"/api/search": {"a": 1}}, "gives no list"),
        ({}, "answered 404"),
    ],
)
def test_what_is_no_grafana_with_dashboards_is_said(
    grafana: Grafana, answers: dict[str, object], said: str
) -> None:
    grafana.answers = answers
    with pytest.raises(DashboardError, match=said):
        grafana_dashboards(grafana.url, {})


def test_nothing_that_answers_is_said_without_the_token() -> None:
    with pytest.raises(DashboardError, match="cannot be reached") as raised:
        grafana_dashboards("http://127.0.0.1:9", TOKEN)
    assert "secret" not in str(raised.value)
