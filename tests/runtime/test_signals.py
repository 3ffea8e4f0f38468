"""Signals held back while what must be done is done, and told afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.process_signals import (
    ENDING,
    interrupt_on_termination,
    signals_deferred,
    signals_held_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

HOLDERS = [signals_deferred, signals_held_back]


@pytest.fixture(autouse=True)
def terminable() -> Iterator[None]:
    """SIGTERM and SIGHUP as a command has them."""
    with interrupt_on_termination():
        yield


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("held", HOLDERS)
def test_a_signal_waits_for_the_end_of_the_block(
    held: Callable[[], AbstractContextManager[None]], number: signal.Signals
) -> None:
    done = []

    def work() -> None:
        with held():
            os.kill(os.getpid(), number)
            time.sleep(0.01)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]


@pytest.mark.parametrize("held", HOLDERS)
def test_a_signal_that_another_thread_is_given_waits_too(
    held: Callable[[], AbstractContextManager[None]],
) -> None:
    """The system chooses a thread; Python's handler then runs in the main one."""
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    done = []

    def work() -> None:
        with held():
            signal.pthread_kill(int(other.ident or 0), signal.SIGINT)
            time.sleep(0.05)
            done.append("all of it")

    try:
        with pytest.raises(KeyboardInterrupt):
            work()
    finally:
        over.set()
        other.join()
    assert done == ["all of it"]


def test_without_a_signal_nothing_is_changed() -> None:
    before = [signal.getsignal(number) for number in ENDING]
    with signals_held_back():
        pass

    assert [signal.getsignal(number) for number in ENDING] == before
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_program_that_is_started_meanwhile_can_be_ended() -> None:
    with signals_deferred(), subprocess.Popen(["sleep", "60"]) as program:
        program.terminate()
        assert program.wait(20) == -signal.SIGTERM
