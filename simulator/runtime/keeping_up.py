"""A word when the simulator, and not the platform it simulates, limits what is measured."""

import logging
import time
from collections.abc import Callable
from typing import Final

from simulator.runtime.loop_lag import REMEMBERED_SECONDS

__all__ = ["KeepingUp"]

_LOG = logging.getLogger(__name__)
_QUIET_SECONDS: Final = 60.0  # between two lines in the log

#: From here on response times are longer than the scenario has them, by as much at each of the
#: steps that a request takes through the loop. Once may be chance, on a machine that does other
#: things as well; twice in a row is no longer.
_LATE_SECONDS: Final = 0.1
_VERY_LATE_SECONDS: Final = 0.5  # once is enough


class KeepingUp:
    """Judges every tick of a run: whether the simulator kept up with what it simulates.

    Args:
        clock: seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warning = ""
        self._warned_until = float("-inf")
        self._n_ticks = self._n_overrun = self._n_limited = 0
        self._was_late = False
        self._longest = 0.0
        self._quiet_until = float("-inf")

    @property
    def warning(self) -> str | None:
        """What is to be said of the latest 15 seconds, or None."""
        return self._warning if self._clock() < self._warned_until else None

    @property
    def n_limited(self) -> int:
        """Ticks so far in which the simulator was the limit."""
        return self._n_limited

    def look(self, lag_seconds: float, *, is_overrun: bool) -> None:
        """A tick has ended, in which the loop was so late; the tick may have been late as well."""
        self._n_ticks += 1
        self._n_overrun += is_overrun
        self._longest = max(self._longest, lag_seconds)
        is_late = is_overrun or lag_seconds >= _LATE_SECONDS
        is_limited = lag_seconds >= _VERY_LATE_SECONDS or (is_late and self._was_late)
        self._was_late = is_late
        if is_limited:
            self._n_limited += 1
            self._warning = self._said_of(lag_seconds)
            self._warned_until = self._clock() + REMEMBERED_SECONDS
            self._tell()

    def tell_all(self) -> None:
        """Says at the end of a run how much of it was limited; nothing where none was."""
        if self._n_limited:
            _LOG.warning(
                "the simulator was the limit in %d of %d ticks, and its event loop up to %.2f s "
                "late",
                self._n_limited,
                self._n_ticks,
                self._longest,
            )

    def _tell(self) -> None:
        if self._clock() >= self._quiet_until:
            _LOG.warning("%s", self._warning)
            self._quiet_until = self._clock() + _QUIET_SECONDS

    def _said_of(self, lag_seconds: float) -> str:
        return (
            "the simulator, and not the platform it simulates, is the limit: event loop "
            f"{lag_seconds:.2f} s late, {self._n_overrun} of {self._n_ticks} ticks overran; "
            "send less, or give it more processor time"
        )
