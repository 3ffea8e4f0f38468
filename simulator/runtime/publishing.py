"""Where the snapshots of a run go: to /metrics, and to a Pushgateway as long as the run lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from simulator.pushing.pusher import Pusher
from simulator.runtime.live import Snapshot

__all__ = ["Board", "pushing"]


class Board:
    """The latest snapshot, for /metrics and for the Pushgateway."""

    def __init__(self, pusher: Pusher | None) -> None:
        self._pusher = pusher
        self._snapshot: Snapshot = {}

    def publish(self, snapshot: Snapshot) -> None:
        """Shows the snapshot from now on, and pushes it as soon as the gateway takes it."""
        self._snapshot = snapshot
        if self._pusher is not None:
            self._pusher.submit(snapshot)

    def text(self) -> bytes:
        """Exposition text of all jobs."""
        return b"".join(self._snapshot.values())

    def pushes(self) -> tuple[int, int]:
        """Pushes done and failed so far."""
        return (self._pusher.pushes, self._pusher.failures) if self._pusher else (0, 0)


@asynccontextmanager
async def pushing(
    pusher: Pusher | None, stop: asyncio.Event, *, deletes_groups: bool
) -> AsyncIterator[bool]:
    """Pushes inside, and says whether that has begun; not where `stop` is set before.

    Without a pusher it has begun. Should another run begin to push as this instance, `stop` is set.

    Raises:
        PushgatewayError: as `Pusher.start`; or another run pushes as this instance by now.
    """
    if pusher is None:
        yield True
        return
    try:
        yield await _has_begun(pusher, stop)
    finally:
        await asyncio.to_thread(pusher.close, delete_groups=deletes_groups)
    if pusher.lost.done():
        raise pusher.lost.result()


async def _has_begun(pusher: Pusher, stop: asyncio.Event) -> bool:
    """Whether the instance is claimed, or the gateway does not answer; not if `stop` is first."""
    begun = asyncio.wrap_future(pusher.start())
    stopping = asyncio.ensure_future(stop.wait())
    waiting: set[asyncio.Future[Any]] = {begun, stopping}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not begun.done():
        begun.cancel()
        return False
    begun.result()
    loop = asyncio.get_running_loop()
    pusher.lost.add_done_callback(lambda _: loop.call_soon_threadsafe(stop.set))
    return not stop.is_set()
