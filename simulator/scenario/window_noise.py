"""Windows so small that the noise of health is what thresholds are about."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from statistics import NormalDist
from typing import Final

from scipy.special import chdtrc

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem
from simulator.scenario.impact import applications_per_second

__all__ = ["BINS", "CAUGHT", "DEFAULTING", "notes", "psi_exceeds"]

#: Bins with anybody in them, of the twelve features and the score.
BINS: Final = (8, 3, 10, 10, 10, 2, 4, 10, 2, 2, 10, 10, 10)
#: Share of applicants that defaults, and share of goods and of bads on their side of the cut-off.
DEFAULTING: Final = 0.068
CAUGHT: Final = 0.756
# Where a PSI is worth a look (E. M. Lewis, An Introduction to Credit Scoring, 1994), and where the
# dashboards call for one of the model's balanced accuracy.
_PSI: Final = 0.10
_ACCURACY: Final = 0.70
_MOST_OF_TIME: Final = 0.01  # that noise may be out of bounds, and how often
_MOST_PER_DAY: Final = 1.0
_DAY: Final = 86_400.0
_SCRAPE: Final = 15.0  # nobody sees what happens in between
_LARGEST: Final = 100_000


def psi_exceeds(limit: float, n: int, bins: int) -> float:
    """The chance that the PSI of `n` applications that have not drifted exceeds a limit.

    n PSI is a chi-square with bins - 1 degrees of freedom (B. Yurdakul, Statistical Properties of
    Population Stability Index, 2018), stretched by the next term of its mean, bins^2 / 2 n for bins
    of like size.

    >>> round(psi_exceeds(0.10, 100, 10), 2), round(psi_exceeds(0.10, 200, 10), 3)
    (0.39, 0.022)
    """
    stretch = 1.0 + bins**2 / (2.0 * (bins - 1) * n)
    return float(chdtrc(bins - 1, limit * n / stretch))


def _any_psi_exceeds(n: int) -> float:
    """The same of any of the gauges, which vary independently of each other."""
    return 1.0 - math.prod(1.0 - psi_exceeds(_PSI, n, bins) for bins in BINS)


def _accuracy_falls(n: int) -> float:
    """The chance that a healthy balanced accuracy over `n` labels is below its bound."""
    of_class = CAUGHT * (1.0 - CAUGHT) / n
    deviation = math.sqrt(of_class / DEFAULTING + of_class / (1.0 - DEFAULTING)) / 2.0
    return NormalDist(CAUGHT, deviation).cdf(_ACCURACY)


def notes(base: Baseline) -> Iterator[Problem]:
    """Which windows are too small: the field, and what its noise does."""
    monitoring = base.platform.monitoring
    yield from _window_notes(
        base, "drift_window", monitoring.drift_window, _any_psi_exceeds, f"PSI exceeds {_PSI:.2f}"
    )
    yield from _window_notes(
        base,
        "performance_window",
        monitoring.performance_window,
        _accuracy_falls,
        f"balanced accuracy falls below {_ACCURACY:.2f}",
    )


def _window_notes(
    base: Baseline, field: str, size: int, chance: Callable[[int], float], happens: str
) -> Iterator[Problem]:
    """A window is independent of the one before once all of its applications are others."""
    per_second = applications_per_second(base)

    def per_day(n: int) -> float:
        return chance(n) * _DAY / max(n / per_second, _SCRAPE)

    def is_noisy(n: int) -> bool:
        return chance(n) > _MOST_OF_TIME or per_day(n) > _MOST_PER_DAY

    if per_second > 0.0 and is_noisy(size):
        enough = bisect_left(range(_LARGEST), x=True, key=lambda n: n > size and not is_noisy(n))
        yield (
            f"platform.monitoring.{field}",
            f"with so few as {size:,} a healthy {happens} for {100 * chance(size):.2g} % of the "
            f"time, {_often(per_day(size))}; less than once a day with {_rounded_up(enough):,}",
        )


def _often(per_day: float) -> str:
    """How often, in the unit that reads best.

    >>> _often(30.0), _often(24.0), _often(3.2), _often(0.2)
    ('about once an hour', 'about once an hour', 'about 3 times a day', 'less than once a day')
    """
    times, unit = (per_day / 24.0, "an hour") if per_day >= 24.0 else (per_day, "a day")  # noqa: PLR2004 - hours
    if times < 0.5:  # noqa: PLR2004 - to be rounded
        return f"less than once {unit}"
    n = round(times)
    return f"about once {unit}" if n == 1 else f"about {n:,} times {unit}"


def _rounded_up(size: int) -> int:
    """Two significant digits, and not less."""
    step = 10 ** max(len(str(size)) - 2, 0)
    return math.ceil(size / step) * step
