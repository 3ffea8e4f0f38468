"""API servers on loopback, for benchmarks to send requests to."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from simulator.runtime.ports import free_port
from simulator.runtime.processes import Supervisor, wait_until_ready

__all__ = ["HERE", "Server", "served"]

HERE = Path(__file__).parent
_BESIDE = Path(sys.executable).parent  # programs of the environment
_GRANIAN = "granian"


@dataclass(frozen=True)
class Server:
    """An API in a process of its own, and the processes that it has started."""

    port: int
    process: psutil.Process

    def processor_seconds(self) -> float:
        """What all of it has used so far; ended children no longer count."""
        all_of_it = [self.process, *self.process.children(recursive=True)]
        times = [one.cpu_times() for one in all_of_it]
        return float(sum(t.user + t.system for t in times))


@contextmanager
def served(*apis: str) -> Iterator[dict[str, Server]]:
    """The APIs of those names, each in its own process, stopped when the block is left."""
    servers = {}
    with tempfile.TemporaryDirectory() as folder, Supervisor() as supervisor:
        for api in apis:
            port = free_port()
            process = supervisor.start(
                f"the {api} API", _command(api, port), log=Path(folder) / f"{api}.log", cwd=HERE
            )
            wait_until_ready(process, f"http://127.0.0.1:{port}/health")
            servers[api] = Server(port, psutil.Process(process.child.pid))
        yield servers


def _command(api: str, port: int) -> list[str | Path]:
    if api != _GRANIAN:
        return [sys.executable, HERE / "_api_server.py", api, str(port)]
    program = _BESIDE / _GRANIAN
    if not program.exists():
        raise SystemExit("granian is not installed: pip install '.[bench]', or make bench")
    argv: list[str | Path] = [program, "--interface", "asgi", "--host", "127.0.0.1"]
    argv += ["--port", str(port), "--workers", "1", "--loop", "uvloop", "--no-access-log"]
    return [*argv, "--factory", "_validating_apis:starlette_app"]
