"""How late the event loop is."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final

__all__ = ["REMEMBERED_SECONDS", "LoopLag"]

#: As long as Prometheus usually waits between two looks, so that none misses a delay.
REMEMBERED_SECONDS: Final = 15
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
        self._untaken = 0.0
        #: Whole seconds of the clock, each with the longest of it; those without a look are not in.
        self._recent: deque[tuple[int, float]] = deque(maxlen=REMEMBERED_SECONDS)

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
        """The longest of the latest 15 seconds."""
        first = self._clock() - REMEMBERED_SECONDS
        recent = (longest for second, longest in self._recent if second >= first)
        return max(self._present(), *recent, 0.0)

    def take(self) -> float:
        """The longest since this was called last; a delay that lasts is divided at this moment."""
        self._note(self._present())
        if self._present() > 0.0:
            self._due = self._clock()
        taken, self._untaken = self._untaken, 0.0
        return taken

    def _present(self) -> float:
        """Of a look that is due by now: it has to wait for whoever asks."""
        return 0.0 if self._due is None else max(self._clock() - self._due, 0.0)

    def _look(self) -> None:
        self._note(self._present())
        self.start()

    def _note(self, seconds: float) -> None:
        self._untaken = max(self._untaken, seconds)
        now = int(self._clock())
        if self._recent and self._recent[-1][0] == now:
            seconds = max(self._recent.pop()[1], seconds)
        self._recent.append((now, seconds))
