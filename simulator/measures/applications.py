"""Applications, and what becomes of them."""

from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.measures.measure import Histogram, Measure, over
from simulator.measures.seen import Seen
from simulator.measures.splits import joint
from simulator.simulation.arrays import Ints, normalised
from simulator.simulation.requests import OUTCOMES
from simulator.simulation.scorecard import CELL_POINTS, HIGHEST_SCORE, LOWEST_SCORE, N_CELLS

__all__ = ["APPLICATIONS"]

_CELL_MIDDLES: Final = LOWEST_SCORE + CELL_POINTS * np.arange(N_CELLS) + (CELL_POINTS - 1) / 2.0


def _applications(seen: Seen, asked: tuple[str, ...]) -> Ints:
    if "version" in asked:
        return over(seen.once("routed", _routed), ("channel", "outcome", "version"), asked)
    return over(seen.trace.requests.applications, ("channel", "outcome"), asked)


def _routed(seen: Seen) -> Ints:
    """Applications by channel, outcome and the version they were sent to.

    Which version it is was decided before anything went wrong, so those that were not scored are
    of all versions; of those that were the simulation knows it.
    """
    applications = seen.trace.requests.applications
    versions = seen.trace.scored.cells.sum(axis=(2, 3))
    shares = normalised(seen.trace.causes.version_shares)[:, np.newaxis, np.newaxis]
    routed = np.empty((*applications.shape, versions.shape[1]), dtype=np.int64)
    routed[:, :, 0] = joint(seen.draws, "applications.version", applications[:, :, 0], versions)
    routed[:, :, 1:] = seen.draws(
        "applications.version.failed",
        Generator.multinomial,
        applications[:, :, 1:],
        np.broadcast_to(shares, (len(applications), 1, 1, versions.shape[1])),
    )
    return routed


def _unscored(seen: Seen, asked: tuple[str, ...]) -> Ints:
    axes = tuple("outcome" if axis == "reason" else axis for axis in asked)
    whole = _applications(seen, axes if "outcome" in axes else (*axes, "outcome"))
    failed = np.delete(
        whole, OUTCOMES.index("success"), axis=1 + (*axes, "outcome").index("outcome")
    )
    return failed if "outcome" in axes else np.asarray(failed.sum(axis=-1))


def _scored(seen: Seen, asked: tuple[str, ...]) -> Ints:
    """Scored applications, by version and cell, or by channel, too."""
    if "channel" not in asked:
        return over(seen.trace.scored.cells.sum(axis=3), ("version", "cell"), asked)
    return over(seen.once("scored", _by_channel), ("version", "channel", "cell"), asked)


def _by_channel(seen: Seen) -> Ints:
    channels = seen.once("routed", _routed)[:, :, 0]
    cells = seen.trace.scored.cells.sum(axis=3)
    found = [
        joint(seen.draws, f"scored.channel.{version}", channels[:, :, v], cells[:, v])
        for v, version in enumerate(seen.scenario.versions)
    ]
    return np.stack(found, axis=1)


def _scores(seen: Seen, asked: tuple[str, ...]) -> Histogram:
    cells = _scored(seen, (*(a for a in asked if a != "cell"), "cell"))
    beyond = np.zeros((*cells.shape[:-1], 1), dtype=np.int64)  # no score is above the highest
    return Histogram(np.concatenate([cells, beyond], axis=-1), cells @ _CELL_MIDDLES)


APPLICATIONS: Final = (
    Measure(
        "applications",
        "scoring-api",
        "count",
        "Applications received: one for a single application, n for a batch of n.",
        ("channel", "outcome", "version"),
        _applications,
    ),
    Measure(
        "unscored",
        "scoring-api",
        "count",
        "Applications that were not scored, by reason.",
        ("channel", "reason", "version"),
        _unscored,
        signal="success-rate",
    ),
    Measure(
        "scored",
        "scoring-api",
        "count",
        "Applications that got a score.",
        ("version", "channel", "cell"),
        _scored,
    ),
    Measure(
        "scores",
        "scoring-api",
        "histogram",
        "Credit scores given, in points.",
        ("version", "channel"),
        _scores,
        edges=(
            *(LOWEST_SCORE + CELL_POINTS * np.arange(1, N_CELLS) - 0.5).tolist(),
            float(HIGHEST_SCORE),
        ),
    ),
)
