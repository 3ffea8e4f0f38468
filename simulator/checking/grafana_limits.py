"""What a rule of Grafana's compares: its condition followed back to a query."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulator.promql.alarm_limits import AlarmLimit
from simulator.promql.parsing import parsed
from simulator.promql.shapes import shape_of
from simulator.rules.model import GrafanaAlert, GrafanaNode

__all__ = ["GrafanaLimits", "grafana_limits"]

_SIGNS: Final = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<=", "eq": "==", "ne": "!="}
_MATH: Final = re.compile(
    r"\s*\$\{?(?P<ref>\w+)\}?\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<number>-?\d+(?:\.\d+)?)\s*"
)
_MOST_STEPS: Final = 10


@dataclass(frozen=True, slots=True)
class GrafanaLimits:
    """The queries of a rule, its limits, how each series is reduced, and what is not known."""

    queries: tuple[str, ...]
    limits: tuple[AlarmLimit, ...] = ()
    reducer: str = ""
    why: str = ""


def grafana_limits(alert: GrafanaAlert) -> GrafanaLimits:
    """What an alert of Grafana's compares with a number, where its condition is one comparison."""
    nodes = {one.ref_id: one for one in alert.nodes}
    queries = tuple(text for one in alert.nodes if (text := _expr(one)))
    found = list(_compared(nodes[alert.condition], nodes)) if alert.condition in nodes else []
    limits = tuple(limit for limit, _ in found)
    if not found:
        return GrafanaLimits(queries, why="its condition is not a comparison of a query")
    return GrafanaLimits(queries, limits, reducer=found[0][1])


def _expr(node: GrafanaNode) -> str:
    text = node.model.get("expr")
    return text if node.kind == "query" and isinstance(text, str) else ""


def _compared(
    node: GrafanaNode, nodes: Mapping[str, GrafanaNode]
) -> Iterator[tuple[AlarmLimit, str]]:
    model = node.model
    if node.kind == "math":
        found = _MATH.fullmatch(str(model.get("expression") or ""))
        if found:
            yield from _limit(found["ref"], found["sign"], float(found["number"]), nodes)
    elif node.kind == "threshold":
        for sign, number in _evaluated(_conditions(model)[:1]):
            yield from _limit(str(model.get("expression") or ""), sign, number, nodes)
    elif node.kind == "classic_conditions":
        conditions = _conditions(model)
        for one, (sign, number) in zip(conditions, _evaluated(conditions), strict=False):
            asked, reducer = one.get("query"), one.get("reducer")
            params = asked.get("params") if isinstance(asked, dict) else None
            kind = str(reducer.get("type") or "") if isinstance(reducer, dict) else ""
            if isinstance(params, list) and params:
                for limit, _ in _limit(str(params[0]), sign, number, nodes):
                    yield limit, "" if kind == "last" else kind


def _conditions(model: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = model.get("conditions")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _evaluated(conditions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for one in conditions:
        evaluator = one.get("evaluator")
        params = evaluator.get("params") if isinstance(evaluator, dict) else None
        sign = _SIGNS.get(str(evaluator.get("type"))) if isinstance(evaluator, dict) else None
        if sign and isinstance(params, list) and params and isinstance(params[0], int | float):
            yield sign, float(params[0])


def _limit(
    ref: str, sign: str, number: float, nodes: Mapping[str, GrafanaNode]
) -> Iterator[tuple[AlarmLimit, str]]:
    """The limit on the query that an expression comes from, and how that was reduced."""
    reducer = ""
    for _ in range(_MOST_STEPS):
        node = nodes.get(ref.removeprefix("$"))
        if node is None:
            return
        if node.kind == "query":
            tree = parsed(_expr(node)) if _expr(node) else None
            if tree is not None:
                yield AlarmLimit(shape_of(tree), sign, number), reducer
            return
        if node.kind not in {"reduce", "resample"}:
            return
        kind = str(node.model.get("reducer") or "")
        reducer = "" if node.kind == "resample" or kind == "last" else kind
        ref = str(node.model.get("expression") or "")
