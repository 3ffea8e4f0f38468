"""How far long work is, for whoever wants to know."""

from collections.abc import Callable
from dataclasses import dataclass, replace

__all__ = ["Progress", "Report", "unreported", "within"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a stage of the work `done` parts out of `total`; `note` is about the latest."""

    stage: str
    done: int
    total: int
    note: str = ""


Report = Callable[[Progress], None]
"""Called whenever there is progress, at the latest when a stage is done."""


def unreported(_progress: Progress) -> None:
    """Does nothing with it."""


def within(work: str, report: Report) -> Report:
    """A report of stages that are parts of some work, which is named before each of them.

    >>> within("round 1", print)(Progress("history", 1, 4))
    Progress(stage='round 1: history', done=1, total=4, note='')
    """
    return lambda progress: report(replace(progress, stage=f"{work}: {progress.stage}"))
