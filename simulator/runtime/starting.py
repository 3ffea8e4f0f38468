"""Starting a service on loopback, on a free port or on its usual one."""

from pathlib import Path

from simulator.errors import StackError
from simulator.runtime.ports import LOOPBACK, claim_port, free_port
from simulator.runtime.processes import Process, Supervisor, wait_until_ready
from simulator.runtime.services import Service

__all__ = ["started"]

_PORT_ATTEMPTS = 5
_LOST_RACE = "address already in use"


def started(
    service: Service, supervisor: Supervisor, folder: Path, *, has_usual_port: bool = False
) -> str:
    """The URL of the service, which answers there; its log is in the folder.

    Raises:
        StackError: it does not start, or its usual port is taken.
    """
    for attempts_left in reversed(range(_PORT_ATTEMPTS)):
        port = claim_port(service.usual_port, service.name) if has_usual_port else free_port()
        url = f"http://{LOOPBACK}:{port}"
        process = supervisor.start(
            service.name,
            service.argv_on(port),
            log=folder / f"{service.name}.log",
            env=service.env_on(port),
        )
        try:
            wait_until_ready(process, url + service.ready_path)
        except StackError:
            supervisor.stop(process)
            if has_usual_port or not attempts_left or not _lost_port_race(process):
                raise
        else:
            return url
    raise AssertionError("the last attempt returns or raises")


def _lost_port_race(process: Process) -> bool:
    """Whether it ended because another process took its port between the look and the use."""
    return _LOST_RACE in process.log.read_text(errors="replace")
