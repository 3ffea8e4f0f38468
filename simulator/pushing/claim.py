"""Who pushes as an instance: one run at a time.

    groups of the instance in the gateway     what a run that starts does

    none, or old, or their run said its end   takes them over
    pushed a few intervals ago                watches them: they move - in use, it refuses
                                                            they do not - it takes them over

How old a group is, is the gateway's clock against the gateway's clock. The interval is that of the
run that pushed it, which its mark tells. A run that finds another's mark in its groups was
replaced, or began in the same moment: it stops.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from simulator.errors import PushgatewayError
from simulator.metrics.self_monitoring import JOB
from simulator.pushing.gateway import Pushgateway
from simulator.pushing.groups import Group, groups_of
from simulator.pushing.mark import Mark, mark_among
from simulator.timeline.durations import format_duration

__all__ = ["Claim", "InstanceInUseError"]

_LOG = logging.getLogger(__name__)
_FEW = 3  # intervals without a push after which a run is gone: one that is late, and one that fails
_LONGEST_WAIT_SECONDS = 45.0
_LONGEST_GUESS_SECONDS = 15.0  # for an interval that nobody tells
_LOOKS = 12  # at groups that may be alive, in the time that they are watched
_SHORTEST_LOOK_SECONDS, _LONGEST_LOOK_SECONDS = 0.05, 1.0
_CHECK_SHARE = (
    4.0  # looking before a push takes at most a quarter of the time, however long the list
)

_WAYS_OUT = "give another --instance (SIMULATOR_INSTANCE), end that run, or --take-over"


class InstanceInUseError(PushgatewayError):
    """Another run pushes as this instance, or may do so."""


class Claim:
    """A run's claim to push as an instance.

    `pause` waits so many seconds and says whether to give up; `may_begin` says so in the moment
    before the first push. `clock` gives seconds that only rise.
    """

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        gateway: Pushgateway,
        instance: str,
        mark: Mark,
        *,
        takes_over: bool,
        clock: Callable[[], float],
        pause: Callable[[float], bool],
        may_begin: Callable[[], bool],
    ) -> None:
        self._gateway = gateway
        self._instance = instance
        self._mark = mark
        self._takes_over = takes_over
        self._clock = clock
        self._pause = pause
        self._may_begin = may_begin
        self._next_check = 0.0
        self._insists = takes_over
        self.is_made = False
        """Whether this run's mark is in the gateway, or may be."""

    def make(self) -> bool:
        """Takes over the groups of an earlier run; False where it was told to give up.

        Raises:
            InstanceInUseError: another run pushes them, or they are so young, and pushed so
                rarely, that it would take long to know.
            PushgatewayError: the gateway does not answer, or refuses.
        """
        found = self._groups()
        if not self._takes_over and not self._are_abandoned(found):
            return False
        if not self._may_begin():
            return False
        self.is_made = True
        self._gateway.put(JOB, self._instance, self._mark.text, CONTENT_TYPE_PLAIN_0_0_4)
        for group in found:
            if group.labels["job"] != JOB:
                self._gateway.delete(group.labels["job"], self._instance)
        if found:
            groups = "1 group" if len(found) == 1 else f"{len(found)} groups"
            _LOG.info("deleted %s of an earlier run of %r", groups, self._instance)
        return True

    def require_kept(self) -> None:
        """Nothing, unless another run's mark is in this instance's groups.

        Called before each push, it looks each time, unless the list of all groups takes long.

        Raises:
            InstanceInUseError: it is.
            PushgatewayError: the gateway does not answer, or refuses.
        """
        began = self._clock()
        if began < self._next_check:
            return
        found = self._groups()
        self._next_check = began + _CHECK_SHARE * (self._clock() - began)
        if self._insists and not self._is_ours(found):
            # the run that is replaced was in the midst of a push, and looks before its next one
            self._gateway.put(JOB, self._instance, self._mark.text, CONTENT_TYPE_PLAIN_0_0_4)
        else:
            self._require_ours(found)
        self._insists = False

    def release(self) -> None:
        """Deletes this instance's groups, unless another run pushes them by now.

        Raises:
            InstanceInUseError: it does.
            PushgatewayError: the gateway does not answer, or refuses.
        """
        found = self._groups()
        self._require_ours(found)
        for group in found:
            self._gateway.delete(group.labels["job"], self._instance)

    def _require_ours(self, found: Sequence[Group]) -> None:
        if not self._is_ours(found):
            raise InstanceInUseError(
                f"another run has begun to push as instance {self._instance!r} to "
                f"{self._gateway.endpoint.url}, so this one stops; {_WAYS_OUT}"
            )

    def _is_ours(self, found: Sequence[Group]) -> bool:
        mark = mark_among(found)
        return mark is None or mark.run_start == self._mark.started

    def _groups(self) -> list[Group]:
        return groups_of(self._gateway.groups(), self._instance)

    def _are_abandoned(self, found: list[Group]) -> bool:
        """Whether nobody pushes the groups, as far as it takes to know; False to give up."""
        left = _seconds_to_watch(found, self._mark.interval_seconds)
        if left <= 0.0:
            return True
        if left > _LONGEST_WAIT_SECONDS:
            raise InstanceInUseError(
                f"{self._in_use(found, 'may be')}; whether it is, would be known in "
                f"{_rounded(left)}; {_WAYS_OUT}"
            )
        _LOG.info(
            "%s; watching for %s whether it does so again (--take-over does not wait)",
            self._in_use(found, "may be"),
            _rounded(left),
        )
        return self._are_left_alone(found, self._clock() + left, left / _LOOKS)

    def _are_left_alone(
        self, before: Sequence[Group], deadline: float, look_seconds: float
    ) -> bool:
        pause_seconds = min(max(look_seconds, _SHORTEST_LOOK_SECONDS), _LONGEST_LOOK_SECONDS)
        found = before
        while found and not _has_ended(found) and self._clock() < deadline:
            if self._pause(pause_seconds):
                return False
            found = self._groups()
            if not _has_ended(found) and _is_pushed(before, found):
                raise InstanceInUseError(f"{self._in_use(found, 'is')}; {_WAYS_OUT}")
        return True

    def _in_use(self, found: Sequence[Group], verb: str) -> str:
        return (
            f"instance {self._instance!r} {verb} in use at {self._gateway.endpoint.url}: another "
            f"run pushed its groups {_rounded(_age_seconds(found))} ago"
        )


