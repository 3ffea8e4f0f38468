"""What became of each firing: in which notifications it was told, and whether its end was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.notifying.firings import Firing, Labels, labels_key
from simulator.notifying.notification import Notification, NotifiedAlert
from simulator.notifying.routing import Routing

__all__ = ["Came", "Fate", "fates_of"]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of firings, in the time of the firings, until `until` (unix seconds).

    `inhibited` has the names of those alerts that kept an alert from being told, by its labels and
    its start; None where nobody knows. Times are right to `precision` seconds.
    """

    firings: Sequence[Firing]
    notifications: Sequence[Notification]
    until: float
    precision: float
    inhibited: Mapping[tuple[Labels, float], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one firing."""

    firing: Firing
    told: tuple[Notification, ...]
    inhibited_by: tuple[str, ...]
    is_too_short: bool
    is_end_due: bool
    is_end_told: bool

    @property
    def wait(self) -> float:
        """Seconds until it was first told."""
        return max(self.told[0].at - self.firing.start, 0.0)

    @property
    def alerts(self) -> Iterator[NotifiedAlert]:
        """Its alert, as each notification had it."""
        for one in self.told:
            yield from (each for each in one.alerts if labels_key(each.labels) == self.firing.key)

    @property
    def is_lost(self) -> bool:
        """Whether nobody was told, and nothing says why."""
        return not (self.told or self.inhibited_by or self.is_too_short)


def fates_of(came: Came, routing: Routing) -> Iterator[Fate]:
    """What became of each firing, in the order in which they began."""
    sent: dict[Labels, list[tuple[Notification, bool]]] = {}
    for notification in sorted(came.notifications, key=lambda one: one.at):
        for alert in notification.alerts:
            key = labels_key(alert.labels)
            sent.setdefault(key, []).append((notification, alert.is_firing))
    after: dict[Labels, float] = {}
    found = []
    for firing in sorted(came.firings, key=lambda one: one.start, reverse=True):
        following = after.get(firing.key, np.inf)
        after[firing.key] = firing.start
        span = (firing.start - came.precision, following - came.precision)
        mine = [one for one in sent.get(firing.key, ()) if span[0] <= one[0].at < span[1]]
        found.append(_fate(firing, following, mine, came, routing))
    yield from reversed(found)


def _fate(
    firing: Firing,
    following: float,
    mine: Sequence[tuple[Notification, bool]],
    came: Came,
    routing: Routing,
) -> Fate:
    told = tuple(one for one, is_firing in mine if is_firing)
    inhibited_by = (came.inhibited or {}).get((firing.key, firing.start), ())
    patience = routing.longest_wait + came.precision
    end = firing.end
    is_short = (came.until if end is None else end) - firing.start <= patience
    has_time = end is not None and min(following, came.until) > end + patience
    are_told_ends = any(routing.told_of_ends(one.receiver) for one in told)
    return Fate(
        firing,
        told,
        inhibited_by,
        is_too_short=not told and not inhibited_by and is_short,
        is_end_due=has_time and are_told_ends,
        is_end_told=any(not is_firing for _, is_firing in mine),
    )
