"""Columns of sums and means so far, or of a window that moves."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.field_names import is_named
from simulator.grafana.frames import Field
from simulator.grafana.transformations.options import Options, UnreadOptionError
from simulator.grafana.transformations.reducing import MILLISECONDS

__all__ = ["moving"]

_Numbers = NDArray[np.float64]


def moving(
    first: Field | None, named: Sequence[tuple[Field, str]], which: str, options: Options
) -> _Numbers | None:
    """The values of a `cumulative` or `window` function; None where there is no such column.

    Raises:
        UnreadOptionError: a reducer for which Grafana shows an error.
    """
    field, wanted = first, options.get("field")
    if wanted:
        field = next((one for one, name in named if is_named(one, name, wanted)), None)
    if field is None:
        return None
    if field.kind == "string":
        return np.full(len(field), np.nan)
    calc = str(options.get("reducer", "sum" if which == "cumulative" else "mean"))
    if calc not in ({"sum", "mean"} if which == "cumulative" else {"mean", "variance", "stdDev"}):
        raise UnreadOptionError(f"reducer {calc!r} of a {which} function")
    values = field.numbers * (MILLISECONDS if field.kind == "time" else 1.0)
    if np.isnan(values).any():  # Grafana skips gaps and not NaN, and they are one here
        raise UnreadOptionError(f"a gap or NaN in the column of a {which} function")
    if which == "cumulative":
        sums = np.cumsum(values)
        return sums / np.arange(1, len(sums) + 1) if calc == "mean" else sums
    return _of_windows(values, calc, options)


def _of_windows(values: _Numbers, calc: str, options: Options) -> _Numbers:
    size = options.get("windowSize", 0.1)
    share = float(size) if isinstance(size, int | float) else 0.1
    is_share = options.get("windowSizeMode", "percentage") == "percentage"
    window = math.ceil(share * (len(values) if is_share else 1))
    if window <= 0:
        raise UnreadOptionError("a window of no size")
    behind, ahead = window - 1, 0
    if options.get("windowAlignment") == "centered":
        behind, ahead = window // 2, math.ceil(window / 2) - 1
    parts = (values[max(row - behind, 0) : row + ahead + 1] for row in range(len(values)))
    result = np.array([part.mean() if calc == "mean" else part.var() for part in parts])
    return np.sqrt(result) if calc == "stdDev" else result.astype(np.float64)
