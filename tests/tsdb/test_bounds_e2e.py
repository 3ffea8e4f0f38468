"""A folder written for a Prometheus 2.x under a 3.x: what keeps history and live one series."""

from __future__ import annotations

import re
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import requests

from simulator.metrics.columns import plain_bound
from simulator.metrics.openmetrics import Column, FamilyColumns, SeriesColumns
from simulator.metrics.samples import samples
from simulator.tsdb.blocks import windows, write_block
from simulator.tsdb.ulids import ulid
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.real_tsdb import Programs

pytestmark = pytest.mark.e2e

EDGES: Final = (0.5, 1.0, 10.0)
DESIGN: Final = Path(__file__).parents[2] / "docs" / "design.md"


def histogram() -> FamilyColumns:
    """Ten minutes of it, as a history for a 2.x has it."""
    counts = np.arange(1, 41)
    bounds = [*map(plain_bound, EDGES), "+Inf"]
    columns = tuple(Column("_bucket", bound, counts) for bound in bounds)
    labels = (("instance", "lab"), ("job", "api"))
    return FamilyColumns(
        "took_seconds", "histogram", "How long.", (SeriesColumns(labels, columns),)
    )


class _Metrics(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        labels = 'instance="lab",job="api"'
        bounds = [*map(plain_bound, EDGES), "+Inf"]
        lines = [f'took_seconds_bucket{{{labels},le="{bound}"}} 50' for bound in bounds]
        lines += [f"took_seconds_sum{{{labels}}} 9", f"took_seconds_count{{{labels}}} 50"]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write("\n".join(["# TYPE took_seconds histogram", *lines, ""]).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; the parameter's name is the base class's."""


@pytest.fixture
def target() -> Iterator[str]:
    """The address of a platform that exposes the same histogram, as a Pushgateway would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Metrics)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def documented_rule() -> str:
    """The relabelling that the documentation gives."""
    found = re.search(r"^ +metric_relabel_configs:\n( +- .*\n)+", DESIGN.read_text(), re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[0])


@pytest.mark.parametrize(("is_relabelled", "n_series"), [(True, 4), (False, 6)])
def test_a_history_for_2_goes_on_under_3_as_the_documentation_says(
    tmp_path: Path, prometheus_3: Programs, target: str, *, is_relabelled: bool, n_series: int
) -> None:
    end = time.time() // 15 * 15 - 60
    times = np.linspace(end - 39 * 15.0, end, 40, dtype=np.float64)
    for number, window in enumerate(windows(samples([histogram()], times))):
        write_block(window, folder=tmp_path / "data", ulid=ulid(number, entropy=bytes(10)))
    job = f'job_name: push\nhonor_labels: true\nstatic_configs: [{{targets: ["{target}"]}}]\n'
    job += documented_rule() if is_relabelled else ""
    config = "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs:\n"
    config += textwrap.indent(job, "    ").replace("    ", "  - ", 1)

    with prometheus_3.serving(tmp_path / "data", config=config) as server:

        def asked(path: str, **form: str) -> list[dict[str, str]]:
            answer = requests.get(f"{server.url}/api/v1/{path}", params=form, timeout=20)
            assert answer.ok, answer.text
            data = answer.json()["data"]
            return list(data["result"] if path == "query" else data)

        wait_until(lambda: asked("query", query='took_seconds_count{job="api"} == 50'), "a scrape")
        found = asked("series", **{"match[]": "took_seconds_bucket", "start": "0", "end": "9e9"})
    assert len(found) == n_series, found
