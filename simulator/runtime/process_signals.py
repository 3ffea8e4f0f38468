"""Signals that end a program, as exceptions that leave `with` blocks in order, or held back."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Final

__all__ = ["ENDING", "interrupt_on_termination", "signals_deferred", "signals_held_back"]

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, `kill`, and the terminal closed."""


@contextmanager
def interrupt_on_termination() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise KeyboardInterrupt, so that `with` blocks clean up.

    Changes only signals that still have their default effect, and only in the main thread, where
    Python allows it: a program that handles them itself keeps doing so.
    """
    with ExitStack() as undo:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is signal.SIG_DFL:
                    undo.callback(signal.signal, number, signal.SIG_DFL)
                    signal.signal(number, signal.default_int_handler)
        yield


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Inside, an impatient second Ctrl-C cannot stop what has to be done, which is bounded in time.

    Processes that are started inside begin with these signals blocked.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        with signals_deferred():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Inside, signals that would raise KeyboardInterrupt do so only when the block is left.

    This holds whichever thread the system gives them to: Python's handlers run in the main one,
    whose mask is not asked then.
    """
    came: list[int] = []

    def keep(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    is_main = threading.current_thread() is threading.main_thread()
    swapped = [
        number
        for number in ENDING
        if is_main and signal.getsignal(number) is signal.default_int_handler
    ]
    for number in swapped:
        signal.signal(number, keep)
    try:
        yield
    finally:
        for number in swapped:
            signal.signal(number, signal.default_int_handler)
        if came:
            signal.raise_signal(came[0])
