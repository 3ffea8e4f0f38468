"""What real HTTP requests did during one tick: takes the place of sampled ones."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.requests import Requests
from simulator.simulation.scorecard import HIGHEST_POINTS, LOWEST_POINTS

__all__ = ["LastScored", "Tally"]


class LastScored(NamedTuple):
    """The application that was scored last.

    `version` and `channel` are indices, `given` the features as the model got them (features,).
    """

    version: int
    channel: int
    score: int
    prediction_seconds: float
    given: Floats


@dataclass(frozen=True)
class Tally:
    """The requests of one tick, and the applications that were scored in it.

    `requests` has one tick; `true` holds the features as applicants have them and `given` as the
    model got them, both (scored, features); `scores` and `version` what the model answered
    (scored,); `prediction` counts per duration bucket (versions, buckets) and `prediction_seconds`
    (versions,). `last` is the latest of them, None where nobody was scored.
    """

    requests: Requests
    true: Floats
    given: Floats
    scores: Ints
    version: Ints
    prediction: Ints
    prediction_seconds: Floats
    last: LastScored | None = None

    def __post_init__(self) -> None:
        if len(self.requests.applications) != 1:
            raise ValueError(
                f"a tally is of one tick, not of {len(self.requests.applications)} ticks"
            )
        scored = int(self.requests.scored.sum())
        rows = {len(self.true), len(self.given), len(self.scores), len(self.version)}
        if rows != {scored} or int(self.prediction.sum()) != scored:
            raise ValueError(
                f"a tally of {scored} scored applications has {sorted(rows)} rows and "
                f"{int(np.sum(self.prediction))} predictions"
            )
        if scored and not (
            LOWEST_POINTS <= self.scores.min() <= self.scores.max() <= HIGHEST_POINTS
        ):
            raise ValueError(f"scores from {self.scores.min()} to {self.scores.max()}")
        if scored and not 0 <= self.version.min() <= self.version.max() < len(self.prediction):
            raise ValueError(f"versions from {self.version.min()} to {self.version.max()}")
