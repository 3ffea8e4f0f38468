"""Which data sources are asked, and which panels show what others were asked for."""

from typing import Any

import pytest

from simulator.grafana.data_source import DataSource
from simulator.grafana.model import Dashboard, Panel
from simulator.grafana.parsing import dashboard_from

DASHBOARD = {"type": "datasource", "uid": "-- Dashboard --"}
MIXED = {"type": "datasource", "uid": "-- Mixed --"}
LOKI = {"type": "loki", "uid": "l"}


def board(*panels: dict[str, Any], **settings: Any) -> Dashboard:  # noqa: ANN401 - JSON of others
    return dashboard_from({"title": "B", "panels": list(panels), **settings})


def panel(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    return {"type": "stat", "title": "S", "targets": [{"refId": "A", "expr": "up"}], **settings}


def only(found: Dashboard) -> Panel:
    (one,) = found.panels
    return one


def asks_prometheus(found: Dashboard) -> bool:
    one = only(found)
    return one.source_of(one.targets[0]).is_prometheus


@pytest.mark.parametrize(
    "kind",
    [
        *("prometheus", "victoriametrics-metrics-datasource", "victoriametrics-datasource"),
        *("grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource"),
        *("grafana-mimir-datasource", "thanos"),
    ],
)
def test_what_speaks_promql_is_asked(kind: str) -> None:
    assert DataSource(kind, "x").is_prometheus


@pytest.mark.parametrize(
    "kind", ["loki", "victoriametrics-logs-datasource-victorialogs", "influxdb", "grafana", "mysql"]
)
def test_what_does_not_is_not(kind: str) -> None:
    assert not DataSource(kind, "x").is_prometheus or "victorialogs" in kind


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        *(("default", True), ("Production", True), ("", True), ("Thanos (EU)", True)),
        *(("Loki", False), ("influx-1", False), ("CloudWatch", False), ("-- Grafana --", False)),
        ("Prometheus for Loki", True),
    ],
)
def test_a_name_of_another_plugin_is_not_asked(name: str, is_asked: bool) -> None:  # noqa: FBT001
    assert asks_prometheus(board(panel(datasource=name))) is is_asked


def test_an_empty_reference_is_the_default_source() -> None:
    assert asks_prometheus(board(panel(datasource={"type": "", "uid": ""})))


@pytest.mark.parametrize("reference", ["$logs", "${logs}", {"uid": "${logs}"}])
def test_a_variable_of_a_data_source_is_of_the_plugin_that_it_chooses_from(
    reference: object,
) -> None:
    for plugin, is_asked in (("loki", False), ("prometheus", True)):
        listed = {"name": "logs", "type": "datasource", "query": plugin}
        templating = {"list": [listed]}
        assert (
            asks_prometheus(board(panel(datasource=reference), templating=templating)) is is_asked
        )


def test_an_input_of_an_export_is_of_the_plugin_that_it_wants() -> None:
    wanted = {"name": "DS_LOGS", "type": "datasource", "pluginId": "loki"}
    found = board(panel(datasource="${DS_LOGS}"), __inputs=[wanted])
    assert not asks_prometheus(found)


def test_queries_of_a_mixed_panel_have_sources_of_their_own() -> None:
    targets = [{"expr": "up", "datasource": {"type": "prometheus"}}, {"datasource": LOKI}]
    one = only(board(panel(datasource=MIXED, targets=targets)))
    assert [one.source_of(t).is_prometheus for t in one.targets] == [True, False]


SOURCE = panel(
    id=7,
    title="Source",
    datasource=LOKI,
    timeFrom="1h",
    interval="5m",
    transformations=[{"id": "merge", "options": {}}],
)


def reuse(**settings: object) -> dict[str, Any]:
    target = {"refId": "A", "panelId": 7, "datasource": DASHBOARD, **settings}
    limit = [{"id": "limit", "options": {}}]
    return panel(title="Reuse", datasource=DASHBOARD, targets=[target], transformations=limit)


@pytest.mark.parametrize(("through", "wanted"), [(True, ["merge", "limit"]), (False, ["limit"])])
def test_a_panel_may_show_what_another_was_asked_for(
    through: bool,  # noqa: FBT001 - as the JSON says it
    wanted: list[str],
) -> None:
    found = board(reuse(withTransforms=through), SOURCE).panels[0]
    assert [(one.expr, found.source_of(one).type) for one in found.targets] == [("up", "loki")]
    assert (found.time_from, found.interval) == ("1h", "5m")
    assert [one.id for one in found.transformations] == wanted


@pytest.mark.parametrize("identity", [7, 8])
def test_a_panel_that_shows_one_that_is_not_there_says_so(identity: int) -> None:
    said = "panel 7, whose results it shows, cannot be found here"
    found = {**reuse(), "id": identity}
    assert only(board(found)).unresolved == said
    assert board(found, {**reuse(), "id": 7}).panels[0].unresolved


def test_other_plugins_keep_other_things_under_the_same_keys() -> None:
    odd = {"format": 1, "expr": {"a": 1}, "instant": "yes", "interval": [], "datasource": LOKI}
    (target,) = only(board(panel(targets=[odd]))).targets
    assert (target.expr, target.format, target.instant) == ("", "time_series", False)
