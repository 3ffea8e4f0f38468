"""What would have noticed a mutant that was not."""

from typing import Final

from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import AlertMutant, Mutant

__all__ = ["would_notice"]

_OF_ALERTS: Final = {
    Kind.SIGN: "a panel with the alert's query and a step at its limit",
    Kind.THRESHOLD: "a panel with a step at the alert's limit, which it links to",
    Kind.LABEL: "a panel with the alert's query, or an incident that moves only these series",
    Kind.METRIC: "a panel with the alert's query, which it links to",
    Kind.AGGREGATION: "a panel with the alert's query, or an incident that moves one series alone",
    Kind.HOLD: "an incident, or noise on a calm day, whose length lies between the two times",
    Kind.UNIT: "",
}
_OF_PANELS: Final = {
    Kind.SIGN: "an alert with the panel's query and limit",
    Kind.THRESHOLD: "an alert with the panel's query, or its number in the description",
    Kind.LABEL: "an alert with the panel's query, or an override for each series by name",
    Kind.METRIC: "an alert with the panel's query, or steps that only the right metric reaches",
    Kind.AGGREGATION: "an alert with the panel's query, or an incident of one series alone",
    Kind.HOLD: "",
    Kind.UNIT: "min and max of the field, or a description that names its values",
}


def would_notice(mutant: Mutant) -> str:
    """What to add to the scenario, the dashboards or the rules, as a noun."""
    if isinstance(mutant, AlertMutant):
        return _OF_ALERTS[mutant.change.kind]
    if not mutant.change.is_watched:
        return "a limit on the panel: nothing says what it should show"
    return _OF_PANELS[mutant.change.kind]
