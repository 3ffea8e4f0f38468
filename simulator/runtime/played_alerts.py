"""Firings of recorded time played to real Alertmanagers, faster than they were.

Each stretch of time in which something fires has an Alertmanager of its own, which is as it would
be after a quiet time; several run beside each other, and what is between stretches takes no time.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from simulator.errors import StackError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.notifying.fates import Came
from simulator.notifying.firings import Firing, stretches
from simulator.notifying.notification import Notification
from simulator.notifying.routing import Routing
from simulator.progress import Progress, Report
from simulator.runtime.alert_lane import Lane, RunningLane
from simulator.runtime.alerting import Pace, alertmanager_config
from simulator.runtime.binaries import find
from simulator.runtime.processes import Supervisor
from simulator.runtime.receiver import Receiver
from simulator.runtime.services import Service as Program
from simulator.runtime.services import alertmanager, alertmanager_obstacle
from simulator.runtime.starting import started
from simulator.runtime.temporary import temporary_folder

__all__ = ["Played", "played"]

_AT_ONCE: Final = 8
"""Alertmanagers beside each other, each with some 30 MB."""

_EMPTY_SECONDS: Final = 60.0
"""After which an Alertmanager has forgotten an empty group; it looks every 30 seconds."""

_LEAST_WAIT_SECONDS: Final = 0.001
_QUIET_SECONDS: Final = 0.3
_DRAIN_SECONDS: Final = 15.0
_ALERTMANAGER: Final = Service("Alertmanager", "", ExchangeErrors.all(StackError))


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
        Lane(of, until=until, patience=routing.longest_wait)
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
        precision=max((part.precision for part in came), default=0.0),
        inhibited={key: names for part in came for key, names in (part.inhibited or {}).items()},
    )
    return Played(whole, compress)


def _wave(lanes: Sequence[Lane], program: Path, routing: Routing, compress: float) -> list[Came]:
    """Plays lanes beside each other."""
    with ExitStack() as open_:
        folder = open_.enter_context(temporary_folder("alertmanagers"))
        receiver = open_.enter_context(Receiver(most=None))
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
            endpoint = Endpoint(
                url=_started(service, supervisor, home, routing), service=_ALERTMANAGER
            )
            session = Session(endpoint, timeout_seconds=10.0, most_bytes=16 * MEBIBYTE)
            running.append(RunningLane(lane, open_.enter_context(session), compress))
        _play(running, receiver)
        for process in supervisor.processes:
            process.require_running()
        shift = time.time() - time.monotonic()
        sent = {number: list[Notification]() for number in range(len(lanes))}
        for one in receiver.received:
            at = one.notification.at - shift
            sent[int(one.path.strip("/"))].append(replace(one.notification, at=at))
        return [one.came(sent[number]) for number, one in enumerate(running)]


def _started(service: Program, supervisor: Supervisor, home: Path, routing: Routing) -> str:
    """The URL of an Alertmanager, whose log says what is wrong with the routes."""
    try:
        return started(service, supervisor, home)
    except StackError as error:
        raise StackError(f"no Alertmanager starts with {routing.source}: {error}") from error


def _play(running: Sequence[RunningLane], receiver: Receiver) -> None:
    """Every turn of all lanes when it is due, and then until what is due has been told."""
    began = time.monotonic()
    for one in running:
        one.began = began
    turns = [(one.due(at), one, numbers) for one in running for at, numbers in one.lane.turns()]
    for due, one, numbers in sorted(turns, key=lambda turn: turn[0]):
        _sleep_until(due)
        one.turn(due, numbers)
    _sleep_until(max(one.due(one.lane.start + one.lane.seconds) for one in running))
    _drain(receiver)
    for one in running:
        one.look()


def _drain(receiver: Receiver) -> None:
    """Waits until nothing comes any more: of thousands of groups, the last ones come late."""
    deadline = time.monotonic() + _DRAIN_SECONDS
    n_before = -1
    while len(receiver.received) != n_before and time.monotonic() < deadline:
        n_before = len(receiver.received)
        time.sleep(_QUIET_SECONDS)


def _sleep_until(due: float) -> None:
    time.sleep(max(due - time.monotonic(), 0.0))


def _config(routing: Routing, url: str, compress: float) -> dict[str, Any]:
    return alertmanager_config(routing.redirected(url), Pace(compress), least=_LEAST_WAIT_SECONDS)
