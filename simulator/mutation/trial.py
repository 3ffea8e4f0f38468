"""Mutants tried one by one: what of them changes in `check`, and where nothing does, in `cover`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.checking.material import Material
from simulator.coverage.alert_coverage import alert_coverage
from simulator.coverage.cover import CoverPlan, opened_as, watch_of
from simulator.coverage.panel_coverage import panel_coverage
from simulator.grafana.bound_panels import with_macros
from simulator.grafana.model import Dashboard, Panel
from simulator.mutation.mutants import AlertMutant, Mutant, PanelMutant
from simulator.mutation.outcomes import (
    Outcome,
    alert_outcome,
    check_outcome,
    panel_outcome,
    told_apart,
)
from simulator.observation.asked_once import AskedOnce
from simulator.observation.at_once import at_once
from simulator.observation.every_panel import every_panel
from simulator.observation.known_series import KnownSeries
from simulator.observation.over_time import over_time
from simulator.observation.prometheus import Prometheus
from simulator.observation.replay import Moments
from simulator.progress import Progress, Report
from simulator.rules.model import AnyAlert, Group

if TYPE_CHECKING:
    from simulator.coverage.verdicts import PanelCoverage

__all__ = ["Trial"]

_AT_ONCE = 3
_LOOKED_AT_EVERY = 60.0
_MOST_POINTS = 10_000_000
"""Answers that are kept while mutants are asked: 160 MB."""


@dataclass(frozen=True)
class Trial:
    """What is looked at, and where it is asked; the plan's effects are not."""

    material: Material
    prometheus: Prometheus
    plan: CoverPlan
    known: KnownSeries
    report: Report
    queries: AskedOnce = field(init=False)

    def __post_init__(self) -> None:
        queries = AskedOnce(self.prometheus, most_points=_MOST_POINTS)
        object.__setattr__(self, "queries", queries)

    @property
    def _moments(self) -> Moments:
        """When panels are looked at: once a minute, which makes 200 mutants take a minute."""
        return replace(self.plan.moments, every=max(self.plan.resolution, _LOOKED_AT_EVERY))

    @cached_property
    def _checked(self) -> Outcome:
        return check_outcome(self.material)

    def noticed_by_check(self, mutant: Mutant) -> str:
        """What a check finds otherwise, "" where all is as it was."""
        found = told_apart(self._checked, check_outcome(self._changed(mutant)))
        return f"check: {found}" if found else ""

    def _changed(self, mutant: Mutant) -> Material:
        material = self.material
        if isinstance(mutant, PanelMutant):
            boards = [
                _with_panel(one, mutant) if one is mutant.dashboard else one
                for one in material.dashboards
            ]
            return Material(boards, material.groups, material.facts)
        groups = [
            _with_alert(one, mutant) if one is mutant.group else one for one in material.groups
        ]
        return Material(material.dashboards, tuple(groups), material.facts)

    def noticed_by_cover(self, mutants: Sequence[Mutant]) -> dict[Mutant, str]:
        """What coverage says otherwise of each mutant, "" where it says the same."""
        found: dict[Mutant, str] = {}
        panels = [one for one in mutants if isinstance(one, PanelMutant)]
        alerts = [one for one in mutants if isinstance(one, AlertMutant)]
        before = self._panels({id(one.original): (one.dashboard, one.original) for one in panels})
        after = self._panels({id(one): (one.dashboard, one.panel) for one in panels})
        for one in panels:
            found[one] = told_apart(before[id(one.original)], after[id(one)])
        usual = self._alerts({id(one.original): (one.group, one.original) for one in alerts})
        now = self._alerts({id(one): (one.group, one.alert) for one in alerts})
        for other in alerts:
            found[other] = told_apart(usual[id(other.original)], now[id(other)])
        return {one: f"cover: {said}" if said else "" for one, said in found.items()}

    def _panels(self, wanted: dict[int, tuple[Dashboard, Panel]]) -> dict[int, Outcome]:
        """The outcome of each panel, asked by itself, by its key."""
        boards = {key: replace(board, panels=(panel,)) for key, (board, panel) in wanted.items()}
        seen: dict[int, list[PanelCoverage]] = {id(board): [] for board in boards.values()}
        for one in every_panel(
            list(boards.values()),
            self.prometheus,
            opened_as(self.plan),
            over_time(self._moments),
            report=self.report,
            queries=self.queries,
        ):
            seen[id(one.dashboard)].append(panel_coverage(one, (), self.known))
        return {key: panel_outcome(seen[id(board)]) for key, board in boards.items()}

    def _alerts(self, wanted: dict[int, tuple[Group, AnyAlert]]) -> dict[int, Outcome]:
        every = [replace(group, rules=(alert,)) for group, alert in wanted.values()]
        found = {}
        asked = at_once(self._alert, every, most=_AT_ONCE)
        for done, (key, outcome) in enumerate(zip(wanted, asked, strict=True), start=1):
            found[key] = outcome
            self.report(Progress("alerts", done, len(every)))
        return found

    def _alert(self, group: Group) -> Outcome:
        (one,) = alert_coverage([group], self.prometheus, watch_of((), self.plan), self.known)
        return alert_outcome(one)

    def asked(self, mutant: Mutant) -> tuple[str, str]:
        """The query as it was and as it is now, as Prometheus gets them; "" for none."""
        if isinstance(mutant, AlertMutant):
            return mutant.change.query, mutant.change.mutated
        texts = [
            next(self._bound(mutant.dashboard, panel, mutant.ref_id), "")
            for panel in (mutant.original, mutant.panel)
        ]
        return texts[0], texts[1]

    def _bound(self, board: Dashboard, panel: Panel, ref_id: str) -> Iterator[str]:
        alone = replace(board, panels=(panel,))
        for bound in opened_as(self.plan).panels(alone, self.prometheus):
            for target in bound.panel.targets:
                if target.ref_id == ref_id and bound.error is None:
                    yield with_macros(bound, target)[0].expr


def _with_panel(board: Dashboard, mutant: PanelMutant) -> Dashboard:
    panels = (mutant.panel if one is mutant.original else one for one in board.panels)
    return replace(board, panels=tuple(panels))


def _with_alert(group: Group, mutant: AlertMutant) -> Group:
    rules = (mutant.alert if one is mutant.original else one for one in group.rules)
    return replace(group, rules=tuple(rules))
