"""Several questions asked at the same time, of which none is waited for once nobody wants it."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from typing import TypeVar

__all__ = ["at_once"]

_T = TypeVar("_T")
_R = TypeVar("_R")


def at_once(ask: Callable[[_T], _R], every: Sequence[_T], *, most: int) -> Generator[_R]:
    """The answers in order; `most` of them are asked for at the same time.

    Where it is left early, as by Ctrl-C, no more are begun, and those under way, which may wait
    minutes for a Prometheus that hangs, keep nobody from ending: a ThreadPoolExecutor would wait.

    >>> list(at_once(len, ["a", "bb", "ccc"], most=2))
    [1, 2, 3]
    """
    answers: deque[Future[_R]] = deque(Future() for _ in every)
    waiting = deque(zip(every, answers, strict=True))

    def work() -> None:
        while waiting:
            try:
                one, answer = waiting.popleft()
            except IndexError:  # another thread was quicker
                return
            try:
                answer.set_result(ask(one))
            except BaseException as error:  # noqa: BLE001 - raised where the answer is wanted
                answer.set_exception(error)

    for _ in range(min(most, len(every))):
        threading.Thread(target=work, daemon=True).start()
    try:
        while answers:  # let go of one by one: each may hold a day of samples
            yield answers.popleft().result()
    finally:
        waiting.clear()