def _rounded(seconds: float) -> str:
    return format_duration(math.ceil(seconds))


def _seconds_to_watch(found: Sequence[Group], our_interval_seconds: float) -> float:
    """How long it takes to know that nobody pushes these groups any more."""
    if not any(group.pushed is not None for group in found) or _has_ended(found):
        return 0.0
    return _FEW * _interval_seconds(found, our_interval_seconds) - _age_seconds(found)


def _interval_seconds(found: Sequence[Group], ours: float) -> float:
    """Seconds from push to push of the run whose groups these are; where it tells none, as ours."""
    mark = mark_among(found)
    said = None if mark is None else mark.interval_seconds
    return said if said is not None and said > 0.0 else min(ours, _LONGEST_GUESS_SECONDS)


def _has_ended(found: Sequence[Group]) -> bool:
    """Whether the run that pushed them said that no push follows."""
    mark = mark_among(found)
    return mark is not None and mark.interval_seconds == 0.0


def _age_seconds(found: Sequence[Group]) -> float:
    """The time since the latest push; 0 where nobody knows it, as with no clock of the gateway."""
    return min((g.age_seconds for g in found if g.age_seconds is not None), default=0.0)


def _is_pushed(before: Sequence[Group], after: Sequence[Group]) -> bool:
    """Whether some group was pushed in between; that others are gone says nothing."""
    times: Mapping[str, float | None] = {g.labels["job"]: g.pushed for g in before}
    return any(times.get(g.labels["job"]) != g.pushed for g in after)
