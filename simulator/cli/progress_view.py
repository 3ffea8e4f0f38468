"""How a long command gets on: a bar with the time left on a terminal, plain lines elsewhere."""

from collections.abc import Callable
from typing import Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Column

from simulator.progress import Progress
from simulator.runtime.clock import monotonic

__all__ = ["ProgressView", "can_redraw"]

_SECONDS_BETWEEN_LINES: Final = 5.0
_WIDE_FROM: Final = 100
_BAR_WIDTH: Final = {True: 30, False: 12}


def can_redraw(console: Console) -> bool:
    """Whether a line can be drawn over; not in a pipe, nor on a terminal that calls itself dumb."""
    return console.is_terminal and not console.is_dumb_terminal


def _whole() -> Column:
    """A column as wide as what is in it, of which nothing is cut."""
    return Column(no_wrap=True, overflow="ignore")


class ProgressView:
    """Tells on stderr how far the stages of a command are; nothing stays of a bar that is done.

    Args:
        console: where to tell it.
        clock: seconds that only rise.
    """

    def __init__(
        self, console: Console | None = None, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._console = console or Console(stderr=True)
        self._clock = clock
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}", table_column=_whole()),
            BarColumn(bar_width=_BAR_WIDTH[self._console.width >= _WIDE_FROM]),
            TextColumn("{task.percentage:>3.0f} %", table_column=_whole()),
            TimeElapsedColumn(table_column=_whole()),
            TextColumn("left", table_column=_whole()),
            TimeRemainingColumn(table_column=_whole()),
            # only the note gives way where there is little room
            TextColumn("[dim]{task.fields[note]}", table_column=Column(ratio=1, no_wrap=True)),
            console=self._console,
            transient=True,
            expand=True,
            get_time=clock,
            disable=not can_redraw(self._console),
        )
        self._tasks: dict[str, TaskID] = {}
        self._said = -_SECONDS_BETWEEN_LINES

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, now: Progress) -> None:
        """The progress as it is now; a stage's first and its last are always shown."""
        if can_redraw(self._console):
            self._move(now)
            return
        is_due = self._clock() - self._said >= _SECONDS_BETWEEN_LINES
        if is_due or now.stage not in self._tasks or now.done >= now.total:
            self._tasks[now.stage] = TaskID(len(self._tasks))
            self._said = self._clock()
            share = 100.0 * now.done / now.total if now.total else 100.0
            self._console.print(f"{now.stage}: {share:.0f} % {now.note}".rstrip(), soft_wrap=True)

    def refresh(self) -> None:
        """Draws the bar as it is now; it is drawn by itself some times a second."""
        self._bars.refresh()

    def _move(self, now: Progress) -> None:
        if now.stage not in self._tasks:
            for task in self._tasks.values():
                self._bars.update(task, visible=False)
            self._tasks[now.stage] = self._bars.add_task(now.stage, total=now.total, note=now.note)
        self._bars.update(
            self._tasks[now.stage], completed=now.done, total=now.total, note=now.note
        )
