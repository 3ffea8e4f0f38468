"""A webhook on loopback that takes an Alertmanager's notifications, and tells which came."""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from simulator.errors import NotificationError, StackError
from simulator.notifying.notification import Notification, notification_in
from simulator.reading.json_text import json_in
from simulator.runtime.ports import LOOPBACK

__all__ = ["NOTIFICATIONS_PATH", "Received", "Receiver"]

NOTIFICATIONS_PATH: Final = "/notifications"
"""Where it tells what came, as JSON."""

_MOST_BYTES: Final = 4 * 1024 * 1024
_MOST_KEPT: Final = 10_000
_PATIENCE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Received:
    """A notification, the path that it was sent to, and what was sent."""

    notification: Notification
    path: str
    payload: Any  # Any: JSON of the Alertmanager's


class Receiver:
    """Listens on a free port of loopback in a `with` block; the `most` latest are kept.

    `on_notification` is told of each, in a thread of its own.

    Raises:
        StackError: on entering, when it cannot listen.
    """

    def __init__(
        self,
        on_notification: Callable[[Notification], object] = lambda _: None,
        *,
        most: int | None = _MOST_KEPT,
    ) -> None:
        self._kept: deque[Received] = deque(maxlen=most)
        self._n_taken = 0
        self._on_notification = on_notification
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK_SECONDS,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    @property
    def received(self) -> tuple[Received, ...]:
        """What came, in order."""
        with self._lock:
            return tuple(self._kept)

    def take(self, body: bytes, path: str, at: float) -> None:
        """Keeps what was sent at a moment.

        Raises:
            NotificationError: it is no notification.
        """
        text = body.decode(errors="replace")
        payload = json_in(text, "the notification", error=NotificationError)
        notification = notification_in(payload, at)
        with self._lock:
            self._kept.append(Received(notification, path, payload))
            self._n_taken += 1
        self._on_notification(notification)

    def as_json(self) -> bytes:
        """What came, as a program reads it: moments in unix seconds, and what was sent."""
        with self._lock:
            kept, n_lost = tuple(self._kept), self._n_taken - len(self._kept)
        sent = [{"at": one.notification.at, "sent": one.payload} for one in kept]
        return json.dumps({"notifications": sent, "lost": n_lost}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024  # an Alertmanager tells all groups that are due at once

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        try:
            super().__init__((LOOPBACK, 0), _Handler)
        except OSError as error:
            raise StackError(f"cannot listen on {LOOPBACK}: {error.strerror}") from error

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of a client that has gone before it was answered."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # a socket


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    server: _Server
    timeout = _PATIENCE_SECONDS

    def do_POST(self) -> None:
        """Takes a notification."""
        at = time.time()
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._answer(HTTPStatus.LENGTH_REQUIRED, b"a Content-Length is wanted\n")
        elif int(length) > _MOST_BYTES:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"more than 4 MiB are not taken\n")
        else:
            try:
                self.server.receiver.take(self.rfile.read(int(length)), self.path, at)
            except NotificationError as error:
                self._answer(HTTPStatus.BAD_REQUEST, f"{error}\n".encode())
            else:
                self._answer(HTTPStatus.OK, b"")

    def do_GET(self) -> None:
        """Tells what came."""
        if self.path != NOTIFICATIONS_PATH:
            self._answer(HTTPStatus.NOT_FOUND, f"see {NOTIFICATIONS_PATH}\n".encode())
        else:
            self._answer(HTTPStatus.OK, self.server.receiver.as_json(), kind="application/json")

    def _answer(self, status: HTTPStatus, body: bytes, *, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: a terminal shows what came."""
