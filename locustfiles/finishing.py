"""The end of a test, when every request that was sent has been counted.

Locust's workers report every three seconds, and its master waits half a second for their last
report. Requests that take longer would be lost from its figures, but not from the platform's. So
the master asks every worker to finish, and goes on when each has sent its last report.
"""

import time
from collections.abc import Mapping
from typing import Any, Final

import gevent
from listening import on
from locust.rpc import Message
from locust.runners import (
    STATE_INIT,
    STATE_MISSING,
    STATE_STOPPED,
    STATE_STOPPING,
    MasterRunner,
    Runner,
    WorkerRunner,
)
from users import ChannelUser

__all__ = ["Finish", "finish_of"]

_FINISH, _FINISHED = "finish", "finished"
_SENT: Final = "applications_sent"
_EXTRA_SECONDS: Final = 5.0  # for messages, on top of what users get to finish
_POLL_SECONDS: Final = 0.02


class Finish:
    """Lets the users of a process end their requests, and counts the applications they sent."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        # `quitting` runs in reverse: this comes before the runner's own, which cuts the connection.
        on(runner.environment.events.quitting)(self._stop_users)

    def begin(self) -> None:
        """A test begins."""

    @property
    def applications_sent(self) -> int:
        """Applications of this test that were answered."""
        return ChannelUser.supply.applications_sent

    def _stop_users(self, **_: object) -> None:
        ChannelUser.supply.is_closed = True  # a user that is still started ends at once
        if self._runner.state not in {STATE_INIT, STATE_STOPPED}:
            self._runner.stop()


class WorkerFinish(Finish):
    """In a worker: reports as soon as users have ended, and when the master asks for that."""

    _runner: WorkerRunner

    def __init__(self, runner: WorkerRunner) -> None:
        super().__init__(runner)
        runner.register_message(_FINISH, self._finish)
        on(runner.environment.events.report_to_master)(self._add_sent)
        on(runner.environment.events.test_stop)(self._report)

    def _finish(self, **_: object) -> None:
        self._stop_users()
        # Locust would wait for as long again before this worker may take part in another test.
        self._runner.environment.stop_timeout = 0.0
        self._runner.send_message(_FINISHED)

    def _add_sent(self, data: dict[str, Any], **_: object) -> None:
        data[_SENT], ChannelUser.supply.applications_sent = ChannelUser.supply.applications_sent, 0

    def _report(self, **_: object) -> None:
        """What Locust sends every three seconds: counts of requests, and `_add_sent`'s."""
        self._runner._send_stats()  # noqa: SLF001 - there is no public way to report at once


class MasterFinish(Finish):
    """In the master: asks the workers to finish, and adds up what they sent."""

    _runner: MasterRunner

    def __init__(self, runner: MasterRunner) -> None:
        super().__init__(runner)
        self._sent = 0
        self._finished: set[str] = set()
        runner.register_message(_FINISHED, self._has_finished)
        on(runner.environment.events.worker_report)(self._hear)
        on(runner.environment.events.test_stopping)(self._ask_workers)

    def begin(self) -> None:
        """A test begins."""
        self._sent = 0

    @property
    def applications_sent(self) -> int:
        """Applications of this test that were answered, over all workers."""
        return self._sent

    def _stop_users(self, **_: object) -> None:
        """The runner's own listener does it: its `stop` would have workers stay, not quit."""

    def _hear(self, data: Mapping[str, Any], **_: object) -> None:
        self._sent += int(data.get(_SENT, 0))

    def _has_finished(self, msg: Message, **_: object) -> None:
        self._finished.add(msg.node_id)

    def _ask_workers(self, **_: object) -> None:
        # Locust does so next; from here on it is not to replace users of workers that leave.
        self._runner.update_state(STATE_STOPPING)
        self._finished.clear()
        for worker in self._runner.clients.all:
            self._runner.send_message(_FINISH, client_id=worker.id)
        deadline = time.monotonic() + self._runner.environment.stop_timeout + _EXTRA_SECONDS
        while self._unfinished() and time.monotonic() < deadline:
            gevent.sleep(_POLL_SECONDS)

    def _unfinished(self) -> set[str]:
        """Workers to wait for: not those that have gone, or are not heard of any more."""
        present = {w.id for w in self._runner.clients.all if w.state != STATE_MISSING}
        return present - self._finished


def finish_of(runner: Runner) -> Finish:
    """The right one for this process."""
    if isinstance(runner, WorkerRunner):
        return WorkerFinish(runner)
    return MasterFinish(runner) if isinstance(runner, MasterRunner) else Finish(runner)
