"""Pushing in the background, so that a slow or absent Pushgateway never holds up the run.

    start() --> claim the instance
    submit(snapshot) --> [ newest snapshot ] --> worker thread --> one PUT per group
                                                      |
                                    outage: wait 0.5 .. 15 s, try the newest again

Only the newest snapshot is kept. Counters are cumulative, so the first push after an outage
carries everything that was counted during it.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from simulator.errors import PushgatewayError
from simulator.pushing.claim import Claim, InstanceInUseError
from simulator.pushing.delivery import Delivery
from simulator.pushing.gateway import Pushgateway, PushgatewayUnreachableError
from simulator.pushing.instance import checked_instance
from simulator.pushing.lateness import LatenessWatch
from simulator.pushing.mark import Mark
from simulator.pushing.outage import Backoff, OutageWatch
from simulator.pushing.refusals import Refusals

__all__ = ["Pusher"]

_LOG = logging.getLogger(__name__)


class Pusher:
    """Pushes the newest snapshot to a Pushgateway from a thread of its own, once per `submit`.

    A snapshot is `{job: exposition text}`; each entry replaces the group of that job and of
    `instance`. Failures are logged: one warning when the gateway stops answering, one notice when
    it answers again, and each distinct text of a refusal once. A refused group is not retried;
    the other groups and the next snapshot are pushed as usual.

    `clock` gives seconds that only rise. From `start` to the end of `close`, the gateway belongs
    to the pusher alone.

    Raises:
        PushgatewayError: an instance that cannot be used.
    """

    def __init__(  # noqa: PLR0913 - options with a default
        self,
        gateway: Pushgateway,
        *,
        instance: str,
        mark: Mark,
        clock: Callable[[], float],
        takes_over: bool = False,
        content_type: str = CONTENT_TYPE_PLAIN_0_0_4,
        backoff: Backoff = Backoff(),  # noqa: B008 - a frozen value
    ) -> None:
        self._gateway = gateway
        self._instance = checked_instance(instance)
        self._clock = clock
        claim = Claim(
            gateway,
            instance,
            mark,
            takes_over=takes_over,
            clock=clock,
            pause=self._pause,
            may_begin=self._may_begin,
        )
        self._delivery = Delivery(gateway, instance, mark, claim, content_type=content_type)
        self._outage = OutageWatch(repr(gateway), clock=clock, backoff=backoff)
        self._lateness = LatenessWatch(repr(gateway), interval_seconds=mark.interval_seconds)
        self._last_error = ""
        self._deletes_groups = False
        self._begun: Future[None] = Future()
        self.lost: Future[InstanceInUseError] = Future()
        """Has a result once another run pushes as this instance; no push follows."""
        self._thread = threading.Thread(target=self._run, name="pusher", daemon=True)
        self._changed = threading.Condition()  # guards all below; never held while sending
        self._snapshot: Mapping[str, bytes] = {}
        self._submitted_at = 0.0
        self._submitted = 0  # snapshots are numbered from 1
        self._settled = 0  # the latest that needs no further attempt
        self._delivered = 0  # the latest that the gateway took whole
        self._pushes = 0
        self._failures = 0
        self._has_begun = False  # something of this run may be in the gateway
        self._is_hurried = False
        self._is_closing = False
        self._is_abandoned = False
        self._has_ended = False

    @property
    def refusals(self) -> Refusals:
        """What the gateway refused."""
        return self._delivery.refusals

    @property
    def pushes(self) -> int:
        """Whole snapshots delivered: the gateway took every group."""
        return self._pushes

    @property
    def failures(self) -> int:
        """Attempts to deliver a snapshot of which at least one group did not get through."""
        return self._failures

    def start(self) -> Future[None]:
        """Claim the instance, delete the groups that a killed run of it left, and begin to push.

        Returns at once, with what is done once that is over. If the gateway does not answer, that
        is the first outage: it is done too, and the instance is claimed before the first push.

        Raises, in the future:
            InstanceInUseError: another run pushes as this instance.
            PushgatewayRefusedError: access is denied, the certificate is not trusted, or there is
                something else at the address. None of these heals by waiting.
        """
        self._thread.start()
        return self._begun

    def submit(self, snapshot: Mapping[str, bytes]) -> None:
        """Make `snapshot` the newest; returns at once, and may replace one not yet pushed.

        Raises:
            RuntimeError: the pusher is closed.
        """
        with self._changed:
            if self._is_closing:
                raise RuntimeError("the pusher is closed")
            self._snapshot = dict(snapshot)
            self._submitted_at = self._clock()
            self._submitted += 1
            self._changed.notify_all()

    def flush(self, timeout_seconds: float) -> bool:
        """Whether the gateway took the newest snapshot, or a later one, whole and in time.

        During an outage it is tried at once instead of after the current wait.
        """
        with self._changed:
            target = self._submitted
            self._is_hurried = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._settled >= target or self._has_ended, timeout_seconds
            )
            return self._delivered >= target

    def close(self, *, delete_groups: bool, timeout_seconds: float = 8.0) -> None:
        """Push what is not yet pushed, once, then delete this instance's groups if asked.

        Returns within `timeout_seconds` whatever the gateway does, and at once where it has not
        begun to push; what could not be done is said in a warning. Closing again, or without a
        `start`, does nothing.
        """
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            self._deletes_groups = delete_groups
            has_begun = self._has_begun or self._begun.done()
            self._changed.notify_all()
        if self._thread.ident is None:
            return
        self._thread.join(timeout_seconds if has_begun else 0.0)
        if self._thread.is_alive():
            with self._changed:
                self._is_abandoned = True
            self._gateway.close()  # which ends the exchange that the thread waits for
            if has_begun:
                self._warn_of_undone(f"no end within {timeout_seconds:g} s")

    def _run(self) -> None:
        self._begun.set_running_or_notify_cancel()  # who waits for it may stop waiting
        try:
            if self._is_begun():
                while self._has_work():
                    self._attempt()
                self._finish()
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()

    def _is_begun(self) -> bool:
        try:
            self._delivery.begin()
        except PushgatewayUnreachableError as error:
            if not self._is_closing:
                self._outage.note_failure(error)
        except PushgatewayError as error:
            self._begun.set_exception(error)
            return False
        self._begun.set_result(None)
        return True

    def _pause(self, seconds: float) -> bool:
        """Waits, and says whether the pusher is closing by now."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_closing, seconds)

    def _may_begin(self) -> bool:
        """Whether to push at all; not where `close` came first, which then waits for nothing."""
        with self._changed:
            self._has_begun = not self._is_closing or self._begun.done()
            return self._has_begun

    def _has_work(self) -> bool:
        """True once a snapshot is due, False at the end; waits for either."""
        if self.lost.done():
            return False
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closing or self._is_hurried, self._outage.delay_seconds
            )
            self._changed.wait_for(lambda: self._is_closing or self._is_pending())
            self._is_hurried = False
            return not self._is_closing

    def _is_pending(self) -> bool:
        return self._settled < self._submitted

    def _attempt(self) -> None:
        """One attempt to deliver the newest snapshot."""
        with self._changed:
            snapshot, number, submitted_at = self._snapshot, self._submitted, self._submitted_at
        try:
            is_whole = self._delivery.deliver(snapshot)
        except PushgatewayUnreachableError as error:
            self._last_error = str(error)
            if not self._is_closing:  # the end of the run has a warning of its own
                self._outage.note_failure(error)
            with self._changed:
                self._failures += 1
        except InstanceInUseError as error:
            self.lost.set_result(error)
            self._settle(number, is_whole=False)
        else:
            self._outage.note_answer()
            self._lateness.note_taken(self._clock() - submitted_at)
            self._settle(number, is_whole=is_whole)

    def _settle(self, number: int, *, is_whole: bool) -> None:
        with self._changed:
            self._settled = number
            if is_whole:
                self._delivered = number
                self._pushes += 1
            else:
                self._failures += 1
            self._changed.notify_all()

    def _finish(self) -> None:
        """What close asks for; nothing is deleted once close has stopped waiting."""
        if self._is_pending():
            self._attempt()
        if self._is_abandoned or self.lost.done():
            return
        if self._is_pending():
            self._warn_of_undone(self._last_error)
        else:
            try:
                self._delivery.leave(self._snapshot, deletes_groups=self._deletes_groups)
            except PushgatewayError as error:
                self._warn_of_undone(str(error))

    def _warn_of_undone(self, reason: str) -> None:
        undone = [
            *(["the last values are not pushed"] if self._is_pending() else []),
            *(["its groups are not deleted"] if self._deletes_groups else []),
        ]
        if undone:
            _LOG.warning(
                "end of instance %r at %r: %s (%s)",
                self._instance,
                self._gateway,
                " and ".join(undone),
                reason,
            )
