"""A stretch of firings, and the Alertmanager that is told of it turn by turn."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from simulator.errors import StackError
from simulator.http.session import Session
from simulator.notifying.fates import Came
from simulator.notifying.firings import Firing, Labels, labels_key
from simulator.notifying.notification import Notification

__all__ = ["Lane", "RunningLane"]

_DELIVERY_SECONDS: Final = 0.05
"""By the clock: what an Alertmanager takes to send a notification, with leeway."""

_FOR_NOW_SECONDS: Final = 86_400.0
_JSON: Final = {"Content-Type": "application/json"}


class Lane:
    """A stretch of firings, from its first one until nothing of it is to be told any more."""

    def __init__(self, firings: Sequence[Firing], *, until: float, patience: float) -> None:
        self.firings = firings
        self.start = firings[0].start
        ends = [until if one.end is None else one.end for one in firings]
        self.seconds = max(ends) + 2 * patience - self.start

    def turns(self) -> Iterator[tuple[float, tuple[int, ...]]]:
        """The moments at which alerts begin or end, with their numbers: negative where they end."""
        found: dict[float, list[int]] = {}
        for number, one in enumerate(self.firings):
            found.setdefault(one.start, []).append(number + 1)
            if one.end is not None:
                found.setdefault(one.end, []).append(-number - 1)
        return ((at, tuple(found[at])) for at in sorted(found))


@dataclass(slots=True)
class RunningLane:
    """A lane with its Alertmanager, and what has happened; moments by the monotonic clock.

    `lateness` is how long after it was due the latest turn was told, in seconds by the clock.
    """

    lane: Lane
    session: Session
    compress: float
    began: float = 0.0
    lateness: float = 0.0
    posted: dict[int, float] = field(default_factory=dict)
    ended: dict[int, float] = field(default_factory=dict)
    inhibited: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def due(self, at: float) -> float:
        """When a moment of the firings comes, by the clock."""
        return self.began + (at - self.lane.start) / self.compress

    def back(self, moment: float) -> float:
        """A moment by the clock in the time of the firings."""
        return self.lane.start + (moment - self.began) * self.compress

    def turn(self, due: float, numbers: Sequence[int]) -> None:
        """Tells the Alertmanager which alerts begin and end now, as was due at a moment."""
        self.look()
        now = time.time()
        moment = time.monotonic()
        alerts = []
        for number in sorted(numbers):  # ends first: what begins at once begins anew
            index = abs(number) - 1
            (self.ended if number < 0 else self.posted)[index] = moment
            started_at = now if number > 0 else now - (moment - self.posted[index])
            until = now + _FOR_NOW_SECONDS if number > 0 else now
            alerts.append(_alert(self.lane.firings[index], started_at, until))
        body = json.dumps(alerts).encode()
        answer = self.session.exchange("POST", "/api/v2/alerts", body=body, headers=_JSON)
        if not answer.is_success:
            said = answer.body.decode(errors="replace")[:500]
            raise StackError(f"the Alertmanager refuses alerts ({answer.status}): {said}")
        self.lateness = max(self.lateness, time.monotonic() - due)

    def look(self) -> None:
        """Notes which alerts that fire are kept from being told, and by which others."""
        answer = self.session.exchange("GET", "/api/v2/alerts?active=true")
        known = json.loads(answer.body) if answer.is_success else []
        names = {one["fingerprint"]: one["labels"].get("alertname", "") for one in known}
        by_labels = {labels_key(one["labels"]): one["status"]["inhibitedBy"] for one in known}
        for index in self.posted.keys() - self.ended.keys():
            if by := by_labels.get(self.lane.firings[index].key):
                self.inhibited[index] = tuple(sorted({names.get(one, one) for one in by}))

    def came(self, notifications: Sequence[Notification]) -> Came:
        """What came, with every moment in the time of the firings."""
        firings = [
            replace(
                one,
                start=self.back(self.posted[n]),
                end=None if one.end is None else self.back(self.ended[n]),
            )
            for n, one in enumerate(self.lane.firings)
        ]
        inhibited: dict[tuple[Labels, float], tuple[str, ...]] = {
            (firings[n].key, firings[n].start): by for n, by in self.inhibited.items()
        }
        told = [replace(one, at=self.back(one.at)) for one in notifications]
        precision = self.compress * max(self.lateness, _DELIVERY_SECONDS)
        return Came(firings, told, until=0.0, precision=precision, inhibited=inhibited)


def _alert(firing: Firing, start: float, until: float) -> dict[str, Any]:
    return {
        "labels": {name: value for name, value in firing.labels.items() if value},
        "annotations": {name: value for name, value in firing.annotations.items() if value},
        "startsAt": _rfc3339(start),
        "endsAt": _rfc3339(until),
        "generatorURL": firing.generator_url,
    }


def _rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
