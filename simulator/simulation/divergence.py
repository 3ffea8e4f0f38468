"""How far two binned samples are apart: what drift is measured by."""

import math
from typing import Final

import numpy as np
from scipy.special import rel_entr

from simulator.simulation.arrays import Floats

__all__ = ["jensen_shannon", "kolmogorov_smirnov", "psi"]

#: Shares below this are raised to it, so that a bin empty on one side adds a finite amount: about
#: what a window of some thousands can still tell from nothing. With less, the value of a spoilt
#: feature would say more about the bound (12 instead of 8 at 1e-6), and a rare bin that happens to
#: be empty in a small window would look like drift.
_SMALLEST_SHARE: Final = 1e-4


def psi(current: Floats, expected: Floats) -> Floats:
    """Population stability index along the last axis, whose shares sum to 1.

    sum (p - q) ln(p / q) over the bins: below 0.10 little, to 0.25 moderate, above it a shift that
    asks for action (E. M. Lewis, An Introduction to Credit Scoring, 1994). Without any shift it is
    not 0 but about (bins - 1)(1/n + 1/m) (B. Yurdakul, 2018).

    >>> float(psi(np.array([0.5, 0.5]), np.array([0.5, 0.5])))
    0.0
    >>> round(float(psi(np.array([0.6, 0.4]), np.array([0.5, 0.5]))), 4)
    0.0405
    """
    p, q = np.maximum(current, _SMALLEST_SHARE), np.maximum(expected, _SMALLEST_SHARE)
    return np.asarray(np.sum((p - q) * np.log(p / q), axis=-1))


def kolmogorov_smirnov(current: Floats, expected: Floats) -> Floats:
    """The largest distance of two distribution functions, 0 to 1; shares as for `psi`.

    max |P - Q| at the upper edges of the bins, which are in order: of the samples themselves it may
    be larger, by no more than the largest share of a bin (N. Smirnov, 1948).

    >>> round(float(kolmogorov_smirnov(np.array([0.6, 0.1, 0.3]), np.array([0.5, 0.3, 0.2]))), 3)
    0.1
    """
    return np.asarray(np.abs(np.cumsum(current - expected, axis=-1)).max(axis=-1))


def jensen_shannon(current: Floats, expected: Floats) -> Floats:
    """Jensen-Shannon distance, 0 to 1; shares as for `psi`, empty bins included.

    The square root of the mean of both samples' relative entropies to their mixture, in bits
    (J. Lin, "Divergence measures based on the Shannon entropy", 1991; that its root is a distance:
    D. M. Endres and J. E. Schindelin, 2003).

    >>> float(jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    1.0
    >>> round(float(jensen_shannon(np.array([0.6, 0.4]), np.array([0.5, 0.5]))), 4)
    0.0854
    """
    mixture = (current + expected) / 2.0
    nats = (rel_entr(current, mixture) + rel_entr(expected, mixture)).sum(axis=-1) / 2.0
    return np.asarray(np.sqrt(np.maximum(nats, 0.0) / math.log(2.0)))
