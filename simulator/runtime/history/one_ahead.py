"""Things made in a thread of their own, while the one before is worked on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

__all__ = ["one_ahead"]

_T = TypeVar("_T")
_END: Final = object()


def one_ahead(things: Iterator[_T]) -> Iterator[_T]:
    """The same things in their order, of which at most one is made ahead.

    Where it is left early, the one that is being made is waited for, and no more are.

    >>> list(one_ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(next, things, _END)
        while (thing := following.result()) is not _END:
            following = thread.submit(next, things, _END)
            yield thing  # type: ignore[misc]  # not the end
