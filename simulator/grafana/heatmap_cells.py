"""What a heatmap shows: counts per bucket and time, those above zero."""

from collections.abc import Iterator, Sequence

import numpy as np

from simulator.grafana.model import Panel
from simulator.grafana.overrides import StyledField
from simulator.grafana.shown import Shown, shown_number

__all__ = ["heatmap_cells"]

_HIDDEN_UP_TO = 1e-9
"""`filterValues.le` where a panel has none: cells up to it are left out."""
_FEWEST_CELLS = 2


def heatmap_cells(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    """The latest count of every bucket that is drawn; None for one of which no cell is.

    Frames of `format: heatmap` hold buckets, and the last of them is drawn. Without them each
    number is one. With `calculate` Grafana makes buckets of the numbers, and all of them count.
    """
    has_buckets = any(target.format == "heatmap" for target in panel.queried_targets)
    calculates = panel.options.get("calculate") is True
    drawn = frames[-1:] if has_buckets and not calculates else frames
    fields = [field for one in drawn for field in one if field.field.kind == "number"]
    least = -np.inf if calculates else _hidden_up_to(panel)
    is_drawn = calculates or sum(len(field.field) for field in fields) >= _FEWEST_CELLS
    for field in fields:
        values = field.field.numbers
        seen = values[np.isfinite(values) & (values > least)]
        yield shown_number(panel, field, float(seen[-1]) if is_drawn and len(seen) else None)


def _hidden_up_to(panel: Panel) -> float:
    given = panel.options.get("filterValues")
    value = given.get("le", _HIDDEN_UP_TO) if isinstance(given, dict) else _HIDDEN_UP_TO
    return float(value) if isinstance(value, int | float) else -np.inf
