"""All mistakes in the panels of a dashboard: queries, thresholds, reducers and units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from simulator.checking.painted import Painted, painted_in, panel_place, panel_subject
from simulator.grafana.bound_panels import asks_nothing
from simulator.grafana.model import Dashboard, Panel, Target
from simulator.grafana.panel_types import panel_type
from simulator.mutation.edits import edited
from simulator.mutation.field_settings import Setting, settings_of, with_setting
from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import Change, PanelMutant
from simulator.mutation.names import Names
from simulator.mutation.numbers import other_thresholds, written
from simulator.mutation.query_edits import query_edits

__all__ = ["panel_mutants"]

_REDUCERS: Final = ("mean", "max", "min")
_UNITS: Final[Mapping[str, str]] = {
    "percentunit": "percent",
    "percent": "percentunit",
    "s": "ms",
    "ms": "s",
    "bytes": "bits",
    "decbytes": "bytes",
    "Bps": "bps",
    "bps": "Bps",
    "none": "percentunit",
    "short": "percentunit",
    "locale": "percentunit",
}
"""Each unit, and one that is taken for it by mistake."""


def panel_mutants(dashboard: Dashboard, names: Names) -> Iterator[PanelMutant]:
    """Each of them by itself, panel by panel."""
    painted = [one for one in painted_in(dashboard) if _has_limits(one)]
    for panel in dashboard.panels:
        if panel.unresolved or asks_nothing(panel) or not panel_type(panel.type).is_read:
            continue
        own = [one for one in painted if one.panel is panel]
        yield from _of_queries(dashboard, panel, own, names)
        yield from _of_settings(dashboard, panel, own)
        yield from _of_reducer(dashboard, panel, own)


def _has_limits(one: Painted) -> bool:
    return one.is_seen and len(one.thresholds.steps) > 1


def _of_queries(
    dashboard: Dashboard, panel: Panel, painted: Sequence[Painted], names: Names
) -> Iterator[PanelMutant]:
    for index, target in enumerate(panel.targets):
        if not target.is_queried or target.expression is not None:
            continue
        if not panel.source_of(target).is_prometheus:
            continue
        is_watched = any(
            one.target is None or one.target.ref_id == target.ref_id for one in painted
        )
        place = panel_place(dashboard, f"{panel.path}.targets[{index}].expr")
        for edit in query_edits(target.expr, names):
            text = edited(target.expr, edit)
            change = Change(
                kind=edit.kind,
                place=place,
                subject=f"{panel_subject(dashboard, panel)}, query {target.ref_id}",
                said=edit.said,
                query=target.expr,
                mutated=text,
                is_watched=is_watched,
            )
            changed = _with_query(panel, index, target, text)
            yield PanelMutant(change, dashboard, panel, changed, target.ref_id)


def _with_query(panel: Panel, index: int, target: Target, text: str) -> Panel:
    targets = list(panel.targets)
    targets[index] = replace(target, expr=text)
    return replace(panel, targets=tuple(targets))


def _of_settings(
    dashboard: Dashboard, panel: Panel, painted: Sequence[Painted]
) -> Iterator[PanelMutant]:
    if not panel.config_at:
        return
    seen = {one.place for one in painted}
    for setting in settings_of(panel):
        place = panel_place(dashboard, f"{panel.config_at}.{setting.path}")
        for kind, said, value in _other_values(setting):
            is_watched = kind is Kind.UNIT or place in seen
            subject = panel_subject(dashboard, panel)
            change = Change(kind, place, subject, said, is_watched=is_watched)
            yield PanelMutant(change, dashboard, panel, with_setting(panel, setting, value))


def _other_values(setting: Setting) -> Iterator[tuple[Kind, str, object]]:
    value = setting.value
    if setting.name == "unit" and str(value) in _UNITS:
        other = _UNITS[str(value)]
        yield Kind.UNIT, f"{value} -> {other}", other
    if setting.name != "thresholds" or not isinstance(value, dict):
        return
    steps = [one for one in value.get("steps") or () if isinstance(one, dict)]
    for number, step in enumerate(steps):
        now = step.get("value")
        if number and isinstance(now, int | float) and not isinstance(now, bool):
            for number_now in other_thresholds(float(now)):
                said = f"{step.get('color')} from {written(float(now))} -> {written(number_now)}"
                changed = [*steps[:number], {**step, "value": number_now}, *steps[number + 1 :]]
                yield Kind.THRESHOLD, said, {**value, "steps": changed}
    if len(steps) > 1:
        turned = [_colored(a, b) for a, b in zip(steps, reversed(steps), strict=True)]
        yield Kind.SIGN, "the order of its colours -> turned around", {**value, "steps": turned}


def _colored(step: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    return {**step, "color": like.get("color")}


def _of_reducer(
    dashboard: Dashboard, panel: Panel, painted: Sequence[Painted]
) -> Iterator[PanelMutant]:
    if panel_type(panel.type).view != "reduced" or panel.reduce.values:
        return
    now = panel.reduce.calcs[0]
    for other in _REDUCERS:
        if other != now:
            place = panel_place(dashboard, f"{panel.path}.options.reduceOptions.calcs")
            change = Change(
                kind=Kind.AGGREGATION,
                place=place,
                subject=panel_subject(dashboard, panel),
                said=f"{now} -> {other}",
                is_watched=bool(painted),
            )
            reduce = replace(panel.reduce, calcs=(other, *panel.reduce.calcs[1:]))
            yield PanelMutant(change, dashboard, panel, replace(panel, reduce=reduce))
