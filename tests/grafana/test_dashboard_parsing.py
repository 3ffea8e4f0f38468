import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import DashboardError
from simulator.grafana.dashboard_files import MAX_DASHBOARD_BYTES, read_dashboard
from simulator.grafana.model import Dashboard, DataSource
from simulator.grafana.parsing import dashboard_from

UP = {"refId": "A", "expr": "up"}


def titles(dashboard: Dashboard) -> list[str]:
    return [panel.title for panel in dashboard.panels]


def stat(title: str = "stat", **keys: object) -> dict[str, object]:
    return {"type": "stat", "title": title, "targets": [UP], **keys}


def board(*panels: object, **keys: object) -> dict[str, object]:
    return {"title": "Board", "uid": "b", "schemaVersion": 36, "panels": list(panels), **keys}


def test_panels_after_an_open_row_belong_to_it() -> None:
    dashboard = dashboard_from(
        board(stat("first"), {"type": "row", "title": "Row", "panels": []}, stat("second"))
    )
    assert [(p.title, p.row) for p in dashboard.panels] == [("first", ""), ("second", "Row")]


def test_a_collapsed_row_holds_its_panels() -> None:
    row = {"type": "row", "title": "Row", "collapsed": True, "repeat": "job", "panels": [stat("a")]}
    (panel,) = dashboard_from(board(row)).panels
    assert (panel.title, panel.path, panel.row_repeats) == ("a", "panels[0].panels[0]", ("job",))


def test_rows_of_old_dashboards_hold_their_panels() -> None:
    old = {
        "title": "Old",
        "schemaVersion": 14,
        "rows": [
            {"title": "One", "collapse": False, "panels": [stat("a"), stat("b")]},
            {"title": "Two", "repeat": None, "panels": [stat("c")]},
        ],
    }
    dashboard = dashboard_from(old)
    assert [(p.title, p.row) for p in dashboard.panels] == [
        ("a", "One"),
        ("b", "One"),
        ("c", "Two"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        board(stat("x")),
        {"dashboard": board(stat("x")), "meta": {"slug": "x"}},
        {"apiVersion": "dashboard.grafana.app/v1beta1", "spec": board(stat("x"))},
        {"dashboard": {"apiVersion": "v1", "spec": board(stat("x"))}},
    ],
)
def test_every_wrapping_of_the_classic_model_is_read(document: dict[str, object]) -> None:
    assert titles(dashboard_from(document)) == ["x"]


@pytest.mark.parametrize("document", [[], "text", None, 3, {}, {"foo": 1}])
def test_what_is_no_dashboard_is_refused(document: object) -> None:
    with pytest.raises(DashboardError):
        dashboard_from(document)


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (7, r"panels\[0\]: an object is wanted, found 7"),
        ({"type": ["stat"]}, r"panels\[0\]\.type: text is wanted, found \['stat'\]"),
        (stat(targets="abc"), r"panels\[0\]\.targets: a list is wanted, found 'abc'"),
        (stat(targets=[{"hide": "yes"}]), r"targets\[0\]\.hide: true or false is wanted"),
        (stat(maxDataPoints="many"), r"maxDataPoints: a number is wanted, found 'many'"),
        (
            stat(options={"reduceOptions": {"calcs": ["last", 5]}}),
            r"options\.reduceOptions\.calcs\[1\]: text is wanted, found 5",
        ),
        (
            stat(fieldConfig={"defaults": {"thresholds": "50,80"}}),
            r"panels\[0\]\.fieldConfig\.defaults\.thresholds: an object is wanted, found '50,80'",
        ),
        (
            stat(fieldConfig={"defaults": {"thresholds": {"steps": [{}, 5]}}}),
            r"panels\[0\]\.fieldConfig\.defaults\.thresholds\.steps\[1\]: an object",
        ),
        (
            stat(
                fieldConfig={
                    "overrides": [{"properties": [{"id": "thresholds", "value": {"steps": 1}}]}]
                }
            ),
            r"overrides\[0\]\.properties\[0\]\.value\.steps: a list is wanted, found 1",
        ),
    ],
)
def test_a_wrong_value_spoils_its_panel_alone_and_is_named_with_its_path(
    panel: object, message: str
) -> None:
    spoilt, other = dashboard_from(board(panel, stat("other"))).panels
    assert re.search(message, spoilt.unresolved)
    assert (spoilt.path, spoilt.targets) == ("panels[0]", ())
    assert (other.title, other.unresolved) == ("other", "")


