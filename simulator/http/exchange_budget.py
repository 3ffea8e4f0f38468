"""What one exchange may take: a time for all of it, and a size of all that comes back.

The timeouts of sockets are for one read each: a server that sends a byte now and then never runs
into them. So each exchange has a deadline, and each read gets what is left until then.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

__all__ = ["MEBIBYTE", "AnswerTooLongError", "ExchangeBudget"]

MEBIBYTE = 1024 * 1024


class AnswerTooLongError(Exception):
    """More came back than the exchange allows. Not an OSError: no layer in between retries it."""


class ExchangeBudget:
    """The time and size left to one exchange.

    Raises:
        ValueError: no time, or no size.
    """

    def __init__(self, *, seconds: float, most_bytes: int) -> None:
        if not seconds > 0 or most_bytes <= 0:
            raise ValueError(f"no exchange is done in {seconds} s and {most_bytes} bytes")
        self.most_bytes = most_bytes
        self.received_bytes = 0
        self._deadline = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._has_ended = False

    @property
    def left_seconds(self) -> float:
        """The time until the deadline, more than 0.

        Raises:
            TimeoutError: there is none left.
            ConnectionAbortedError: the exchange was ended from another thread.
        """
        if self._has_ended:
            raise ConnectionAbortedError("ended")
        left = self._deadline - time.monotonic()
        if left <= 0.0:
            raise TimeoutError("the exchange took too long")
        return left

    def note_received(self, n_bytes: int) -> None:
        """Counts what came.

        Raises:
            AnswerTooLongError: it is too much by now.
        """
        self.received_bytes += n_bytes
        if self.received_bytes > self.most_bytes:
            raise AnswerTooLongError(f"more than {self.most_bytes} bytes")

    def hold(self, used: socket.socket) -> None:
        """Sets the time that the next call on a socket may take, and remembers it for `end`."""
        self._socket = used
        used.settimeout(self.left_seconds)

    def end(self) -> None:
        """Ends the exchange, which is under way in another thread."""
        self._has_ended = True
        if self._socket is not None:
            with suppress(OSError):  # it may be closed by now
                self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Inside, in this thread or greenlet, sockets keep to it."""
        before = _IN_FORCE.set(self)
        try:
            yield
        finally:
            self._socket = None
            _IN_FORCE.reset(before)

    @staticmethod
    def of_this_exchange() -> "ExchangeBudget":
        """The one in force: urllib3 has no way to hand one down to its sockets.

        Raises:
            LookupError: there is none, so this is no exchange of ours.
        """
        return _IN_FORCE.get()


_IN_FORCE: ContextVar[ExchangeBudget] = ContextVar("budget")
