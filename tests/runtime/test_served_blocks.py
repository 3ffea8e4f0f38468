"""A Prometheus on blocks that ends before it has answered everything."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.errors import PrometheusError, StackError
from simulator.runtime.served_blocks import served_blocks
from simulator.runtime.services import prometheus

if TYPE_CHECKING:
    from pathlib import Path

# Answers that it is ready, and ends in a panic as soon as it is asked anything.
PROMETHEUS = f"""#!{sys.executable}
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "ready" not in self.path:
            print("panic: write /x: no space left on device", *["goroutine 1"] * 50, sep="\\n")
            sys.stdout.flush()
            os._exit(2)
        self.send_response(200)
        self.end_headers()
port = int(next(a for a in sys.argv if "listen-address" in a).rpartition(":")[2])
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
FULL = "prometheus ended with exit code 2, as there is no space left on the device"


@pytest.fixture
def panicking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in Prometheus's place."""
    program = tmp_path / "prometheus"
    program.write_text(PROMETHEUS)
    program.chmod(0o755)
    monkeypatch.setattr("simulator.runtime.served_blocks.find", lambda _: program)
    return program


def ask(folder: Path, error: Exception | None) -> None:
    with served_blocks(folder, scrape_interval_seconds=15.0) as url:
        with pytest.raises(requests.RequestException):
            requests.get(f"{url}/api/v1/query", timeout=10)
        if error:
            raise error


@pytest.mark.usefixtures("panicking")
@pytest.mark.parametrize("error", [None, PrometheusError("nothing answers")])
def test_the_end_of_prometheus_is_said_with_its_cause(
    tmp_path: Path, error: Exception | None
) -> None:
    with pytest.raises(StackError, match=FULL):
        ask(tmp_path, error)


def test_one_that_only_reads_leaves_its_garbage_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def collects_at(*, is_reading_only: bool) -> str | None:
        service = prometheus(
            tmp_path / "prometheus",
            config_file=tmp_path / "prometheus.yml",
            storage_dir=tmp_path,
            is_reading_only=is_reading_only,
        )
        return service.env_on(9090).get("GOGC")

    monkeypatch.delenv("GOGC", raising=False)
    assert [collects_at(is_reading_only=only) for only in (True, False)] == ["400", None]
    monkeypatch.setenv("GOGC", "50")
    assert collects_at(is_reading_only=True) is None
