"""Alerts that belong to a panel's thresholds by their query, whatever number stands in each."""

from collections.abc import Mapping, Sequence

from simulator.checking.material import Facts, Material
from simulator.checking.painted import panel_place
from simulator.grafana.alarm_steps import AlarmSteps
from simulator.grafana.model import Dashboard
from simulator.rules.model import Group, Place
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import ThresholdPlace

__all__ = ["PairedRules"]


class PairedRules:
    """Which alerts are tuned together with which thresholds.

    Args:
        dashboards: those whose thresholds are tuned.
        groups: all groups of rules.
        rules: their alerts.
        levels: "orange" and "red" by a person's own words of severity.
    """

    def __init__(
        self,
        dashboards: Sequence[Dashboard],
        groups: Sequence[Group],
        rules: Sequence[AlertRule],
        levels: Mapping[str, str],
    ) -> None:
        self.rules = tuple(rules)
        by_place = {rule.place: rule for rule in self.rules}
        material = Material(dashboards, tuple(groups), Facts(levels=levels))
        self._same: dict[Place, list[AlertRule]] = {}
        for pair in material.pairs:
            rule = by_place.get(pair.alarm.place)
            asks_the_same = pair.differences == () and pair.factor == 1.0
            if rule is not None and asks_the_same and pair.painted.is_value:
                self._same.setdefault(pair.painted.place, []).append(rule)

    def of(self, place: ThresholdPlace, alarms: AlarmSteps, signal: str) -> dict[str, AlertRule]:
        """By level the alert with the panel's threshold, else one that asks the same of its level.

        An alert with just this threshold is about the panel's signal, or links to the panel. One
        with another threshold asks what the panel shows: somebody has changed only one of them.
        """
        found = {
            level: rule
            for rule in reversed(self.rules)
            for level in rule.levels
            if rule.has_limit(alarms.values.get(level), is_lower_worse=alarms.is_lower_worse)
            and rule.is_as_coloured
            and (rule.signal == signal if signal else place.is_at(rule.panel))
        }
        taken = {rule.place for rule in found.values()}
        for rule in self._same.get(panel_place(place.dashboard, place.path), ()):
            if rule.place not in taken and _may_have_its_number(rule, alarms):
                found.setdefault(rule.level, rule)
        return found


def _may_have_its_number(rule: AlertRule, alarms: AlarmSteps) -> bool:
    """Whether it is for one of the levels, and finds the same values bad."""
    is_of_a_level = len(rule.levels) == 1 and rule.level in alarms.values
    is_same_side = rule.limit is not None and rule.limit.is_lower_worse == alarms.is_lower_worse
    return is_of_a_level and is_same_side and rule.is_as_coloured
