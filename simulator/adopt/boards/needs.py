"""What all queries together demand of each metric."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from simulator.adopt.boards.queries import Query, Threshold
from simulator.adopt.boards.reads import Equal, Read, equals_in, reads_in
from simulator.grafana.static_queries import CHOSEN
from simulator.promql.parsing import parsed
from simulator.promql.selectors import NAME, Matcher
from simulator.promql.shapes import metrics_in

__all__ = ["Demands", "LabelNeed", "Need", "demands_of"]

_T = TypeVar("_T")
_OWN: Final = frozenset({"le", "quantile", NAME})
_MOST_ROUNDS: Final = 10


@dataclass(slots=True)
class LabelNeed:
    """What is demanded of a label: that these conditions hold for some series each.

    `chosen` are values that a viewer may choose, `mentioned` those that are named and not wanted.
    `is_part` says that a query reads the metric with a value of it, and also without; `is_shared`,
    that only the labels of another metric ask for it, which is matched with this.
    """

    conditions: list[Matcher] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    is_shared: bool = False
    is_part: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """All values that are named plainly, wanted ones first."""
        exact = [one.value for one in self.conditions if one.operator == "="]
        told = [
            part
            for one in self.conditions
            if one.operator == "=~"
            for part in one.value.strip("()").split("|")
            if re.fullmatch(r"[\w\- /:]+", part)
        ]
        return tuple(dict.fromkeys((*exact, *told, *self.chosen, *self.mentioned)))

    def add(self, other: "LabelNeed") -> None:
        """Takes over what another one demands."""
        _append(self.conditions, other.conditions)
        _append(self.chosen, other.chosen)
        _append(self.mentioned, other.mentioned)
        self.is_part = self.is_part or other.is_part


@dataclass(slots=True)
class Need:
    """A metric by the name that queries have: how it is used, what is demanded of its labels."""

    metric: str
    paths: set[tuple[str, ...]] = field(default_factory=set)
    labels: dict[str, LabelNeed] = field(default_factory=dict)
    bounds: set[str] = field(default_factory=set)
    quantiles: set[str] = field(default_factory=set)
    units: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, other: "Need") -> None:
        """Takes over what is demanded of another name of the same metric."""
        self.paths |= other.paths
        for label, need in other.labels.items():
            self.labels.setdefault(label, LabelNeed()).add(need)
        self.bounds |= other.bounds
        self.quantiles |= other.quantiles
        for name in ("units", "said", "thresholds", "where", "texts"):
            mine = getattr(self, name)
            mine.extend(one for one in getattr(other, name) if one not in mine)


@dataclass(frozen=True, slots=True)
class Demands:
    """The metrics that queries read and nobody records, and whose series have the same labels."""

    needs: dict[str, Need]
    equals: tuple[Equal, ...]
    recorded: frozenset[str]
    unread: tuple[str, ...]


def demands_of(queries: Iterable[Query]) -> Demands:
    """What they demand; recorded metrics are followed to what they are made of.

    >>> asked = Query('sum by (a) (rate(x_total{b="1"}[5m]))', "panel P")
    >>> found = demands_of([asked]).needs["x_total"]
    >>> sorted(found.labels), found.labels["b"].values
    (['a', 'b'], ('1',))
    """
    everything = tuple(queries)
    recordings = {one.records: one for one in everything if one.records}
    needs: dict[str, Need] = {}
    equals: list[Equal] = []
    unread: list[str] = []
    for query in everything:
        tree = parsed(query.text)
        if tree is None:
            unread.append(f"{query.where}: {query.text}")
            continue
        equals += equals_in(tree)
        reads = tuple(reads_in(tree, query.asked))
        for one in reads:
            _add(needs, one, query)
        _tell_parts(needs, reads)
    _follow(needs, recordings)
    emitted = {name: need for name, need in needs.items() if name not in recordings}
    return Demands(emitted, tuple(dict.fromkeys(equals)), frozenset(recordings), tuple(unread))


def _follow(needs: dict[str, Need], recordings: dict[str, Query]) -> None:
    """What is asked of a recorded metric is asked of what it is recorded from."""
    for _ in range(_MOST_ROUNDS):
        for name, query in recordings.items():
            tree = parsed(query.text)
            if name not in needs or tree is None:
                continue
            need = needs[name]
            for one in reads_in(tree, frozenset(need.labels)):
                _add(needs, one, query)
                for label in one.asked & set(need.labels):
                    if one.selector.metric in needs:
                        below = needs[one.selector.metric].labels.setdefault(label, LabelNeed())
                        below.add(need.labels[label])


def _add(needs: dict[str, Need], read: Read, query: Query) -> None:
    for metric in _named(read):
        need = needs.setdefault(metric, Need(metric))
        need.paths.add(read.path)
        for label in sorted(read.asked - _OWN):
            need.labels.setdefault(label, LabelNeed())
        for one in read.selector.matchers:
            _add_condition(need, one)
        for wanted in query.wanted:
            if wanted.label in need.labels and wanted.metric in {"", metric}:
                need.labels[wanted.label].add(LabelNeed(chosen=list(wanted.values)))
        _append(need.units, query.units)
        _append(need.said, [query.said] if query.said else [])
        _append(need.where, [query.where])
        _append(need.texts, [query.text])
        _append(need.thresholds, [t for t in query.thresholds if metric in metrics_in(t.compared)])


def _tell_parts(needs: dict[str, Need], reads: Sequence[Read]) -> None:
    """Marks labels of which a query wants a value at one place, and nothing at another."""
    named: dict[str, list[set[str]]] = {}
    for one in reads:
        wanted = {m.label for m in one.selector.matchers if m.operator in {"=", "=~"}}
        for metric in _named(one):
            named.setdefault(metric, []).append(wanted)
    for metric, several in named.items():
        labels = needs[metric].labels
        for label in labels.keys() & set[str]().union(*several):
            if any(label not in wanted for wanted in several):
                labels[label].is_part = True


def _append(mine: list[_T], theirs: Sequence[_T]) -> None:
    mine.extend(one for one in theirs if one not in mine)


def _named(read: Read) -> Iterator[str]:
    """The metrics that a selector names; those of a pattern of plain names are each one."""
    if read.selector.metric and CHOSEN not in read.selector.metric:
        yield read.selector.metric
        return
    for one in read.selector.matchers:
        if one.label == NAME and one.operator == "=~":
            parts = one.value.split("|")
            yield from (p for p in parts if re.fullmatch(r"[a-zA-Z_:][\w:]*", p))


def _add_condition(need: Need, matcher: Matcher) -> None:
    if matcher.label == "le":
        need.bounds |= {matcher.value} if matcher.operator == "=" else set()
    elif matcher.label == "quantile":
        need.quantiles.add(matcher.value)
    elif matcher.label != NAME:
        asks_nothing = matcher.operator in {"=", "=~"} and matcher.takes("")
        if matcher.operator in {"=", "=~"} and matcher.value == "":
            return
        label = need.labels.setdefault(matcher.label, LabelNeed())
        if CHOSEN in matcher.value or asks_nothing:
            return
        if matcher.operator in {"=", "=~"}:
            label.add(LabelNeed(conditions=[matcher]))
        else:
            parts = matcher.value.split("|")
            plain = [p for p in parts if re.fullmatch(r"[\w\- /:]+", p)]
            label.add(LabelNeed(mentioned=plain))
