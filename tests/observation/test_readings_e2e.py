"""A stat, a time series and a table read through a real Prometheus."""

import subprocess
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from simulator.coverage.cover import CoverPlan, cover
from simulator.errors import PrometheusError
from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import dashboard_from
from simulator.observation.every_panel import Opened
from simulator.observation.prometheus import Prometheus
from simulator.observation.readings import PanelReading, panel_readings
from simulator.runtime.ports import free_port
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e

START, EVERY, POINTS = 1_767_225_600, 15, 41
END = START + EVERY * (POINTS - 1)  # ten minutes


def openmetrics() -> str:
    """Two queues: `slow` rises by 1 a point from 0 to 40, `fast` stays at 3; a counter at 2/s."""
    times = [START + EVERY * point for point in range(POINTS)]
    lines = ["# TYPE depth gauge"]
    lines += [f'depth{{queue="slow"}} {point} {at}' for point, at in enumerate(times)]
    lines += [f'depth{{queue="fast"}} 3 {at}' for at in times]
    lines += ["# TYPE jobs counter"]
    lines += [f"jobs_total {2 * (at - START)} {at}" for at in times]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def prometheus(
    tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]
) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "metrics.om").write_text(openmetrics())
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 15s}\n")
    subprocess.run(
        [
            *(find_program("promtool"), "tsdb", "create-blocks-from", "openmetrics"),
            *(folder / "metrics.om", folder / "data"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                find_program("prometheus"),
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                "--storage.tsdb.retention.time=100y",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        with Prometheus(f"http://127.0.0.1:{port}") as client:
            wait_until(lambda: answers(client, process), (folder / "log").read_text)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=20)


def answers(client: Prometheus, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"Prometheus ended with exit code {process.returncode}"
    try:
        client.query("1", at=0)
    except PrometheusError:
        return False
    return True


def board() -> Dashboard:
    config = {
        "defaults": {
            "thresholds": {
                "steps": [
                    {"color": "green"},
                    {"value": 10, "color": "orange"},
                    {"value": 30, "color": "red"},
                ]
            },
            "custom": {
                "cellOptions": {"type": "color-background"},
                "thresholdsStyle": {"mode": "area"},
            },
        }
    }
    depth = {"expr": 'depth{queue=~"$queue"}', "legendFormat": "{{queue}}"}
    rate = {"expr": "rate(jobs_total[$__rate_interval])", "instant": True}
    table = {**depth, "instant": True, "format": "table"}
    queue = {
        "name": "queue",
        "type": "query",
        "query": "label_values(depth, queue)",
        "multi": True,
        "includeAll": True,
        "current": {"value": ["$__all"]},
    }
    panels: list[dict[str, object]] = [
        {"type": "stat", "title": "Rate", "targets": [rate]},
        {"type": "timeseries", "title": "Depth", "targets": [depth]},
        {"type": "table", "title": "Depths", "targets": [table]},
        {"type": "stat", "title": "Broken", "targets": [{"expr": "sum(depth"}]},
        {"type": "stat", "title": "Absent", "targets": [{"expr": "nothing_here"}]},
    ]
    return dashboard_from(
        {
            "title": "Queues",
            "uid": "q",
            "time": {"from": "now-10m", "to": "now"},
            "templating": {"list": [queue]},
            "panels": [{**panel, "fieldConfig": config} for panel in panels],
        }
    )


@pytest.fixture(scope="module")
def readings(prometheus: Prometheus) -> dict[str, PanelReading]:
    found = panel_readings([board()], prometheus, Opened(END, time_range=END - START))
    return {reading.title: reading for reading in found}


def test_a_stat_shows_the_rate_that_was_fed(readings: dict[str, PanelReading]) -> None:
    (field,) = readings["Rate"].fields
    assert field.value == pytest.approx(2.0)
    assert field.step_color == "green"


def test_a_time_series_shows_its_last_points(readings: dict[str, PanelReading]) -> None:
    fields = {field.name: (field.value, field.step_color) for field in readings["Depth"].fields}
    assert fields == {"fast": (3.0, "green"), "slow": (40.0, "red")}


def test_a_table_shows_its_rows(readings: dict[str, PanelReading]) -> None:
    cells = {f.row: f.step_color for f in readings["Depths"].fields if f.name == "Value"}
    assert cells == {"depth fast": "green", "depth slow": "red"}


def test_a_broken_query_is_an_error_and_an_absent_metric_no_data(
    readings: dict[str, PanelReading],
) -> None:
    assert "parse error" in (readings["Broken"].error or "")
    assert (readings["Absent"].error, readings["Absent"].fields) == (None, ())


@pytest.mark.parametrize(("title", "series"), [("Depth", "slow"), ("Depths", "Value depth slow")])
def test_every_step_is_seen_for_as_long_as_it_was_on(
    prometheus: Prometheus, title: str, series: str
) -> None:
    found = cover([board()], prometheus, CoverPlan(START, END, EVERY))
    (panel,) = [panel for panel in found.panels if panel.title == title]
    (field,) = panel.fields
    assert series in {track.name for track in field.tracks}
    # slow is 0 to 9, 10 to 29, 30 to 40; fast is always 3
    assert [(step.color, step.seconds / EVERY) for step in field.steps] == [
        ("green", 41),
        ("orange", 20),
        ("red", 11),
    ]


def test_a_long_span_is_asked_in_pieces_and_comes_whole(prometheus: Prometheus) -> None:
    (slow, _) = prometheus.query_range(
        'depth{queue=~"slow|none"} or vector(0)', start=START - 100_000, end=END, step_seconds=1
    )
    assert len(slow.times) == 100_000 + END - START + 1
    assert (np.diff(slow.times) == 1.0).all()


def test_the_clients_other_questions_are_answered(prometheus: Prometheus) -> None:
    span = {"start": START, "end": END}
    assert prometheus.label_values("queue", match="depth", **span) == ("fast", "slow")
    assert {labels["queue"] for labels in prometheus.series("depth", **span)} == {"fast", "slow"}
    assert prometheus.query("scalar(vector(7))", at=END)[0].values.tolist() == [7]
    with pytest.raises(PrometheusError, match="parse error"):
        prometheus.query_range("depth(", start=START, end=END, step_seconds=1)
