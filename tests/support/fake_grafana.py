"""The part of Grafana's HTTP API that the import script talks to, in memory."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "glsa_s3cret-token"  # noqa: S105 - known to the fake alone
PASSWORD = 'p\\w"d with blanks'  # noqa: S105 - the same
PROMETHEUS = {"uid": "prom1", "name": "Prometheus", "type": "prometheus", "isDefault": True}
OTHER_PROMETHEUS = {"uid": "prom2", "name": "Second", "type": "prometheus", "isDefault": False}
LOKI = {"uid": "loki1", "name": "Logs", "type": "loki", "isDefault": False}


class FakeGrafana:
    """Serves on a free loopback port and keeps what it was sent.

    `answers` overrules (method, path) with a status and a body, for the refusals that a
    real Grafana gives only in special states.
    """

    def __init__(self) -> None:
        self.datasources: list[dict[str, Any]] = [PROMETHEUS, LOKI]
        self.folders: dict[str, str] = {}
        self.library_panels: set[str] = set()
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.requests: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(timeout=10)
        self._server.server_close()

    def answer(self, method: str, path: str, login: str, body: Any) -> tuple[int, Any]:  # noqa: ANN401 - a JSON body
        """Status and JSON body for one request."""
        if (method, path) in self.answers:
            return self.answers[method, path]
        if path == "/api/health":
            return 200, {"database": "ok"}
        basic = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        if login not in {f"Bearer {TOKEN}", f"Basic {basic}"}:
            return 401, {"message": "Unauthorized"}
        return self._write(path, body) if method == "POST" else self._read(path)

    def _read(self, path: str) -> tuple[int, Any]:
        known: dict[str, Any] = {
            f"/api/folders/{uid}": {"uid": uid, "title": title}
            for uid, title in self.folders.items()
        }
        known["/api/folders"] = list(known.values())
        known |= {f"/api/library-elements/{uid}": {} for uid in self.library_panels}
        known["/api/datasources"] = self.datasources
        return (200, known[path]) if path in known else (404, {"message": "Not found"})

    def _write(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        stores = {"/api/folders": self._make_folder, "/api/dashboards/db": self._store}
        return stores[path](body) if path in stores else (404, {"message": "Not found"})

    def _make_folder(self, body: dict[str, Any]) -> tuple[int, Any]:
        uid = body.get("uid", "made-up-uid")
        if uid in self.folders:
            return 409, {"message": "a folder with that uid already exists"}
        self.folders[uid] = body["title"]
        return 200, {"uid": uid, "title": body["title"]}

    def _store(self, body: dict[str, Any]) -> tuple[int, Any]:
        uid = body["dashboard"]["uid"]
        if uid in self.dashboards and not body["overwrite"]:
            return 412, {"message": "version mismatch", "status": "version-mismatch"}
        self.dashboards[uid] = body
        return 200, {"uid": uid, "url": f"/d/{uid}/slug", "status": "success"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        grafana = self

        class Handler(BaseHTTPRequestHandler):
            def _reply(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                path = self.path.partition("?")[0]
                grafana.requests.append((self.command, path))
                status, answer = grafana.answer(
                    self.command, path, self.headers.get("Authorization", ""), body
                )
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = _reply  # noqa: N815 - the base class looks for this name
            do_POST = _reply  # noqa: N815 - the same

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
                """Keep the test's output free of an access log."""

        return Handler
