"""All that is checked, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from simulator.checking.alarms import Alarm, alarms_in
from simulator.checking.painted import Painted, painted_in
from simulator.checking.pairs import Pair, paired
from simulator.checking.psi_noise import DriftSample
from simulator.grafana.model import Dashboard, Panel, Target
from simulator.grafana.static_queries import StaticQuery, static_query
from simulator.rules.model import Group

__all__ = ["AskedQuery", "Facts", "Material"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What files do not say of themselves.

    `scrape_seconds` is 0 where it is not known. `top_buckets` are the highest finite bounds of
    histograms by the names of their buckets, `psi_metrics` those whose names do not say that they
    are one. `are_provisioned` says that all dashboards are, `levels` the colours of a person's own
    words of severity.
    """

    scrape_seconds: float = 0.0
    top_buckets: Mapping[str, float] = field(default_factory=dict)
    psi_metrics: frozenset[str] = frozenset()
    drift: DriftSample = field(default_factory=DriftSample)
    are_provisioned: bool = False
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class AskedQuery:
    """A query of a panel, which Prometheus answers; `query` is None for one that is not read."""

    dashboard: Dashboard
    panel: Panel
    target: Target
    index: int
    query: StaticQuery | None


@dataclass(frozen=True)
class Material:
    """Dashboards, groups of rules, and what is known around them."""

    dashboards: Sequence[Dashboard] = ()
    groups: tuple[Group, ...] = ()
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def painted(self) -> tuple[Painted, ...]:
        """The thresholds of all panels."""
        return tuple(one for board in self.dashboards for one in painted_in(board))

    @cached_property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alerts."""
        return tuple(alarms_in(self.groups, self.facts.levels))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Which alert belongs to which thresholds."""
        return tuple(paired(self.painted, self.alarms))

    @cached_property
    def queries(self) -> tuple[AskedQuery, ...]:
        """All queries of panels that Prometheus answers."""
        return tuple(
            AskedQuery(board, panel, target, index, static_query(target.expr, board))
            for board in self.dashboards
            for panel in board.panels
            for index, target in enumerate(panel.targets)
            if target.expr.strip() and panel.source_of(target).is_prometheus
        )
