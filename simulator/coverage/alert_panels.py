"""Which panels show what an alert compares."""

from collections.abc import Callable, Sequence

from simulator.checking.material import Material
from simulator.grafana.model import Dashboard
from simulator.rules.model import AnyAlert, Group, Place

__all__ = ["panels_of"]


def panels_of(
    dashboards: Sequence[Dashboard], groups: Sequence[Group]
) -> Callable[[AnyAlert], tuple[str, ...]]:
    """The titles of the panels that each alert belongs to, as `simulator check` pairs them."""
    found: dict[Place, list[str]] = {}
    for pair in Material(dashboards, tuple(groups)).pairs:
        panel = pair.painted.panel
        found.setdefault(pair.alarm.place, []).append(panel.title or panel.path)
    return lambda alert: tuple(dict.fromkeys(found.get(alert.place, ())))
