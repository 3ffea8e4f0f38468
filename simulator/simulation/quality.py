"""How good a model is by labels that have matured: of counts by score cell, and good or bad.

All of it takes `counts` by score cell and outcome good, bad, of shape (..., cells, 2). What is
predicted depends on a cut-off: the first cell that is predicted good, one, or one for each of the
axes before the cells. Bad is the positive class, the one that is looked for.
"""

from typing import Final

import numpy as np

from simulator.simulation.arrays import Floats, Ints, shares
from simulator.simulation.scorecard import HIGHEST_POINTS, LOWEST_POINTS, N_CELLS, Scorecard

__all__ = [
    "accuracy",
    "auc",
    "balanced_accuracy",
    "confusion",
    "default_ratio",
    "expected_default_ratio",
    "f1",
    "gini",
    "kolmogorov_smirnov",
    "precision",
    "recall",
]

_FEWEST_BAD: Final = 20  # defaults needed before anything is said of telling them from others
_GOOD, _BAD = 0, 1
_DEFAULT_PROBABILITY: Final = np.array(
    [
        np.mean([Scorecard.probability_of_default(s) for s in scores])
        for scores in np.array_split(np.arange(LOWEST_POINTS, HIGHEST_POINTS).tolist(), N_CELLS)
    ]
)


def confusion(counts: Ints, cut_off_cell: Ints | int) -> Ints:
    """Labels by what was true and what was predicted, both good, bad; shape (..., 2, 2).

    >>> cells = np.array([[5, 20], [70, 10]])
    >>> confusion(cells, 1)
    array([[70,  5],
           [10, 20]])
    """
    is_bad = np.arange(counts.shape[-2]) < np.expand_dims(cut_off_cell, -1)
    predicted = np.stack([~is_bad, is_bad], axis=-1).astype(np.int64)
    return np.asarray(counts.swapaxes(-1, -2) @ predicted)


def accuracy(counts: Ints, cut_off_cell: Ints | int) -> Floats:
    """The share that is predicted right, shape (...); `nan` below 20 bads.

    It hardly moves at a bad rate of 7 %: "everybody is good" scores 93 %.
    """
    found = confusion(counts, cut_off_cell)
    right = found[..., _GOOD, _GOOD] + found[..., _BAD, _BAD]
    return _where_known(counts, right / np.maximum(found.sum(axis=(-2, -1)), 1))


def balanced_accuracy(counts: Ints, cut_off_cell: Ints | int) -> Floats:
    """Mean of the shares of goods and of bads that are predicted right; `nan` below 20 bads.

    It is 0.5 for "everybody is good", whatever the bad rate.
    """
    found = confusion(counts, cut_off_cell)
    good, bad = found[..., _GOOD, :].sum(axis=-1), found[..., _BAD, :].sum(axis=-1)
    of_good = found[..., _GOOD, _GOOD] / np.maximum(good, 1)
    of_bad = found[..., _BAD, _BAD] / np.maximum(bad, 1)
    return _where_known(counts, (of_good + of_bad) / 2.0)


def precision(counts: Ints, cut_off_cell: Ints | int) -> Floats:
    """Of those predicted bad the share that is; `nan` below 20 bads, or where nobody is.

    >>> float(precision(np.array([[5, 20], [70, 10]]), 1))
    0.8
    """
    predicted_bad = confusion(counts, cut_off_cell)[..., _BAD]
    return _where_known(counts, shares(predicted_bad)[..., _BAD])


def recall(counts: Ints, cut_off_cell: Ints | int) -> Floats:
    """Of the bads the share that is predicted so; `nan` below 20 of them.

    >>> round(float(recall(np.array([[5, 20], [70, 10]]), 1)), 3)
    0.667
    """
    of_bads = confusion(counts, cut_off_cell)[..., _BAD, :]
    return _where_known(counts, shares(of_bads)[..., _BAD])


def f1(counts: Ints, cut_off_cell: Ints | int) -> Floats:
    """Harmonic mean of precision and recall, and 0 where nobody is predicted bad.

    2 TP / (2 TP + FP + FN) (C. J. van Rijsbergen, Information Retrieval, 1979); `nan` below 20
    bads.
    """
    found = confusion(counts, cut_off_cell)
    both = found[..., _BAD, :].sum(axis=-1) + found[..., :, _BAD].sum(axis=-1)
    return _where_known(counts, 2 * found[..., _BAD, _BAD] / np.maximum(both, 1))


def auc(counts: Ints) -> Floats:
    """Area under the ROC curve: the chance that a good scores above a bad, ties counting half.

    Mann-Whitney's statistic over score cells; shape (...), `nan` below 20 bads.

    >>> cells = np.zeros((2, 2), dtype=np.int64)
    >>> cells[0, 1], cells[1, 0] = 50, 70
    >>> float(auc(cells))
    1.0
    """
    good, bad = counts[..., _GOOD], counts[..., _BAD]
    goods_above = good.sum(axis=-1, keepdims=True) - np.cumsum(good, axis=-1)
    pairs = ((goods_above + good / 2.0) * bad).sum(axis=-1)
    return _where_known(counts, pairs / np.maximum(good.sum(axis=-1) * bad.sum(axis=-1), 1))


def gini(counts: Ints) -> Floats:
    """Gini coefficient (Somers' D): 2 AUC - 1; shape and `nan` as for `auc`."""
    return 2.0 * auc(counts) - 1.0


def kolmogorov_smirnov(counts: Ints) -> Floats:
    """The largest distance between the distribution functions of bads' and goods' scores.

    At the upper ends of score cells; shape and `nan` as for `auc`.

    >>> round(float(kolmogorov_smirnov(np.array([[10, 40], [30, 10], [60, 0]]))), 9)
    0.7
    """
    of_good, of_bad = (np.cumsum(shares(counts[..., outcome]), axis=-1) for outcome in (0, 1))
    return _where_known(counts, np.abs(of_bad - of_good).max(axis=-1))


def default_ratio(counts: Ints) -> Floats:
    """The share that defaulted, shape (...); `nan` of nobody."""
    return np.asarray(shares(counts.sum(axis=-2))[..., _BAD])


def expected_default_ratio(counts: Ints) -> Floats:
    """The share that was to default by what the scores stand for; shape as `default_ratio`.

    Beside the share that did, it tells whether the model is calibrated.

    >>> cells = np.zeros((55, 2), dtype=np.int64)
    >>> cells[34, 0] = 100  # scores from 640 to 649, where odds are 15:1 and better
    >>> round(float(expected_default_ratio(cells)), 3)
    0.058
    """
    return np.asarray((shares(counts.sum(axis=-1)) * _DEFAULT_PROBABILITY).sum(axis=-1))


def _where_known(counts: Ints, values: Floats) -> Floats:
    """Values of labels among which are goods, and bads enough; else `nan`."""
    labels = counts.sum(axis=-2)
    known = (labels[..., _BAD] >= _FEWEST_BAD) & (labels[..., _GOOD] > 0)
    return np.where(known, values, np.nan)
