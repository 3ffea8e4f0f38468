"""What the system says of processes that a test did not start itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from tests.support.waiting import BOUND, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable


def children(pid: int) -> list[psutil.Process]:
    """All processes below one."""
    return psutil.Process(pid).children(recursive=True)


def command_line(process: psutil.Process) -> str:
    """How it was started; nothing if it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_the_end(processes: Iterable[psutil.Process], *, seconds: float = BOUND) -> None:
    """Until none of them is alive."""
    alive = list(processes)
    wait_until(
        lambda: not any(map(is_alive, alive)),
        lambda: f"the end of {[process for process in alive if is_alive(process)]}",
        seconds=seconds,
    )
