"""What goes into expressions and comes out of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import DashboardError

__all__ = ["ExpressionError", "Numbers", "Value"]

Numbers = NDArray[np.float64]


class ExpressionError(DashboardError):
    """An expression that Grafana shows an error for."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A series, with its times in unix seconds; or one number, without.

    `numbers` is of the shape of `times`, or of one number; null is nan.
    """

    labels: Mapping[str, str]
    numbers: Numbers
    times: Numbers | None = None

    @property
    def number(self) -> float:
        """The number of a value that is one."""
        return float(self.numbers[-1]) if len(self.numbers) else float("nan")
