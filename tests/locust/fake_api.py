"""A small real HTTP server that answers as one likes, and keeps the bodies it was sent."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

DECISION = {"decision_id": "d-1", "applicant_id": "a-1"}


class FakeApi:
    """Answers every POST with `status` and `content`; `/simulation` with `state`, where given.

    With a `token` it shows its state to nobody else.
    """

    def __init__(
        self,
        *,
        status: int = 200,
        content: object = None,
        state: dict[str, object] | None = None,
        token: str | None = None,
    ) -> None:
        self.status = status
        self.content = {**DECISION, "decisions": [DECISION]} if content is None else content
        self.state = state
        self.token = token
        self.n_shown = 0
        self.bodies: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

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
                    self._answer(api.status, api.content)

            do_DELETE = do_GET  # noqa: N815 - the name http.server looks for

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                api.bodies.append((self.path, body))
                self._answer(api.status, api.content)

            def _show(self) -> None:
                if api.token not in {None, self.headers["X-Simulator-Token"]}:
                    self._answer(401, {"detail": "send the token"})
                    return
                api.n_shown += api.state is not None
                self._answer(200 if api.state else 404, api.state or {})

            def _answer(self, status: int, content: object) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler
