from collections.abc import Sequence

import pytest

from simulator.grafana.bound_panels import (
    BoundPanel,
    ForeignDataSourceError,
    QueryOptions,
    bound_panels,
    with_macros,
    with_variables,
)
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.time_ranges import TimeRange, ViewedRange
from simulator.grafana.variables import Binding

JOB = {"job": Binding(("api",))}
VIEWED = QueryOptions(10_000.0, ViewedRange(TimeRange(last=3600.0)))


def panel(**keys: object) -> Panel:
    found = {"type": "stat", "targets": [{"expr": "up", "refId": "A"}], **keys}
    return dashboard_from({"panels": [found]}).panels[0]


def drawn(bindings: dict[str, Binding], **keys: object) -> Sequence[BoundPanel]:
    board = dashboard_from({"panels": [{"type": "stat", "title": "of $job", **keys}]})
    return list(bound_panels(board, bindings, VIEWED))


def test_every_text_that_decides_what_is_asked_has_its_variables_replaced() -> None:
    target = {"expr": 'up{job="$job"}', "legendFormat": "[[job]]", "interval": "${every}"}
    bindings = {**JOB, "every": Binding(("30s",))}
    found = with_variables(panel(targets=[target], interval="$every"), bindings)
    (asked,) = found.targets
    assert (asked.expr, asked.legend_format, asked.interval) == ('up{job="api"}', "api", "30s")
    assert found.interval == "30s"


def test_display_names_have_variables_replaced_and_keep_the_fields_own() -> None:
    name = "$job of ${__field.labels.pod}, $__calc"
    override = {"matcher": {"id": "byName"}, "properties": [{"id": "displayName", "value": name}]}
    config = {"defaults": {"displayName": name}, "overrides": [override]}
    found = with_variables(panel(fieldConfig=config), JOB).field_config
    replaced = "api of ${__field.labels.pod}, $__calc"
    assert found.defaults["displayName"] == replaced
    assert found.overrides[0].properties == (("displayName", replaced),)


def test_other_properties_are_not_texts_with_variables() -> None:
    config = {"defaults": {"unit": "$job", "noValue": "$job"}}
    found = with_variables(panel(fieldConfig=config), JOB).field_config
    assert found.defaults == {"unit": "$job", "noValue": "$job"}


def test_options_of_transformations_have_variables_replaced_however_deep() -> None:
    options = {"renameByName": {"$job": "of $job"}, "list": ["$job", 1], "sort": [{"f": "$job"}]}
    found = with_variables(panel(transformations=[{"id": "x", "options": options}]), JOB)
    assert found.transformations[0].options == {
        "renameByName": {"$job": "of api"},
        "list": ["api", 1],
        "sort": [{"f": "api"}],
    }


def test_a_repeated_panel_is_bound_to_each_value() -> None:
    two = {"job": Binding(("a", "b"))}
    assert [one.panel.title for one in drawn(two, repeat="job")] == ["of a", "of b"]


def test_a_panels_time_may_come_from_a_variable() -> None:
    bindings = {"ago": Binding(("1h",)), "range": Binding(("2m",))}
    (found,) = drawn(bindings, timeShift="$ago", timeFrom="$range")
    assert (found.query_options.end, found.query_options.span) == (6400.0, 120.0)


def test_a_shift_that_is_no_duration_is_none() -> None:
    (found,) = drawn({}, timeShift="$nope")
    assert (found.query_options.start, found.query_options.end) == (VIEWED.start, VIEWED.end)


def test_times_of_the_range_are_written_when_the_panel_is_asked() -> None:
    (found,) = drawn({}, targets=[{"expr": "a @ ${__from:date:seconds} > $__to"}])
    query, _ = with_macros(found.at(20_000.0), found.panel.targets[0])
    assert query.expr == "a @ 16400 > 20000000"


def test_macros_are_replaced_by_what_the_panel_is_asked_with() -> None:
    found = panel(targets=[{"expr": "rate(a[$__rate_interval]) / $__interval_ms"}], interval="1m")
    query, intervals = with_macros(BoundPanel(found, VIEWED), found.targets[0])
    assert query.expr == "rate(a[1m15s]) / 60000"
    assert intervals.step == 60_000


def test_another_data_source_is_refused() -> None:
    found = panel(datasource={"type": "loki", "uid": "logs"})
    with pytest.raises(ForeignDataSourceError, match="target A asks data source 'loki'"):
        with_macros(BoundPanel(found, VIEWED), found.targets[0])
