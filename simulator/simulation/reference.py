"""The development sample: what was fixed on healthy applicants, once for all and per scorecard."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import ndtri

from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import feature_values
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.cell_shares import cell_shares
from simulator.simulation.change import NEUTRAL
from simulator.simulation.pool import WEIGHTS, Given, given_values
from simulator.simulation.scorecard import Scorecard, standardised_feature

__all__ = [
    "N_BINS",
    "Reference",
    "ScoreReference",
    "bin_shares",
    "importance",
    "reference",
    "score_reference",
]

#: Bins per feature and for the score: deciles of the reference, as PSI is customarily computed.
N_BINS: Final = 10


@dataclass(frozen=True)
class Reference:
    """The applicants of the development sample, feature by feature.

    `edges[f]` are the upper edges of a feature's bins (at most nine), `bins` the reference shares,
    shape (features, N_BINS), `deviations` the mean absolute standardised deviation within each bin,
    same shape.
    """

    edges: tuple[Floats, ...]
    bins: Floats
    deviations: Floats

    def feature_bins(self, features: Floats) -> Ints:
        """Bin numbers, shape (applicants, features)."""
        return np.column_stack(
            [np.searchsorted(e, features[:, i], side="left") for i, e in enumerate(self.edges)]
        )


@dataclass(frozen=True)
class ScoreReference:
    """The development sample under one scorecard: what was fixed when its version was released.

    `bin_of_cell` is the decile of the score in which each score cell lies, `bins` the share of each
    decile; `cut_off_cell` the score cell below which applicants are predicted bad: where the
    Kolmogorov-Smirnov distance between goods and bads is largest.
    """

    bin_of_cell: Ints
    bins: Floats
    cut_off_cell: int


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The development sample of the model; the same in every run."""
    columns = range(len(FEATURES))
    return Reference(
        edges=tuple(map(_edges, columns)),
        bins=np.array([bin_shares(column, Given()) for column in columns]),
        deviations=np.array([_deviations(column) for column in columns]),
    )


@lru_cache(maxsize=64)
def score_reference(card: Scorecard) -> ScoreReference:
    """The development sample under a scorecard."""
    per_cell = cell_shares(card, NEUTRAL.as_seen, NEUTRAL.default_probability_of_pool())
    share = per_cell.sum(axis=1)
    middle = np.cumsum(share) - share / 2.0
    bin_of_cell = np.minimum((middle * N_BINS).astype(np.int64), N_BINS - 1)
    good, bad = np.cumsum(per_cell / per_cell.sum(axis=0), axis=0).T
    return ScoreReference(
        bin_of_cell=bin_of_cell,
        bins=np.bincount(bin_of_cell, share, N_BINS).astype(np.float64),
        cut_off_cell=int(np.argmax(bad - good)) + 1,
    )


@lru_cache(maxsize=64)
def _edges(column: int) -> Floats:
    deciles = feature_values(column, ndtri(np.arange(1, N_BINS) / N_BINS))
    edges = np.unique(deciles)
    return edges[edges < given_values(column, Given()).max()]


@lru_cache(maxsize=512)
def bin_shares(column: int, given: Given) -> Floats:
    """Expected shares of a feature's bins, shape (N_BINS,): exact, from its marginal."""
    return np.bincount(_bins(column, given), WEIGHTS, N_BINS).astype(np.float64)


def _bins(column: int, given: Given) -> Ints:
    """Bin numbers at each point of the grid of normals."""
    return np.searchsorted(_edges(column), given_values(column, given), side="left")


def _deviations(column: int) -> Floats:
    z = standardised_feature(column, given_values(column, Given()))
    weighted = WEIGHTS * np.abs(z - (WEIGHTS * z).sum())
    bins = _bins(column, Given())
    return np.asarray(
        np.bincount(bins, weighted, N_BINS)
        / np.maximum(np.bincount(bins, WEIGHTS, N_BINS), np.finfo(np.float64).tiny)
    )


def importance(bins: Floats, coefficients: Floats) -> Floats:
    """Shares of the features in the mean absolute contribution |coefficient (z - mean z)|.

    That is what SHAP values of a linear model come to (Lundberg and Lee, 2017), averaged by bin.

    Args:
        bins: shares of each feature's bins among those looked at, shape (..., features, bins).
        coefficients: the scorecard's, shape (features,).

    Returns:
        Shape (..., features); sums to 1.
    """
    mean = (bins * reference().deviations).sum(axis=-1) * np.abs(coefficients)
    return np.asarray(mean / mean.sum(axis=-1, keepdims=True))
