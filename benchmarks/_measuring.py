"""Side by side: paired runs in turns, a table, and a verdict that decides the exit code."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Final, TypeVar

from rich.console import Console
from rich.table import Table

__all__ = [
    "AS_INSTALLED",
    "Target",
    "in_turns",
    "median_ratio",
    "print_table",
    "processor_seconds",
    "verdict",
]

_T = TypeVar("_T")

AS_INSTALLED: Final = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""The environment of a program that is compiled once, and not at each of its starts."""


@dataclass(frozen=True)
class Target:
    """A measured value, and the most (or with `is_least` the least) that it may be."""

    what: str
    measured: float
    limit: float
    unit: str = ""
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value keeps the limit; `nan` keeps none."""
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit

    def __str__(self) -> str:
        word = "at least" if self.is_least else "at most"
        state = "met" if self.is_met else "MISSED"
        return (
            f"{state}: {self.what}: {self.measured:.3g}{self.unit}, "
            f"{word} {self.limit:g}{self.unit} wanted"
        )


def in_turns(*runs: Callable[[], _T], n_rounds: int) -> list[list[_T]]:
    """What each gave, run A B A B, so that a noisy machine slows all alike."""
    rounds = [[run() for run in runs] for _ in range(n_rounds)]
    return [list(column) for column in zip(*rounds, strict=True)]


def median_ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """The median of `first / second`, pair by pair: what slowed both runs cancels out."""
    return median(a / b for a, b in zip(first, second, strict=True))


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor seconds of this process, all threads: other programs do not count."""
    before = process_time()
    work()
    return process_time() - before


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; the first column is text, the others are numbers."""
    table = Table(title=title, title_justify="left")
    table.add_column(columns[0], overflow="fold")
    for name in columns[1:]:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*row)
    Console(width=100, highlight=False).print(table)


def verdict(began: float, *targets: Target) -> int:
    """Prints each target and whether it was met; 0 when all were, else 1.

    Args:
        began: what `perf_counter` said when the benchmark began.
        targets: at least one.
    """
    for target in targets:
        print(target)
    missed = sum(not target.is_met for target in targets)
    said = f"FAIL: {missed} of {len(targets)} targets missed" if missed else "PASS"
    print(f"verdict: {said} ({perf_counter() - began:.0f} s)")
    return 1 if missed else 0
