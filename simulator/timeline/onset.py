r"""How an episode starts and ends: its intensity over time.

    abrupt        gradual        incremental      recurring
     ____          . .:::.          ____          _   _   _
    |    |        .:.:::::.        /    \        | | | | | |
    |    |       . ::::::: .      /      \       | | | | | |

The shapes are those of Gama, Zliobaite, Bifet, Pechenizkiy and Bouchachia, "A survey on concept
drift adaptation", ACM Computing Surveys 46(4), 2014: a gradual change mixes old and new with a
rising share of the new, an incremental one slides through everything in between.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Onset", "Shape"]

Shape = Literal["abrupt", "gradual", "incremental", "recurring"]


@dataclass(frozen=True)
class Onset:
    """The intensity of a span that begins at 0 and lasts `duration` seconds.

    `rise` and `fall` are the seconds taken to reach full strength and to lose it again; a recurring
    onset is on for `duty` of each `period`. `peak` is the intensity at full strength; 0 mutes it.
    """

    shape: Shape
    duration: float
    rise: float = 0.0
    fall: float = 0.0
    period: float = 0.0
    duty: float = 0.5
    peak: float = 1.0

    @property
    def is_mixture(self) -> bool:
        """Whether an intensity between 0 and 1 is a share of the new, not a weaker new."""
        return self.shape != "incremental"

    def intensity(self, since_start: ArrayLike) -> NDArray[np.floating]:
        """Intensity in [0, 1] at seconds since the start, in the shape of the argument.

        >>> Onset("abrupt", duration=60).intensity([-1, 0, 59, 60])
        array([0., 1., 1., 0.])
        >>> Onset("incremental", duration=60, rise=20, fall=10).intensity([10, 30, 55])
        array([0.5, 1. , 0.5])
        >>> Onset("recurring", duration=60, period=20, duty=0.5).intensity([5, 15, 25])
        array([1., 0., 1.])
        """
        seconds = np.asarray(since_start, dtype=np.float64)
        inside = (seconds >= 0.0) & (seconds < self.duration)
        if not inside.any():  # which saves live ticks most of the work, one by one
            return np.zeros_like(seconds)
        if self.shape == "recurring":
            return np.where(
                inside & (np.mod(seconds, self.period) < self.duty * self.period), self.peak, 0.0
            )
        level = np.ones_like(seconds)
        if self.rise > 0.0:
            level = np.minimum(level, seconds / self.rise)
        if self.fall > 0.0:
            level = np.minimum(level, (self.duration - seconds) / self.fall)
        return np.where(inside, self.peak * np.clip(level, 0.0, 1.0), 0.0)

    def strongest(self, first: ArrayLike, last: ArrayLike) -> NDArray[np.floating]:
        """The highest intensity between two times since the start, in the broadcast shape.

        An episode rises once and falls once, so its strongest moment in a span is the one nearest
        to full strength; a recurring one is strongest where the span begins or at the next return.

        >>> Onset("incremental", duration=60, rise=20, fall=10).strongest([0, 25, 55], [10, 90, 58])
        array([0.5, 1. , 0.5])
        """
        a, b = np.broadcast_arrays(
            np.asarray(first, dtype=np.float64), np.asarray(last, dtype=np.float64)
        )
        if self.shape != "recurring":
            return self.intensity(np.clip(self.rise, a, b))
        following = np.ceil(np.maximum(a, 0.0) / self.period) * self.period
        return np.maximum(self.intensity(a), self.intensity(np.minimum(following, b)))

    def lasting(self, seconds: float) -> "Onset | None":
        """What of it has lasted at least so long, as seen so many seconds later; None if nothing.

        >>> Onset("abrupt", duration=60).lasting(25).intensity([0, 34, 35])
        array([1., 1., 0.])
        >>> Onset("abrupt", duration=20).lasting(25) is None
        True
        """
        duty = self.duty - seconds / self.period if self.shape == "recurring" else self.duty
        if self.duration <= seconds or duty <= 0.0:
            return None
        return replace(self, duration=self.duration - seconds, duty=duty)
