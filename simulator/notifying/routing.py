"""An Alertmanager's configuration, with everybody that it tells replaced by one webhook of ours.

Routes, groups, waits and inhibitions stay as they are. What depends on the calendar (time
intervals) is left out, and so is what only those who are told would need (templates, the global
part with its servers and passwords).
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from simulator.errors import NotificationError
from simulator.quoting import quoted
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.rules.durations import prometheus_seconds
from simulator.timeline.durations import format_duration, parse_duration

__all__ = ["Receiver", "Routing", "read_routing", "routing_of"]

_MOST_BYTES: Final = 1024 * 1024
_MOST_ROUTES: Final = 10_000
_DEFAULT_WAITS: Final = MappingProxyType(
    {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h"}
)
"""Of an Alertmanager (config.DefaultRoute), where its first route has none."""

_UNTIL_TOLD: Final = ("group_wait", "group_interval")

_TELLS_NO_END: Final = frozenset({"email_configs", "slack_configs", "wechat_configs"})
"""Those that are not told of the end of an alert unless their `send_resolved` says so."""

_NOBODY: Final = (
    "{}: none of the receivers has a way to tell anybody: what they would be told counts all the "
    "same"
)
_BY_CALENDAR: Final = ("mute_time_intervals", "active_time_intervals")
_KEPT: Final = ("route", "receivers", "inhibit_rules")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: by so many ways, none of which tells nobody; and whether of the end, too."""

    name: str
    n_ways: int
    is_told_of_ends: bool


@dataclass(frozen=True, slots=True)
class Routing:
    """An Alertmanager's configuration: its document, with all waits of its first route said.

    `longest_wait` is the longest time in seconds that passes until a change is told; `source` is
    where it was read.
    """

    document: Mapping[str, Any]  # Any: YAML of others, which the Alertmanager itself reads
    receivers: tuple[Receiver, ...]
    longest_wait: float
    source: str
    notes: tuple[str, ...] = ()

    @property
    def telling(self) -> frozenset[str]:
        """The names of the receivers that tell somebody; of all where none of them does."""
        some = frozenset(one.name for one in self.receivers if one.n_ways)
        return some or frozenset(one.name for one in self.receivers)

    @property
    def has_inhibitions(self) -> bool:
        """Whether some alerts keep others from being told."""
        return bool(self.document.get("inhibit_rules"))

    def told_of_ends(self, receiver: str) -> bool:
        """Whether a receiver of this name is told that an alert is over."""
        return any(one.is_told_of_ends for one in self.receivers if one.name == receiver)

    def redirected(self, url: str) -> dict[str, Any]:
        """The document with a webhook in place of every way of every receiver."""
        document = copy.deepcopy({key: self.document[key] for key in _KEPT if key in self.document})
        for route in _routes(document["route"]):
            for key in _BY_CALENDAR:
                route.pop(key, None)
        document["receivers"] = [
            {
                "name": one.name,
                "webhook_configs": [{"url": url, "send_resolved": one.is_told_of_ends}],
            }
            for one in self.receivers
        ]
        return document


def read_routing(file: Path) -> Routing:
    """The configuration in a file.

    Raises:
        NotificationError: it cannot be read, or has no route or receiver; with what is there.
    """
    text = read_text(file, most=_MOST_BYTES, error=NotificationError)
    return routing_of(yaml_in(text, file, error=NotificationError, has_aliases=True), file)


def routing_of(document: object, source: object) -> Routing:
    """The configuration in a document; `source` names it in messages.

    Raises:
        NotificationError: as of files.

    >>> routing = routing_of({"route": {"receiver": "a"}, "receivers": [{"name": "a"}]}, "a.yml")
    >>> routing.longest_wait, routing.document["route"]["group_wait"], routing.receivers[0].n_ways
    (300.0, '30s', 0)
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("route"), Mapping):
        raise NotificationError(
            f"{source}: an Alertmanager's configuration has a route and receivers, such as those "
            "in its documentation; no route is there"
        )
    whole = copy.deepcopy(dict(document))
    whole["route"] = {**_DEFAULT_WAITS, **whole["route"]}
    receivers = tuple(_receivers(whole.get("receivers"), source))
    routes = _routes(whole["route"])
    for one in routes:
        _spelled(one, source)
    has_calendar = sum(any(key in route for key in _BY_CALENDAR) for route in routes)
    note = (
        f"{source}: the time intervals of {has_calendar} routes are left out: they mute by the "
        "calendar, and what is told is that of a time in which they do not"
    )
    notes = (note,) if has_calendar else ()
    if not any(one.n_ways for one in receivers):
        notes = (*notes, _NOBODY.format(source))
    return Routing(
        whole,
        receivers,
        max(parse_duration(one[key]) for one in routes for key in _UNTIL_TOLD if key in one),
        str(source),
        notes,
    )


def _receivers(value: object, source: object) -> Iterator[Receiver]:
    if not isinstance(value, list) or not value:
        raise NotificationError(f"{source}: receivers: a list of them is wanted, and none is there")
    for number, one in enumerate(value):
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
            raise NotificationError(f"{source}: receivers.{number}: a receiver has a name")
        ways = [
            (kind, way)
            for kind, of_kind in one.items()
            if str(kind).endswith("_configs") and isinstance(of_kind, list)
            for way in of_kind
            if isinstance(way, Mapping)
        ]
        is_told = [bool(way.get("send_resolved", kind not in _TELLS_NO_END)) for kind, way in ways]
        yield Receiver(one["name"], len(ways), any(is_told) or not ways)


def _routes(route: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """A route and all below it."""
    found = [route]
    for one in found:  # which grows meanwhile
        below = one.get("routes") or ()
        found += [each for each in below if isinstance(each, dict)]
        if len(found) > _MOST_ROUTES:
            raise NotificationError(f"more than {_MOST_ROUTES} routes are not taken")
    return found


def _spelled(route: dict[str, Any], source: object) -> None:
    """Its waits in units that all know: an Alertmanager takes weeks and years, too."""
    for key in _DEFAULT_WAITS:
        if key not in route:
            continue
        try:
            route[key] = format_duration(prometheus_seconds(str(route[key])))
        except ValueError as error:
            raise NotificationError(
                f"{source}: {key} of a route is {quoted(route[key])}: a duration such as 30s is "
                "wanted"
            ) from error
