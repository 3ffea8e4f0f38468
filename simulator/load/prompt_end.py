"""The first module of a locustfile: where it can run, and Ctrl-C while it is still being read.

Reading takes a second or two, and Python would end with a traceback of whatever it was importing.
Nothing has been started then, so the signal may do what it does to any program. `Signals` takes
over once the options are known. Reading this module does that, since it has to come before the
modules that take their time.
"""

import signal
import sys

__all__: list[str] = []

if sys.platform == "win32":
    sys.stderr.write("scoring: needs Linux or macOS; on Windows, run it in WSL\n")
    sys.exit(2)
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
