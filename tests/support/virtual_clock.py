"""An event loop on which waiting takes no time, so that tests of delays are exact and quick."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class _Inline(ThreadPoolExecutor):
    """Runs work at once, on the loop's own thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - the signature it overrides
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits for it
            done.set_exception(error)
        return done


class VirtualClock(asyncio.SelectorEventLoop):
    """Its time stands still while something is ready to run, then jumps to the next timer.

    For coroutines that wait for time, locks and each other; not for sockets.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self.set_default_executor(_Inline(1))

    def time(self) -> float:
        """Seconds since the loop was made, as far as its timers are concerned."""
        return self._now

    def spend(self, seconds: float) -> None:
        """Lets time pass, as work that blocks the loop would."""
        self._now += seconds

    # The loop's own step; its queues are named in CPython's source, and in no stub.
    def _run_once(self) -> None:
        due = [one.when() for one in self._scheduled if not one.cancelled()]  # type: ignore[attr-defined]
        if not self._ready and due:  # type: ignore[attr-defined]
            self._now = max(self._now, min(due))
        super()._run_once()  # type: ignore[misc]
