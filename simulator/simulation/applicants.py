"""Who applies: twelve features with realistic marginals, joined by a Gaussian copula."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import betainc, betaincinv, gammaincinv, ndtr, ndtri, pdtr

from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.arrays import Floats

__all__ = [
    "CORRELATIONS",
    "applicants",
    "correlated_normals",
    "correlation_matrix",
    "feature_values",
]

#: Pearson correlations of the copula's normals; pairs not named are independent.
CORRELATIONS: Final[Mapping[tuple[Feature, Feature], float]] = {
    ("amount", "duration_months"): 0.60,
    ("age", "job_tenure_months"): 0.50,
    ("ficp_flag", "incidents_24m"): 0.50,
    ("permanent_contract", "job_tenure_months"): 0.45,
    ("home_owner", "age"): 0.40,
    ("net_income", "amount"): 0.35,
    ("revolving_utilisation", "incidents_24m"): 0.35,
    ("debt_to_income", "revolving_utilisation"): 0.35,
    ("net_income", "debt_to_income"): -0.25,
    ("revolving_utilisation", "inquiries_6m"): 0.25,
    ("incidents_24m", "inquiries_6m"): 0.25,
    ("home_owner", "net_income"): 0.25,
    ("permanent_contract", "net_income"): 0.25,
    ("ficp_flag", "revolving_utilisation"): 0.25,
    ("net_income", "age"): 0.20,
    ("net_income", "job_tenure_months"): 0.20,
    ("net_income", "revolving_utilisation"): -0.15,
    ("debt_to_income", "inquiries_6m"): 0.15,
    ("age", "revolving_utilisation"): -0.10,
    ("age", "incidents_24m"): -0.10,
}

_QUANTILE_POINTS: Final = np.linspace(-6.0, 6.0, 4097)


@dataclass(frozen=True)
class _Continuous:
    """A marginal tabulated as quantiles of the standard normal, then mapped to what is recorded."""

    quantile: Callable[[Floats], Floats]
    recorded: Callable[[Floats], Floats] = lambda x: x

    def __call__(self, normals: Floats) -> Floats:
        return self.recorded(np.interp(normals, _QUANTILE_POINTS, _tabulated(self)))


@dataclass(frozen=True)
class _Discrete:
    """A marginal on 0, 1, 2, ...: `cumulative(k)` is P(X <= k) for k below `n_values` - 1."""

    cumulative: Callable[[Floats], Floats]
    n_values: int

    def __call__(self, normals: Floats) -> Floats:
        cuts = _tabulated(self)
        return np.searchsorted(cuts, normals, side="left").astype(np.float64)


@lru_cache(maxsize=64)
def _tabulated(marginal: _Continuous | _Discrete) -> Floats:
    if isinstance(marginal, _Discrete):
        return ndtri(marginal.cumulative(np.arange(marginal.n_values - 1, dtype=np.float64)))
    return marginal.quantile(ndtr(_QUANTILE_POINTS))


def _utilisation(u: Floats) -> Floats:
    """35 % of applicants have no balance; the others use Beta(1.1, 1.6) of their limit."""
    return np.asarray(betaincinv(1.1, 1.6, np.clip((u - 0.35) / 0.65, 0.0, 1.0)))


def _flag(share: float) -> _Discrete:
    return _Discrete(lambda k: np.full(k.shape, 1.0 - share), n_values=2)


_LOG_INCOME: Final = float(np.log(2150.0))
_LOG_AMOUNT: Final = float(np.log(6000.0))

# By special functions: scipy.stats has the distributions by name, but takes half a second to load.
#: Marginals anchored on INSEE wages (net, full-time), the German credit data and market practice.
_MARGINALS: Final[Mapping[Feature, _Continuous | _Discrete]] = {
    "revolving_utilisation": _Continuous(_utilisation),
    "incidents_24m": _Discrete(
        lambda k: np.asarray(betainc(0.35, k + 1.0, 0.35 / (0.35 + 0.30))), n_values=25
    ),
    "debt_to_income": _Continuous(lambda u: np.asarray(betaincinv(3.0, 9.5, u))),
    "job_tenure_months": _Continuous(
        lambda u: np.asarray(78.0 * gammaincinv(1.1, u)),
        lambda x: np.minimum(x, 600.0),
    ),
    "net_income": _Continuous(lambda u: np.exp(_LOG_INCOME + 0.42 * ndtri(u))),
    "ficp_flag": _flag(0.025),
    "inquiries_6m": _Discrete(lambda k: np.asarray(pdtr(k, 0.9)), n_values=16),
    "duration_months": _Continuous(
        lambda u: np.asarray(12.0 * gammaincinv(3.2, u)),
        lambda x: np.clip(6.0 * np.round(x / 6.0), 6.0, 84.0),
    ),
    "permanent_contract": _flag(0.76),
    "home_owner": _flag(0.55),
    "age": _Continuous(
        lambda u: np.asarray(18.0 + 8.0 * gammaincinv(3.2, u)),
        lambda x: np.minimum(x, 95.0),
    ),
    "amount": _Continuous(
        lambda u: np.exp(_LOG_AMOUNT + 0.78 * ndtri(u)), lambda x: np.clip(x, 200.0, 75_000.0)
    ),
}


def correlation_matrix() -> Floats:
    """The copula's correlation matrix, shape (features, features), positive definite."""
    matrix = np.eye(len(FEATURES))
    for (one, other), value in CORRELATIONS.items():
        i, j = FEATURES.index(one), FEATURES.index(other)
        matrix[i, j] = matrix[j, i] = value
    return matrix


def correlated_normals(independent: Floats) -> Floats:
    """The copula's normals from independent standard ones, both of shape (applicants, features)."""
    return np.asarray(independent @ np.linalg.cholesky(correlation_matrix()).T)


def applicants(normals: Floats) -> Floats:
    """Feature values, shape (applicants, features), of the copula's `normals` of the same shape.

    To shift a population, add the shift in standard deviations to the normals.

    >>> median = applicants(np.zeros((1, 12)))[0]
    >>> dict(zip(FEATURES, median.round(2).tolist()))["net_income"]
    2150.0
    """
    return np.column_stack([feature_values(i, normals[:, i]) for i in range(len(FEATURES))])


def feature_values(column: int, normals: Floats) -> Floats:
    """Values of the feature in that column, same shape as the copula's `normals` of it."""
    return _MARGINALS[FEATURES[column]](normals)
