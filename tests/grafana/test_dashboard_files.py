"""Folders of dashboards as people have them, with library panels and other JSON among them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import DashboardError
from simulator.grafana.dashboard_files import (
    MAX_DASHBOARD_BYTES,
    read_dashboard_files,
    read_dashboards,
)
from simulator.grafana.parsing import dashboard_from

MODEL = {
    "id": 9,
    "type": "stat",
    "title": "Shared",
    "targets": [{"refId": "A", "expr": "up"}],
    "fieldConfig": {"defaults": {"unit": "s"}},
}
USER = {"id": 1, "title": "Mine", "libraryPanel": {"uid": "u", "name": "Load"}}
BOARD = {"title": "B", "panels": [USER]}
ELEMENT = {"uid": "u", "name": "Load", "kind": 1, "model": MODEL}
Json = dict[str, Any]


def written(folder: Path, /, **files: object) -> Path:
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text)
    return folder


@pytest.mark.parametrize("elements", [{"u": ELEMENT}, [ELEMENT]])
def test_a_library_panel_of_an_export_is_in_its_elements(elements: object) -> None:
    (panel,) = dashboard_from({**BOARD, "__elements": elements}).panels
    assert (panel.id, panel.title, panel.type) == (1, "Mine", "stat")
    assert (panel.targets[0].expr, panel.unresolved) == ("up", "")
    assert panel.config_at.endswith(".model.fieldConfig")


@pytest.mark.parametrize(
    "file",
    [
        ELEMENT,
        {"result": ELEMENT},
        [ELEMENT],
        {"kind": "LibraryPanel", "metadata": {"name": "u"}, "spec": MODEL},
    ],
)
def test_a_library_panel_may_be_a_file_beside_the_dashboard(tmp_path: Path, file: object) -> None:
    (board,) = read_dashboards([written(tmp_path, board=BOARD, panel=file)])
    (panel,) = board.panels
    assert (panel.targets[0].expr, panel.unresolved) == ("up", "")
    assert panel.config_at == ""  # its thresholds are not in the dashboard's file


def test_other_json_in_a_folder_is_skipped_and_said(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        board={"title": "B"},
        config={"type": "prometheus"},
        list=[1],
        folder={"apiVersion": "folder.grafana.app/v1", "kind": "Folder", "spec": {"title": "F"}},
    )
    found = read_dashboard_files([folder])
    assert [board.title for board in found.dashboards] == ["B"]
    assert [(file.name, reason) for file, reason in found.skipped] == [
        ("config.json", "not a dashboard: no panels, no title; keys found: type"),
        ("folder.json", "not a dashboard: a resource of kind 'Folder'"),
        ("list.json", "a dashboard is a JSON object, found list"),
    ]


def test_a_file_that_is_named_has_to_be_a_dashboard(tmp_path: Path) -> None:
    folder = written(tmp_path, config={"type": "prometheus"})
    with pytest.raises(DashboardError, match=r"config\.json: not a dashboard"):
        read_dashboards([folder / "config.json"])


def test_a_folder_of_other_json_holds_no_dashboard(tmp_path: Path) -> None:
    with pytest.raises(DashboardError, match=r"no dashboard in these files: .*config\.json"):
        read_dashboards([written(tmp_path, config={"type": "prometheus"})])


def test_a_dashboard_in_a_folder_that_is_spoilt_is_not_skipped(tmp_path: Path) -> None:
    with pytest.raises(DashboardError, match=r"bad\.json"):
        read_dashboards([written(tmp_path, board=BOARD, bad='{"panels": [')])


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"metadata": [1], "spec": {"elements": {}}}, "metadata: an object"),
        ({"spec": {"elements": [1], "layout": {}}}, "elements: an object"),
        ({"spec": {"elements": {}, "layout": 7}}, "layout: an object"),
        ({"spec": {"elements": {}, "variables": [7]}}, "variables[0]: an object"),
        ({"title": "T", "panels": 7}, "panels: a list"),
    ],
)
def test_a_wrong_value_around_the_panels_ends_the_reading_of_its_file_alone(
    tmp_path: Path, spoilt: object, said: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(spoilt))
    (tmp_path / "b.json").write_text(json.dumps({"title": "B", "panels": []}))
    bad, good = read_dashboards([tmp_path])
    assert good.title == "B"
    (panel,) = bad.panels
    assert said in panel.unresolved
    assert panel.title == "a.json"
    with pytest.raises(DashboardError, match=re.escape(said)):
        read_dashboards([tmp_path / "a.json"])


def test_what_is_only_called_json_is_skipped_and_said(tmp_path: Path) -> None:
    folder = written(tmp_path, board=BOARD, tsconfig='{"strict": true, // all\n}', many="{}\n{}")
    (folder / "large.json").write_bytes(b" " * (MAX_DASHBOARD_BYTES + 1))
    (folder / "kept.json").mkdir()
    found = read_dashboard_files([folder])
    assert [board.title for board in found.dashboards] == ["B"]
    assert [file.name for file, _ in found.skipped] == ["large.json", "many.json", "tsconfig.json"]
    assert all(reason for _, reason in found.skipped)


def test_a_file_of_a_folder_that_may_not_be_read_is_not_skipped(tmp_path: Path) -> None:
    folder = written(tmp_path, board=BOARD)
    (folder / "gone.json").symlink_to(folder / "nowhere")
    with pytest.raises(DashboardError, match=r"gone\.json: cannot be read"):
        read_dashboards([folder])


def test_a_resource_of_v1_holds_the_classic_model() -> None:
    resource: Json = {"apiVersion": "dashboard.grafana.app/v1", "kind": "Dashboard", "spec": BOARD}
    assert dashboard_from(resource).title == "B"
