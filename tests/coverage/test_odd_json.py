"""Values of every kind in every place of a panel: one spoils its own panel at most."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Verdict
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble

Json = dict[str, Any]
ODD = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1.5,
        10**400,
        "",
        "7",
        "auto",
        "(",
        "$x",
        [],
        [None],
        ["a"],
        {},
        {"a": 1},
    ]
)
TYPES = [
    *("stat", "gauge", "timeseries", "table", "barchart", "heatmap", "piechart", "histogram"),
    *("graph", "singlestat", "table-old", "grafana-piechart-panel", "state-timeline", "bargauge"),
]
MAPPINGS = [
    {"type": "value", "options": {"1": {"text": "up", "color": "red"}}},
    {"type": "range", "options": {"from": 1, "to": 2, "result": {"text": "some"}}},
    {"type": "special", "options": {"match": "nan", "result": {"text": "none"}}},
    {"type": "regex", "options": {"pattern": "x", "result": {"text": "x"}}},
    {"id": 1, "op": "=", "text": "N/A", "type": 1, "value": "null"},
]
STEPS = [{"color": "green", "value": None}, {"color": "red", "value": 1}]
TRANSFORMATIONS = [
    {"id": "organize", "options": {"excludeByName": {"b": True}, "renameByName": {"a": "c"}}},
    {"id": "reduce", "options": {"reducers": ["max"]}},
    {"id": "sortBy", "options": {"sort": [{"field": "Value"}]}},
    {"id": "filterByValue", "options": {"filters": [{"fieldName": "Value", "config": {}}]}},
    {"id": "calculateField", "options": {"mode": "binary", "binary": {"left": "Value"}}},
    {"id": "groupBy", "options": {"fields": {"Value": {"operation": "groupby"}}}},
    {"id": "limit", "options": {"limitField": 2}},
]


def whole(kind: str, transformation: Json, mapping: Json) -> Json:
    """A panel with everything that is read of it."""
    field = {
        "unit": "s",
        "decimals": 1,
        "min": 0,
        "max": 2,
        "displayName": "a",
        "noValue": "-",
        "color": {"mode": "thresholds", "fixedColor": "red"},
        "thresholds": {"mode": "percentage", "steps": STEPS},
        "mappings": [mapping],
        "custom": {"cellOptions": {"type": "color-text"}, "thresholdsStyle": {"mode": "line"}},
    }
    override = {
        "matcher": {"id": "byName", "options": "a"},
        "properties": [{"id": "thresholds", "value": {"steps": STEPS}}, {"id": "max", "value": 3}],
    }
    target = {
        "refId": "A",
        "expr": "up",
        "legendFormat": "a",
        "intervalFactor": 1,
        "format": "table",
    }
    old = {
        "thresholds": "1,2",
        "colors": ["green", "orange", "red"],
        "colorValue": True,
        "valueName": "avg",
        "valueMaps": [{"op": "=", "text": "none", "value": "null"}],
        "gauge": {"show": True, "minValue": 0, "maxValue": 1},
        "yaxes": [{"format": "s", "min": None}, {}],
        "xaxis": {"mode": "time"},
        "seriesOverrides": [{"alias": "a", "yaxis": 2}],
        "aliasColors": {"a": "red"},
        "styles": [{"pattern": "Value", "type": "number", "thresholds": ["1"], "colors": ["red"]}],
    }
    return {
        **(old if kind in {"graph", "singlestat", "table-old", "grafana-piechart-panel"} else {}),
        "type": kind,
        "title": "Load",
        "datasource": {"type": "prometheus", "uid": "p"},
        "targets": [target],
        "fieldConfig": {"defaults": field, "overrides": [override]},
        "options": {"reduceOptions": {"calcs": ["max"], "fields": "", "values": False}},
        "transformations": [transformation],
        "interval": "15s",
        "maxDataPoints": 100,
        "timeFrom": "1h",
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Where something stands in parsed JSON, the outermost first."""
    keys = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    for key in keys:
        yield (*path, key)
        yield from places(value[key], (*path, key))


def with_value(value: Any, path: tuple[Any, ...], odd: object) -> Any:  # noqa: ANN401 - JSON
    if not path:
        return odd
    key, *others = path
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[key] = with_value(value[key], tuple(others), odd)
    return changed


@pytest.fixture(scope="module")
def asked() -> Iterator[Prometheus]:
    """A Prometheus with one series, which rises."""
    with PrometheusDouble() as double:
        points = [[990, "0.5"], [1005, "3"]]
        double.gives("query_range", "matrix", [{"metric": {"a": "b"}, "values": points}])
        double.gives("query", "vector", [{"metric": {"a": "b"}, "value": points[-1]}])
        double.says("series", {"status": "success", "data": []})
        double.says("label/__name__/values", {"status": "success", "data": ["up"]})
        with Prometheus(double.url) as prometheus:
            yield prometheus


@given(data=st.data())
def test_an_odd_value_spoils_one_panel_at_most(asked: Prometheus, data: st.DataObject) -> None:
    panel = whole(
        data.draw(st.sampled_from(TYPES)),
        data.draw(st.sampled_from(TRANSFORMATIONS)),
        data.draw(st.sampled_from(MAPPINGS)),
    )
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(panel))))
        panel = with_value(panel, path, data.draw(ODD))
    other = {"type": "stat", "title": "other", "targets": [{"expr": "up"}]}
    board = dashboard_from({"title": "B", "panels": [panel, other], "schemaVersion": 30})
    (found,) = cover([board], asked, CoverPlan(985.0, 1030.0)).dashboards
    paths = [*(one.path for one in found.panels), *(one.path for one in found.excluded)]
    assert sorted(paths) == ["panels[0]", "panels[1]"]
    assert found.panels[-1].verdict is not Verdict.UNSUPPORTED
