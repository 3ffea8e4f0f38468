"""When a server stopped answering, how long to wait for it, and what the log says of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import SystemRandom

__all__ = ["Backoff", "OutageWatch"]

_LOG = logging.getLogger(__name__)
# Unseeded on purpose: two runs of one seed must not retry in step. No simulated number uses it.
_UNSEEDED = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait after failures in a row: exponential, with full jitter, in seconds.

    `jitter` gives numbers in [0, 1).

    Raises:
        ValueError: not 0 < first_seconds <= cap_seconds.
    """

    first_seconds: float = 0.5
    cap_seconds: float = 15.0
    jitter: Callable[[], float] = _UNSEEDED.random

    def __post_init__(self) -> None:
        if not 0 < self.first_seconds <= self.cap_seconds:
            raise ValueError(f"expected 0 < first_seconds <= cap_seconds: {self}")

    def delay_seconds(self, n_failures: int) -> float:
        """The wait after the `n_failures`-th failure in a row.

        `first + jitter * (min(cap, first * 2^n_failures) - first)`: "full jitter" of M. Brooker,
        "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), above a least wait.

        >>> [Backoff(jitter=lambda: 0.5).delay_seconds(n) for n in (1, 2, 3, 9)]
        [0.75, 1.25, 2.25, 7.75]
        """
        doublings = min(n_failures, 64)  # more would overflow a float and change nothing
        ceiling = min(self.cap_seconds, self.first_seconds * 2.0**doublings)
        return self.first_seconds + self.jitter() * (ceiling - self.first_seconds)


class OutageWatch:
    """Told of each failure and answer of a server, it logs where an outage begins and ends.

    One warning when it begins and one notice, with its length, when it is over. `clock` gives
    seconds that only rise; `server` is how the log calls it.
    """

    def __init__(self, server: str, *, clock: Callable[[], float], backoff: Backoff) -> None:
        self._server = server
        self._clock = clock
        self._backoff = backoff
        self._since_seconds = 0.0
        self._n_failures = 0
        self.delay_seconds = 0.0
        """The wait until the next attempt; 0 while the server answers."""

    @property
    def is_on(self) -> bool:
        """Whether the latest attempt failed."""
        return self._n_failures > 0

    def note_failure(self, error: Exception) -> None:
        """Begin or prolong the outage."""
        if not self.is_on:
            self._since_seconds = self._clock()
            _LOG.warning("%s; the run goes on, and the newest values are retried", error)
        self._n_failures += 1
        self.delay_seconds = self._backoff.delay_seconds(self._n_failures)

    def note_answer(self) -> None:
        """End the outage, if there is one."""
        if self.is_on:
            seconds = self._clock() - self._since_seconds
            _LOG.info("%s answers again after %.1f s", self._server, seconds)
        self._n_failures = 0
        self.delay_seconds = 0.0
