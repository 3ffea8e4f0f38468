"""The threshold of a drift score that chance alone reaches once a week."""

from dataclasses import dataclass

from simulator.checking.psi_noise import DriftSample, is_psi
from simulator.promql.parsing import parsed
from simulator.promql.shapes import shape_of
from simulator.tuning.monitors.monitor import Monitor

__all__ = ["DriftNoise"]

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class DriftNoise:
    """What drift scores are computed of, and the metrics that are a PSI, whatever their names."""

    sample: DriftSample
    metrics: frozenset[str] = frozenset()

    def threshold(self, monitor: Monitor) -> float | None:
        """What healthy values of a monitor exceed once a week; None where it is no PSI.

        Of each series by itself: of twelve features one does so twelve times as often.
        """
        trees = [parsed(query) for query in monitor.queries]
        shapes = [shape_of(tree) for tree in trees if tree is not None]
        if monitor.is_as_it_is or monitor.alarms.is_lower_worse or not shapes:
            return None
        if len(shapes) < len(trees) or not all(is_psi(one, self.metrics) for one in shapes):
            return None
        return round(self.sample.once_a_week, _DIGITS)
