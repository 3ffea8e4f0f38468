"""Firings of recorded time played to real Alertmanagers, faster than they were.

Each stretch of time in which something fires has an Alertmanager of its own, which is as it would
be after a quiet time; several run beside each other, and what is between stretches takes no time.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, Final

import yaml

from simulator.errors import StackError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.notifying.fates import Came
from simulator.notifying.firings import Firing, Labels, labels_key, stretches
from simulator.notifying.notification import Notification
from simulator.notifying.routing import Routing
from simulator.progress import Progress, Report
from simulator.runtime.alerting import Pace, alertmanager_config
from simulator.runtime.binaries import find
from simulator.runtime.processes import Supervisor
from simulator.runtime.receiver import Receiver
from simulator.runtime.services import alertmanager, alertmanager_obstacle
from simulator.runtime.starting import started
from simulator.runtime.temporary import temporary_folder

__all__ = ["Played", "played"]

_AT_ONCE: Final = 8
"""Alertmanagers beside each other, each with some 30 MB."""

_EMPTY_SECONDS: Final = 60.0
"""After which an Alertmanager has forgotten an empty group; it looks every 30 seconds."""

_LEAST_WAIT_SECONDS: Final = 0.001
_DELIVERY_SECONDS: Final = 0.05
"""By the clock: what an Alertmanager and this machine take to send a notification, with leeway."""

_FOR_NOW_SECONDS: Final = 86_400.0
_ALERTMANAGER: Final = Service("Alertmanager", "", ExchangeErrors.all(StackError))
_JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Played:
    """What came, in the time of the firings, and how many of its seconds were one by the clock."""

    came: Came
    compress: float


def played(
    firings: Sequence[Firing], routing: Routing, *, until: float, seconds: float, report: Report
) -> Played:
    """What real Alertmanagers with these routes tell of the firings, which end at `until`.

    It takes about `seconds` by the clock, less where there is less to play: time is compressed as
    far as that needs, and the routes' waits with it.

    Raises:
        StackError: an Alertmanager is missing, does not start, or takes no alert.
    """
    lanes = [
        _Lane(of, until=until, patience=routing.longest_wait)
        for of in stretches(firings, gap=routing.longest_wait + _EMPTY_SECONDS)
    ]
    waves = [lanes[n : n + _AT_ONCE] for n in range(0, len(lanes), _AT_ONCE)]
    compress = max(1.0, sum(max(one.seconds for one in wave) for wave in waves) / seconds)
    program = find("alertmanager")
    if obstacle := alertmanager_obstacle(program):
        raise StackError(obstacle)
    came = []
    for number, wave in enumerate(waves):
        came += _wave(wave, program, routing, compress)
        report(Progress("notifications", number + 1, len(waves)))
    whole = Came(
        firings=tuple(one for part in came for one in part.firings),
        notifications=tuple(one for part in came for one in part.notifications),
        until=until,
        precision=compress * _DELIVERY_SECONDS,
        inhibited={key: names for part in came for key, names in (part.inhibited or {}).items()},
    )
    return Played(whole, compress)


class _Lane:
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
class _Running:
    """A lane with its Alertmanager, and what has happened; moments by the monotonic clock."""

    lane: _Lane
    session: Session
    compress: float
    began: float = 0.0
    posted: dict[int, float] = field(default_factory=dict)
    ended: dict[int, float] = field(default_factory=dict)
    inhibited: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def due(self, at: float) -> float:
        return self.began + (at - self.lane.start) / self.compress

    def back(self, moment: float) -> float:
        """A moment by the clock in the time of the firings."""
        return self.lane.start + (moment - self.began) * self.compress

    def turn(self, numbers: Sequence[int]) -> None:
        """Tells the Alertmanager which alerts begin and end now."""
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
        return Came(firings, told, until=0.0, precision=0.0, inhibited=inhibited)


def _wave(lanes: Sequence[_Lane], program: Path, routing: Routing, compress: float) -> list[Came]:
    """Plays lanes beside each other."""
    with ExitStack() as open_:
        folder = open_.enter_context(temporary_folder("alertmanagers"))
        receiver = open_.enter_context(Receiver())
        supervisor = open_.enter_context(Supervisor())
        running = []
        for number, lane in enumerate(lanes):
            home = folder / str(number)
            home.mkdir()
            config = _config(routing, f"{receiver.url}/{number}", compress)
            (home / "alertmanager.yml").write_text(yaml.safe_dump(config))
            service = alertmanager(
                program, config_file=home / "alertmanager.yml", storage_dir=home / "data"
            )
            endpoint = Endpoint(url=started(service, supervisor, home), service=_ALERTMANAGER)
            session = Session(endpoint, timeout_seconds=10.0, most_bytes=16 * MEBIBYTE)
            running.append(_Running(lane, open_.enter_context(session), compress))
        _play(running)
        for process in supervisor.processes:
            process.require_running()
        shift = time.time() - time.monotonic()
        sent = {number: list[Notification]() for number in range(len(lanes))}
        for one in receiver.received:
            at = one.notification.at - shift
            sent[int(one.path.strip("/"))].append(replace(one.notification, at=at))
        return [one.came(sent[number]) for number, one in enumerate(running)]


def _play(running: Sequence[_Running]) -> None:
    """Every turn of all lanes when it is due, and then until what is due has been told."""
    began = time.monotonic()
    turns: list[tuple[float, int, tuple[int, ...]]] = []
    for number, one in enumerate(running):
        one.began = began
        for at, numbers in one.lane.turns():
            heappush(turns, (one.due(at), number, numbers))
    heapify(turns)
    while turns:
        due, number, numbers = heappop(turns)
        _sleep_until(due)
        running[number].turn(numbers)
    _sleep_until(max(one.due(one.lane.start + one.lane.seconds) for one in running))
    time.sleep(_DELIVERY_SECONDS)
    for one in running:
        one.look()


def _sleep_until(due: float) -> None:
    time.sleep(max(due - time.monotonic(), 0.0))


def _config(routing: Routing, url: str, compress: float) -> dict[str, Any]:
    return alertmanager_config(routing.redirected(url), Pace(compress), least=_LEAST_WAIT_SECONDS)


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
