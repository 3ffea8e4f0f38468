"""Names in transformations, overrides and display names, held against what the queries give."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.coverage.column_findings import column_findings
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel, Target
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.transformations import KNOWN_TRANSFORMATIONS
from simulator.observation.asked_targets import QueryResult
from simulator.observation.replay import Replayed

LABELS = [{"job": "api", "pod": "a"}, {"job": "api", "pod": "b"}]
TABLE = {"refId": "A", "expr": "up", "instant": True, "format": "table"}
PLOT = {"refId": "A", "expr": "up", "legendFormat": "{{pod}}"}
FIXED = [{"id": "color", "value": {"mode": "fixed"}}]


def panel(target: object = TABLE, **keys: object) -> Panel:
    board = {"title": "B", "panels": [{"type": "table", "title": "P", "targets": [target], **keys}]}
    return dashboard_from(board).panels[0]


def result(target: Target, labels: list[dict[str, str]]) -> QueryResult:
    points = np.array([0.0, 15.0]), np.array([1.0, 2.0])
    answer = Answer(target, tuple(Series(one, *points) for one in labels))
    return QueryResult(target, (Replayed(answer, 15.0, 0.0),))


def said(found: Panel, labels: list[dict[str, str]] = LABELS) -> list[str]:
    results = [result(target, labels) for target in found.targets]
    return [one.message for one in column_findings(found, results)]


def step(kind: str, **options: object) -> dict[str, object]:
    return {"id": kind, "options": options}


@pytest.mark.parametrize(
    ("transformation", "names"),
    [
        (step("organize", excludeByName={"Time": True, "node": True, "disk": False}), ["node"]),
        (step("organize", renameByName={"pod": "Pod", "node": "Node", "host": ""}), ["node"]),
        (step("organize", indexByName={"node": 1}), []),
        (step("filterFieldsByName", include={"names": ["pod", "node"]}), ["node"]),
        (step("filterFieldsByName", include={"pattern": "node.*"}), []),
        (step("filterFieldsByName", byVariable=True, include={"variable": "$x"}), []),
        (step("groupBy", fields={"node": {"operation": "groupby"}, "pod": {}}), ["node"]),
        (step("sortBy", sort=[{"field": "node", "desc": True}]), ["node"]),
        (step("joinByField", byField="node"), ["node"]),
        (step("joinByField"), []),
        (step("convertFieldType", conversions=[{"targetField": "node"}]), ["node"]),
        (step("groupingToMatrix", columnField="pod", rowField="node"), ["node"]),
        ({**step("organize", renameByName={"node": "Node"}), "disabled": True}, []),
        (step("somebodys", renameByName={"node": "Node"}), []),
    ],
)
def test_a_column_that_no_series_has_is_named(
    transformation: dict[str, object], names: list[str]
) -> None:
    found = said(panel(transformations=[transformation]))
    assert [one.partition("'")[2].partition("'")[0] for one in found] == names


def test_it_says_where_and_what_there_is() -> None:
    (found,) = said(panel(transformations=[step("organize", renameByName={"pods": "Pod"})]))
    assert found == (
        "column 'pods' (in organize) is none of the panel's: there are Time, job, pod, Value; "
        "did you mean 'pod'?"
    )


def test_names_are_those_that_the_step_before_has_left() -> None:
    rename = step("organize", renameByName={"pod": "Pod"})
    assert said(panel(transformations=[rename, step("sortBy", sort=[{"field": "Pod"}])])) == []
    exclude = step("organize", excludeByName={"pod": True})
    (found,) = said(panel(transformations=[exclude, step("sortBy", sort=[{"field": "pod"}])]))
    assert "'pod' (in sortBy)" in found


def test_what_values_decide_is_not_guessed() -> None:
    steps = [
        step("filterByValue", filters=[{"fieldName": "pod"}]),
        step("organize", renameByName={"node": "Node"}),
    ]
    assert said(panel(transformations=steps)) == []


def test_labels_are_held_against_those_of_the_series() -> None:
    steps = [step("labelsToFields", keepLabels=["pod", "node"])]
    (found,) = said(panel(PLOT, type="timeseries", transformations=steps))
    assert found == "label 'node' (in labelsToFields) is on no series: they have job, pod"


@pytest.mark.parametrize(
    ("matcher", "properties", "n_said"),
    [
        ({"id": "byName", "options": "node"}, FIXED, 1),
        ({"id": "byName", "options": "pod"}, FIXED, 0),
        ({"id": "byNames", "options": {"names": ["node", "host"]}}, FIXED, 2),
        ({"id": "byNames", "options": {"names": ["node", "pod"]}}, FIXED, 0),
        ({"id": "byNames", "options": {"mode": "exclude", "names": ["node"]}}, FIXED, 0),
        ({"id": "byRegexp", "options": "/node/"}, FIXED, 0),
        # that is a step that is missing, and no note
        ({"id": "byName", "options": "node"}, [{"id": "thresholds", "value": {}}], 0),
    ],
)
def test_an_override_for_a_column_that_there_is_not_is_named(
    matcher: object, properties: object, n_said: int
) -> None:
    config = {"overrides": [{"matcher": matcher, "properties": properties}]}
    assert len(said(panel(fieldConfig=config))) == n_said


def test_a_display_name_is_held_against_the_labels() -> None:
    config = {"defaults": {"displayName": "${__field.labels.pod} ${__field.labels.node}"}}
    (found,) = said(panel(PLOT, type="timeseries", fieldConfig=config))
    assert "label 'node' (in display name)" in found


def test_without_data_nobody_knows_the_columns() -> None:
    assert said(panel(transformations=[step("organize", renameByName={"x": "X"})]), []) == []


OPTIONS: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["pod", "node", "", 3, True, None]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("names", "include", "renameByName", "fields", "operation", "sort", "field"),
                    *("byField", "keepLabels", "valueLabel", "conversions", "targetField", "value"),
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(kind=st.sampled_from(sorted(KNOWN_TRANSFORMATIONS)), options=OPTIONS, is_plot=st.booleans())
def test_any_options_are_looked_at(kind: str, options: object, *, is_plot: bool) -> None:
    found = panel(
        PLOT if is_plot else TABLE,
        transformations=[{"id": kind, "options": options if isinstance(options, dict) else {}}],
    )
    assert all("node" in one or "pod" in one or "'" in one for one in said(found))
