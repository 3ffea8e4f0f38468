"""How long an outage is waited for between two attempts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pushing.gateway import PushgatewayUnreachableError
from simulator.pushing.outage import Backoff, OutageWatch


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_shorter_than_the_first_nor_longer_than_the_cap(
    n_failures: int, share: float
) -> None:
    assert 0.5 <= Backoff(jitter=lambda: share).delay_seconds(n_failures) <= 15.0


def test_the_longest_wait_doubles_up_to_the_cap() -> None:
    longest = Backoff(jitter=lambda: 1.0)

    assert [longest.delay_seconds(n) for n in range(1, 8)] == [1, 2, 4, 8, 15, 15, 15]


def test_waits_differ_between_runs() -> None:
    assert len({Backoff().delay_seconds(9) for _ in range(20)}) > 1


@pytest.mark.parametrize(("first", "cap"), [(0.0, 1.0), (2.0, 1.0), (-1.0, 1.0)])
def test_a_backoff_that_makes_no_sense_is_refused(first: float, cap: float) -> None:
    with pytest.raises(ValueError, match="first_seconds <= cap_seconds"):
        Backoff(first_seconds=first, cap_seconds=cap)


def test_a_watched_outage_waits_longer_with_each_failure_and_not_at_all_after_it() -> None:
    watch = OutageWatch("it", clock=lambda: 100.0, backoff=Backoff(jitter=lambda: 1.0))
    waits = [watch.delay_seconds]
    for _ in range(3):
        watch.note_failure(PushgatewayUnreachableError("down"))
        waits.append(watch.delay_seconds)
    watch.note_answer()

    assert [*waits, watch.delay_seconds] == [0, 1, 2, 4, 0]
