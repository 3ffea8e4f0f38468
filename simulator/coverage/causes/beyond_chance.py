"""Which series two runs have that are further apart than chance alone would bring them."""

from typing import Final

import numpy as np

from simulator.simulation.arrays import Bools, Floats

__all__ = ["counters_beyond_chance", "levels_beyond_chance"]

_STRETCHES: Final = 8
"""So many stretches of time are looked at: an effect lasts for one of them at least."""
_SPREADS: Final = 6.0
"""How many healthy spreads a stretch has to be away, where the spread is known well."""
_UNSURE: Final = 3.0
"""So much more, by the number of stretches that tell of the spread: as Student's t has it."""


def levels_beyond_chance(loud: Floats, muted: Floats, other: Floats) -> Bools:
    """Whether each gauge differs between `loud` and `muted` by more than it does by chance.

    All are of shape (ticks, series), nan where a series is absent. `other` is `muted` with another
    seed: how far apart these two are, stretch by stretch, is the healthy spread. What only grows,
    as an offset does, is looked at as a counter is, too.

    >>> time = np.arange(80.0)[:, np.newaxis]
    >>> healthy, other = np.sin(time), np.sin(time + 1.0)
    >>> [levels_beyond_chance(healthy + by, healthy, other).item() for by in (0.1, 10.0)]
    [False, True]
    """
    away, by_chance = _stretches(loud - muted), _stretches(muted - other)
    n_telling = np.maximum((by_chance != 0.0).sum(axis=0), 1)
    spread = np.sqrt((by_chance**2).sum(axis=0) / n_telling)
    is_far = np.abs(away).max(axis=0) > _SPREADS * (1.0 + _UNSURE / n_telling) * spread
    is_apart = _only_grows(muted) & _is_counted_apart(loud, muted)
    return np.asarray(is_far | is_apart | _is_gone(loud, muted, other))


def counters_beyond_chance(loud: Floats, muted: Floats, other: Floats) -> Bools:
    """The same of counters, by their growth; one that falls in `loud` alone differs, too.

    From tick to tick growth is independent but for what both runs share. So its spread follows from
    how much it changes between neighbouring ticks, and is at least a Poisson variable's.
    """
    falls = [(np.diff(run, axis=0) < 0.0).any(axis=0) for run in (loud, muted)]
    is_reset = falls[0] & ~falls[1]
    return np.asarray(
        _is_counted_apart(loud, muted) | is_reset | _is_gone(loud, muted, other), np.bool_
    )


def _is_counted_apart(loud: Floats, muted: Floats) -> Bools:
    grown = _growth(muted)
    away = _stretches(_growth(loud) - grown)
    of_tick = np.mean(np.diff(grown, axis=0) ** 2, axis=0) / 2.0
    is_count = (np.isnan(muted) | (muted == np.rint(muted))).all(axis=0)
    of_tick = np.maximum(of_tick, np.where(is_count, np.abs(grown).mean(axis=0), 0.0))
    length = _length(muted)
    variance = 2.0 * (length * of_tick + is_count)  # of a difference, of at least one event
    # independent from one stretch to the next, so what lasts adds up
    n_stretches = np.arange(1, len(away) + 1)[:, np.newaxis]
    lasting = np.abs(np.cumsum(away, axis=0)) / np.sqrt(n_stretches)
    most = np.maximum(np.abs(away), lasting).max(axis=0)
    return np.asarray(most > _SPREADS * np.sqrt(variance))


def _is_gone(loud: Floats, muted: Floats, other: Floats) -> Bools:
    """Whether a series is absent, or there, when it is not without the episode."""
    absent = [np.isnan(run) for run in (loud, muted, other)]
    n_ticks, n_by_chance = ((absent[i] != absent[i + 1]).sum(axis=0) for i in (0, 1))
    return np.asarray(n_ticks > 2 * n_by_chance)


def _only_grows(run: Floats) -> Bools:
    """Whether each series never turns back, and is not constant, shape (series,)."""
    steps = np.nan_to_num(np.diff(run, axis=0))
    is_one_way = (steps >= 0.0).all(axis=0) | (steps <= 0.0).all(axis=0)
    return np.asarray(is_one_way & (steps != 0.0).any(axis=0))


def _growth(run: Floats) -> Floats:
    """From tick to tick; 0 in the first, and where the series is absent."""
    return np.nan_to_num(np.diff(run, axis=0, prepend=run[:1]))


def _length(run: Floats) -> int:
    """How many ticks a stretch has."""
    return max(len(run) // _STRETCHES, 1)


def _stretches(run: Floats) -> Floats:
    """Sums over stretches of equal length, shape (stretches, series); ticks left over are out."""
    length = _length(run)
    whole = len(run) // length * length
    there = np.nan_to_num(run[:whole])
    return np.asarray(there.reshape(-1, length, run.shape[1]).sum(axis=1))
