"""Files of other Grafanas are read in whatever they are wrapped, with their library panels."""

import json
from typing import Any

import pytest

from tests.support.dashboard_files import BOTH, Json, dashboard
from tests.support.foreign_dashboards import ELSEWHERE, HERE, PROMQL, board, mapped, panel, read

pytestmark = pytest.mark.usefixtures("import_tools")


# ---------------------------------------------------------------------------- what a file holds


@pytest.mark.parametrize(
    "wrap",
    [
        lambda b: b,
        lambda b: {"dashboard": b, "meta": {"slug": "theirs"}},
        lambda b: {
            "apiVersion": "dashboard.grafana.app/v1beta1",
            "kind": "Dashboard",
            "metadata": {"name": "theirs"},
            "spec": {k: v for k, v in b.items() if k != "uid"},
        },
    ],
    ids=["bare", "envelope", "V1 resource"],
)
def test_a_dashboard_is_found_in_what_is_around_it(wrap: Any) -> None:  # noqa: ANN401 - a function
    theirs = board(panel())
    assert read(json.dumps(wrap(theirs))) == {"dashboard": json.loads(json.dumps(theirs))}


def test_a_dashboard_without_a_uid_gets_the_same_one_each_time() -> None:
    theirs = board(panel(), uid=None, title="Node Exporter / Full (1)")
    assert read(json.dumps(theirs))["dashboard"]["uid"] == "node-exporter-full-1"


def test_rows_of_old_are_panels_too() -> None:
    theirs = {"title": "Old", "uid": "old", "rows": [{"panels": [panel()]}]}
    assert "dashboard" in read(json.dumps(theirs))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"apiVersion": "dashboard.grafana.app/v2", "spec": {"elements": {}}}', "V2 model"),
        ('{"title": "a", "elements": {}, "layout": {}}', "V2 model"),
        ('{"apiVersion": "folder.grafana.app/v1", "kind": "Folder", "spec": {}}', "kind 'Folder'"),
        ('[{"title": "a"}]', "a JSON array"),
        ("", "0 JSON documents"),
        ('{"title": "a", "panels": []} {"title": "b", "panels": []}', "2 JSON documents"),
        ('{"panels": []}', "no title"),
        ('{"title": "rules", "groups": []}', "no panels"),
        ('{"title": "a", "panels": ["text"]}', "not a JSON object"),
    ],
)
def test_what_is_no_classic_dashboard_is_kept_apart(text: str, said: str) -> None:
    assert said in read(text)["refusal"]


# ------------------------------------------------------------------------------ library panels


@pytest.mark.parametrize("collection", [lambda e: {"lib1": e}, lambda e: [e]], ids=["map", "list"])
def test_a_library_panel_in_the_file_is_put_in_its_place(collection: Any) -> None:  # noqa: ANN401
    element = {"uid": "lib1", "name": "Load", "kind": 1, "model": panel(ELSEWHERE, title="Load")}
    place = {"id": 7, "gridPos": {"x": 4}, "libraryPanel": {"uid": "lib1", "name": "Load"}}
    result = mapped(board(place, __elements=collection(element)))
    (shown,) = result["dashboard"]["panels"]
    assert (shown["id"], shown["gridPos"], shown["title"]) == (7, {"x": 4}, "Load")
    assert shown["targets"][0]["expr"] == PROMQL
    assert shown["datasource"] == HERE
    assert "libraryPanel" not in shown
    assert result["library"] == []


def test_a_library_panel_of_the_server_is_asked_for() -> None:
    place = {"id": 7, "title": "Load", "libraryPanel": {"uid": "lib1", "name": "Load"}}
    assert mapped(board(place))["library"] == [{"uid": "lib1", "what": "panel 'Load'"}]


# -------------------------------------------------------------------------------- robustness


@pytest.mark.parametrize("path", BOTH, ids=lambda p: p.stem)
def test_our_own_dashboards_need_no_mapping(path: Any) -> None:  # noqa: ANN401 - a path
    result = mapped(dashboard(path))
    assert (result["notes"], result["problems"], result["library"]) == ([], [], [])


@pytest.mark.parametrize(
    "odd",
    [
        {"targets": "abc"},
        {"targets": [None, 3]},
        {"datasource": 5},
        {"datasource": {"uid": 5}},
        {"libraryPanel": "x"},
        {"title": {"a": 1}},
    ],
    ids=json.dumps,
)
def test_odd_panels_are_read_all_the_same(odd: Json) -> None:
    assert len(mapped(board(panel() | odd, panel(ELSEWHERE)))["dashboard"]["panels"]) == 2
