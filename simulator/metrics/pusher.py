"""Pushing in the background, so that a slow or absent Pushgateway never holds up the run.

    submit(snapshot) --> [ newest snapshot ] --> worker thread --> one PUT per group
                                                      |
                                    outage: wait 0.5 .. 15 s, try the newest again

Only the newest snapshot is kept. Counters are cumulative, so the first push after an outage
carries everything that was counted during it.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from functools import partial

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from simulator.errors import PushgatewayError
from simulator.metrics.outage import Backoff, OutageWatch
from simulator.metrics.pushgateway import Pushgateway, PushgatewayUnreachableError

__all__ = ["Pusher"]

_LOG = logging.getLogger(__name__)
_MAX_SHOWN_REFUSALS = 20
_NUMBER = re.compile(r"\d[\d.e+-]*")


class Pusher:
    """Pushes the newest snapshot to a Pushgateway from a thread of its own, once per `submit`.

    A snapshot is `{job: exposition text}`; each entry replaces the group of that job and of
    `instance`. Failures are logged: one warning when the gateway stops answering, one notice when
    it answers again, and each distinct text of a refusal once. A refused group is not retried;
    the other groups and the next snapshot are pushed as usual.

    `clock` gives seconds that only rise; it measures how long an outage lasted. From `start` to
    the end of `close`, the gateway belongs to the pusher alone.

    Raises:
        PushgatewayError: an empty instance. Groups that others pushed without one look the same
            and would be deleted.
    """

    def __init__(
        self,
        gateway: Pushgateway,
        *,
        instance: str,
        clock: Callable[[], float],
        content_type: str = CONTENT_TYPE_PLAIN_0_0_4,
        backoff: Backoff = Backoff(),  # noqa: B008 - a frozen value
    ) -> None:
        if not instance:
            raise PushgatewayError("the instance to push as is ''; give it a name")
        self._gateway = gateway
        self._instance = instance
        self._content_type = content_type
        self._outage = OutageWatch(repr(gateway), clock=clock, backoff=backoff)
        self._shown_refusals: set[str] = set()
        self._last_error = ""
        self._has_leftovers = False
        self._deletes_groups = False
        self._thread = threading.Thread(target=self._run, name="pusher", daemon=True)
        self._changed = threading.Condition()  # guards all below; never held while sending
        self._snapshot: Mapping[str, bytes] = {}
        self._submitted = 0  # snapshots are numbered from 1
        self._settled = 0  # the latest that needs no further attempt
        self._delivered = 0  # the latest that the gateway took whole
        self._pushes = 0
        self._failures = 0
        self._is_hurried = False
        self._is_closing = False
        self._is_abandoned = False
        self._has_ended = False

    @property
    def pushes(self) -> int:
        """Whole snapshots delivered: the gateway took every group."""
        return self._pushes

    @property
    def failures(self) -> int:
        """Attempts to deliver a snapshot of which at least one group did not get through."""
        return self._failures

    def start(self) -> None:
        """Delete the groups that a killed run of this instance left, and begin to push.

        If the gateway does not answer, that is the first outage: the run goes on, and the groups
        are deleted before the first push.

        Raises:
            PushgatewayRefusedError: access is denied, the certificate is not trusted, or there is
                something else at the address. None of these heals by waiting.
        """
        try:
            self._delete_leftovers()
        except PushgatewayUnreachableError as error:
            self._has_leftovers = True
            self._outage.note_failure(error)
        self._thread.start()

    def submit(self, snapshot: Mapping[str, bytes]) -> None:
        """Make `snapshot` the newest; returns at once, and may replace one not yet pushed.

        Raises:
            RuntimeError: the pusher is closed.
        """
        with self._changed:
            if self._is_closing:
                raise RuntimeError("the pusher is closed")
            self._snapshot = dict(snapshot)
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

    def close(self, *, delete_groups: bool, timeout_seconds: float = 10.0) -> None:
        """Push what is not yet pushed, once, then delete this instance's groups if asked.

        Returns within `timeout_seconds` whatever the gateway does; what could not be done is
        said in a warning. Closing again, or without a `start`, does nothing.
        """
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            self._deletes_groups = delete_groups
            self._changed.notify_all()
        if self._thread.ident is None:
            return
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():
            with self._changed:
                self._is_abandoned = True
            self._warn_of_undone(f"no end within {timeout_seconds:g} s")

    def _run(self) -> None:
        try:
            while self._has_work():
                self._attempt()
            self._finish()
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()

    def _has_work(self) -> bool:
        """True once a snapshot is due, False once closing; waits for either."""
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
            snapshot, number = self._snapshot, self._submitted
        try:
            is_whole = self._deliver(snapshot)
        except PushgatewayUnreachableError as error:
            self._last_error = str(error)
            if not self._is_closing:  # the end of the run has a warning of its own
                self._outage.note_failure(error)
            with self._changed:
                self._failures += 1
        else:
            self._outage.note_answer()
            self._settle(number, is_whole=is_whole)

    def _deliver(self, snapshot: Mapping[str, bytes]) -> bool:
        """Whether the gateway took every group; a refused one does not stop the others."""
        is_whole = True
        if self._has_leftovers:
            is_whole = self._is_accepted(self._delete_leftovers)
            self._has_leftovers = False
        for job, body in snapshot.items():
            put = partial(self._gateway.put, job, self._instance, body, self._content_type)
            is_whole &= self._is_accepted(put)
        return is_whole

    def _is_accepted(self, request: Callable[[], None]) -> bool:
        """Whether the gateway accepted; a refusal is logged, an outage raised."""
        try:
            request()
        except PushgatewayUnreachableError:
            raise
        except PushgatewayError as refusal:
            self._show_refusal(refusal)
            return False
        return True

    def _delete_leftovers(self) -> None:
        n_groups = self._gateway.delete_groups_of(self._instance)
        if n_groups:
            _LOG.info("deleted %d groups of an earlier run of %r", n_groups, self._instance)

    def _settle(self, number: int, *, is_whole: bool) -> None:
        with self._changed:
            self._settled = number
            if is_whole:
                self._delivered = number
                self._pushes += 1
            else:
                self._failures += 1
            self._changed.notify_all()

    def _show_refusal(self, refusal: PushgatewayError) -> None:
        """Log a refusal unless its like was logged before.

        The gateway's texts repeat the values pushed and list problems in any order, so texts are
        compared without numbers and without order. However they differ, few are shown.
        """
        gist = " ".join(sorted(_NUMBER.sub("0", str(refusal)).split()))
        if gist not in self._shown_refusals and len(self._shown_refusals) < _MAX_SHOWN_REFUSALS:
            self._shown_refusals.add(gist)
            _LOG.error("%s", refusal)

    def _finish(self) -> None:
        """What close asks for; nothing is deleted once close has stopped waiting."""
        if self._is_pending():
            self._attempt()
        if self._is_abandoned:
            return
        if self._is_pending():
            self._warn_of_undone(self._last_error)
        elif self._deletes_groups:
            try:
                self._gateway.delete_groups_of(self._instance)
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
