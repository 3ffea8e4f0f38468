"""Range queries of which those that are the same are asked once, also by several panels."""

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Final, Protocol, TypeAlias

from simulator.grafana.frames import Series
from simulator.promql.ordering import unordered

__all__ = ["AskedOnce", "Queries"]

_MOST_POINTS: Final = 2_000_000
"""Of answers that are kept, 16 bytes each: a day of this project's panels, every 15 s, is half."""

_Question: TypeAlias = tuple[str, float, float, float]


class Queries(Protocol):
    """What answers queries, such as a Prometheus; both raise PrometheusError."""

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        """The series of an instant query, one point each."""
        ...

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        """The series from start to end, both included."""
        ...


class AskedOnce:
    """The queries of something that answers, whose latest answers over a range are kept.

    What is being asked in another thread is waited for. A failure is told to who asked, and what
    failed is asked again.
    """

    def __init__(self, queries: Queries, *, most_points: int = _MOST_POINTS) -> None:
        self._queries = queries
        self._most_points = most_points
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Question, Future[tuple[Series, ...]]] = OrderedDict()

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        """The series of an instant query, which is asked each time."""
        return self._queries.query(expr, at=at)

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        """The series from start to end, both included; what only sorts them is not looked at."""
        question = (unordered(expr), start, end, step_seconds)
        with self._lock:
            known = self._answers.get(question)
            if known is None:
                answer = self._answers[question] = Future()
        if known is not None and known.exception() is None:
            return known.result()
        try:
            found = self._queries.query_range(expr, start=start, end=end, step_seconds=step_seconds)
        except BaseException as error:
            if known is None:
                with self._lock:
                    del self._answers[question]
                answer.set_exception(error)
            raise
        if known is None:
            answer.set_result(found)
            self._let_go()
        return found

    def _let_go(self) -> None:
        """Forgets the oldest answers, so that no more points are kept than may be."""
        with self._lock:
            done = [key for key, answer in self._answers.items() if answer.done()]
            points = [sum(len(one.times) for one in self._answers[key].result()) for key in done]
            total = sum(points)
            for key, count in zip(done, points, strict=True):
                if total <= self._most_points:
                    break
                del self._answers[key]
                total -= count
