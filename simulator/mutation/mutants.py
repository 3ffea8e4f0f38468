"""A dashboard or a rule with one mistake in it."""

from dataclasses import dataclass
from typing import TypeAlias

from simulator.grafana.model import Dashboard, Panel
from simulator.mutation.kinds import Kind
from simulator.rules.model import AnyAlert, Group, Place

__all__ = ["AlertMutant", "Change", "Mutant", "PanelMutant"]


@dataclass(frozen=True, slots=True)
class Change:
    """One mistake: its kind, the place in a file, the name of what it is in, and what was changed.

    `query` and `mutated` are the query before and after, "" where none was changed. `is_watched`
    says that a limit stands on what was changed, so that there is something that may be noticed.
    """

    kind: Kind
    place: Place
    subject: str
    said: str
    query: str = ""
    mutated: str = ""
    is_watched: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class PanelMutant:
    """A panel with a mistake in it, in place of the one of the dashboard."""

    change: Change
    dashboard: Dashboard
    original: Panel
    panel: Panel
    ref_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class AlertMutant:
    """An alert with a mistake in it, in place of the one of its group."""

    change: Change
    group: Group
    original: AnyAlert
    alert: AnyAlert


Mutant: TypeAlias = PanelMutant | AlertMutant
