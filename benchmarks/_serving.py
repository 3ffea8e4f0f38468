"""API servers on loopback, for benchmarks to send requests to."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.runtime.ports import free_port
from simulator.runtime.processes import Supervisor, wait_until_ready

__all__ = ["HERE", "served"]

HERE = Path(__file__).parent


@contextmanager
def served(*apis: str) -> Iterator[dict[str, int]]:
    """Ports of the APIs of those names, each in its own process, stopped when the block is left."""
    ports = {}
    with tempfile.TemporaryDirectory() as folder, Supervisor() as supervisor:
        for api in apis:
            port = ports[api] = free_port()
            argv: list[str | Path] = [sys.executable, HERE / "_api_server.py", api, str(port)]
            process = supervisor.start(f"the {api} API", argv, log=Path(folder) / f"{api}.log")
            wait_until_ready(process, f"http://127.0.0.1:{port}/health")
        yield ports