def test_a_long_wrong_value_is_cut_in_the_message() -> None:
    (panel,) = dashboard_from(board(stat(targets="x" * 5000))).panels
    assert panel.unresolved
    assert len(panel.unresolved) < 300


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ({"title": 7}, {"title": "7"}),
        ({"title": 0.5}, {"title": "0.5"}),
        ({"interval": False, "repeat": False}, {}),
        ({"targets": None}, {"targets": []}),
        ({"targets": {}}, {"targets": []}),
        ({"targets": [{"expr": "up", "hide": 0}]}, {"targets": [{"expr": "up"}]}),
        (
            {"targets": [{"expr": "up", "instant": 1}]},
            {"targets": [{"expr": "up", "instant": True}]},
        ),
        ({"options": "", "fieldConfig": [], "transformations": ""}, {}),
        ({"maxDataPoints": "100"}, {"maxDataPoints": 100}),
        ({"datasource": False}, {}),
        ({"fieldConfig": {"overrides": {}}}, {}),
    ],
)
def test_what_grafana_takes_for_something_else_is_taken_so(
    odd: dict[str, object], plain: dict[str, object]
) -> None:
    assert dashboard_from(board({**stat(), **odd})) == dashboard_from(board({**stat(), **plain}))


def test_rows_with_odd_names_hold_their_panels() -> None:
    rows = [{"title": 1, "repeat": False, "panels": [stat("a")]}, {"title": {}, "panels": None}]
    row = {"type": "row", "title": ["x"], "repeat": {}, "panels": [stat("b")]}
    found = dashboard_from({"title": "T", "rows": rows, "panels": [row]})
    assert [panel.title for panel in found.panels] == ["b", "a"]


def test_a_variable_that_cannot_be_read_says_so() -> None:
    listed = [{"name": "a", "regex": {"x": 1}}, None, {"name": "b", "multi": 1}]
    listed += [{"name": "c", "type": "interval", "auto": True, "auto_min": "short"}]
    spoilt, other, interval = dashboard_from(board(templating={"list": listed})).variables
    assert interval.unread == "'short' is not a duration such as 15s, 1m or 1h30m"
    assert spoilt.unread == "templating.list[0].regex: text is wanted, found {'x': 1}"
    assert (other.multi, other.unread) == (True, "")


def test_a_panel_without_an_id_or_with_a_text_id_is_read() -> None:
    dashboard = dashboard_from(board(stat(), stat(id="panel-2"), stat(id=3)))
    assert [panel.id for panel in dashboard.panels] == [None, None, 3]


def test_targets_without_a_ref_id_are_lettered_by_place() -> None:
    (panel,) = dashboard_from(board(stat(targets=[{"expr": "a"}, {"expr": "b"}]))).panels
    assert [target.ref_id for target in panel.targets] == ["A", "B"]


def test_hidden_and_empty_targets_are_not_queried() -> None:
    targets = [{"expr": "a"}, {"expr": "b", "hide": True}, {"expr": " "}, {"query": "loki"}]
    (panel,) = dashboard_from(board(stat(targets=targets))).panels
    assert [target.expr for target in panel.queried_targets] == ["a"]


@pytest.mark.parametrize(
    ("flags", "kinds"),
    [
        ({}, ("range",)),
        ({"instant": False, "range": False}, ("range",)),
        ({"instant": True}, ("instant",)),
        ({"instant": True, "range": True}, ("instant", "range")),
    ],
)
def test_the_flags_of_a_target_decide_its_queries(
    flags: dict[str, bool], kinds: tuple[str, ...]
) -> None:
    (panel,) = dashboard_from(board(stat(targets=[{"expr": "up", **flags}]))).panels
    assert panel.targets[0].kinds == kinds


@pytest.mark.parametrize(
    ("found", "source"),
    [
        (None, DataSource()),
        ("Prometheus", DataSource(uid="Prometheus")),
        ({"type": "prometheus", "uid": "p"}, DataSource(type="prometheus", uid="p")),
        ({"uid": "${datasource}"}, DataSource(uid="${datasource}")),
        ({}, DataSource()),
    ],
)
def test_a_target_without_a_data_source_takes_the_panels(found: object, source: DataSource) -> None:
    (panel,) = dashboard_from(board(stat(datasource=found))).panels
    assert panel.source_of(panel.targets[0]) == source


@pytest.mark.parametrize(
    "source",
    ["-- Mixed --", "-- Dashboard --", {"type": "__expr__", "uid": "__expr__"}, {"type": "loki"}],
)
def test_other_data_sources_are_said_from_prometheus(source: object) -> None:
    (panel,) = dashboard_from(board(stat(datasource=source))).panels
    assert not panel.source_of(panel.targets[0]).is_prometheus


def test_a_library_panel_without_targets_is_marked() -> None:
    panel = {"libraryPanel": {"uid": "u", "name": "Shared"}, "gridPos": {}}
    resolved = stat(libraryPanel={"uid": "u", "name": "Shared"})
    found = dashboard_from(board(panel, resolved)).panels
    said = "library panel 'Shared': its queries are not in this file"
    assert [panel.unresolved for panel in found] == [said, ""]


