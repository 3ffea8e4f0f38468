"""Workers, and the line of those who wait for one."""

import asyncio
from collections import OrderedDict

__all__ = ["WorkerQueue"]


class WorkerQueue:
    """Hands out a number of workers, in the order in which they were asked for.

    For coroutines of one event loop; times are its seconds.
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers
        self._n_free = n_workers  # below 0 where workers were lost in the midst of their work
        self._line: OrderedDict[asyncio.Future[bool], None] = OrderedDict()

    @property
    def n_waiting(self) -> int:
        """How many wait for a worker."""
        return len(self._line)

    @property
    def n_in_work(self) -> int:
        """How many workers are taken."""
        return self._n_workers - self._n_free

    def resize(self, n_workers: int) -> None:
        """Adds workers, which take up work at once, or loses some, as soon as they are free."""
        self._n_free += n_workers - self._n_workers
        self._n_workers = n_workers
        self._hand_out()

    async def take(self, deadline: float) -> None:
        """Returns with a worker taken, which is to be given back.

        Raises:
            TimeoutError: there was none until the deadline.
        """
        if self._n_free > 0:  # then nobody waits
            self._n_free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._line[turn] = None
        timer = loop.call_at(deadline, self._leave, turn)
        try:
            is_taken = await turn
        except asyncio.CancelledError:
            self._line.pop(turn, None)
            if not turn.cancelled() and turn.result():  # cancelled when its turn had come
                self.give_back()
            raise
        finally:
            timer.cancel()
        if not is_taken:
            raise TimeoutError

    def give_back(self) -> None:
        """A worker is free again."""
        self._n_free += 1
        self._hand_out()

    def _hand_out(self) -> None:
        while self._n_free > 0 and self._line:
            turn, _ = self._line.popitem(last=False)
            if not turn.done():
                self._n_free -= 1
                turn.set_result(True)

    def _leave(self, turn: asyncio.Future[bool]) -> None:
        if not turn.done():
            del self._line[turn]
            turn.set_result(False)
