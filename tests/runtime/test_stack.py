import html
import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests
import yaml

from simulator.errors import StackError
from simulator.installation import shipped
from simulator.runtime import binaries
from simulator.runtime.alerting import Pace
from simulator.runtime.stack import RunningStack, Stack
from tests.support.processes import children, is_alive, wait_for_the_end
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e

COMMAND = [sys.executable, "-m", "simulator", "stack"]

# A stand-in that does what the stack asks of Grafana: reads where it is to listen from its
# environment, answers its health address, and shows which provisioning it was given.
GRAFANA = f"""#!{sys.executable}
import http.server, os, pathlib
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        folder = pathlib.Path(os.environ["GF_PATHS_PROVISIONING"])
        texts = [file.read_text() for file in sorted(folder.rglob("*.yml"))]
        self.wfile.write("\\n---\\n".join(texts).encode())
address = (os.environ["GF_SERVER_HTTP_ADDR"], int(os.environ["GF_SERVER_HTTP_PORT"]))
http.server.HTTPServer(address, Handler).serve_forever()
"""


@pytest.fixture(scope="module", autouse=True)
def programs(find_program: Callable[[str], str]) -> None:
    for name in binaries.REQUIRED:
        find_program(name)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStack]:
    with Stack(scrape_interval_seconds=0.5) as running:
        yield running


def get(url: str) -> Any:  # noqa: ANN401 - what JSON holds
    return requests.get(url, timeout=5).json()["data"]


def test_what_is_pushed_can_be_queried_with_its_own_job(running: RunningStack) -> None:
    url = f"{running.pushgateway_url}/metrics/job/ml-model/instance/demo"
    requests.put(url, data="stack_probe 42\n", timeout=5).raise_for_status()
    query = f'{running.prometheus_url}/api/v1/query?query=stack_probe{{job="ml-model"}}'
    (series,) = wait_until(lambda: get(query)["result"], "what was pushed")
    assert series["metric"] == {
        "__name__": "stack_probe",
        "job": "ml-model",
        "instance": "demo",
    }
    assert series["value"][1] == "42"


def test_the_rules_of_the_compose_folder_are_loaded(running: RunningStack) -> None:
    files = {group["file"] for group in get(f"{running.prometheus_url}/api/v1/rules")["groups"]}
    assert str(shipped("compose") / "prometheus/rules/pipeline.yml") in files


def test_the_data_is_where_it_is_said_to_be(running: RunningStack) -> None:
    assert (running.storage_dir / "wal").is_dir()


def test_prometheus_knows_the_alertmanager_that_runs(running: RunningStack) -> None:
    wanted = [f"{running.urls['alertmanager']}/api/v2/alerts"] if _has_alertmanager(running) else []

    def known() -> bool:
        found = get(f"{running.prometheus_url}/api/v1/alertmanagers")["activeAlertmanagers"]
        return [entry["url"] for entry in found] == wanted

    wait_until(known, "Prometheus knows the Alertmanager")


def _has_alertmanager(running: RunningStack) -> bool:
    """Either it runs, or it is not installed, or there is a note that says why it does not."""
    runs = "alertmanager" in running.urls
    is_told = any(note.startswith("Alertmanager not started") for note in running.notes)
    assert runs or is_told or binaries.locate("alertmanager") is None
    return runs


def test_every_page_that_a_person_is_sent_to_opens(running: RunningStack) -> None:
    assert {"panels", "alerts"} <= running.pages.keys() or "grafana" in running.urls
    for url in running.pages.values():
        assert requests.get(url, timeout=5).status_code == http.client.OK, url


