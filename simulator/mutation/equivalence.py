"""Which mutants cannot matter, each by a rule."""

from simulator.alerting.states import steps_of
from simulator.grafana.panel_types import panel_type
from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import AlertMutant, Mutant, PanelMutant

__all__ = ["without_effect"]


def without_effect(mutant: Mutant, interval: float) -> str:
    """The rule by which it cannot matter, without a query being asked; "" if there is none.

    `interval` is how often groups are evaluated that do not say so, seconds.
    """
    if isinstance(mutant, AlertMutant):
        return _of_hold(mutant, interval)
    return _of_panel(mutant)


def _of_hold(mutant: AlertMutant, interval: float) -> str:
    every = mutant.group.interval or interval
    holds = {steps_of(one.hold, every) for one in (mutant.original, mutant.alert)}
    is_same = mutant.change.kind is Kind.HOLD and len(holds) == 1
    return "as many evaluations pass before it fires" if is_same else ""


def _of_panel(mutant: PanelMutant) -> str:
    change, panel = mutant.change, mutant.original
    if change.kind in {Kind.THRESHOLD, Kind.SIGN} and not change.query and not change.is_watched:
        return "the panel draws none of these colours"
    is_reducer = change.kind is Kind.AGGREGATION and not change.query
    if is_reducer and panel_type(panel.type).view == "reduced":
        asked = panel.queried_targets
        if asked and all(one.kinds == ("instant",) for one in asked):
            return "an instant query has a single point, of which every reducer is the same"
    return ""
