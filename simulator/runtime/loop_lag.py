"""How late the event loop is, and a word when that limits what is measured."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["LATE_SECONDS", "LoadWatch", "LoopLag"]

#: From here on response times are longer than the scenario has them, by as much for each of the
#: handful of steps that a request takes through the loop.
LATE_SECONDS: Final = 0.1
_LOG = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 0.05
_QUIET_SECONDS: Final = 60.0  # between two warnings


class LoopLag:
    """How much later than due the event loop comes to what is due: seconds, the longest of late.

    A timer of its own looks every 50 ms; by how much that is late, so is everything else.

    Args:
        clock: seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._longest = self._longest_before = 0.0

    def start(self) -> None:
        """Looks after the running loop until `stop`."""
        self._due = self._clock() + _LOOK_SECONDS
        self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def stop(self) -> None:
        """Looks no longer."""
        self._due = None
        if self._timer is not None:
            self._timer.cancel()

    @property
    def seconds(self) -> float:
        """The longest since `take` was called for the last time but one."""
        return max(self._longest, self._longest_before, self._present())

    def take(self) -> float:
        """The longest since this was called last."""
        self._longest, self._longest_before = 0.0, max(self._longest, self._present())
        return self._longest_before

    def _present(self) -> float:
        """Of a look that is due by now: it has to wait for whoever asks."""
        return 0.0 if self._due is None else max(self._clock() - self._due, 0.0)

    def _look(self) -> None:
        self._longest = max(self._longest, self._present())
        self.start()


@dataclass
class LoadWatch:
    """Warns, at most once a minute, that the simulator is slower than what it simulates.

    Args:
        clock: seconds that only rise.
    """

    clock: Callable[[], float] = time.monotonic
    _n_ticks: int = 0
    _n_limited: int = 0
    _n_overrun: int = 0
    _longest: float = 0.0  # since the last warning
    _longest_ever: float = 0.0
    _quiet_until: float = float("-inf")

    def look(self, lag_seconds: float, *, is_overrun: bool) -> None:
        """A tick has ended, in which the loop was so late; the tick itself may have been, too."""
        self._n_ticks += 1
        self._n_overrun += is_overrun
        self._longest = max(self._longest, lag_seconds)
        self._longest_ever = max(self._longest_ever, lag_seconds)
        if lag_seconds < LATE_SECONDS and not is_overrun:
            return
        self._n_limited += 1
        if self.clock() >= self._quiet_until:
            _LOG.warning(
                "the simulator, and not the platform it simulates, is the limit: %s; response "
                "times are this machine's: send less, or give it a faster processor",
                self._words(self._longest),
            )
            self._quiet_until, self._longest = self.clock() + _QUIET_SECONDS, 0.0

    def tell_all(self) -> None:
        """Says at the end of a run how much of it was limited; nothing where none was."""
        if self._n_limited:
            _LOG.warning(
                "the simulator was the limit in %d of %d ticks: %s",
                self._n_limited,
                self._n_ticks,
                self._words(self._longest_ever),
            )

    def _words(self, longest: float) -> str:
        return (
            f"its event loop was up to {longest:.2f} s late, "
            f"{self._n_overrun} of {self._n_ticks} ticks overran"
        )
