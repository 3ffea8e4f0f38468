"""What panels and rules are watched for: whose thresholds, with which alert, on what values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from simulator.progress import unreported
from simulator.tuning.judging.ranking import is_reached
from simulator.tuning.monitors.monitor import Monitor, Sampling, Skipped, Span
from simulator.tuning.monitors.paired_rules import PairedRules
from simulator.tuning.monitors.panel_monitors import panel_monitors
from simulator.tuning.monitors.rule_monitors import rule_monitors
from tests.support.alert_files import read_rules
from tests.support.default_names import SIGNALS
from tests.support.prometheus_double import PrometheusDouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.grafana.model import Dashboard
    from simulator.tuning.monitors.alert_rules import AlertRule

WATCHING = Sampling([Span(0.0, 120.0), Span(180.0, 300.0)], 30.0, {}, SIGNALS)
LAG = "max(kafka_consumergroup_lag)"


@pytest.fixture
def double() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as running:
        yield running


def plot(double: PrometheusDouble, query: str, *values: float) -> None:
    """A value every 30 s from 0 on."""
    double.plots(query, a=[[30.0 * i, str(value)] for i, value in enumerate(values)])


def panel(query: str = LAG, *, title: str = "Lag", **more: object) -> dict[str, Any]:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 5}]
    return {
        "id": 7,
        "type": "timeseries",
        "title": title,
        "targets": [{"refId": "A", "expr": query}],
        "fieldConfig": {
            "defaults": {
                "thresholds": {"mode": "absolute", "steps": steps},
                "color": {"mode": "thresholds"},
                "custom": {"thresholdsStyle": {"mode": "line"}},
            },
            "overrides": [],
        },
        **more,
    }


def board(*panels: dict[str, Any]) -> Dashboard:
    return dashboard_from({"uid": "b", "title": "Board", "panels": list(panels)})


def rules(folder: Path, *lines: str) -> tuple[AlertRule, ...]:
    """Alerts from `NAME SEVERITY EXPR`."""
    parts = [line.split(" ", 2) for line in lines]
    text = "groups:\n- name: g\n  rules:\n" + "".join(
        f"  - alert: {name}\n    expr: {expr}\n    for: 1m\n    labels: {{severity: {severity}}}\n"
        for name, severity, expr in parts
    )
    file = folder / "rules.yml"
    file.write_text(text)
    return read_rules([file], SIGNALS)


def panels_of(
    double: PrometheusDouble, dashboard: Dashboard, known: tuple[AlertRule, ...] = ()
) -> tuple[Monitor | Skipped, ...]:
    groups = {id(rule.group): rule.group for rule in known}
    paired = PairedRules([dashboard], tuple(groups.values()), known, {})
    with Prometheus(double.url) as prometheus:
        return panel_monitors([dashboard], prometheus, WATCHING, paired, report=unreported)


def rules_of(
    double: PrometheusDouble, known: tuple[AlertRule, ...]
) -> tuple[Monitor | Skipped, ...]:
    with Prometheus(double.url) as prometheus:
        return rule_monitors(known, prometheus, WATCHING, longest_hold=60.0, report=unreported)


def test_a_panel_is_watched_over_each_span(double: PrometheusDouble) -> None:
    plot(double, LAG, *range(11))

    (found,) = panels_of(double, board(panel()))

    assert isinstance(found, Monitor)
    assert (found.name, found.signal, dict(found.alarms.values)) == (
        "Lag",
        "consumer-lag",
        {"red": 5.0},
    )
    assert found.place is not None
    assert found.place.path == "panels[0].fieldConfig.defaults.thresholds"
    assert [r.times.tolist() for r in found.recordings] == [[0, 30, 60, 90], [180, 210, 240, 270]]
    assert [r.values.tolist() for r in found.recordings] == [[[0, 1, 2, 3]], [[6, 7, 8, 9]]]


def test_a_moment_without_a_value_is_nan(double: PrometheusDouble) -> None:
    double.plots(LAG, a=[[0.0, "1"], [90.0, "4"]])

    (found,) = panels_of(double, board(panel()))

    assert isinstance(found, Monitor)
    np.testing.assert_array_equal(found.recordings[0].values, [[1.0, np.nan, np.nan, 4.0]])
    assert np.isnan(found.recordings[1].values).all()


def test_panels_without_thresholds_are_not_asked_for(double: PrometheusDouble) -> None:
    assert panels_of(double, board(panel(fieldConfig={"defaults": {}}))) == ()
    assert double.asked == []


def test_a_refused_query_is_skipped_with_the_reason(double: PrometheusDouble) -> None:
    double.refuses(LAG, "parse error")

    (found,) = panels_of(double, board(panel()))

    assert isinstance(found, Skipped)
    assert found.name == "Lag"
    assert "parse error" in found.reason


def test_only_the_alert_with_the_same_threshold_direction_and_signal_belongs_to_a_panel(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    known = rules(
        tmp_path,
        f"Same critical {LAG} >= 5",
        f"Higher critical {LAG} >= 6",
        f"Beyond critical {LAG} > 5",
        f"Below critical {LAG} < 5",
        f"Weak warning {LAG} >= 5",
        "Other critical ml_model_drift_score >= 5",
    )
    plot(double, LAG, 1.0)

    (found,) = panels_of(double, board(panel()), known)

    assert isinstance(found, Monitor)
    assert {level: rule.name for level, rule in found.rules.items()} == {"red": "Same"}
    assert found.names == {"Lag", '{l="a"}', "consumer-lag", "Same"}


@pytest.mark.parametrize(
    ("alert", "belongs"),
    [
        (f"Edited critical {LAG} >= 6", True),
        (f"Edited warning {LAG} >= 6", False),
        (f"Edited critical {LAG} < 6", False),
        (f"Edited critical {LAG} > 6", False),
        ("Edited critical sum(kafka_consumergroup_lag) >= 6", False),
    ],
    ids=["another number", "another level", "another side", "not as coloured", "another query"],
)
def test_an_alert_that_asks_the_same_stays_with_the_panel_whatever_its_number(
    double: PrometheusDouble, tmp_path: Path, alert: str, *, belongs: bool
) -> None:
    plot(double, LAG, 1.0)

    (found,) = panels_of(double, board(panel()), rules(tmp_path, alert))

    assert isinstance(found, Monitor)
    assert [rule.name for rule in found.rules.values()] == ["Edited"] * belongs


def test_a_panel_of_unknown_metrics_has_the_alert_that_links_to_it(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    known = rules(tmp_path, "Queue critical queue >= 5")
    text = (
        known[0].place.file.read_text() + "    annotations: {panel: 'http://g/d/b?viewPanel=7'}\n"
    )
    known[0].place.file.write_text(text)
    plot(double, "queue", 1.0)
    plot(double, "count(queue)", 1.0)

    again = read_rules([known[0].place.file], SIGNALS)
    (found,) = panels_of(double, board(panel("queue")), again)
    (other,) = panels_of(
        double, board(panel("count(queue)", id=8)), read_rules([known[0].place.file], SIGNALS)
    )

    assert isinstance(found, Monitor)
    assert isinstance(other, Monitor)
    assert (list(found.rules), list(other.rules)) == (["red"], [])


def test_rules_with_one_query_are_watched_together(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    plot(double, "queue", *range(11))
    known = rules(tmp_path, "Soon warning queue >= 3", "Now critical queue  >= 8")

    (found,) = rules_of(double, known)

    assert isinstance(found, Monitor)
    assert found.name == "Soon / Now"
    assert dict(found.alarms.values) == {"orange": 3.0, "red": 8.0}
    assert found.recordings[1].values.tolist() == [[6, 7, 8, 9]]
    assert found.recordings[1].before is not None
    assert found.recordings[1].before.tolist() == [[3, 4, 5]]


def test_an_alert_of_no_number_is_judged_by_when_it_fires(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    double.plots("queue == 3", a=[[t, "3"] for t in (150, 180, 210, 240, 300)])

    (found,) = rules_of(double, rules(tmp_path, "Q critical queue == 3"))

    assert isinstance(found, Monitor)
    assert found.is_as_it_is
    np.testing.assert_array_equal(found.recordings[1].values, [[np.nan, 1.0, 1.0, np.nan]])


def test_what_reads_a_metric_that_nobody_has_cannot_be_judged(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    for query in ("queue", "queue == 3"):
        double.plots(query)
    double.says("series", {"status": "success", "data": []})

    found = rules_of(double, rules(tmp_path, "A critical queue > 3", "B warning queue == 3"))

    assert [one.reason for one in found if isinstance(one, Skipped)] == ["no queue", "no queue"]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [(">=", [False, True, True]), (">", [False, False, True])]
    + [("<", [True, False, False]), ("<=", [True, True, False])],
)
def test_each_comparison_reaches_what_prometheus_says_it_does(
    double: PrometheusDouble, tmp_path: Path, sign: str, expected: list[bool]
) -> None:
    plot(double, "queue", 4.0, 5.0, 6.0)

    (found,) = rules_of(double, rules(tmp_path, f"Q critical queue {sign} 5"))

    assert isinstance(found, Monitor)
    values = found.recordings[0].values[0, :3]
    reached = is_reached(values, 5.0, is_lower_worse=found.alarms.is_lower_worse)
    assert reached.tolist() == expected


def test_a_rule_that_prometheus_refuses_is_skipped(
    double: PrometheusDouble, tmp_path: Path
) -> None:
    double.refuses("queue", "parse error")

    (found,) = rules_of(double, rules(tmp_path, "Q critical queue > 5"))

    assert isinstance(found, Skipped)
    assert (found.name, "parse error" in found.reason) == ("Q", True)


def test_thresholds_of_one_field_are_named_after_it_and_found_in_its_override(
    double: PrometheusDouble,
) -> None:
    plot(double, LAG, 1.0)
    shown = panel(title="Health")
    thresholds = shown["fieldConfig"]["defaults"].pop("thresholds")
    shown["targets"][0]["legendFormat"] = "Queue"
    shown["fieldConfig"]["overrides"] = [
        {
            "matcher": {"id": "byName", "options": "Queue"},
            "properties": [{"id": "unit", "value": "s"}, {"id": "thresholds", "value": thresholds}],
        }
    ]

    (found,) = panels_of(double, board(shown))

    assert isinstance(found, Monitor)
    assert found.place is not None
    assert (found.name, found.unit) == ("Health · Queue", "s")
    assert found.place.path == "panels[0].fieldConfig.overrides[0].properties[1].value"


def test_a_panel_drawn_several_times_is_one(double: PrometheusDouble) -> None:
    for group in ("a", "b"):
        plot(double, f'lag{{group="{group}"}}', *([1.0] * 11 if group == "a" else [7.0] * 11))
    shown = panel('lag{group="$group"}', title="Lag of $group", repeat="group")
    variable = {
        "name": "group",
        "type": "custom",
        "multi": True,
        "query": "a,b",
        "options": [{"value": "a", "text": "a"}, {"value": "b", "text": "b"}],
        "current": {"value": ["a", "b"], "text": ["a", "b"]},
    }
    repeated = dashboard_from(
        {"uid": "b", "title": "B", "panels": [shown], "templating": {"list": [variable]}}
    )

    (found,) = panels_of(double, repeated)

    assert isinstance(found, Monitor)
    assert {"Lag of a", "Lag of b"} <= found.names
    assert found.recordings[0].values[:, 0].tolist() == [1.0, 7.0]


def test_a_latest_value_is_asked_for_at_every_step(double: PrometheusDouble) -> None:
    plot(double, LAG, *range(11))
    shown = panel(type="stat", options={"reduceOptions": {"calcs": ["lastNotNull"]}})

    (found,) = panels_of(double, board(shown))

    assert isinstance(found, Monitor)
    assert [r.values.tolist() for r in found.recordings] == [[[0, 1, 2, 3]], [[6, 7, 8, 9]]]


def test_no_data_and_colours_on_both_sides_are_said(double: PrometheusDouble) -> None:
    double.plots(LAG)
    shown = panel("queue", title="Both")
    shown["fieldConfig"]["defaults"]["thresholds"]["steps"] = [
        {"color": "red", "value": None},
        {"color": "green", "value": 2},
        {"color": "red", "value": 5},
    ]
    plot(double, "queue", 1.0)

    found = panels_of(double, board(panel(), shown))

    assert [(one.name, one.reason) for one in found if isinstance(one, Skipped)] == [
        ("Lag", "no data"),
        ("Both", "its colours do not go from good to bad in one direction"),
    ]
