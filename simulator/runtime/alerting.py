"""Alert rules and their routes for a platform that runs faster than the clock.

`compose/` holds them for a platform that runs at its own pace. A compressed one has its day in
minutes: an alert that looks back fifteen minutes would see half of a scenario at once, and never
what the panels beside it show. What is written here follows from those files and nothing else.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulator.rules.model import Alert, Group, Recording, Rule
from simulator.timeline.durations import format_duration, parse_duration

__all__ = ["Pace", "alertmanager_config", "rules_config"]

_DEFAULT_WINDOW: Final = "15m"
"""What the dashboards' variable `window` is unless it is chosen, and what the rules look back."""

_DEFAULT_SPAN_SECONDS: Final = 21_600.0
"""The time range that the dashboards are saved with."""

_RANGE: Final = re.compile(r"\[\s*(\d\w*)\s*(:[^\]]*)?\]")
_HOLDS: Final = ("for", "keep_firing_for")
_WAITS: Final = ("group_wait", "group_interval", "repeat_interval")
_SHORTEST_WAIT: Final = 1.0  # of the Alertmanager: more often than a scrape there is nothing new
_PANEL_BASE: Final = "http://localhost:3000"  # the container's Grafana, which the rules link to


@dataclass(frozen=True, slots=True)
class Pace:
    """How many times as fast as the clock the platform runs, and how it is looked at.

    `window` is what the dashboards' variable of this name is set to, such as "5s"; `span_seconds`
    is how far back pages are opened.
    """

    compress: float = 1.0
    window: str = _DEFAULT_WINDOW
    span_seconds: float = _DEFAULT_SPAN_SECONDS

    def shortened(self, duration: str, *, least: float = 0.0) -> str:
        """A duration of the platform's as one of the clock's, no shorter than `least` seconds.

        Rounded up to a millisecond, Prometheus's smallest time.

        >>> Pace(600.0, "5s").shortened("5m"), Pace(7.0, "5s").shortened("1m", least=10.0)
        ('500ms', '10s')
        """
        seconds = parse_duration(duration)
        if self.compress == 1.0 or not seconds:
            return duration
        return format_duration(max(-(-seconds * 1000.0 // self.compress) / 1000.0, least, 0.001))


def rules_config(
    document: Mapping[str, Any],
    pace: Pace,
    *,
    evaluation_seconds: float,
    grafana: str | None,
    query: str = "",
) -> dict[str, Any]:
    """A file of alert rules at another pace, with links that open.

    Rules with a `signal` judge the platform: their look back becomes the window of the dashboards,
    and their holds, and how often they are evaluated, are shortened; the latter not below
    `evaluation_seconds`. Other rules watch the pipeline, which runs by the clock, and stay. Links
    to panels go to `grafana`, a URL, with `query` added, or are left out where there is none.

    >>> rule = {"alert": "A", "expr": "rate(x[15m]) > 1", "for": "5m", "labels": {"signal": "x"}}
    >>> group = {"name": "g", "interval": "30s", "rules": [rule]}
    >>> paced = rules_config(
    ...     {"groups": [group]}, Pace(60.0, "5s"), evaluation_seconds=1.0, grafana=None
    ... )
    >>> paced["groups"][0]["interval"], paced["groups"][0]["rules"][0]["expr"]
    ('1s', 'rate(x[5s]) > 1')
    """
    config = copy.deepcopy(dict(document))
    for group in config["groups"]:
        paced = [rule for rule in group["rules"] if _judges_the_platform(rule)]
        if paced and "interval" in group:
            group["interval"] = pace.shortened(group["interval"], least=evaluation_seconds)
        for rule in paced:
            rule["expr"] = _RANGE.sub(lambda found: _range(found, pace), rule["expr"])
            rule |= {hold: pace.shortened(rule[hold]) for hold in _HOLDS if hold in rule}
        for rule in group["rules"]:
            _relink(rule.get("annotations", {}), grafana, query)
    return config


def prometheus_rules(groups: Sequence[Group], pace: Pace) -> dict[str, Any]:
    """Somebody's rules as a file of Prometheus's, whose alerts are pending for less time.

    Rules of Grafana's are left out: its server evaluates them. Queries stay as they are.

    >>> prometheus_rules([], Pace(60.0, "5s"))
    {'groups': []}
    """
    return {
        "groups": [
            {"name": f"{number} {group.name}", "rules": rules}
            for number, group in enumerate(groups)
            if (rules := [found for rule in group.rules if (found := _prometheus_rule(rule, pace))])
        ]
    }


def _prometheus_rule(rule: Rule, pace: Pace) -> dict[str, Any]:
    if isinstance(rule, Recording):
        return {"record": rule.name, "expr": rule.expr, "labels": dict(rule.labels)}
    if isinstance(rule, Alert):
        hold = pace.shortened(format_duration(rule.hold))
        texts = {"labels": dict(rule.labels), "annotations": dict(rule.annotations)}
        return {"alert": rule.name, "expr": rule.expr, "for": hold, **texts}
    return {}


def alertmanager_config(
    document: Mapping[str, Any], pace: Pace, *, least: float = _SHORTEST_WAIT
) -> dict[str, Any]:
    """The Alertmanager's configuration at another pace: how long its routes wait.

    None of them waits shorter than `least` seconds.

    >>> document = {"route": {"receiver": "nowhere", "group_wait": "5s", "repeat_interval": "4h"}}
    >>> alertmanager_config(document, Pace(600.0, "5s"))["route"]
    {'receiver': 'nowhere', 'group_wait': '1s', 'repeat_interval': '24s'}
    """
    config = copy.deepcopy(dict(document))
    for route in _routes(config["route"]):
        waits = [wait for wait in _WAITS if wait in route]
        route |= {wait: pace.shortened(route[wait], least=least) for wait in waits}
    return config


def _judges_the_platform(rule: Mapping[str, Any]) -> bool:
    return "signal" in rule.get("labels", {})


def _range(found: re.Match[str], pace: Pace) -> str:
    """Any look back in a query, in brackets; another than the dashboards' window is shortened."""
    look_back, resolution = found[1], found[2] or ""
    if look_back == _DEFAULT_WINDOW:
        return f"[{pace.window}{resolution}]"
    return f"[{pace.shortened(look_back, least=parse_duration(pace.window))}{resolution}]"


def _relink(annotations: dict[str, str], grafana: str | None, query: str) -> None:
    link = annotations.get("panel", "")
    if not link.startswith(_PANEL_BASE):
        return
    if grafana is None:
        del annotations["panel"]
    else:
        more = f"&{query}" if query else ""
        annotations["panel"] = f"{grafana}{link.removeprefix(_PANEL_BASE)}{more}"


def _routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield route
    for below in route.get("routes", ()):
        yield from _routes(below)
