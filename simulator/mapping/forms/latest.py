"""Events of the latest time, tick by tick."""

from typing import NamedTuple

import numpy as np

from simulator.measures.measure import Values
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats, Ints

__all__ = ["Latest", "latest"]


class Latest(NamedTuple):
    """`counts` (ticks, series) of the latest ticks, and how many ticks these are (ticks,)."""

    counts: Floats
    n_ticks: Ints


def latest(seen: Seen, name: str, values: Values, over: float) -> Latest:
    """Counts of each tick, shape (ticks, series), added up over the ticks that end within a time.

    At first, and where a run goes on with ticks of another length, there are fewer.

    Args:
        seen: the ticks.
        name: by which the ticks before are remembered.
        values: counts of each tick alone.
        over: seconds of scenario time.
    """
    counts = np.asarray(values, dtype=np.float64)
    real_seconds = over / seen.scenario.compression
    span = max(1, round(real_seconds / seen.trace.grid.step))
    rows = np.concatenate([_before(seen, name, (span - 1, counts.shape[1])), counts])
    seen.memory[name] = rows[len(rows) - span + 1 :]
    is_known = ~np.isnan(rows).all(axis=1) if rows.shape[1] else np.ones(len(rows), dtype=np.bool_)
    up_to = np.cumsum(np.pad(np.nan_to_num(rows), ((1, 0), (0, 0))), axis=0)
    known = np.cumsum(np.pad(is_known, (1, 0)))
    return Latest(up_to[span:] - up_to[:-span], known[span:] - known[:-span])


def _before(seen: Seen, name: str, shape: tuple[int, int]) -> Floats:
    """The ticks before, `nan` where none is known."""
    found = seen.memory.get(name)
    return found if found is not None and found.shape == shape else np.full(shape, np.nan)
