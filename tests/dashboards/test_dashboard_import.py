"""The import script against a small Grafana."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.dashboard_files import BUSINESS, FOLDER, ML, dashboard
from tests.support.fake_grafana import (
    LOKI,
    OTHER_PROMETHEUS,
    PASSWORD,
    PROMETHEUS,
    TOKEN,
    FakeGrafana,
)
from tests.support.foreign_dashboards import ELSEWHERE, HERE, board, panel

SCRIPT = FOLDER / "import-grafana-dashboards.sh"
PROVISIONING = FOLDER.parent / "compose/grafana/provisioning/dashboards/scoring-platform.yml"

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("import_tools")]


def run(*files: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", SCRIPT, *files],
        env={"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def imported(grafana: FakeGrafana, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(**{"GRAFANA_URL": grafana.url, "GRAFANA_TOKEN": TOKEN, **environment})


def test_both_dashboards_arrive_in_the_folder(grafana: FakeGrafana) -> None:
    result = imported(grafana)
    assert (result.returncode, result.stderr) == (0, "")
    assert set(grafana.dashboards) == {"scoring-ml", "scoring-business"}
    assert {b["folderUid"] for b in grafana.dashboards.values()} == {"mlops-scoring"}
    assert grafana.folders == {"mlops-scoring": "MLOps Scoring Platform"}
    assert f"{grafana.url}/d/scoring-ml/slug" in result.stdout


def test_the_script_and_provisioning_use_the_same_folder(grafana: FakeGrafana) -> None:
    imported(grafana)
    (provider,) = yaml.safe_load(PROVISIONING.read_text())["providers"]
    assert grafana.folders == {provider["folderUid"]: provider["folder"]}


def test_a_dashboard_arrives_unchanged_but_for_its_data_source(grafana: FakeGrafana) -> None:
    imported(grafana)
    for path in (ML, BUSINESS):
        sent = dashboard(path)
        del sent["version"]
        sent["templating"]["list"][0]["current"] = {
            "selected": True,
            "text": "Prometheus",
            "value": "prom1",
        }
        assert grafana.dashboards[sent["uid"]]["dashboard"] == sent


def test_a_user_with_a_password_is_accepted(grafana: FakeGrafana) -> None:
    result = imported(grafana, GRAFANA_TOKEN="", GRAFANA_USER="admin", GRAFANA_PASSWORD=PASSWORD)
    assert result.returncode == 0


def test_a_second_run_overwrites(grafana: FakeGrafana) -> None:
    imported(grafana)
    assert imported(grafana).returncode == 0
    assert grafana.requests.count(("POST", "/api/folders")) == 1


def test_a_renamed_folder_is_used_again(grafana: FakeGrafana) -> None:
    grafana.folders["mlops-scoring"] = "Renamed by someone"
    assert imported(grafana).returncode == 0
    assert grafana.dashboards["scoring-ml"]["folderUid"] == "mlops-scoring"


def test_a_folder_of_another_title_keeps_its_own_uid(grafana: FakeGrafana) -> None:
    grafana.folders["team"] = "Team folder"
    assert imported(grafana, GRAFANA_FOLDER="Team folder").returncode == 0
    assert grafana.dashboards["scoring-ml"]["folderUid"] == "team"


@pytest.mark.parametrize("wanted", ["prom2", "Second"])
def test_a_data_source_is_found_by_uid_and_by_name(grafana: FakeGrafana, wanted: str) -> None:
    grafana.datasources = [PROMETHEUS, OTHER_PROMETHEUS]
    imported(grafana, GRAFANA_DATASOURCE=wanted)
    variable = grafana.dashboards["scoring-ml"]["dashboard"]["templating"]["list"][0]
    assert variable["current"]["value"] == "prom2"


@pytest.mark.parametrize(
    ("datasources", "wanted", "said"),
    [
        ([LOKI], "", "no Prometheus data source"),
        ([PROMETHEUS, LOKI], "Logs", "'Logs' is of type loki, not prometheus"),
        ([PROMETHEUS], "absent", "Prometheus data sources here: Prometheus (uid prom1)"),
        ([dict(PROMETHEUS, isDefault=False), OTHER_PROMETHEUS], "", "set GRAFANA_DATASOURCE"),
    ],
)
def test_a_wrong_data_source_is_named_and_nothing_is_imported(
    grafana: FakeGrafana, datasources: list[dict[str, object]], wanted: str, said: str
) -> None:
    grafana.datasources = datasources
    result = imported(grafana, GRAFANA_DATASOURCE=wanted)
    assert result.returncode == 2
    assert said in result.stderr
    assert not grafana.dashboards


@pytest.mark.parametrize(
    ("request_line", "status", "said"),
    [
        (("GET", "/api/datasources"), 401, "not logged in (401). Grafana says: why"),
        (("POST", "/api/folders"), 403, "not allowed (403)"),
        (("POST", "/api/dashboards/db"), 404, "not found (404)"),
        (("POST", "/api/dashboards/db"), 412, "refused as a conflict (412)"),
        (("POST", "/api/dashboards/db"), 400, "refused as bad (400)"),
        (("POST", "/api/dashboards/db"), 500, "Grafana answered 500"),
    ],
)
def test_a_refusal_is_said_in_words(
    grafana: FakeGrafana, request_line: tuple[str, str], status: int, said: str
) -> None:
    grafana.answers[request_line] = (status, {"message": "why"})
    result = imported(grafana)
    assert result.returncode == 1
    assert said in result.stderr


def test_no_grafana_is_said_with_its_address() -> None:
    result = run(GRAFANA_URL="http://127.0.0.1:9", GRAFANA_TOKEN=TOKEN)
    assert result.returncode == 1
    assert "no Grafana answers at http://127.0.0.1:9" in result.stderr


def test_another_server_is_not_taken_for_grafana(grafana: FakeGrafana) -> None:
    grafana.answers["GET", "/api/health"] = (200, b"<html>hello</html>")
    result = imported(grafana)
    assert result.returncode == 1
    assert "not a healthy Grafana" in result.stderr


def test_a_file_of_another_grafana_asks_the_prometheus_of_this_one(
    grafana: FakeGrafana, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.json"
    theirs.write_text(json.dumps({"dashboard": board(panel(ELSEWHERE)), "meta": {}}))
    result = run(theirs, GRAFANA_URL=grafana.url, GRAFANA_TOKEN=TOKEN)
    assert (result.returncode, result.stderr) == (0, "")
    assert "'PBFA97CFB590B2093' is taken for Prometheus" in result.stdout
    (stored,) = grafana.dashboards["theirs"]["dashboard"]["panels"]
    assert stored["datasource"] == HERE


def test_what_has_no_data_source_here_is_imported_and_named(
    grafana: FakeGrafana, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.json"
    logs = panel({"type": "tempo", "uid": "t"}, title="Traces")
    missing = {"title": "Load", "libraryPanel": {"uid": "lib1", "name": "Load"}}
    present = {"title": "Heat", "libraryPanel": {"uid": "lib2", "name": "Heat"}}
    theirs.write_text(json.dumps(board(logs, missing, present)))
    grafana.library_panels = {"lib2"}
    result = run(theirs, GRAFANA_URL=grafana.url, GRAFANA_TOKEN=TOKEN)
    assert result.returncode == 3
    assert "'Theirs', panel 'Traces': no data source 't' is here" in result.stderr
    assert "'Theirs', panel 'Load': its library panel is neither" in result.stderr
    assert "Heat" not in result.stderr
    assert "theirs" in grafana.dashboards


@pytest.mark.parametrize("text", ["{", "[]", '{"uid": "a", "title": "b"}'])
def test_a_file_that_is_no_dashboard_is_refused_before_any_request(
    grafana: FakeGrafana, tmp_path: Path, text: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    result = run(bad, GRAFANA_URL=grafana.url, GRAFANA_TOKEN=TOKEN)
    assert result.returncode == 2
    assert f"{bad}: not a dashboard" in result.stderr
    assert not grafana.requests


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"GRAFANA_URL": "localhost:3000"}, "GRAFANA_URL must be http://"),
        ({"GRAFANA_URL": "http://me:pw@host"}, "without user or password"),
        ({"GRAFANA_USER": "admin"}, "GRAFANA_PASSWORD is not"),
        ({"GRAFANA_TOKEN": "a\nurl = file:///etc/passwd"}, "holds a line break"),
    ],
)
def test_wrong_settings_are_refused(environment: dict[str, str], said: str) -> None:
    result = run(**environment)
    assert result.returncode == 2
    assert said in result.stderr
    assert "pw@host" not in result.stderr


def test_help_names_every_setting() -> None:
    result = run("--help")
    assert result.returncode == 0
    for name in ("URL", "TOKEN", "USER", "PASSWORD", "DATASOURCE", "FOLDER"):
        assert f"GRAFANA_{name}" in result.stdout


def test_an_unknown_option_is_refused() -> None:
    result = run("--force")
    assert (result.returncode, "unknown option --force" in result.stderr) == (2, True)


def spy_on(tool: str, folder: Path) -> Path:
    """A `tool` that writes its arguments and environment down, then becomes the real one."""
    log = folder / f"{tool}.log"
    real = subprocess.run(["which", tool], capture_output=True, text=True, check=True)
    spy = folder / tool
    spy.write_text(
        f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env; }} >>{log}\nexec {real.stdout.strip()} "$@"\n'
    )
    spy.chmod(0o755)
    return log


def test_secrets_are_in_no_argument_environment_or_output(
    grafana: FakeGrafana, tmp_path: Path
) -> None:
    logs = [spy_on(tool, tmp_path) for tool in ("curl", "jq")]
    path = f"{tmp_path}:{os.environ['PATH']}"
    outputs = []
    for login in (
        {"GRAFANA_TOKEN": TOKEN},
        {"GRAFANA_TOKEN": "", "GRAFANA_USER": "admin", "GRAFANA_PASSWORD": PASSWORD},
    ):
        result = imported(grafana, PATH=path, **login)
        assert result.returncode == 0
        outputs.append(result.stdout + result.stderr)
    seen = "".join(log.read_text() for log in logs) + "".join(outputs)
    assert "/api/dashboards/db" in seen
    assert TOKEN not in seen
    assert PASSWORD not in seen
