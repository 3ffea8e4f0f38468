"""Questions asked at the same time."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.observation.at_once import at_once


@given(st.lists(st.integers(), max_size=50), st.integers(1, 4))
def test_answers_come_in_the_order_of_the_questions(every: list[int], most: int) -> None:
    assert list(at_once(lambda n: n + 1, every, most=most)) == [n + 1 for n in every]


def test_no_more_are_asked_at_the_same_time() -> None:
    lock, now, seen = threading.Lock(), [0], [0]

    def ask(_: int) -> None:
        with lock:
            now[0] += 1
            seen[0] = max(seen[0], now[0])
        time.sleep(0.002)
        with lock:
            now[0] -= 1

    list(at_once(ask, range(20), most=2))

    assert seen[0] <= 2


def test_what_goes_wrong_is_raised_in_the_place_of_its_answer() -> None:
    answers = at_once(lambda n: 1 // n, [1, 0, 1], most=2)

    assert next(answers) == 1
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_left_early_it_neither_waits_nor_begins_more() -> None:
    release, begun = threading.Event(), []

    def ask(n: int) -> int:
        begun.append(n)
        if n:
            release.wait(20.0)
        return n

    answers = at_once(ask, range(100), most=2)
    assert next(answers) == 0
    begin = time.monotonic()
    answers.close()
    seconds = time.monotonic() - begin
    release.set()

    assert seconds < 5.0
    assert len(begun) < 5
