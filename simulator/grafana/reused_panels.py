"""Panels that show another panel's results: `-- Dashboard --` as their data source.

public/app/plugins/datasource/dashboard/datasource.ts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.grafana.model import Panel, Target

__all__ = ["with_reused"]

_MOST_DEEP = 10
"""Panels that show each other's results in a circle show nothing."""


def with_reused(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """The panels, each with the queries that are really sent for it, in the time of their panel."""
    by_id = {panel.id: panel for panel in reversed(panels) if panel.id is not None}
    return tuple(_resolved(panel, by_id, _MOST_DEEP) for panel in panels)


def _resolved(panel: Panel, by_id: Mapping[int, Panel], depth: int) -> Panel:
    reused = [one for one in panel.targets if _is_reused(panel, one)]
    if not reused:
        return panel
    found = by_id.get(reused[0].from_panel or 0)
    if found is None or found is panel or not depth or len(reused) > 1:
        shown = f"panel {reused[0].from_panel}" if len(reused) == 1 else "several panels"
        return replace(panel, unresolved=f"{shown}, whose results it shows, cannot be found here")
    source = _resolved(found, by_id, depth - 1)
    others = [one for one in panel.targets if one is not reused[0]]
    taken = [
        replace(one, data_source=source.source_of(one), hide=one.hide or reused[0].hide)
        for one in source.targets
    ]
    before = source.transformations if reused[0].with_transformations else ()
    return replace(
        panel,
        targets=(*taken, *others),
        transformations=(*before, *panel.transformations),
        unresolved=source.unresolved,
        interval=source.interval,
        max_data_points=source.max_data_points,
        time_from=source.time_from,
        time_shift=source.time_shift,
    )


def _is_reused(panel: Panel, target: Target) -> bool:
    return target.from_panel is not None and panel.source_of(target).is_dashboard