@pytest.mark.parametrize(
    ("options", "calcs"),
    [
        ({}, ("lastNotNull",)),
        ({"reduceOptions": {}}, ("lastNotNull",)),
        ({"reduceOptions": {"calcs": []}}, ("last",)),
        ({"reduceOptions": {"calcs": ["max", "min"]}}, ("max", "min")),
    ],
)
def test_missing_calcs_mean_last_not_null_and_empty_ones_last(
    options: dict[str, object], calcs: tuple[str, ...]
) -> None:
    (panel,) = dashboard_from(board(stat(options=options))).panels
    assert panel.reduce.calcs == calcs


def test_variables_of_every_kind_are_read() -> None:
    listed = [
        {"name": "datasource", "type": "datasource", "query": "prometheus", "current": {}},
        {"name": "window", "type": "custom", "query": "6s,five : 5m", "current": {"value": "6s"}},
        {"name": "job", "type": "query", "query": {"query": "label_values(up, job)"}},
        {"name": "host", "type": "query", "query": "label_values(host)", "current": None},
        {"name": "all", "type": "custom", "current": {"value": ["$__all"]}, "multi": True},
        {"name": "every", "type": "interval", "query": "1m,5m", "auto": True, "auto_count": 10},
    ]
    found = dashboard_from(board(templating={"list": listed})).variables
    assert [(v.query, v.current, v.options) for v in found] == [
        ("prometheus", (), ()),
        ("6s,five : 5m", ("6s",), ("6s", "5m")),
        ("label_values(up, job)", (), ()),
        ("label_values(host)", (), ()),
        ("", ("$__all",), ()),
        ("1m,5m", (), ("1m", "5m")),
    ]


@pytest.mark.parametrize("version", range(14, 40))
def test_public_shapes_of_every_schema_version_are_read(version: int) -> None:
    source: object = "${DS_PROMETHEUS}" if version < 33 else {"type": "prometheus", "uid": "p"}
    graph = {
        "type": "graph",
        "title": "g",
        "datasource": source,
        "thresholds": [],
        "span": 6,
        "targets": [{"expr": "rate(a[5m])", "intervalFactor": 2, "legendFormat": None}],
        "seriesOverrides": [{}],
        "yaxes": [{"format": "short"}, {}],
        "interval": None,
    }
    single = {
        "type": "singlestat",
        "title": "s",
        "thresholds": "50,80",
        "maxDataPoints": "100",
        "targets": [{"expr": "b", "hide": False, "intervalFactor": 1}],
        "repeat": "job",
    }
    text = {"type": "text", "content": "#", "mode": "markdown", "options": []}
    panels = [graph, single, text]
    content = {"rows": [{"panels": panels}]} if version < 16 else {"panels": panels}
    document: dict[str, object] = {
        "id": None,
        "uid": None,
        "title": "Public",
        "schemaVersion": version,
        "refresh": False,
        "time": {"from": "now-1h", "to": "now"},
        "annotations": {"list": []},
        **content,
        "templating": {"list": [{"name": "job", "type": "query", "multi": None, "options": ""}]},
    }
    assert titles(dashboard_from(document)) == ["g", "s", ""]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_KEYS = [
    *("title", "type", "targets", "fieldConfig", "options", "transformations", "datasource"),
    *("interval", "repeat", "libraryPanel", "id", "maxDataPoints", "panels"),
]


@given(st.dictionaries(st.sampled_from(_KEYS), _JSON), _JSON, _JSON)
def test_any_json_is_read_or_refused_but_never_crashes(
    panel: dict[str, object], templating: object, time: object
) -> None:
    try:
        dashboard = dashboard_from(board(panel, templating=templating, time=time))
    except DashboardError as error:
        assert "wanted" in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert dashboard.title == "Board"


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(board(stat("x"))).encode())
    assert titles(read_dashboard(path)) == ["x"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"title": ', "not JSON: .*line 1 column"),
        (b'{"title": NaN}', "NaN is no JSON value"),
        (b'{"title": "\xff"}', "not UTF-8"),
        (b'{"panels": ' * 90_000, "nested too deeply"),
        (b" " * (MAX_DASHBOARD_BYTES + 1), "larger than"),
        (b'{"title": "t", "panels": 3}', "panels: a list is wanted, found 3"),
    ],
    ids=["cut", "nan", "latin-1", "deep", "large", "wrong"],
)
def test_an_unreadable_file_is_refused_with_its_path(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "board.json"
    path.write_bytes(content)
    with pytest.raises(DashboardError, match=message) as caught:
        read_dashboard(path)
    assert str(caught.value).startswith(str(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DashboardError, match=r"absent\.json: cannot be read"):
        read_dashboard(tmp_path / "absent.json")


@pytest.mark.parametrize("name", ["scoring-ml", "scoring-business"])
def test_the_projects_own_dashboards_are_read(name: str) -> None:
    folder = Path(__file__).parents[2] / "dashboards"
    dashboard = read_dashboard(folder / f"{name}-dashboard.json")
    assert dashboard.uid == name
    assert all(panel.type for panel in dashboard.panels)
