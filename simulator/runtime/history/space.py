"""Whether a disk has space for a history, before anybody can see a part of it."""

from collections.abc import Sequence
from typing import Final

from simulator.errors import OutputError
from simulator.runtime.history.window_files import Written

__all__ = ["estimated_bytes", "require_space"]

_MARGIN: Final = 1.5
"""Later windows differ from the first: by the hour of the day, incidents, and counts that grow."""

_MEBI: Final = 1024 * 1024


def require_space(written: Written, counts: Sequence[int], *, free: int, output: str) -> None:
    """Nothing, where the disk has space for all windows.

    Args:
        written: the first of those with the most ticks, which tells of all.
        counts: the ticks of each.
        free: bytes on the disk before any of them.
        output: the folder as the user knows it.

    Raises:
        OutputError: it has not.
    """
    needed = estimated_bytes(written, counts)
    if needed > free:
        raise OutputError(
            f"the history takes about {needed / _MEBI:,.0f} MiB, and the disk of {output} has "
            f"{free / _MEBI:,.0f} MiB free; make room, choose another folder, a shorter --duration "
            "or a longer --step"
        )


def estimated_bytes(written: Written, counts: Sequence[int]) -> float:
    """What the files of all windows will hold: between as much and twice as much.

    Some bytes come with every window (its index, the beginnings of its chunks), the others with
    every tick.
    """
    return _MARGIN * (len(counts) * written.fixed_bytes + sum(counts) * written.bytes_per_tick)
