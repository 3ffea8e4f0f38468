"""Ctrl-C while this locustfile is still being read, which takes a second or two.

Python would end with a traceback of whatever it was importing. Nothing has been started then, so
the signal may do what it does to any program. `Signals` takes over once the options are known.
Reading this module does that, since it has to come before the modules that take their time.
"""

import signal

__all__: list[str] = []

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
