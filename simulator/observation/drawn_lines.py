"""The points of a plot as they come into sight, where what one looks like depends on the others."""

from collections.abc import Callable

import numpy as np

from simulator.grafana.model import Panel
from simulator.grafana.overrides import StyledField
from simulator.grafana.reducers import reduced
from simulator.grafana.shown import Shown, shown_number
from simulator.grafana.views import View
from simulator.observation.panel_values import Collected, Floats

__all__ = ["DrawnLines"]


class DrawnLines:
    """What the lines of a plot show at one moment after the other."""

    def __init__(
        self,
        panel: Panel,
        collected: Collected,
        *,
        since: float,
        levels: Callable[[Shown, Floats], Floats],
    ) -> None:
        self._panel = panel
        self._collected = collected
        self._since = since
        self._levels = levels
        self._latest: dict[tuple[object, ...], float] = {}

    def add(self, view: View, moment: float) -> None:
        """The points that came since the moment before; of a line of one colour, what gives it.

        A point that is painted in another way than before is one that came.
        """
        for styled in view.fields:
            if len(styled.times) != len(styled.field.numbers):
                continue  # no time, nothing to plot against
            like = shown_number(self._panel, styled, None)
            times, values = self._points(styled, like, moment)
            self._collected.add(like, times, self._levels(like, values))

    def _points(self, styled: StyledField, like: Shown, moment: float) -> tuple[Floats, Floats]:
        times, values = styled.times, styled.field.numbers
        finite = np.isfinite(values)  # the others are gaps
        if styled.style.series_by:
            value = reduced(values[finite], styled.style.series_by)
            found = [value] if isinstance(value, float) else []
            return np.full(len(found), moment), np.array(found, dtype=np.float64)
        key = (like.source, like.name, like.thresholds, like.is_painted)
        latest = self._latest.get(key, -np.inf)
        new = finite & (times > latest) & (times >= self._since)
        if new.any():
            self._latest[key] = float(times[new].max())
        return times[new], values[new]
