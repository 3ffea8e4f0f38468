"""Things made ahead in a thread of their own."""

import threading
from collections.abc import Iterator

import pytest

from simulator.runtime.history.one_ahead import one_ahead


def counted(made: list[int], most: int) -> Iterator[int]:
    for number in range(most):
        made.append(number)
        yield number


def test_they_come_in_their_order_and_one_is_made_ahead() -> None:
    made: list[int] = []
    for number in one_ahead(counted(made, 20)):
        assert len(made) <= number + 2
    assert made == list(range(20))


def test_they_are_made_in_another_thread() -> None:
    def makers() -> Iterator[int]:
        yield threading.get_ident()

    assert list(one_ahead(makers())) != [threading.get_ident()]


def test_what_fails_while_it_is_made_fails_where_it_is_wanted() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise OSError("full")

    found = one_ahead(failing())
    assert next(found) == 1
    with pytest.raises(OSError, match="full"):
        next(found)


def test_left_early_no_more_than_the_next_is_made() -> None:
    made: list[int] = []
    found = one_ahead(counted(made, 20))
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]  # a generator
    assert made in ([0], [0, 1])
