"""The end of a test, when every request that was sent has been counted.

Locust's workers report every three seconds, and its master waits half a second for their last
report. Requests that take longer would be lost from its figures, but not from the platform's. So
the master asks every worker to finish, and goes on when each has sent its last report. One that is
killed never does: what it sent since the report before is missing, which the end of the test says.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

import gevent
from locust.rpc import Message
from locust.runners import (
    STATE_INIT,
    STATE_MISSING,
    STATE_STOPPED,
    STATE_STOPPING,
    MasterRunner,
    Runner,
    WorkerNode,
    WorkerRunner,
)

from simulator.load.counting import Counted, counted_at, counted_in_the_end, in_words
from simulator.load.listening import on
from simulator.load.platform_client import UnreadableError
from simulator.load.users import ChannelUser

__all__ = ["Finish", "finish_of"]

_FINISH, _FINISHED = "finish", "finished"
_SENT: Final = "applications_sent"
_EXTRA_SECONDS: Final = 5.0  # for messages, on top of what users get to finish
_POLL_SECONDS: Final = 0.02
_LOG = logging.getLogger("scoring")


class Finish:
    """Lets the users of a process end their requests, and counts the applications they sent."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        # `quitting` runs in reverse: this comes before the runner's own, which cuts the connection.
        on(runner.environment.events.quitting, self._stop_users)

    def begin(self) -> None:
        """A test begins."""

    @property
    def applications_sent(self) -> int:
        """Applications of this test that were answered."""
        return ChannelUser.feeder.applications_sent

    def tell(self) -> None:
        """Says what a test that has ended sent, and how sure that is."""
        _LOG.info("Applications sent: %d", self.applications_sent)

    def _stop_users(self, **_: object) -> None:
        ChannelUser.feeder.is_closed = True  # a user that is still started ends at once
        if self._runner.state not in {STATE_INIT, STATE_STOPPED}:
            self._runner.stop()


class WorkerFinish(Finish):
    """In a worker: reports as soon as users have ended, and when the master asks for that."""

    _runner: WorkerRunner

    def __init__(self, runner: WorkerRunner) -> None:
        super().__init__(runner)
        runner.register_message(_FINISH, self._finish)
        on(runner.environment.events.report_to_master, self._add_sent)
        on(runner.environment.events.test_stop, self._report)

    def _finish(self, **_: object) -> None:
        self._stop_users()
        # Locust would wait for as long again before this worker may take part in another test.
        self._runner.environment.stop_timeout = 0.0

    def _stop_users(self, **_: object) -> None:
        """Also where this worker alone is told to end."""
        super()._stop_users()
        self._runner.send_message(_FINISHED)

    def tell(self) -> None:
        """The master does it, which knows all."""

    def _add_sent(self, data: dict[str, Any], **_: object) -> None:
        data[_SENT], ChannelUser.feeder.applications_sent = ChannelUser.feeder.applications_sent, 0

    def _report(self, **_: object) -> None:
        """What Locust sends every three seconds: counts of requests, and `_add_sent`'s."""
        self._runner._send_stats()  # noqa: SLF001 - there is no public way to report at once


class MasterFinish(Finish):
    """In the master: asks the workers to finish, and adds up what they sent."""

    _runner: MasterRunner

    def __init__(self, runner: MasterRunner) -> None:
        super().__init__(runner)
        self._sent = 0
        self._taking_part: set[str] = set()
        self._finished: set[str] = set()
        self._before: Counted | UnreadableError = Counted(0, 0)
        runner.register_message(_FINISHED, self._has_finished)
        on(runner.environment.events.worker_report, self._hear)
        on(runner.environment.events.test_stopping, self._ask_workers)

    def begin(self) -> None:
        """A test begins."""
        self._sent = 0
        self._taking_part = {w.id for w in self._present()}
        self._finished.clear()
        try:
            self._before = counted_at(self._host, ChannelUser.trust, at_first=self._at_first)
        except UnreadableError as error:
            self._before = error

    @property
    def applications_sent(self) -> int:
        """Applications of this test that were answered, over all workers."""
        return self._sent

    def tell(self) -> None:
        """Says what a test that has ended sent, and what may be missing of lost workers."""
        super().tell()
        if lost := self._taking_part - self._finished:
            _LOG.warning(
                "Counts may differ: %d of %d workers were lost, with up to 3 s of what they sent",
                len(lost),
                len(self._taking_part),
            )
            _LOG.warning("Counts may differ: %s", self._compared())

    def _compared(self) -> str:
        """By how many the platform's counts differ, where it has some."""
        before = self._before
        try:
            if isinstance(before, UnreadableError):
                raise before
            counted = counted_in_the_end(self._host, ChannelUser.trust).since(before)
        except UnreadableError as error:
            return f"the platform does not say by how many: {error}"
        return in_words(counted, Counted(self._runner.stats.total.num_requests, self._sent))

    @property
    def _at_first(self) -> Counted | None:
        """What a platform has counted that has just started; not known where it goes on."""
        options = self._runner.environment.parsed_options
        is_known = options is not None and not (options.host or options.history)
        return Counted(0, 0) if is_known else None

    @property
    def _host(self) -> str:
        return self._runner.environment.host or ""

    def _stop_users(self, **_: object) -> None:
        """The runner's own listener does it: its `stop` would have workers stay, not quit."""

    def _hear(self, client_id: str, data: Mapping[str, Any], **_: object) -> None:
        self._taking_part.add(client_id)
        self._sent += int(data.get(_SENT, 0))

    def _has_finished(self, msg: Message, **_: object) -> None:
        self._finished.add(msg.node_id)

    def _ask_workers(self, **_: object) -> None:
        # Locust does so next; from here on it is not to replace users of workers that leave.
        self._runner.update_state(STATE_STOPPING)
        for worker in self._runner.clients.all:
            self._runner.send_message(_FINISH, client_id=worker.id)
        deadline = time.monotonic() + self._runner.environment.stop_timeout + _EXTRA_SECONDS
        while self._unfinished() and time.monotonic() < deadline:
            gevent.sleep(_POLL_SECONDS)

    def _unfinished(self) -> set[str]:
        """Workers to wait for."""
        return {w.id for w in self._present()} - self._finished

    def _present(self) -> list[WorkerNode]:
        """Workers but for those that have gone, or are not heard of any more."""
        return [w for w in self._runner.clients.all if w.state != STATE_MISSING]


def finish_of(runner: Runner) -> Finish:
    """The right one for this process."""
    if isinstance(runner, WorkerRunner):
        return WorkerFinish(runner)
    return MasterFinish(runner) if isinstance(runner, MasterRunner) else Finish(runner)
