"""The program, also as `python -m simulator`: it says nothing of its insides when it is stopped."""

import gc
import os
import signal
import sys
from typing import Final

__all__ = ["main"]

_ALLOCATIONS_TO_COLLECTION: Final = 100_000


def main() -> None:
    """Runs the command line, which is imported here: Ctrl-C may come in the middle of that."""
    if sys.platform == "win32":
        sys.stderr.write("simulator: needs Linux or macOS; on Windows, run it in WSL\n")
        sys.exit(2)
    # no product of matrices here is worth a second thread, and starting them takes 0.1 s and more
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # modules, dashboards and series stay to the end: looking for garbage among them every 700
    # objects, as is usual, takes a quarter of a second of a short command, and finds none
    gc.set_threshold(_ALLOCATIONS_TO_COLLECTION)
    try:
        from simulator.cli import main as run  # noqa: PLC0415 - see above

        run()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # all is done but the interpreter's own end, which a further Ctrl-C may cut short
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
