"""Panels and alerts in files that somebody may have edited since they were read."""

from collections.abc import Iterable

from simulator.grafana.model import Dashboard, Panel
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import ThresholdPlace

__all__ = ["panel_again", "rule_again"]


def panel_again(place: ThresholdPlace, dashboard: Dashboard) -> Panel | None:
    """The panel of a dashboard with the id and queries of one as it was read, wherever it is now.

    None where there is none; of several the one that is still in its place.
    """
    path = place.panel.path  # whose variables have values by now
    panel = next((one for one in place.dashboard.panels if one.path == path), place.panel)
    found = [one for one in dashboard.panels if _identity(one) == _identity(panel)]
    still = [one for one in found if one.path == path]
    return next(iter(still or (found if len(found) == 1 else ())), None)


def rule_again(rule: AlertRule, now: Iterable[AlertRule]) -> AlertRule | None:
    """The alert that is written as this one was, and in a group of that name."""
    found = [one for one in now if _written(one) == _written(rule)]
    still = [one for one in found if one.place == rule.place]
    return next(iter(still or (found if len(found) == 1 else ())), None)


def _identity(panel: Panel) -> object:
    return panel.id, panel.type, tuple((one.ref_id, one.expr) for one in panel.targets)


def _written(rule: AlertRule) -> object:
    """What of a rule is in its file, but for where; which severity is which is said elsewhere."""
    alert = rule.alert
    parts = {name: getattr(alert, name) for name in alert.__slots__ if name != "place"}
    return type(alert), parts, rule.limit, rule.group.name
