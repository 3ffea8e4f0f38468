"""When the simulator says that it, and not what it simulates, is the limit."""

from __future__ import annotations

import logging

import pytest

from simulator.quoting import MOST_QUOTED
from simulator.runtime.keeping_up import KeepingUp


class Run:
    """Ticks of a second each, and what was said of them."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.now = 0.0
        self.keeping_up = KeepingUp(lambda: self.now)
        self._caplog = caplog
        caplog.set_level(logging.INFO)

    def tick(self, lag_seconds: float = 0.0, *, is_overrun: bool = False) -> None:
        self.now += 1.0
        self.keeping_up.look(lag_seconds, is_overrun=is_overrun)

    @property
    def said(self) -> list[str]:
        return self._caplog.messages


@pytest.fixture
def run(caplog: pytest.LogCaptureFixture) -> Run:
    return Run(caplog)


def test_a_loop_that_is_half_a_second_late_is_the_limit(run: Run) -> None:
    run.tick(0.5)

    assert run.said == [
        "the simulator, and not the platform it simulates, is the limit: event loop 0.50 s late, "
        "0 of 1 ticks overran; send less, or give it more processor time"
    ]
    assert run.keeping_up.warning == run.said[0]


def test_a_moment_in_which_the_machine_did_something_else_is_none(run: Run) -> None:
    for lag in (0.0, 0.49, 0.09, 0.3, 0.0):
        run.tick(lag)

    run.keeping_up.tell_all()
    assert run.said == []
    assert run.keeping_up.warning is None


def test_a_loop_that_is_late_in_two_ticks_in_a_row_is_the_limit(run: Run) -> None:
    run.tick(0.1)
    assert run.keeping_up.warning is None
    run.tick(0.1)
    assert run.keeping_up.warning is not None


def test_ticks_that_overrun_one_after_the_other_are_the_limit(run: Run) -> None:
    run.tick(is_overrun=True)
    run.tick(is_overrun=True)

    assert "2 of 2 ticks overran" in run.said[0]


def test_the_warning_lasts_long_enough_to_be_seen_and_ends(run: Run) -> None:
    run.tick(3.0)
    for _ in range(14):
        run.tick()
    assert run.keeping_up.warning is not None

    run.tick()
    assert run.keeping_up.warning is None


def test_it_is_said_once_a_minute(run: Run) -> None:
    for _ in range(121):
        run.tick(1.0)

    assert len(run.said) == 3


def test_at_the_end_it_says_how_much_of_the_run_it_was(run: Run) -> None:
    for lag in (0.0, 3.25, 0.7, 0.0, 0.0):
        run.tick(lag)
    run.keeping_up.tell_all()

    assert run.said[-1] == (
        "the simulator was the limit in 2 of 5 ticks, and its event loop up to 3.25 s late"
    )


def test_ticks_in_which_it_was_the_limit_are_counted(run: Run) -> None:
    for lag in (0.0, 0.2, 0.0, 3.25, 0.7, 0.0):
        run.tick(lag)

    assert run.keeping_up.n_limited == 2


def test_all_of_it_fits_where_others_quote_it(run: Run) -> None:
    for _ in range(1_000_000, 1_000_003):
        run.tick(86_400.0, is_overrun=True)

    assert len(run.said[0]) < MOST_QUOTED - 20
