"""A Prometheus on a folder of blocks, and nothing else: it scrapes nobody."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml

from simulator.errors import PrometheusError
from simulator.runtime.binaries import find
from simulator.runtime.processes import Supervisor, is_answering
from simulator.runtime.services import prometheus
from simulator.runtime.starting import started
from simulator.runtime.temporary import temporary_folder
from simulator.timeline.durations import format_duration

__all__ = ["served_blocks"]

_ENDING_SECONDS = 0.1


@contextmanager
def served_blocks(folder: Path, *, scrape_interval_seconds: float) -> Iterator[str]:
    """The URL of a Prometheus that answers from the blocks until the block is left.

    Nothing in them is too old for it, and it merges none of them.

    Raises:
        StackError: Prometheus is missing, does not start, or ends by itself.
    """
    program = find("prometheus")
    with temporary_folder("prometheus") as working:
        config = working / "prometheus.yml"
        interval = format_duration(scrape_interval_seconds)
        config.write_text(yaml.safe_dump({"global": {"scrape_interval": interval}}))
        with Supervisor() as supervisor:
            service = prometheus(
                program, config_file=config, storage_dir=folder, is_reading_only=True
            )
            url = started(service, supervisor, working)
            try:
                yield url
            except PrometheusError:
                _require_running(supervisor, url + service.ready_path)  # else this is why
                raise
            # else it has not answered all that it was asked
            _require_running(supervisor, url + service.ready_path)


def _require_running(supervisor: Supervisor, ready_url: str) -> None:
    for process in supervisor.processes:
        if not is_answering(ready_url):  # one that broke off an answer is about to end
            with suppress(subprocess.TimeoutExpired):
                process.child.wait(_ENDING_SECONDS)
        process.require_running()
