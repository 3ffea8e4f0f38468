"""What 0 % and 100 % of a field are: its own limits, or the extent of the panel's numbers."""

from collections.abc import Sequence

import numpy as np

from simulator.grafana.frames import Field, Frame
from simulator.grafana.thresholds import Range

__all__ = ["Ranges"]


class Ranges:
    """The limits of percentages; what is missing comes from all numbers of the panel.

    A field with both limits of its own, met before any other, lends them to those without: so
    does Grafana (field/fieldOverrides.ts, calculateRange).
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        self._shared: Range | None = None

    def of(self, field: Field, low: float | None, high: float | None, *, own: bool) -> Range | None:
        """The limits of a field with these of its own; None for one of no numbers."""
        if low is not None and high is not None:
            limits = Range(low, high)
            self._shared = self._shared or limits
            return limits
        if field.kind != "number":
            return None
        if own:
            found = _extent([field])
        else:
            self._shared = self._shared or _extent(
                [f for frame in self._frames for f in frame.fields if f.kind == "number"]
            )
            found = self._shared
        return Range(found.minimum if low is None else low, found.maximum if high is None else high)


def _extent(fields: Sequence[Field]) -> Range:
    values = np.concatenate([np.empty(0), *(field.numbers for field in fields)])
    # as the reducers min and max have it: +Inf is no minimum, and what is none counts as 0
    below, above = values[values < np.inf], values[values > -np.inf]
    return Range(
        float(below.min()) if len(below) else 0.0, float(above.max()) if len(above) else 0.0
    )
