"""Statistical checks whose tolerance follows from the sample size, never from what was seen.

A value may lie six standard errors from what is expected (one in a billion by chance), and a
chi-square or Kolmogorov-Smirnov test needs p > 1e-4. `rounding` is half of the last digit to which
the expected figure is known; it is the only tolerance that is not computed.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

STANDARD_ERRORS = 6.0
SMALLEST_P = 1e-4

Numbers = NDArray[Any]


def assert_near(seen: float, expected: float, error: float, *, rounding: float = 0.0) -> None:
    """`seen` is within six of its standard errors of what is expected."""
    allowed = STANDARD_ERRORS * error + rounding
    assert abs(seen - expected) <= allowed, f"{seen:.6g} is not {expected:.6g} +- {allowed:.3g}"


def assert_mean(samples: Numbers, expected: float, *, rounding: float = 0.0) -> None:
    """The mean of independent samples is as expected, by their own spread."""
    error = float(np.std(samples, ddof=1)) / math.sqrt(len(samples))
    assert_near(float(np.mean(samples)), expected, error, rounding=rounding)


def assert_median(samples: Numbers, expected: float, *, rounding: float = 0.0) -> None:
    """Half of the samples lie below the expected median, as a binomial draw has it.

    With a rounded median, the count may be that of any value within the rounding.
    """
    at_most = float(np.mean(samples <= expected + rounding))
    below = float(np.mean(samples < expected - rounding))
    allowed = STANDARD_ERRORS * 0.5 / math.sqrt(len(samples))
    assert below - allowed <= 0.5 <= at_most + allowed, (
        f"the median is {np.median(samples):.6g}, not {expected:.6g}"
    )


def assert_share(count: float, total: float, share: float, *, rounding: float = 0.0) -> None:
    """`count` of `total` is what a binomial draw with this share gives."""
    error = math.sqrt(share * (1.0 - share) / total)
    assert_near(count / total, share, error, rounding=rounding)


def assert_poisson(count: float, expected: float) -> None:
    """`count` is what a Poisson draw of this expectation gives."""
    assert_near(count, expected, math.sqrt(expected))


def assert_shares(counts: Numbers, shares: Numbers) -> None:
    """Pearson's chi-square; cells that expect fewer than 5 are joined to their neighbour."""
    expected = np.asarray(shares, dtype=np.float64) / np.sum(shares) * np.sum(counts)
    joined: list[list[float]] = []
    for seen, wanted in zip(counts, expected, strict=True):
        if joined and (joined[-1][1] < 5.0 or wanted < 5.0):
            joined[-1][0] += float(seen)
            joined[-1][1] += float(wanted)
        else:
            joined.append([float(seen), float(wanted)])
    p = float(stats.chisquare(*np.array(joined).T).pvalue)
    assert p > SMALLEST_P, f"chi-square over {len(joined)} cells: p = {p:.2g}"


def assert_distribution(samples: Numbers, distribution: Any) -> None:  # noqa: ANN401 - scipy's frozen distributions have no common type
    """Kolmogorov-Smirnov against a continuous distribution."""
    p = float(stats.kstest(samples, distribution.cdf).pvalue)
    assert p > SMALLEST_P, f"Kolmogorov-Smirnov with {len(samples)} samples: p = {p:.2g}"


def variance_error(samples: Numbers) -> float:
    """Standard error of the sample variance, by the fourth central moment."""
    away = samples - np.mean(samples)
    return math.sqrt(float(np.mean(away**4) - np.mean(away**2) ** 2) / len(samples))
