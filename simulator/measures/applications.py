"""Applications, and what becomes of them."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from simulator.measures.measure import Histogram, Level, Measure, over
from simulator.measures.routing import TURNED_AWAY, routed
from simulator.measures.seen import Seen
from simulator.measures.splits import joint
from simulator.simulation.arrays import Ints
from simulator.simulation.requests import OUTCOMES
from simulator.simulation.scorecard import CELL_POINTS, HIGHEST_POINTS, LOWEST_POINTS, N_CELLS

__all__ = ["APPLICATIONS"]

_CELL_MIDDLES: Final = LOWEST_POINTS + CELL_POINTS * np.arange(N_CELLS) + (CELL_POINTS - 1) / 2.0


def _applications(seen: Seen, asked: tuple[str, ...]) -> Ints:
    if "version" in asked:
        return over(routed(seen).applications, ("channel", "outcome", "version"), asked)
    return over(seen.trace.requests.applications, ("channel", "outcome"), asked)


def _occurs(row: Mapping[str, str]) -> bool:
    """Who is turned away at the door is for no version, and whoever comes further is for one."""
    outcome, version = row.get("outcome", row.get("reason")), row.get("version")
    if outcome is None or version is None:
        return True
    return (outcome in TURNED_AWAY) == (version == "")


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
    """Scored applications by version, channel and cell: who applies does not depend on the channel.

    Shape (ticks, versions, channels, cells).
    """
    channels = routed(seen).applications[:, :, OUTCOMES.index("success")]
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
        open_ended=("version",),
        occurs=_occurs,
    ),
    Measure(
        "unscored",
        "scoring-api",
        "count",
        "Applications that were not scored, by reason.",
        ("channel", "reason", "version"),
        _unscored,
        open_ended=("version",),
        occurs=_occurs,
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
        levels=(Level(("version",)), Level(("version", "channel"))),
        lowest=LOWEST_POINTS - 0.5,
        is_whole=True,
        edges=(
            *(LOWEST_POINTS + CELL_POINTS * np.arange(1, N_CELLS) - 0.5).tolist(),
            float(HIGHEST_POINTS),
        ),
    ),
)
