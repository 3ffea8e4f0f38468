"""Staleness marks beside those of a real Prometheus whose target's series come and go."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pytest

from simulator.metrics.staleness import with_staleness_marks
from simulator.tsdb.blocks import Samples
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.real_tsdb import Programs

pytestmark = pytest.mark.e2e

SCRIPT: Final = ("ab", "ab", "b", "ab", None, None, "b", "", "ab", "a", None, "b", "a")
"""The series that each scrape finds; None where the target does not answer."""


class Target:
    """Answers scrape after scrape as the script has it, and then with its last line."""

    def __init__(self) -> None:
        self.n_scrapes = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def _handler(target) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                series = SCRIPT[min(target.n_scrapes, len(SCRIPT) - 1)]
                target.n_scrapes += 1
                self.send_response(503 if series is None else 200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write("".join(f"{name} 1\n" for name in series or "").encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing; the parameter's name is the base class's."""

        return Handler


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as found:
        yield found


def test_marks_are_where_a_prometheus_that_scrapes_writes_them(
    tmp_path: Path, programs: Programs, target: Target
) -> None:
    data = tmp_path / "data"
    config = f"""
global: {{scrape_interval: 400ms, scrape_timeout: 400ms}}
scrape_configs: [{{job_name: lab, static_configs: [{{targets: ["{target.address}"]}}]}}]
"""
    with programs.serving(data, config=config):
        wait_until(lambda: target.n_scrapes > len(SCRIPT), "scrapes")
    dump = "\n".join(programs.dump(data))

    scrapes = sorted(time for time, _ in samples_in(dump, "up"))[: len(SCRIPT)]
    is_present = np.array([[name in (found or "") for found in SCRIPT] for name in "ab"])
    labels = [{"__name__": name} for name in "ab"]
    ones = np.where(is_present, 1.0, np.nan)
    served = Samples(labels, np.array(scrapes), ones, is_present)
    ours, _ = with_staleness_marks(served, np.ones(is_present.shape, dtype=np.bool_))
    for name, values, is_there in zip("ab", ours.values, ours.is_present, strict=True):
        texts = np.where(np.isnan(values), "NaN", "1")
        expected = list(zip(ours.times_ms[is_there].tolist(), texts[is_there], strict=True))
        found = sorted(samples_in(dump, name))
        assert [sample for sample in found if sample[0] <= scrapes[-1]] == expected


def samples_in(dump: str, name: str) -> Iterator[tuple[int, str]]:
    """The times in ms and the values of a series of the target."""
    for value, time in re.findall(rf'^{{__name__="{name}".*}} (\S+) (\d+)$', dump, re.MULTILINE):
        yield int(time), value
