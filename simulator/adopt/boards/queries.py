"""All queries that somebody has: of panels, variables, alerts and recordings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulator.checking.alarms import alarms_in
from simulator.checking.painted import Painted, painted_in, panel_subject
from simulator.grafana.model import Dashboard, Panel, Target, Variable
from simulator.grafana.static_queries import static_query
from simulator.grafana.variable_parsing import ALL
from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, shape_of
from simulator.rules.model import (
    Alert,
    AnyAlert,
    GrafanaAlert,
    GrafanaRecording,
    Group,
    Recording,
)

__all__ = ["Query", "Threshold", "Wanted", "queries_in"]

_LEGEND: Final = re.compile(r"\{\{\s*\.?([a-zA-Z_]\w*)\s*\}\}")
_TEMPLATE: Final = re.compile(r"\$labels\.(\w+)|\.Labels\.(\w+)|index \$labels \"(\w+)\"")
_LABEL_VALUES: Final = re.compile(r"label_values\((?:(.*),)?\s*([a-zA-Z_]\w*)\s*\)\s*$", re.DOTALL)
_QUERY_RESULT: Final = re.compile(r"query_result\((.*)\)\s*$", re.DOTALL)
_IN_RESULT: Final = re.compile(r"(\w+)=\\?\"?\(")
_WORST: Final = frozenset({"red", "dark-red", "semi-dark-red", "#d44a3a", "#f2495c", "#e02f44"})


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that something is held against, by an alert or as a panel's colour.

    `compared` is what is held against it; "sign" says on which side it is bad.
    """

    compared: Shape
    sign: str
    number: float
    is_alert: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values that a viewer chooses for a label, as a dashboard has them saved or listed."""

    label: str
    values: tuple[str, ...]
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, which labels its answer is to have, and what is said of it.

    `records` is the metric that it is written as, if it is a recording.
    """

    text: str
    where: str
    asked: frozenset[str] = frozenset()
    units: tuple[str, ...] = ()
    said: str = ""
    thresholds: tuple[Threshold, ...] = ()
    records: str = ""
    wanted: tuple[Wanted, ...] = field(default=())


def queries_in(dashboards: Sequence[Dashboard], groups: Sequence[Group]) -> Iterator[Query]:
    """All of them, in order."""
    for board in dashboards:
        yield from _of_dashboard(board)
    for group in groups:
        yield from _of_group(group)


def _of_dashboard(board: Dashboard) -> Iterator[Query]:
    painted = {}
    for one in painted_in(board):
        if one.target is not None:
            painted[(one.panel.path, one.target.ref_id)] = one
    for panel in (*board.panels, *board.unplaced):
        for target in panel.targets:
            if not target.expr.strip() or not panel.source_of(target).is_prometheus:
                continue
            found = static_query(target.expr, board)
            text = found.text if found is not None else target.expr
            unit = str(panel.field_config.defaults.get("unit") or "")
            chosen = painted.get((panel.path, target.ref_id))
            yield Query(
                text=text,
                where=panel_subject(board, panel),
                asked=frozenset(_LEGEND.findall(target.legend_format)) | _columns(panel, target),
                units=tuple(filter(None, [chosen.unit if chosen else "", unit]))[:1],
                said=" ".join((panel.title, panel.description[:200])),
                thresholds=tuple(_of_colors(text, chosen)),
                wanted=tuple(_chosen(target.expr, board.variables)),
            )
    for variable in board.variables:
        yield from _of_variable(variable, board)


def _columns(panel: Panel, target: Target) -> frozenset[str]:
    """Labels that a table's transformations name."""
    if target.format != "table" and panel.type != "table":
        return frozenset()
    found = set()
    for one in panel.transformations:
        for key in ("renameByName", "indexByName"):
            named = one.options.get(key)
            if isinstance(named, dict):
                found |= {str(name) for name in named if re.fullmatch(r"[a-z_]\w*", str(name))}
    return frozenset(found)


def _of_colors(text: str, painted: Painted | None) -> Iterator[Threshold]:
    tree = parsed(text)
    if tree is None or painted is None or painted.is_default or painted.thresholds.is_percentage:
        return
    steps = painted.thresholds.steps
    is_lower_worse = bool(steps) and steps[0].color.lower() in _WORST
    for one in steps[1:]:
        if one.value == one.value:
            yield Threshold(
                shape_of(tree), "<" if is_lower_worse else ">", one.value, is_alert=False
            )


def _chosen(expr: str, variables: Sequence[Variable]) -> Iterator[Wanted]:
    """Values of variables that stand in matchers, each with its label."""
    by_name = {one.name: one for one in variables}
    for label, name in re.findall(r"([a-zA-Z_]\w*)\s*(?:=~|=)\s*[\"'](?:\$\{?|\[\[)(\w+)", expr):
        if name in by_name:
            yield Wanted(label, _values_of(by_name[name]))


def _values_of(variable: Variable) -> tuple[str, ...]:
    """What is saved or listed, without what stands for all of them."""
    if variable.type in {"constant", "textbox"} and variable.query:
        return (variable.query,)
    if variable.type not in {"query", "custom"}:
        return ()
    found = (*variable.current, *variable.options)
    return tuple(
        dict.fromkeys(one for one in found if one and one not in {ALL, "All", "all", ".*"})
    )[:50]


def _of_variable(variable: Variable, board: Dashboard) -> Iterator[Query]:
    if variable.type != "query" or not variable.query:
        return
    where = f"variable {variable.name} ({board.title or board.uid})"
    if found := _LABEL_VALUES.match(variable.query.strip()):
        selector = static_query(found[1] or "", board) if found[1] else None
        if selector is not None:
            metric = re.match(r"[a-zA-Z_:][\w:]*", selector.text.strip())
            wanted = Wanted(found[2], _values_of(variable), metric[0] if metric else "")
            yield Query(selector.text, where, frozenset({found[2]}), wanted=(wanted,))
    elif found := _QUERY_RESULT.match(variable.query.strip()):
        selector = static_query(found[1], board)
        if selector is not None:
            asked = frozenset(_IN_RESULT.findall(variable.regex))
            yield Query(selector.text, where, asked)


def _of_group(group: Group) -> Iterator[Query]:
    limits: Mapping[str, tuple[Threshold, ...]] = {
        str(one.place): tuple(
            Threshold(limit.compared, limit.sign, limit.number, is_alert=True)
            for limit in one.limits
        )
        for one in alarms_in((group,), {})
    }
    for rule in group.rules:
        where = f"recording {rule.name}"
        if isinstance(rule, Recording):
            yield Query(rule.expr, where, records=rule.name)
        elif isinstance(rule, GrafanaRecording):
            yield from (Query(text, where) for text in _texts(rule))
        else:
            yield from _of_alert(rule, limits.get(str(rule.place), ()))


def _of_alert(rule: AnyAlert, thresholds: tuple[Threshold, ...]) -> Iterator[Query]:
    said = " ".join((*rule.annotations.values(), *rule.labels.values()))
    named = {name for one in _TEMPLATE.findall(said) for name in one if name}
    for text in [rule.expr] if isinstance(rule, Alert) else _texts(rule):
        yield Query(
            text,
            f"alert {rule.name}",
            frozenset(named - set(rule.labels)),
            said=f"{rule.name} {rule.annotations.get('summary', '')}",
            thresholds=thresholds,
        )


def _texts(rule: GrafanaAlert | GrafanaRecording) -> list[str]:
    return [text for one in rule.nodes if isinstance(text := one.model.get("expr"), str)]
