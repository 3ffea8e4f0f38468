"""Which version of the model applications were sent to."""

from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator

from simulator.measures.seen import Seen
from simulator.measures.splits import joint
from simulator.simulation.arrays import Ints, normalised
from simulator.simulation.requests import OUTCOMES

__all__ = ["TURNED_AWAY", "Routed", "routed"]

#: What becomes of an application before it is known which version it is for.
TURNED_AWAY: Final = ("validation", "unauthorized", "rate_limited")
_FAILED: Final = [i for i, o in enumerate(OUTCOMES) if o not in {"success", *TURNED_AWAY}]
_BEFORE: Final = [OUTCOMES.index(outcome) for outcome in TURNED_AWAY]
_SUCCESS: Final = OUTCOMES.index("success")


class Routed(NamedTuple):
    """Applications by channel, outcome and version, and last of no version.

    Those that came alone, and those in batches, both (ticks, channels, outcomes, versions + 1).
    """

    singles: Ints
    in_batches: Ints

    @property
    def applications(self) -> Ints:
        """All of them."""
        return self.singles + self.in_batches


def routed(seen: Seen) -> Routed:
    """Where applications were sent to, which is decided before anything fails.

    Of those that are scored the simulation knows how many are for each version; of those that fail
    each goes where the traffic goes; who is turned away at the door goes nowhere.
    """
    return seen.once("routed", _routed)


def _routed(seen: Seen) -> Routed:
    requests, scored = seen.trace.requests, seen.trace.scored
    parts = (requests.singles, requests.applications - requests.singles)
    versions = scored.cells.sum(axis=(2, 3))
    n_versions, n_channels = versions.shape[1], requests.singles.shape[1]
    found = [np.zeros((*part.shape, n_versions + 1), dtype=np.int64) for part in parts]
    rows = np.concatenate([part[:, :, _SUCCESS] for part in parts], axis=1)
    by_version = joint(seen.draws, "applications.version.scored", rows, versions)
    found[0][:, :, _SUCCESS, :-1] = by_version[:, :n_channels]
    found[1][:, :, _SUCCESS, :-1] = by_version[:, n_channels:]
    shares = normalised(seen.trace.causes.version_shares)[:, np.newaxis, np.newaxis]
    for name, part, into in zip(("single", "batch"), parts, found, strict=True):
        draw = f"applications.version.failed.{name}"
        failed = part[:, :, _FAILED]
        into[:, :, _FAILED, :-1] = seen.draws(draw, Generator.multinomial, failed, shares)
        into[:, :, _BEFORE, -1] = part[:, :, _BEFORE]
    return Routed(*found)
