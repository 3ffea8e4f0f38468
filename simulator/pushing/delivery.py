"""What the pusher's thread does at the gateway: claim an instance, deliver snapshots, leave."""

from collections.abc import Mapping

from simulator.errors import PushgatewayError
from simulator.metrics.self_monitoring import JOB
from simulator.pushing.claim import Claim, InstanceInUseError
from simulator.pushing.gateway import Pushgateway, PushgatewayUnreachableError
from simulator.pushing.mark import Mark
from simulator.pushing.refusals import Refusals

__all__ = ["Delivery"]


class Delivery:
    """A run's groups in a Pushgateway, from its claim, which is of the same run, to its end."""

    def __init__(
        self, gateway: Pushgateway, instance: str, mark: Mark, claim: Claim, *, content_type: str
    ) -> None:
        self._gateway = gateway
        self._instance = instance
        self._mark = mark
        self._content_type = content_type
        self._claim = claim
        self._pushed: set[str] = set()
        self.refusals = Refusals(gateway, instance)

    def begin(self) -> None:
        """Claims the instance.

        Raises:
            PushgatewayError: as `Claim.make`.
        """
        self._claim.make()

    def deliver(self, snapshot: Mapping[str, bytes]) -> bool:
        """Whether the gateway took every group; a refused one does not stop the others.

        A group of a job that is not in the snapshot any more is deleted, so that a Prometheus sees
        its series end.

        Raises:
            InstanceInUseError: another run pushes as this instance.
            PushgatewayUnreachableError: the gateway does not answer.
        """
        is_whole = self._is_claimed()
        for job, body in snapshot.items():
            is_whole &= self._is_taken(job, body, self._mark.text)
        for job in sorted(self._pushed - snapshot.keys()):
            is_whole &= self._is_deleted(job)
        return is_whole

    def leave(self, snapshot: Mapping[str, bytes], *, deletes_groups: bool) -> None:
        """Deletes the groups, or says in the last of them that no push follows.

        Raises:
            InstanceInUseError: another run pushes as this instance; nothing is deleted.
            PushgatewayError: the gateway does not answer, or refuses.
        """
        if not self._claim.is_made:
            return  # there is nothing of this run
        if deletes_groups or not snapshot:
            self._claim.release()
        elif JOB in snapshot:
            self._is_taken(JOB, snapshot[JOB], self._mark.last_text)

    def _is_taken(self, job: str, body: bytes, mark: bytes) -> bool:
        text = body + mark if job == JOB else body
        try:
            self._gateway.put(job, self._instance, text, self._content_type)
        except PushgatewayUnreachableError:
            raise
        except PushgatewayError as refusal:
            self.refusals.note_refused(job, text, refusal)
            return False
        self.refusals.note_taken(job)
        self._pushed.add(job)
        return True

    def _is_deleted(self, job: str) -> bool:
        try:
            self._gateway.delete(job, self._instance)
        except PushgatewayUnreachableError:
            raise
        except PushgatewayError as refusal:
            self.refusals.note(refusal)
            return False
        self._pushed.discard(job)
        return True

    def _is_claimed(self) -> bool:
        """Whether the instance is claimed, and nothing of that was refused."""
        try:
            if self._claim.is_made:
                self._claim.require_kept()
                return True
            return self._claim.make()
        except (PushgatewayUnreachableError, InstanceInUseError):
            raise
        except PushgatewayError as refusal:
            self.refusals.note(refusal)
            self._claim.is_made = True  # as far as this gateway lets anybody claim anything
            return False
