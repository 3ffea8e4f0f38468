"""All mistakes in alerts: queries, thresholds, and how long they hold before they fire."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from simulator.mutation.edits import Edit, edited
from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import AlertMutant, Change
from simulator.mutation.names import Names
from simulator.mutation.numbers import other_holds, other_thresholds, written
from simulator.mutation.query_edits import query_edits
from simulator.promql.limits import limit
from simulator.rules.model import Alert, AnyAlert, GrafanaAlert, GrafanaNode, Group, Place, Steps
from simulator.timeline.durations import format_duration

__all__ = ["alert_mutants"]

_NUMBERED: Final = frozenset({"threshold", "classic_conditions"})


def alert_mutants(group: Group, names: Names) -> Iterator[AlertMutant]:
    """Each of them by itself, alert by alert; recording rules are left as they are."""
    for alert in group.alerts:
        if isinstance(alert, Alert):
            yield from _of_query(group, alert, names)
        else:
            yield from _of_nodes(group, alert, names)
        yield from _of_hold(group, alert)


def _of_query(group: Group, alert: Alert, names: Names) -> Iterator[AlertMutant]:
    place = alert.place.below("expr")
    for edit in (*query_edits(alert.expr, names), *_limits(alert.expr)):
        text = edited(alert.expr, edit)
        change = Change(edit.kind, place, _subject(alert), edit.said, alert.expr, text)
        yield AlertMutant(change, group, alert, replace(alert, expr=text))


def _limits(expr: str) -> Iterator[Edit]:
    """Other numbers in place of the one that the alert's values are held against."""
    found = limit(expr)
    if found is not None:
        for other in other_thresholds(found.literal):
            was = written(found.literal)
            yield Edit(Kind.THRESHOLD, found.start, found.end, written(other), was)


def _of_nodes(group: Group, alert: GrafanaAlert, names: Names) -> Iterator[AlertMutant]:
    for number, node in enumerate(alert.nodes):
        expr = node.model.get("expr")
        if node.kind == "query" and isinstance(expr, str):
            for edit in query_edits(expr, names):
                text = edited(expr, edit)
                place = node.place.below("model", "expr")
                change = Change(edit.kind, place, _subject(alert), edit.said, expr, text)
                yield _with_model(group, alert, number, {**node.model, "expr": text}, change)
        elif node.kind in _NUMBERED:
            for place, said, model in _other_params(node):
                change = Change(Kind.THRESHOLD, place, _subject(alert), said)
                yield _with_model(group, alert, number, model, change)


def _other_params(node: GrafanaNode) -> Iterator[tuple[Place, str, Mapping[str, Any]]]:
    """Other numbers in the first condition of an expression of Grafana's."""
    conditions = node.model.get("conditions")
    if not isinstance(conditions, list) or not conditions or not isinstance(conditions[0], dict):
        return
    first, evaluator = conditions[0], conditions[0].get("evaluator")
    params = evaluator.get("params") if isinstance(evaluator, dict) else None
    if not isinstance(evaluator, dict) or not isinstance(params, list) or not params:
        return
    now = params[0]
    if not isinstance(now, int | float) or isinstance(now, bool):
        return
    steps: Steps = ("model", "conditions", 0, "evaluator", "params", 0)
    for other in other_thresholds(float(now)):
        changed = {**first, "evaluator": {**evaluator, "params": [other, *params[1:]]}}
        model = {**node.model, "conditions": [changed, *conditions[1:]]}
        yield node.place.below(*steps), f"{written(float(now))} -> {written(other)}", model


def _with_model(
    group: Group, alert: GrafanaAlert, number: int, model: Mapping[str, Any], change: Change
) -> AlertMutant:
    nodes = list(alert.nodes)
    nodes[number] = replace(nodes[number], model=model)
    return AlertMutant(change, group, alert, replace(alert, nodes=tuple(nodes)))


def _of_hold(group: Group, alert: AnyAlert) -> Iterator[AlertMutant]:
    for other in other_holds(alert.hold):
        said = f"for {format_duration(alert.hold)} -> {format_duration(other)}"
        change = Change(Kind.HOLD, alert.place.below("for"), _subject(alert), said)
        yield AlertMutant(change, group, alert, replace(alert, hold=other))


def _subject(alert: AnyAlert) -> str:
    return f"alert {alert.name}"
