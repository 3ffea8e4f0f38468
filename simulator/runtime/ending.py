"""How programs end: with their parent, whatever ends that, and in which words that is told.

On Linux a program is killed by the kernel when the simulator dies without a chance to clean up
(kill -9, out of memory): `setpriv --pdeathsig` asks for that, and a shell looks whether the
simulator is still there before it becomes the program. A `preexec_fn` calling prctl would do the
same, but is unsafe in a process with threads. The kernel ties this to the *thread* that started the
program: start programs from one that lives as long as they should. macOS has nothing of the kind;
there, kill -9 of the simulator leaves its programs running.
"""

import os
import shutil
import signal
import sys
from typing import Final

__all__ = ["dying_with_parent", "exit_description", "orphan_notes"]

_DISK_FULL: Final = "no space left on device"


def dying_with_parent() -> list[str]:
    """What to put before a command so that the kernel ends it with this process.

    A parent that died before the kernel was asked is no parent any more: then the command is not
    begun.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return []
    begin = '[ "$PPID" = "$1" ] && shift && exec "$@"'
    return [setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", begin, "sh", str(os.getpid())]


def orphan_notes() -> tuple[str, ...]:
    """What a person should know where programs outlive a simulator that is killed."""
    if dying_with_parent():
        return ()
    return (
        "kill -9 of the simulator leaves its programs running here: only Linux's setpriv "
        "(util-linux) ends them with it; Ctrl-C and SIGTERM stop them everywhere",
    )


def exit_description(name: str, code: int, said: str) -> str:
    r"""How a program ended, and that the disk is full where it says so anywhere in its words.

    >>> exit_description("prometheus", 2, "panic: write /x: no space left on device\n\ngoroutine 1")
    'prometheus ended with exit code 2, as there is no space left on the device'
    >>> exit_description("prometheus", -9, "")
    'prometheus ended with signal 9 (Killed)'
    """
    how = f"exit code {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"
    why = ", as there is no space left on the device" if _DISK_FULL in said.casefold() else ""
    return f"{name} ended with {how}{why}"
