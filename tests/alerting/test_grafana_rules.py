"""Rules of Grafana's, worked out over the values of a Prometheus by hand-made cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.alerting.alert_history import Evaluations
from simulator.alerting.grafana_history import grafana_history
from simulator.errors import RuleError
from simulator.observation.prometheus import Prometheus
from simulator.rules.model import GrafanaAlert
from simulator.rules.reading import groups_in

if TYPE_CHECKING:
    from tests.support.prometheus_double import PrometheusDouble

EVERY = 60.0
QUERY = {
    "refId": "A",
    "datasourceUid": "prom",
    "relativeTimeRange": {"from": 120, "to": 0},
    "model": {"expr": "q", "instant": True},
}


def expression(kind: str, **fields: object) -> dict[str, Any]:
    return {"refId": "C", "datasourceUid": "__expr__", "model": {"type": kind, **fields}}


def above(value: float, **fields: object) -> dict[str, Any]:
    evaluator = {"type": "gt", "params": [value]}
    return expression("threshold", expression="A", conditions=[{"evaluator": evaluator, **fields}])


def fires(
    double: PrometheusDouble,
    values: list[float | None],
    *nodes: dict[str, Any],
    others: dict[str, list[float | None]] | None = None,
    **fields: object,
) -> dict[str, str]:
    """For each alert by its label `l` one digit for every minute: 1 where it fires."""
    series = {"a": values, **(others or {})}
    points: dict[str, list[list[object]]] = {
        name: [[n * EVERY, str(v)] for n, v in enumerate(row) if v is not None]
        for name, row in series.items()
    }
    double.plots("q", **{name: row for name, row in points.items() if row})
    rule = {"title": "T", "condition": "C", "data": [QUERY, *nodes], **fields}
    ((alert,),) = (one.rules for one in groups_in(str([rule]), Path("a.yml")))
    assert isinstance(alert, GrafanaAlert)
    with Prometheus(double.url) as prometheus:
        found = grafana_history(
            alert, prometheus, Evaluations(0.0, EVERY * (len(values) - 1), EVERY)
        )
    return {
        labels.get("l", labels["alertname"]): "".join(map(str, row.astype(int)))
        for labels, row in zip(found.labels, found.firing, strict=True)
        if row.any()
    }


def test_a_threshold_fires_for_each_series(double: PrometheusDouble) -> None:
    found = fires(double, [1, 9, 9, 1], above(5), others={"b": [9, 1, 1, 1]})
    assert found == {"a": "0110", "b": "1000"}


def test_a_recovery_threshold_holds_until_it_is_met(double: PrometheusDouble) -> None:
    unload = {"type": "lt", "params": [3]}
    assert fires(double, [9, 4, 2, 4], above(5, unloadEvaluator=unload)) == {"a": "1100"}


def test_pending_and_recovering(double: PrometheusDouble) -> None:
    times: dict[str, Any] = {"for": "2m", "keepFiringFor": "2m"}
    found = fires(double, [9, 9, 9, 1, 1, 1], above(5), **times)
    assert found == {"a": "001110"}


def test_math_of_two_nodes(double: PrometheusDouble) -> None:
    math = expression("math", expression="$A / 2 > 3 && ${A} != 9")
    assert fires(double, [8, 9, 5], math) == {"a": "100"}


def test_a_reducer_sees_the_time_range(double: PrometheusDouble) -> None:
    ranged = {**QUERY, "refId": "R", "model": {"expr": "q", "range": True}}
    reduce = expression("reduce", expression="R", reducer="max") | {"refId": "A"}
    found = fires_with(double, [9, 1, 1, 1, 1], [ranged, reduce, above(5)])
    assert found == "11100"


def fires_with(double: PrometheusDouble, values: list[float], nodes: list[dict[str, Any]]) -> str:
    double.plots("q", a=[[n * EVERY, str(v)] for n, v in enumerate(values)])
    rule = {"title": "T", "condition": "C", "data": nodes}
    ((alert,),) = (one.rules for one in groups_in(str([rule]), Path("a.yml")))
    assert isinstance(alert, GrafanaAlert)
    with Prometheus(double.url) as prometheus:
        when = Evaluations(0.0, EVERY * (len(values) - 1), EVERY)
        found = grafana_history(alert, prometheus, when)
    return "".join(map(str, found.firing[0].astype(int)))


def test_classic_conditions_are_one_alert(double: PrometheusDouble) -> None:
    condition = {
        "evaluator": {"type": "gt", "params": [5]},
        "query": {"params": ["A"]},
        "reducer": {"type": "last"},
    }
    classic = expression("classic_conditions", conditions=[condition])
    assert fires(double, [9, 1], classic, others={"b": [1, 9]}) == {"T": "11"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [("OK", {"a": "1000"}), ("NoData", {"a": "1100", "DatasourceNoData": "0110"})]
    + [("KeepLast", {"a": "1110"}), ("Alerting", {"a": "1110"})],
)
def test_without_any_data_the_rule_says_what_is(
    double: PrometheusDouble, state: str, expected: dict[str, str]
) -> None:
    assert fires(double, [9, None, None, 1], above(5), noDataState=state) == expected


def test_a_series_that_is_gone_is_over_after_some_evaluations(double: PrometheusDouble) -> None:
    found = fires(double, [9, None, None, None], above(5), others={"b": [1, 1, 1, 1]})
    assert found == {"a": "1100"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [("NoData", {"DatasourceNoData": "011"}), ("Alerting", {"T": "011"}), ("OK", {})],
)
def test_a_query_without_any_answer_has_no_data_from_the_beginning(
    double: PrometheusDouble, state: str, expected: dict[str, str]
) -> None:
    """As one that says in PromQL what it alerts on, and so has no data in health."""
    fields: dict[str, Any] = {"noDataState": state, "for": "1m"}
    assert fires(double, [None, None, None], above(5), **fields) == expected


def test_without_data_an_alert_that_was_pending_goes_on(double: PrometheusDouble) -> None:
    fields: dict[str, Any] = {"noDataState": "Alerting", "for": "2m"}
    assert fires(double, [9, None, None, 1], above(5), **fields) == {"a": "0010"}


@pytest.mark.parametrize(
    "node",
    [
        expression("sql"),
        expression("math", expression="$A +"),
        expression("math", expression="$Z > 1"),
        expression("threshold", expression="A", conditions=["above 5"]),
        expression("threshold", expression="A", conditions=[{"evaluator": "gt"}]),
        expression("threshold", expression="A", conditions=[{"evaluator": {"type": "gt"}}]),
        expression("classic_conditions", conditions=[{"query": "A"}]),
    ],
)
def test_what_is_not_worked_out_is_refused_by_place(
    double: PrometheusDouble, node: dict[str, Any]
) -> None:
    with pytest.raises(RuleError, match=r"a\.yml: 0\.data\.1\.model"):
        fires(double, [1], node)
