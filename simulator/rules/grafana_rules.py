"""Rules that Grafana evaluates, as its files, its HTTP interfaces and its operators write them."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from simulator.rules.fields import Fields
from simulator.rules.model import GrafanaAlert, GrafanaNode, GrafanaRecording, Group

__all__ = ["grafana_group", "is_grafana_rule"]

_EXPRESSIONS: Final = frozenset({"__expr__", "-100"})
"""The data source of what Grafana calculates itself; a number in older versions."""

_MISSING_EVALUATIONS: Final = 2
"""After how many evaluations without it a series is over, unless a rule says otherwise."""


def is_grafana_rule(values: Mapping[str, object]) -> bool:
    """Whether a mapping is a rule of Grafana's: it has queries, or a part for Grafana.

    >>> is_grafana_rule({"title": "A", "data": []}), is_grafana_rule({"alert": "A"})
    (True, False)
    """
    parts = (values.get("grafana_alert"), values.get("data"), values.get("expressions"))
    return isinstance(parts[0], Mapping) or (
        "title" in values and any(isinstance(one, list | Mapping) for one in parts[1:])
    )


def grafana_group(group: Fields, rules: Sequence[Fields]) -> Group:
    """The rules as a group, with the name and interval that `group` says."""
    found = [_rule(one) for one in rules]
    return Group(
        name=group.text("ruleGroup", "name", "title"),
        rules=tuple(one for one in found if one is not None),
        place=group.place,
        interval=group.seconds_or_number("interval") or None,
    )


def _rule(rule: Fields) -> GrafanaAlert | GrafanaRecording | None:
    inner = rule.below("grafana_alert") if rule.is_given("grafana_alert") else rule
    nodes, source = _nodes(inner)
    record = inner.below("record")
    title, condition = inner.text("title"), inner.text("condition") or source
    if not nodes or not title:
        rule.problems.append(f"{rule.place}: a title and queries (data) are wanted")
        return None
    if record.values:
        of = record.text("from") or condition
        return GrafanaRecording(record.text("metric"), of, nodes, rule.texts("labels"), rule.place)
    if condition not in {one.ref_id for one in nodes}:
        inner.refuse("condition", "the refId of a query or expression")
        return None
    return GrafanaAlert(
        name=title,
        uid=inner.text("uid"),
        condition=condition,
        nodes=nodes,
        hold=rule.seconds_or_number("for"),
        keep_firing=rule.seconds_or_number("keep_firing_for", "keepFiringFor"),
        no_data_state=inner.text("noDataState", "no_data_state") or "NoData",
        error_state=inner.text("execErrState", "exec_err_state") or "Error",
        missing_evaluations=inner.count(
            "missing_series_evals_to_resolve",
            "missingSeriesEvalsToResolve",
            otherwise=_MISSING_EVALUATIONS,
        ),
        is_paused=inner.text("isPaused", "is_paused", "paused") == "true",
        labels=rule.texts("labels"),
        annotations={**_panel_of(inner), **rule.texts("annotations")},
        place=rule.place,
    )


def _panel_of(rule: Fields) -> dict[str, str]:
    """The panel that a rule names beside its annotations, which Grafana keeps as such."""
    given = {"__dashboardUid__": rule.text("dashboardUid"), "__panelId__": rule.text("panelId")}
    return {name: text for name, text in given.items() if text and text != "0"}


def _nodes(rule: Fields) -> tuple[tuple[GrafanaNode, ...], str]:
    """The queries and expressions, and which is marked as the one that counts."""
    if not rule.is_given("expressions"):
        return tuple(_node(one, one.text("refId", "ref_id")) for one in rule.each("data")), ""
    named = rule.below("expressions")
    fields = {str(name): named.below(str(name)) for name in named.values}
    marked = (name for name, one in fields.items() if one.text("source") == "true")
    return tuple(_node(one, name) for name, one in fields.items()), next(marked, "")


def _node(node: Fields, name: str) -> GrafanaNode:
    model = _model(node)
    source = node.text("datasourceUid", "datasource_uid", "datasourceUID")
    times = node.below(
        "relativeTimeRange" if "relativeTimeRange" in node.values else "relative_time_range"
    )
    is_expression = source in _EXPRESSIONS or (not source and "expression" in model.values)
    return GrafanaNode(
        ref_id=name or model.text("refId"),
        kind=model.text("type") if is_expression else "query",
        model=model.values,
        data_source=source,
        since=times.seconds_or_number("from"),
        until=times.seconds_or_number("to"),
        place=model.place,
    )


def _model(node: Fields) -> Fields:
    """What is asked; some exports have it as a text of JSON."""
    value = node.values.get("model")
    if not isinstance(value, str):
        return node.below("model")
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        node.refuse("model", "a mapping")
        found = {}
    return Fields(found, node.place.below("model"), node.problems)
