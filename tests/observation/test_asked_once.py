"""Range queries of which the same are asked once."""

import threading

import numpy as np
import pytest

from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.observation.asked_once import AskedOnce

SECONDS = 20.0


class Counting:
    """Answers with as many points as are asked for, and remembers what was asked."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[str] = []
        self.failures = failures

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        return self.query_range(expr, start=at, end=at, step_seconds=1.0)

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        self.asked.append(expr)
        if len(self.asked) <= self.failures:
            raise PrometheusError("too busy")
        times = np.arange(start, end + step_seconds, step_seconds)
        return (Series({"job": "api"}, times, times),)


def ask(once: AskedOnce, expr: str, *, end: float = 10.0) -> tuple[Series, ...]:
    return once.query_range(expr, start=0.0, end=end, step_seconds=1.0)


def test_the_same_question_is_asked_once() -> None:
    counting = Counting()
    once = AskedOnce(counting)
    first = ask(once, "up")
    assert ask(once, "up") is ask(once, "sort_desc( up )") is first
    assert counting.asked == ["up"]


def test_another_text_span_or_step_is_another_question() -> None:
    counting = Counting()
    once = AskedOnce(counting)
    ask(once, "up")
    ask(once, "down")
    ask(once, "up", end=11.0)
    once.query_range("up", start=0.0, end=10.0, step_seconds=2.0)
    once.query_range("up", start=1.0, end=10.0, step_seconds=1.0)
    assert len(counting.asked) == 5


def test_what_is_asked_at_a_moment_is_asked_each_time() -> None:
    counting = Counting()
    once = AskedOnce(counting)
    for _ in range(2):
        (only,) = once.query("up", at=5.0)
        assert only.times[0] == 5.0
    assert counting.asked == ["up", "up"]


def test_what_failed_is_asked_again() -> None:
    counting = Counting(failures=1)
    once = AskedOnce(counting)
    with pytest.raises(PrometheusError, match="too busy"):
        ask(once, "up")
    assert len(ask(once, "up")) == len(ask(once, "up")) == 1
    assert counting.asked == ["up", "up"]


@pytest.mark.parametrize("failures", [0, 1])
def test_a_question_under_way_in_another_thread_is_waited_for(failures: int) -> None:
    class Waiting(Counting):
        def query_range(
            self, expr: str, *, start: float, end: float, step_seconds: float
        ) -> tuple[Series, ...]:
            begun.set()
            assert allowed.wait(SECONDS)
            return super().query_range(expr, start=start, end=end, step_seconds=step_seconds)

    begun, allowed = threading.Event(), threading.Event()
    waiting = Waiting(failures)
    once = AskedOnce(waiting)
    found: list[int] = []

    def asks() -> None:
        try:
            found.append(len(ask(once, "up")))
        except PrometheusError:
            found.append(-1)

    threads = [threading.Thread(target=asks) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(SECONDS)
    allowed.set()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(found) == ([1, 1] if not failures else [-1, 1])
    assert len(waiting.asked) == 1 + failures


def test_no_more_points_are_kept_than_may_be_and_the_oldest_go_first() -> None:
    counting = Counting()
    once = AskedOnce(counting, most_points=25)
    for name in ("a", "b", "c", "c", "b", "a"):
        ask(once, name)  # 11 points each
    assert counting.asked == ["a", "b", "c", "a"]