def test_prometheus_shows_the_panels_as_graphs_of_its_own(running: RunningStack) -> None:
    page = requests.get(f"{running.prometheus_url}/consoles/panels.html", timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    (link,) = re.findall(r'href="(/graph[^"]+)">Consumer Lag<', page.text)
    graph = requests.get(f"{running.prometheus_url}{html.unescape(link)}", timeout=5)
    assert graph.status_code == http.client.OK
    assert "g0.expr=sum" in graph.url


def test_what_to_do_without_a_grafana_is_said(running: RunningStack) -> None:
    reported = [note for note in running.notes if note.startswith("No Grafana here")]
    assert len(reported) == ("grafana" not in running.urls)


def test_addresses_in_alerts_are_those_of_this_machine(running: RunningStack) -> None:
    flags = get(f"{running.prometheus_url}/api/v1/status/flags")
    assert flags["web.external-url"] == f"{running.prometheus_url}/"


def test_everything_listens_on_loopback_only(running: RunningStack) -> None:
    assert {urlsplit(url).hostname for url in running.urls.values()} == {"127.0.0.1"}
    sockets = Path("/proc/net/tcp6").read_text() if Path("/proc/net/tcp6").exists() else ""
    ports = {f"{urlsplit(url).port:04X}" for url in running.urls.values()}
    # Go listens on every address through one IPv6 socket; on 127.0.0.1 it opens none.
    assert not [line for line in sockets.splitlines()[1:] if line.split()[1][-4:] in ports]


@pytest.mark.parametrize(("name", "page"), [("prometheus", "/graph"), ("pushgateway", "/")])
def test_every_file_that_a_web_page_links_to_is_served(
    running: RunningStack, name: str, page: str
) -> None:
    root = running.urls[name]
    text = requests.get(root + page, timeout=5).text
    links = re.findall(r'(?:src|href)="(?!https?:|#)([^"]+\.(?:js|css|ico)[^"]*)"', text)
    assert links
    for link in links:
        url = f"{root}/{link.lstrip('./')}"
        assert requests.get(url, timeout=5).status_code == http.client.OK, url


def test_a_temporary_folder_is_removed_and_every_program_ended() -> None:
    with Stack(with_alertmanager=False, with_grafana=False) as running:
        started = [psutil.Process(process.child.pid) for process in running.processes]
        assert all(map(is_alive, started))
    assert not any(map(is_alive, started))
    assert not running.working_dir.exists()


def test_a_folder_of_ones_own_is_kept_and_read_again(tmp_path: Path) -> None:
    options: dict[str, Any] = {"working_dir": tmp_path / "kept", "scrape_interval_seconds": 0.5}
    query = "/api/v1/query?query=count_over_time(up[5m])"
    with Stack(**options, with_alertmanager=False, with_grafana=False) as running:
        wait_until(lambda: get(running.prometheus_url + query)["result"], query)
    with Stack(**options, with_alertmanager=False, with_grafana=False) as running:
        assert get(running.prometheus_url + query)["result"]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("/proc/nope", "No such file or directory"),
        ("/proc", ""),  # it is there, but takes no file
        ("{tmp}/file/x", "Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_named(
    tmp_path: Path, folder: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    kept = folder.format(tmp=tmp_path)
    with (
        pytest.raises(StackError, match=f"cannot keep files in {kept}: {reason}"),
        Stack(working_dir=Path(kept)),
    ):
        pass


def test_a_file_in_the_place_of_a_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "prometheus-data").touch()
    with (
        pytest.raises(StackError, match="prometheus-data: File exists"),
        Stack(working_dir=tmp_path, with_alertmanager=False, with_grafana=False),
    ):
        pass


def test_the_command_refuses_such_a_folder_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    argv = [*COMMAND, "--keep", str(tmp_path / "file" / "x")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "file/x: Not a directory" in done.stderr


def test_a_taken_usual_port_is_named() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", 9091))
            server.listen()
        except OSError:
            pass  # something else listens there, which serves as well
        with pytest.raises(StackError, match="port 9091 for pushgateway"), Stack(fixed_ports=True):
            pass


def test_a_port_lost_in_a_race_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        free = free_ports_after(taken)
        monkeypatch.setattr("simulator.runtime.starting.free_port", lambda: next(free))
        with Stack(with_alertmanager=False, with_grafana=False) as running:
            assert str(taken) not in running.pushgateway_url


def free_ports_after(taken: int) -> Iterator[int]:
    from simulator.runtime.ports import free_port  # noqa: PLC0415 - the one that is replaced

    yield taken
    while True:
        yield free_port()


def test_a_program_that_does_not_start_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "prometheus"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho flag provided but not defined\nexit 2\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}{os.environ['PATH']}")
    kept = tmp_path / "kept"
    with pytest.raises(StackError, match="flag provided but not defined"), Stack(working_dir=kept):
        pass
    listening = re.search(r"127\.0\.0\.1:(\d+)", (kept / "pushgateway.log").read_text())
    assert listening is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(listening[1]))) != 0


def panel_links(running: RunningStack) -> set[str]:
    """The links to panels in the alert rules, once Prometheus has them."""
    groups = get(f"{running.prometheus_url}/api/v1/rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    return {rule["annotations"]["panel"] for rule in rules if "panel" in rule["annotations"]}


def test_grafana_is_started_with_local_provisioning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "grafana" / "bin" / "grafana"
    (tmp_path / "grafana" / "conf").mkdir(parents=True)
    (tmp_path / "grafana" / "conf" / "defaults.ini").touch()
    program.parent.mkdir()
    program.write_text(GRAFANA)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    pace = Pace(600.0, "5s", 300.0)
    with Stack(scrape_interval_seconds=1.0, with_alertmanager=False, pace=pace) as running:
        text = requests.get(running.urls["grafana"], timeout=5).text
        alerts = wait_until(lambda: panel_links(running), "links to panels")
    assert not running.notes
    query = "var-window=5s&from=now-5m&to=now&refresh=5s"
    assert running.pages["ML Metrics"] == f"{running.urls['grafana']}/d/scoring-ml?{query}"
    assert f"{running.urls['grafana']}/d/scoring-ml?viewPanel=1&{query}" in alerts
    dashboards, datasources = yaml.safe_load_all(text)
    assert datasources["datasources"][0]["url"] == running.prometheus_url
    path = dashboards["providers"][0]["options"]["path"]
    assert path == str(shipped("dashboards"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_command_ends_with_zero_and_leaves_nothing(number: signal.Signals) -> None:
    argv = [*COMMAND, "--json", "--scrape-interval", "1s"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        urls = json.loads(command.stdout.readline())
        started = children(command.pid)
        assert len(started) == len(urls)
        command.send_signal(number)
        assert command.wait(30) == 0
    assert not any(map(is_alive, started))


def test_the_command_shows_the_addresses_to_a_person() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        seen = ""
        while "Ctrl-C" not in seen:
            line = command.stdout.readline()
            assert line, seen
            seen += line
        command.terminate()
        assert command.wait(30) == 0
    assert re.search(r"prometheus\s+.*http://127\.0\.0\.1:\d+", seen)
    pushgateway = re.search(r"pushgateway\s+(\S+)", seen)
    assert pushgateway
    assert f"simulator run --scenario tour --pushgateway {pushgateway[1]}\n" in seen


def test_a_killed_command_leaves_no_process(tmp_path: Path) -> None:
    argv = [*COMMAND, "--json", "--keep", str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        command.stdout.readline()
        started = children(command.pid)
        assert started
        command.kill()
    wait_for_the_end(started)


def test_a_duration_that_is_none_is_refused() -> None:
    argv = [*COMMAND, "--scrape-interval", "soon"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "'soon' is not a duration" in done.stderr
