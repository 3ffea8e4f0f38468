"""Where the ticks of a live run go: to /metrics, to a Pushgateway, and to any other sink."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, Protocol, Self

from simulator.http.endpoint import Endpoint
from simulator.metrics.page import one_page
from simulator.metrics.self_monitoring import JOB
from simulator.metrics.snapshot import Snapshot
from simulator.pushing.gateway import PUSHGATEWAY, Pushgateway
from simulator.pushing.mark import Mark
from simulator.pushing.pusher import Pusher

__all__ = ["LatestSnapshot", "PushgatewaySink", "Sink"]


class Sink(Protocol):
    """Takes the snapshot of every tick, in the order of time."""

    def opened(self, stop: asyncio.Event) -> AbstractAsyncContextManager[object]:
        """Open inside the block, which lasts as long as the run; setting `stop` ends that."""

    def write(self, snapshot: Snapshot) -> None:
        """Takes the snapshot of a tick; returns at once, since requests wait meanwhile."""


class LatestSnapshot:
    """The latest snapshot, for /metrics: as open as the API that shows it."""

    def __init__(self) -> None:
        self._texts: Mapping[str, bytes] = {}
        self._late_seconds = 0.0

    def opened(self, stop: asyncio.Event) -> AbstractAsyncContextManager[object]:
        """Nothing has to be opened."""
        del stop
        return nullcontext()

    def write(self, snapshot: Snapshot) -> None:
        """Shows the snapshot from now on."""
        self._texts, self._late_seconds = snapshot.texts, snapshot.late_seconds

    async def scraped(self) -> bytes | None:
        """Exposition text of all jobs that answer, as late as they do; None where none does."""
        if self._late_seconds:
            await asyncio.sleep(self._late_seconds)
        if self._texts.keys() == {JOB}:
            return None
        return one_page(self._texts.values())


class PushgatewaySink:
    """Pushes each snapshot as soon as the gateway takes it, as long as the run lasts."""

    def __init__(self, pusher: Pusher, *, url: str, deletes_groups: bool) -> None:
        self.pusher = pusher
        self.url = url
        self._deletes_groups = deletes_groups

    @classmethod
    def at(
        cls,
        url: str,
        *,
        instance: str,
        interval_seconds: float,
        takes_over: bool,
        keeps_groups: bool,
    ) -> Self:
        """The sink at a URL, with what that does not say read from the environment.

        Raises:
            PushgatewayError: an address, credentials, a CA file or an instance that is none.
        """
        endpoint = Endpoint.from_environment(url, of=PUSHGATEWAY)
        pusher = Pusher(
            Pushgateway(endpoint),
            instance=instance,
            mark=Mark(started=time.time(), interval_seconds=interval_seconds),
            clock=time.monotonic,
            takes_over=takes_over,
        )
        return cls(pusher, url=endpoint.url, deletes_groups=not keeps_groups)

    @asynccontextmanager
    async def opened(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Pushes inside; should another run begin to push as this instance, `stop` is set.

        Raises:
            PushgatewayError: as `Pusher.start`; or another run pushes as this instance by now.
        """
        try:
            await self._begin(stop)
            yield
        finally:
            await asyncio.to_thread(self.pusher.close, delete_groups=self._deletes_groups)
        if self.pusher.lost.done():
            raise self.pusher.lost.result()

    def write(self, snapshot: Snapshot) -> None:
        """Pushes the snapshot as soon as the gateway takes it."""
        self.pusher.submit(snapshot.texts)

    async def _begin(self, stop: asyncio.Event) -> None:
        """Claims the instance; waits neither for a gateway that is away nor after `stop`."""
        begun = asyncio.wrap_future(self.pusher.start())
        stopping = asyncio.ensure_future(stop.wait())
        waiting: set[asyncio.Future[Any]] = {begun, stopping}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not begun.done():
            begun.cancel()
            return
        begun.result()
        loop = asyncio.get_running_loop()
        self.pusher.lost.add_done_callback(lambda _: loop.call_soon_threadsafe(stop.set))
