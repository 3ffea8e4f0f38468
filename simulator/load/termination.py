"""Ctrl-C, SIGTERM and a closed terminal: each ends Locust in order, from its first moment on."""

import atexit
import logging
import os
import signal
from collections.abc import Callable
from typing import Final

import gevent
from locust.env import Environment
from locust.runners import MasterRunner

from simulator.load.forked import end_forked_workers, end_with_parent, is_forked
from simulator.load.listening import on

__all__ = ["Signals"]

_LOG = logging.getLogger("scoring")
_HANDLER_SECONDS: Final = 0.1  # in which Locust's own handler has begun, where there is one
_STDIN: Final = 0
_KILLED_BY: Final = 128  # is added to a signal's number for the exit code, as shells do


class Signals:
    """What this process does on signals. Further ones cannot stop the stopping.

    Python would raise KeyboardInterrupt wherever it is; in a user that has sent a request and not
    yet counted the answer, that request would be missing from Locust's figures. So the main
    greenlet is interrupted instead, while no user is running.

    Locust listens to SIGTERM itself, but only once it waits for the end: not while the platform
    starts, nor while a master waits for workers, nor in a headless test with a shape. It does not
    listen to SIGHUP at all. SIGHUP and SIGTERM that are to be ignored, as with nohup, still are.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._is_prepared = self._has_begun = self._is_ending = False
        self._has_terminal = os.isatty(_STDIN)
        on(environment.events.test_start, self._begin)
        self._handlers = [
            _handler(number, listener)
            for number, listener in (
                (signal.SIGINT, self._interrupt),
                (signal.SIGTERM, self._interrupt_unless_locust_does),
                (signal.SIGHUP, self._interrupt_without_terminal),
            )
            if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN
        ]
        if is_forked():
            end_with_parent()

    def prepared(self) -> None:
        """From here on Locust ends as it does on Ctrl-C, with what users did so far."""
        self._is_prepared = True
        # `quitting` runs in reverse: this comes before all that takes its time
        on(self._environment.events.quitting, self._end)

    def _begin(self, **_: object) -> None:
        self._has_begun = True

    def _end(self, **_: object) -> None:
        self._is_ending = True
        # Locust would begin its end anew, in the midst of it
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def _interrupt_unless_locust_does(self, number: signal.Signals) -> None:
        gevent.sleep(_HANDLER_SECONDS)
        self._interrupt(number)

    def _interrupt_without_terminal(self, number: signal.Signals) -> None:
        if self._has_terminal and not os.isatty(_STDIN):
            # Locust sets the terminal's mode back at its end, and fails where there is none
            _, terminal = os.openpty()
            os.dup2(terminal, _STDIN)
        self._interrupt(number)

    def _interrupt(self, number: signal.Signals) -> None:
        if self._is_ending:
            return
        self._is_ending = True
        _LOG.info("Ending, because of %s", number.name)
        if not self._is_prepared or self._is_waiting_for_workers():
            atexit.register(self._dismiss_workers)
            _interrupt_main(SystemExit(_KILLED_BY + number))
        else:
            _interrupt_main(KeyboardInterrupt())

    def _dismiss_workers(self) -> None:
        """Ends workers that have come, or have been forked, before the test; Locust would not."""
        environment = self._environment
        if environment.parsed_options is not None and environment.parsed_options.processes:
            end_forked_workers()
        else:
            environment.events.quitting.fire(environment=environment, reverse=True)  # type: ignore[no-untyped-call]  # Locust's is untyped

    def _is_waiting_for_workers(self) -> bool:
        options = self._environment.parsed_options
        is_headless = options is not None and options.headless
        is_master = isinstance(self._environment.runner, MasterRunner)
        return is_headless and is_master and not self._has_begun


def _handler(number: signal.Signals, listener: Callable[[signal.Signals], None]) -> object:
    """Has gevent call the listener in a greenlet; Python is told that its handler is not the usual.

    Who finds the usual one, and puts another in its place for a while, would undo gevent's.
    """
    signal.signal(number, lambda *_: None)
    return gevent.signal_handler(number, listener, number)


def _interrupt_main(interruption: BaseException) -> None:
    gevent.get_hub().handle_system_error(type(interruption), interruption)
