"""A small real HTTP server that answers as one likes, and keeps the bodies it was sent."""

from __future__ import annotations

import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

MODEL = {"model": "m", "version": "1.0.0", "stage": "production", "traffic_share": 1.0}


def decision(applicant: str = "a-1", key: str = "d-1") -> dict[str, Any]:
    """A decision as the scoring API gives it."""
    return {
        "decision_id": key,
        "applicant_id": applicant,
        "score": 712,
        "probability_of_default": 0.018,
        "risk_level": "medium",
        "decision": "accepted",
        "model_version": "1.0.0",
        "reviewed_by": None,
    }


def as_the_api(method: str, path: str, body: str) -> object:
    """What the scoring API would give, as far as its users look."""
    _, _, route = path.partition("/v1/")  # behind a base path, where there is one
    if route == "score/batch":
        return {"decisions": [_scored(each) for each in json.loads(body)["applications"]]}
    if route == "score":
        return _scored(json.loads(body))
    if route == "models":
        return [MODEL]
    key = next(iter(route.split("/")[1:]), "d-1")
    if method == "DELETE":
        return {"applicant_id": key, "deleted": 1}
    if route.endswith("/explanation"):
        reasons = [{"feature": "age", "value": 41.0, "contribution": -0.2}]
        return {**decision(key=key), "reasons": reasons, "human_review": "ask"}
    return decision(key=key)


def _scored(application: dict[str, Any]) -> dict[str, Any]:
    return decision(application["applicant"]["applicant_id"])


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # connections that come at once

    def handle_error(self, *_: object) -> None:
        """Says nothing of clients that have enough of an answer, or do not trust it."""


class FakeApi:
    """Answers with `status`, and as the scoring API where no `content` is given.

    Args:
        status: of every answer.
        content: of every answer: bytes as they are, all else as JSON.
        state: what `/simulation` gives; without it there is no such route.
        token: without which the state is shown to nobody.
        certificate: a PEM file with certificate and key, to be served by https.
    """

    def __init__(
        self,
        *,
        status: int = 200,
        content: object = None,
        state: object = None,
        token: str | None = None,
        certificate: Path | None = None,
    ) -> None:
        self.status = status
        self.seconds = 0.0  # that every answer takes
        self.content = content
        self.state = state
        self.token = token
        self.n_shown = 0
        self.bodies: list[tuple[str, str]] = []
        self.requests: list[tuple[str, str]] = []
        self._server = Server(("127.0.0.1", 0), self._handler())
        self._scheme = "http"
        if certificate is not None:
            self._scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # each connection shakes hands in its own thread
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def applications(self) -> list[dict[str, Any]]:
        """Single applications, in the order in which they came."""
        return [json.loads(body) for path, body in self.bodies if path == "/v1/score"]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/simulation":
                    self._show()
                else:
                    self._answer_as_asked("")

            do_DELETE = do_GET  # noqa: N815 - the name http.server looks for

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                api.bodies.append((self.path, body))
                self._answer_as_asked(body)

            def _answer_as_asked(self, body: str) -> None:
                api.requests.append((self.command, self.path))
                time.sleep(api.seconds)
                usual = as_the_api(self.command, self.path, body)
                self._answer(api.status, usual if api.content is None else api.content)

            def _show(self) -> None:
                if api.token not in {None, self.headers["X-Simulator-Token"]}:
                    self._answer(401, {"detail": "send the token"})
                    return
                api.n_shown += api.state is not None
                self._answer(404 if api.state is None else 200, api.state)

            def _answer(self, status: int, content: object) -> None:
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler
