"""The workers of --processes, which Locust forks: none of them outlives its parent."""

import ctypes
import os
import signal
import sys
import time
from typing import Final

import gevent
import psutil

__all__ = ["end_forked_workers", "end_with_parent", "is_forked"]

_PARENT: Final = os.getpid()  # of a process that was forked later, which is when Locust forks
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_POLL_SECONDS: Final = 0.05
_END_SECONDS: Final = 10.0


def is_forked() -> bool:
    """Whether this process was forked after it had read the locustfile."""
    return os.getpid() != _PARENT


def end_with_parent() -> None:
    """Has this forked worker get SIGHUP when its parent ends, however that happens; on Linux.

    Elsewhere, and while it still looks for its master, it takes Locust's own time to notice.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGHUP)
        if os.getppid() != _PARENT:  # already
            os.kill(os.getpid(), signal.SIGHUP)


def end_forked_workers() -> None:
    """Ends the workers that this process has forked; a message to quit finds some half-made."""
    workers = [child for child in psutil.Process().children() if _is_worker(child)]
    for worker in workers:
        worker.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + _END_SECONDS
    while any(map(_is_worker, workers)) and time.monotonic() < deadline:
        gevent.sleep(_POLL_SECONDS)


def _is_worker(child: psutil.Process) -> bool:
    """Whether it still runs this very command; one that is about to become a program does not.

    Exit codes are left for Locust to read.
    """
    try:
        is_same = child.cmdline() == psutil.Process().cmdline()
        return is_same and child.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
