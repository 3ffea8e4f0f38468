"""A mapping's metrics proposed from dashboards and rules, each with its reason."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from simulator.adopt.boards.choice import Choice, choices
from simulator.adopt.boards.equal_labels import share_labels, unequal
from simulator.adopt.boards.families import families_in
from simulator.adopt.boards.fitting_metrics import fitting, mapping_of
from simulator.adopt.boards.labelling import Values
from simulator.adopt.boards.limits_of_signals import with_limits
from simulator.adopt.boards.needs import demands_of
from simulator.adopt.boards.on_platform import on_platform
from simulator.adopt.boards.platform_names import platform_names
from simulator.adopt.boards.platform_ranges import platform_ranges
from simulator.adopt.boards.queries import queries_in
from simulator.adopt.boards.ranges import set_ranges
from simulator.adopt.boards.running import Running, with_labels
from simulator.adopt.boards.signal_ranges import fit_signals
from simulator.adopt.boards.written_metric import Written, written_metric
from simulator.adopt.guess import grade_of
from simulator.grafana.model import Dashboard
from simulator.mapping.properties import called, property_of
from simulator.measures.dimensions import DIMENSIONS
from simulator.rules.model import Group

__all__ = ["Ask", "Proposal", "proposal"]

#: Tells what a running Prometheus has of metrics.
Ask: TypeAlias = Callable[[Sequence[str]], Running]
#: What Prometheus and others write about themselves.
_OF_PROMETHEUS: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds"})


@dataclass(slots=True)
class Proposal:
    """Metrics with what is said of them, and all that is not among them.

    `not_adopted` has names and reasons, `notes` what is said of the platform's part by its place,
    `unread` queries that cannot be read, and `contradictions` what queries want of each other's
    labels in vain.
    """

    platform: dict[str, Any]
    metrics: dict[str, Written]
    not_adopted: list[tuple[str, str]]
    platform_notes: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    unread: tuple[str, ...] = ()

    @property
    def n_signals(self) -> int:
        """How many of the metrics are extra signals."""
        return sum("signal" in one.content or one.choice.is_limit for one in self.metrics.values())


def proposal(
    dashboards: Sequence[Dashboard],
    groups: Sequence[Group],
    *,
    only: re.Pattern[str] | None = None,
    ask: Ask | None = None,
) -> Proposal:
    """The proposal for all metrics that these read, or those whose name has the pattern in it.

    `ask` tells what a running Prometheus has of metrics.
    """
    demands = demands_of(queries_in(dashboards, groups))
    running = Running() if ask is None else ask(tuple(demands.needs))
    families = [
        one
        for one in families_in(demands.needs, running.types)
        if one.name not in _OF_PROMETHEUS and (only is None or only.search(one.name))
    ]
    with_labels(families, running)
    chosen = list(with_limits(list(choices(families)), demands.equals))
    adopted = [one for one in chosen if one.source is not None]
    share_labels([one.family for one in adopted], demands.equals)
    platform, why = _platform(adopted)
    content: dict[str, Any] = {"version": 1, "name": "theirs", "platform": platform, "metrics": {}}
    refused = fitting(content, {})
    values_of = _values(content)
    metrics = {one.family.name: written_metric(one, values_of) for one in adopted}
    content["metrics"] = {name: one.content for name, one in metrics.items()}
    refused += fitting(content, metrics)
    set_ranges({n: metrics[n] for n in content["metrics"]}, content.get("platform", {}))
    fit_signals({n: metrics[n] for n in content["metrics"]})
    refused += fitting(content, metrics)
    kept = {name: one for name, one in metrics.items() if name in content["metrics"]}
    labels = {part: _labels(one) for one in kept.values() for part in one.choice.family.names}
    return Proposal(
        platform=content.get("platform", {}),
        metrics=kept,
        not_adopted=[*_unknown(chosen), *refused],
        platform_notes=why,
        contradictions=[
            f"{left} and {right} are matched by all of their labels, and {', '.join(odd)} is of "
            "one alone"
            for left, right, odd in unequal(demands.equals, labels)
        ],
        unread=demands.unread,
    )


def _platform(adopted: Sequence[Choice]) -> tuple[dict[str, Any], dict[str, str]]:
    """The platform's part, and why."""
    platform, why = platform_names([one.family for one in adopted])
    ranges, reasons = platform_ranges(adopted)
    for section, content in ranges.items():
        platform[section] = {**platform.get(section, {}), **content}
    if ranges:
        why["ranges"] = f"so that alerts are silent in health: {'; '.join(reasons)}"
    return platform, why


def _unknown(chosen: Sequence[Choice]) -> Iterator[tuple[str, str]]:
    yield from ((one.family.name, one.why) for one in chosen if one.source is None)


def _labels(one: Written) -> tuple[str, ...]:
    content = one.content
    own = content.get("signal", {}).get("labels", {})
    return (*content.get("labels", {}), *content.get("constant", {}), *own)


def _values(content: dict[str, Any]) -> Values:
    """What the platform calls the values of each dimension, in both scenarios."""
    found: dict[str, dict[str, str]] = {}
    mapping = mapping_of({**content, "metrics": {}})
    for scenario in (on_platform("calm", mapping), on_platform("tour", mapping)):
        for name in DIMENSIONS:
            names = called(name, scenario)
            has = [one for one in property_of(name, scenario).values() if one]
            found.setdefault(name, {}).update({one: names.get(one, one) for one in has})
    return found


def reason_of(one: Written) -> str:
    """The grade of a guess and why, as a comment says it."""
    surely = one.choice.surely - (0.2 if one.missing else 0.0)
    where = one.choice.family.need.where
    more = f" and {len(where) - 1} more" if len(where) > 1 else ""
    asked = f"; asked for by {where[0]}{more}" if where else ""
    mark = "extra signal: " if "signal" in one.content else ""
    return f"{grade_of(surely)}: {mark}{one.choice.why}{asked}"
