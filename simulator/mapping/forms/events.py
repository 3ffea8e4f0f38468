"""How often a state came to be as a comparison asks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.mapping.forms.comparing import holds
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.series import with_constants
from simulator.mapping.sources import Events, Level, Source
from simulator.measures.measure import Numbers, Values
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats, Ints

__all__ = ["events"]


def events(source: Source, context: Context) -> Node:
    """Events of each tick, of each series of a state and each level."""
    said: Events = source.said
    own = {name: "" for level in said.levels for name in level.labels}
    of = context.series_of(said.of, "events of")
    of_levels = [with_constants(of, {**own, **level.labels}) for level in said.levels]

    def values(seen: Seen) -> Values:
        found = np.asarray(of.values(seen))
        return np.concatenate([rose(seen, level, found) for rose, level in rises], axis=1)

    rises = [
        (_rises(f"{context.metric} events {index}"), level)
        for index, level in enumerate(said.levels)
    ]
    return replace(
        of_levels[0],
        kind="count",
        rows=tuple(row for node in of_levels for row in node.rows),
        values=values,
        unit="",
        help=f"How often it came to be so: {of.help}",
    )


def _rises(name: str) -> Callable[[Seen, Level, Numbers], Ints]:
    def rises(seen: Seen, level: Level, states: Numbers) -> Ints:
        flags = holds(level, states)
        before = seen.remembered(name, np.full(flags.shape[1], np.nan))
        known = _last_known(np.concatenate([before[np.newaxis], flags]))
        seen.memory[name] = known[-1]
        return np.asarray((flags == 1.0) & (known[:-1] != 1.0), dtype=np.int64)

    return rises


def _last_known(flags: Floats) -> Floats:
    """The latest flag that was known up to each tick, shape (ticks, series).

    >>> _last_known(np.array([[np.nan], [1.0], [np.nan], [0.0]])).ravel()
    array([nan,  1.,  1.,  0.])
    """
    ticks = np.arange(len(flags))[:, np.newaxis]
    latest = np.maximum.accumulate(np.where(np.isnan(flags), 0, ticks), axis=0)
    return np.asarray(np.take_along_axis(flags, latest, axis=0))
