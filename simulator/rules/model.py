"""Rules as they are written: groups of alerts and recordings, of Prometheus and of Grafana."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

__all__ = [
    "Alert",
    "AnyAlert",
    "GrafanaAlert",
    "GrafanaNode",
    "GrafanaRecording",
    "Group",
    "Place",
    "Recording",
    "Rule",
    "Steps",
]

Steps: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written.

    `document` counts the YAML documents of the file from 0. `path` leads from there to it;
    `inside` leads on within a text that is itself such a file, as in a ConfigMap's data.
    """

    file: Path
    path: Steps = ()
    document: int = 0
    inside: Steps | None = None

    def __str__(self) -> str:
        steps = ".".join(map(str, (*self.path, *(self.inside or ()))))
        document = f"document {self.document + 1}" if self.document else ""
        return ": ".join(part for part in (str(self.file), document, steps) if part)

    def below(self, *steps: str | int) -> "Place":
        """The place of something in it.

        >>> str(Place(Path("a.yml")).below("groups", 0).below("rules", 2))
        'a.yml: groups.0.rules.2'
        """
        if self.inside is None:
            return Place(self.file, (*self.path, *steps), self.document)
        return Place(self.file, self.path, self.document, (*self.inside, *steps))


@dataclass(frozen=True, slots=True)
class Alert:
    """An alerting rule of Prometheus; `hold` is its `for`, `keep_firing` its `keep_firing_for`.

    Both in seconds. `labels` has those of its group, too.
    """

    name: str
    expr: str
    hold: float
    keep_firing: float
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording rule of Prometheus: `name` is the metric that it writes."""

    name: str
    expr: str
    labels: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class GrafanaNode:
    """A query or an expression of a rule that Grafana evaluates.

    `kind` is "query" for one that a data source answers, else the expression's type, such as
    "reduce", "math", "threshold" or "classic_conditions". A query looks from `since` to `until`
    seconds before the evaluation. `model` is the whole of it, as it is written.
    """

    ref_id: str
    kind: str
    model: Mapping[str, Any]  # Any: JSON of others, of which each kind knows a part
    data_source: str
    since: float
    until: float
    place: Place


@dataclass(frozen=True, slots=True)
class GrafanaAlert:
    """An alert that Grafana evaluates; it is on where the node named `condition` is not 0.

    Times are seconds. `no_data_state` and `error_state` are what it goes into without data and
    where a query fails; a series that is gone is over after `missing_evaluations`.
    """

    name: str
    uid: str
    condition: str
    nodes: tuple[GrafanaNode, ...]
    hold: float
    keep_firing: float
    no_data_state: str
    error_state: str
    missing_evaluations: int
    is_paused: bool
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class GrafanaRecording:
    """A recording rule that Grafana evaluates: it writes what the node `source` has."""

    name: str
    source: str
    nodes: tuple[GrafanaNode, ...]
    labels: Mapping[str, str]
    place: Place


AnyAlert: TypeAlias = Alert | GrafanaAlert
Rule: TypeAlias = Alert | Recording | GrafanaAlert | GrafanaRecording


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after the other, every `interval` seconds.

    None is the server's own interval. Queries ask for what was `query_offset` seconds ago; a rule
    of more than `limit` series fails (0: none does). `ignored` are keys that nothing here reads.
    """

    name: str
    rules: tuple[Rule, ...]
    place: Place
    interval: float | None = None
    query_offset: float = 0.0
    limit: int = 0
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @property
    def alerts(self) -> tuple[AnyAlert, ...]:
        """Those of its rules that are alerts."""
        return tuple(one for one in self.rules if isinstance(one, Alert | GrafanaAlert))
