"""The thresholds of panels, each with the query whose values it colours, as the file has them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from simulator.checking.field_names import is_matched, names_of
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.model import Dashboard, Panel, Target
from simulator.grafana.panel_types import panel_type
from simulator.grafana.static_queries import StaticQuery, static_query
from simulator.grafana.thresholds import DEFAULT_THRESHOLDS, Thresholds, thresholds_from
from simulator.rules.model import Place, Steps

__all__ = ["Painted", "painted_in", "panel_place", "panel_subject"]

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_SAME_VALUE: Final = frozenset(
    {"last", "lastNotNull", "first", "firstNotNull", "min", "max", "mean", "median", "allValues"}
)
_KEEPING: Final = frozenset(
    {"organize", "merge", "sortBy", "limit", "filterFieldsByName", "filterByValue"}
    | {"filterByRefId", "renameByRegex", "joinByField", "seriesToColumns", "seriesToRows"}
    | {"labelsToFields", "concatenate", "prepareTimeSeries", "convertFieldType"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """Thresholds at one place of a panel, and one of the queries that they are for.

    `target` is None where the file does not tell which one; `query` where it cannot be read.
    `is_value` says that what is coloured is a value of the query as it is, and no count or sum of
    many. `low` and `high` are the ends of bars and axes that the file sets.
    """

    dashboard: Dashboard
    panel: Panel
    place: Place
    thresholds: Thresholds
    target: Target | None
    query: StaticQuery | None
    unit: str
    low: float | None
    high: float | None
    is_seen: bool
    is_value: bool
    mappings: Sequence[object]
    reducer: str = ""

    @property
    def subject(self) -> str:
        """What to call the panel."""
        return panel_subject(self.dashboard, self.panel)

    @property
    def is_migrated(self) -> bool:
        """Whether Grafana makes them of the settings of an older type of panel."""
        return not self.panel.config_at

    @property
    def rises(self) -> bool:
        """Whether each step begins above the one before."""
        return all(a.value < b.value for a, b in pairwise(self.thresholds.steps))

    @property
    def is_default(self) -> bool:
        """Whether the steps are the ones that a new panel comes with, so that nobody chose them."""
        return [one.value for one in self.thresholds.steps] == [
            one.value for one in DEFAULT_THRESHOLDS.steps
        ]


def panel_subject(dashboard: Dashboard, panel: Panel) -> str:
    """A panel's name in messages.

    >>> panel_subject(Dashboard("u", "ML", ()), Panel("panels[0]", 1, "Drift", "stat"))
    'panel Drift (ML)'
    """
    return f"panel {panel.title or panel.path} ({dashboard.title or dashboard.uid})"


def panel_place(dashboard: Dashboard, path: str) -> Place:
    """A path such as `panels[3].fieldConfig` in the dashboard's file."""
    steps: Steps = tuple(
        int(index) if index else name for name, index in _STEP.findall(path) if name or index
    )
    return Place(dashboard.file or Path(dashboard.uid), steps)


def painted_in(dashboard: Dashboard) -> Iterator[Painted]:
    """All thresholds that are written in a dashboard's panels, once for each of their queries."""
    for panel in dashboard.panels:
        if not panel.unresolved:
            yield from _of_panel(dashboard, panel)


def _of_panel(dashboard: Dashboard, panel: Panel) -> Iterator[Painted]:
    kind = panel_type(panel.type)
    if not kind.is_read or "thresholds" in kind.without:
        return
    targets = [one for one in panel.queried_targets if _is_asked(panel, one)]
    config = panel.field_config
    placed = {
        index: value
        for index, override in enumerate(config.overrides)
        for name, value in override.properties
        if name == "thresholds" and isinstance(value, dict)
    }
    if isinstance(config.defaults.get("thresholds"), dict):
        own = [one for one in targets if not any(_is_for(panel, i, one) for i in placed)]
        yield from (_painted(dashboard, panel, target, None) for target in own)
        if not targets:
            yield _painted(dashboard, panel, None, None)
    for index in placed:
        known = [one for one in targets if _is_for(panel, index, one)]
        yield from (_painted(dashboard, panel, target, index) for target in known)
        if not known:
            yield _painted(dashboard, panel, None, index)


def _is_asked(panel: Panel, target: Target) -> bool:
    return target.expression is None and panel.source_of(target).is_prometheus


def _is_for(panel: Panel, index: int, target: Target) -> bool:
    """Whether an override is for the fields of a query, as far as the file tells."""
    override = panel.field_config.overrides[index]
    return is_matched(override.matcher, target, names_of(panel, target)) is True


def _painted(
    dashboard: Dashboard, panel: Panel, target: Target | None, override: int | None
) -> Painted:
    settings = _settings(panel, target, override)
    thresholds = settings.get("thresholds")
    custom, color = settings.get("custom"), settings.get("color")
    kind = panel_type(panel.type)
    mode = str((color if isinstance(color, dict) else {}).get("mode") or kind.color)
    query = static_query(target.expr, dashboard) if target is not None else None
    reducer = _reducer(panel)
    return Painted(
        dashboard=dashboard,
        panel=panel,
        place=panel_place(dashboard, _path(panel, override)),
        thresholds=thresholds_from(
            thresholds if isinstance(thresholds, dict) else {}, are_defaults=override is None
        ),
        target=target,
        query=query,
        unit=str(settings.get("unit") or ""),
        low=_number(settings.get("min")),
        high=_number(settings.get("max")),
        is_seen=kind.paints(mode, custom if isinstance(custom, dict) else {}, panel.options),
        is_value=target is not None and reducer in _SAME_VALUE and _keeps_values(panel),
        mappings=_list(settings.get("mappings")),
        reducer=reducer,
    )


def _settings(panel: Panel, target: Target | None, override: int | None) -> dict[str, Any]:
    """The settings of a query's fields: the defaults, and the overrides that are for them."""
    config = panel.field_config
    found: dict[str, Any] = dict(config.defaults)
    own = found.get("custom")
    found["custom"] = dict(own) if isinstance(own, dict) else {}
    for index, one in enumerate(config.overrides):
        if index != override and (target is None or not _is_for(panel, index, target)):
            continue
        for name, value in one.properties:
            if name == "thresholds" and index != override:
                continue
            if name.startswith("custom."):
                found["custom"][name.removeprefix("custom.")] = value
            else:
                found[name] = value
    return found


def _path(panel: Panel, override: int | None) -> str:
    at = panel.config_at
    if not at:
        return panel.path
    if override is None:
        return f"{at}.defaults.thresholds"
    properties = panel.field_config.overrides[override].properties
    number = next(i for i, (name, _) in enumerate(properties) if name == "thresholds")
    return f"{at}.overrides[{override}].properties[{number}].value"


def _reducer(panel: Panel) -> str:
    """What is made of each series; "allValues" where every value is shown."""
    if panel_type(panel.type).view != "reduced" or panel.reduce.values:
        return "allValues"
    return panel.reduce.calcs[0]


def _keeps_values(panel: Panel) -> bool:
    return all(one.disabled or one.id in _KEEPING for one in panel.transformations)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _number(value: object) -> float | None:
    if value is None or isinstance(value, Mapping | list | bool) or value == "":
        return None
    number = javascript_number(value)
    return number if number == number else None  # noqa: PLR0124 - nan is what is no number
