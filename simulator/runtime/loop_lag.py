"""How late the event loop is."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

__all__ = ["LoopLag"]

_LOOK_SECONDS: Final = 0.05


class LoopLag:
    """How much later than due the event loop comes to what is due, in seconds.

    A timer of its own is due every 50 ms; by how much it is late, so is everything else.

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
        """The longest since this was called last; a delay that lasts is divided at this moment."""
        self._longest_before, self._longest = max(self._longest, self._present()), 0.0
        if self._present() > 0.0:
            self._due = self._clock()
        return self._longest_before

    def _present(self) -> float:
        """Of a look that is due by now: it has to wait for whoever asks."""
        return 0.0 if self._due is None else max(self._clock() - self._due, 0.0)

    def _look(self) -> None:
        self._longest = max(self._longest, self._present())
        self.start()
