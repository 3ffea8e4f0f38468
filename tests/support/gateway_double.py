"""A small real HTTP server that behaves as a Pushgateway, or fails on demand."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What to answer instead of behaving."""

    status: int
    text: str = ""
    location: str | None = None
    claimed_length: int | None = None
    """The length to announce, if not the text's own; the connection is then cut."""


class GatewayDouble:
    """Keeps groups as a Pushgateway does; `answers` by job, `answer` and `is_hanging` override.

    `stop` refuses connections from then on and cuts those that are open; `start` listens again on
    the same port and has forgotten the groups, as a Pushgateway without persistence.
    """

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, credentials: tuple[str, str] | None = None
    ) -> None:
        self.groups: dict[tuple[tuple[str, str], ...], bytes] = {}
        self.pushed: dict[tuple[tuple[str, str], ...], float] = {}
        """When each group was pushed, by the gateway's clock."""
        self.clock_error_seconds = 0.0
        self.says_the_time = True
        self.put_seconds = 0.0
        self.seen: list[Seen] = []
        self.n_connections = 0
        self.answer: Answer | None = None
        self.answers: dict[str, Answer] = {}
        self.credentials = credentials
        self._released = threading.Event()
        self._released.set()
        self._hung = threading.Semaphore(0)
        self._sockets: list[socket.socket] = []
        self._tls = tls
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._port}"

    @property
    def now(self) -> float:
        """Unix seconds by its clock."""
        return time.time() + self.clock_error_seconds

    def put_group(
        self,
        job: str,
        instance: str,
        body: bytes = b"",
        *,
        seconds_ago: float | None = None,
        **further: str,
    ) -> None:
        """A group that is there already; long since, if not said otherwise."""
        labels = {"job": job, "instance": instance, **further}
        key = tuple(sorted(labels.items()))
        self.groups[key] = body
        self.pushed[key] = self.now - (1e6 if seconds_ago is None else seconds_ago)

    def body_of(self, job: str, instance: str) -> bytes | None:
        return self.groups.get((("instance", instance), ("job", job)))

    def put_jobs(self) -> list[str]:
        """The job of each PUT, in order."""
        return [labels_of_path(seen.path)["job"] for seen in self.seen if seen.method == "PUT"]

    def hang(self) -> None:
        """Answer nothing until `release`."""
        self._released.clear()

    def wait_until_hung(self, seconds: float = 5) -> None:
        """Until a request has arrived and got no answer."""
        assert self._hung.acquire(timeout=seconds), "no request arrived"

    def release(self) -> None:
        self._released.set()

    def start(self) -> Self:
        self.groups.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._server.daemon_threads = True
        self._port = self._server.server_port
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        serve = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        return self

    def stop(self) -> None:
        self.release()
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None
        for open_socket in self._sockets:
            try:
                open_socket.shutdown(2)
            except OSError:  # closed by the client before
                continue
        self._sockets.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reply_to(self, seen: Seen) -> Answer:
        if not self._is_allowed(seen):
            return Answer(401, "Unauthorized")
        if self.answer is not None:
            return self.answer
        if seen.path == "/-/ready":
            return Answer(200, "OK")
        if seen.path == "/api/v1/metrics":
            groups = [self._listed(key) for key in tuple(self.groups)]
            return Answer(200, json.dumps({"status": "success", "data": groups}))
        return self._change(seen)

    def _listed(self, key: tuple[tuple[str, str], ...]) -> dict[str, object]:
        """A group as the Pushgateway lists it: labels, and each family with type and samples."""
        text = self.groups[key].decode()
        families = {
            family.name: _family(family.type, [s.value for s in family.samples])
            for family in text_string_to_metric_families(text)
        }
        pushed = _family("gauge", [self.pushed[key]])
        return {
            "labels": dict(key),
            "last_push_successful": True,
            "push_time_seconds": pushed,
            **families,
        }

    def _is_allowed(self, seen: Seen) -> bool:
        if self.credentials is None:
            return True
        expected = base64.b64encode(":".join(self.credentials).encode()).decode()
        return seen.headers.get("Authorization") == f"Basic {expected}"

    def _change(self, seen: Seen) -> Answer:
        labels = labels_of_path(seen.path)
        if labels["job"] in self.answers:
            return self.answers[labels["job"]]
        key = tuple(sorted(labels.items()))
        if seen.method == "PUT":
            self.groups[key], self.pushed[key] = seen.body, self.now
            return Answer(200)
        self.groups.pop(key, None)
        return Answer(202)

    def hold(self, seen: Seen) -> None:
        """Called with each request before its answer."""
        if seen.method == "PUT":
            time.sleep(self.put_seconds)
        if not self._released.is_set():
            self._hung.release()
            self._released.wait(timeout=10)

    def headers(self, answer: Answer) -> Iterator[tuple[str, str]]:
        yield "Content-Length", str(answer.claimed_length or len(answer.text.encode()))
        if self.says_the_time:
            yield "Date", formatdate(self.now, usegmt=True)
        if answer.location is not None:
            yield "Location", answer.location

    def note_connection(self, opened: socket.socket) -> None:
        self.n_connections += 1
        self._sockets.append(opened)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # head and body in one segment
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                double.note_connection(self.connection)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # the client went away, as it may
                    self.close_connection = True

            def finish(self) -> None:
                try:
                    super().finish()
                except OSError:
                    self.rfile.close()

            def _reply(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                seen = Seen(self.command, self.path, dict(self.headers), body)
                double.seen.append(seen)
                double.hold(seen)
                answer = double.reply_to(seen)
                text = answer.text.encode()
                self.send_response_only(answer.status)
                for header in double.headers(answer):
                    self.send_header(*header)
                self.close_connection |= answer.claimed_length is not None
                self.end_headers()
                self.wfile.write(text)

            do_PUT = do_DELETE = do_GET = _reply  # noqa: N815 - names of http.server

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _family(kind: str, values: list[float]) -> dict[str, object]:
    metrics = [{"labels": {}, "value": repr(value)} for value in values]
    return {"type": kind.upper(), "metrics": metrics}


def labels_of_path(path: str) -> dict[str, str]:
    """The grouping labels in a path, as the Pushgateway reads them."""
    parts = path.removeprefix("/metrics/").split("/")
    return dict(_label(name, value) for name, value in zip(parts[::2], parts[1::2], strict=True))


def _label(name: str, value: str) -> tuple[str, str]:
    if not name.endswith("@base64"):
        return name, unquote(value)
    padded = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
    return name.removesuffix("@base64"), base64.urlsafe_b64decode(padded).decode()
