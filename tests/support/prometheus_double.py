"""A small real HTTP server that answers as Prometheus does, with what it is told."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


class PrometheusDouble:
    """Answers by query, or by path below /api/v1/; keeps what it was asked: method, path, form."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.answers_to: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.headers: dict[str, str] = {}
        self.release = threading.Event()
        self.is_slow = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def gives(self, path: str, kind: str, result: object) -> None:
        self.says(path, {"status": "success", "data": {"resultType": kind, "result": result}})

    def plots(self, query: str, **series: list[list[object]]) -> None:
        """Points for one query, [[time, text], ...] by the value of a label `l`."""
        found = [{"metric": {"l": name}, "values": points} for name, points in series.items()]
        body = {"status": "success", "data": {"resultType": "matrix", "result": found}}
        self.answers_to[query] = (200, json.dumps(body).encode())

    def refuses(self, query: str, message: str) -> None:
        body = {"status": "error", "errorType": "bad_data", "error": message}
        self.answers_to[query] = (400, json.dumps(body).encode())

    def says(self, path: str, body: object, *, status: int = 200) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (status, content)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()


def _handler(double: PrometheusDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self._answer("GET", url.path, url.query)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer("POST", self.path, self.rfile.read(length).decode())

        def _answer(self, method: str, path: str, form: str) -> None:
            name = path.removeprefix("/api/v1/")
            fields = {key: values[0] for key, values in parse_qs(form).items()}
            double.asked.append((method, name, fields))
            if double.is_slow:
                double.release.wait(5)
            unknown = (404, b"404 page not found")
            by_path = double.answers.get(name, unknown)
            status, content = double.answers_to.get(fields.get("query", ""), by_path)
            with contextlib.suppress(ConnectionError):  # a client that gave up has gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                for header in double.headers.items():
                    self.send_header(*header)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing; the parameter's name is the base class's."""

    return Handler
