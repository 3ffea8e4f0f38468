"""Which alert belongs to which thresholds: by its link, by its query, or by its limit."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from simulator.checking.alarms import Alarm, Link
from simulator.checking.painted import Painted
from simulator.grafana.alarm_steps import alarm_steps
from simulator.grafana.static_queries import CHOSEN, StaticQuery
from simulator.promql.alarm_limits import AlarmLimit
from simulator.promql.differences import Difference, differences
from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, essence, metrics_in, scaled, shape_of

__all__ = ["Pair", "leads_to", "paired"]

By: TypeAlias = Literal["link", "query", "limit"]
_MOST_DIFFERENCES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """An alert's limit and the thresholds that it belongs to.

    `differences` are those of the queries, the panel's first; None where they have not the same
    form. `factor` is what the panel's values are of the alert's: 100 where it shows per cent.
    """

    painted: Painted
    alarm: Alarm
    limit: AlarmLimit
    by: By
    differences: tuple[Difference, ...] | None
    factor: float = 1.0


def paired(paints: Sequence[Painted], alarms: Sequence[Alarm]) -> Iterator[Pair]:
    """The pairs; an alert that a link or an equal query pairs is paired by nothing weaker."""
    shown = [_Shown(one, _shape(one.query)) for one in paints if one.query is not None]
    by_metric: dict[str, list[_Shown]] = {}
    for one in shown:
        for metric in set(metrics_in(one.shape)):
            by_metric.setdefault(metric, []).append(one)
    for alarm in alarms:
        linked = [
            _pair(one, alarm, limit, "link")
            for one in shown
            if any(leads_to(link, one.painted) for link in alarm.links)
            for limit in alarm.limits
        ]
        if linked:
            yield from _nearest(linked)
            continue
        found = [
            _pair(one, alarm, limit, "query")
            for limit in alarm.limits
            for one in _with_metrics_of(limit, by_metric)
        ]
        equal = [one for one in found if one.differences == ()]
        near = [replace(one, by="limit") for one in found if _has_its_limit(one)]
        yield from equal or _nearest_of_each_panel(near)


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    painted: Painted
    shape: Shape


def _with_metrics_of(
    limit: AlarmLimit, by_metric: Mapping[str, Sequence[_Shown]]
) -> Iterator[_Shown]:
    """What reads one of the metrics that a limit is on, each once."""
    found = {id(one): one for m in metrics_in(limit.compared) for one in by_metric.get(m, ())}
    yield from found.values()


def leads_to(link: Link, painted: Painted) -> bool:
    """Whether it is a link to this panel."""
    return link.dashboard == painted.dashboard.uid and link.panel == str(painted.panel.id)


def _nearest_of_each_panel(pairs: Sequence[Pair]) -> Iterator[Pair]:
    by_panel: dict[int, list[Pair]] = {}
    for one in pairs:
        by_panel.setdefault(id(one.painted.panel), []).append(one)
    for own in by_panel.values():
        yield from _nearest(own)


def _nearest(linked: Sequence[Pair]) -> list[Pair]:
    """Of a panel with several queries the one that the alert asks; all that are equally near."""
    counts = [math.inf if one.differences is None else len(one.differences) for one in linked]
    least = min(counts)
    return [one for one, count in zip(linked, counts, strict=True) if count == least]


def _has_its_limit(pair: Pair) -> bool:
    """Whether queries that are nearly equal are held against the same number on the same side."""
    steps = alarm_steps(pair.painted.thresholds)
    if not pair.differences or len(pair.differences) > _MOST_DIFFERENCES or steps is None:
        return False
    if pair.painted.is_default or not pair.painted.is_seen or not pair.painted.is_value:
        return False
    if pair.limit.sign in {"==", "!="} or any(_is_weak(one, pair) for one in pair.differences):
        return False
    wanted = pair.limit.number * pair.factor
    is_same = any(math.isclose(one, wanted) for one in steps.values.values())
    return is_same and steps.is_lower_worse == pair.limit.is_lower_worse


def _is_weak(difference: Difference, pair: Pair) -> bool:
    """Whether a difference says that two queries are about something else.

    What a viewer chooses, as one host, does what putting series together does in an alert.
    """
    if difference.what in {"metric", "sign"}:
        return True
    if difference.what not in {"aggregation", "grouping"}:
        return False
    is_chosen = pair.painted.query is not None and CHOSEN in pair.painted.query.text
    return is_chosen or "none" in {difference.one, difference.other}


def _pair(shown: _Shown, alarm: Alarm, limit: AlarmLimit, by: By) -> Pair:
    painted, shape, query = shown.painted, shown.shape, shown.painted.query
    own = essence(limit.compared)
    if query is not None:
        own = _without(own, _chosen_labels(shape))
        shape = _without(shape, _chosen_labels(shape))
        if query.has_chosen_ranges and not (query.are_ranges_saved and by == "link"):
            own, shape = _without_ranges(own), _without_ranges(shape)
    factor, rest = scaled(shape)
    own_factor, own_rest = scaled(own)
    found = differences(rest, own_rest)
    worst = "min" if limit.is_lower_worse else "max"
    if found and differences(_each(rest, worst), _each(own_rest, worst)) == ():
        found = ()
    if found is None and factor != own_factor:
        found = differences(shape, own)
        factor = own_factor = 1.0 if found is not None else factor
    return Pair(painted, alarm, limit, by, found, factor / own_factor)


def _each(shape: Shape, worst: str) -> Shape:
    """The series whose worst one is taken: it is beyond a limit where any of them is."""
    while shape.kind == "aggregation" and shape.name == worst:
        shape = shape.parts[-1]
    return shape


@lru_cache(maxsize=4096)
def _shape(query: StaticQuery | None) -> Shape:
    tree = parsed(query.text) if query is not None else None
    return Shape("text", "") if tree is None else essence(shape_of(tree))


def _chosen_labels(shape: Shape) -> frozenset[str]:
    """The labels whose values a viewer chooses, somewhere in the query.

    What is not to be as chosen is no choice, but the contrary.
    """
    own = frozenset(_label(one) for one in shape.matchers if CHOSEN in one and not _is_turned(one))
    return own.union(*map(_chosen_labels, shape.parts))


def _is_turned(matcher: str) -> bool:
    return matcher.partition("=")[0].endswith("!") or "!~" in matcher.partition('"')[0]


def _label(matcher: str) -> str:
    return re.split("[=!]", matcher, maxsplit=1)[0]


def _without(shape: Shape, labels: frozenset[str]) -> Shape:
    kept = frozenset(one for one in shape.matchers if _label(one) not in labels or _is_turned(one))
    return replace(
        shape, matchers=kept, parts=tuple(_without(part, labels) for part in shape.parts)
    )


def _without_ranges(shape: Shape) -> Shape:
    return replace(shape, span=None, parts=tuple(map(_without_ranges, shape.parts)))
