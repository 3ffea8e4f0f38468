"""People who apply, some of them more than once: what is theirs stays, what they ask for changes.

A person is a point of independent standard normals, one per feature, in an order from what is most
a person's own (age, ...) to what belongs to the application (amount, ...). The copula's lower
triangular factor makes features of them, so that a feature depends only on what is at least as
lasting. At each later application the k-th normal becomes `r z + sqrt(1 - r^2) e` with a fresh
standard normal e, which leaves it standard normal: all applications together follow the scenario's
population however often people come back.
"""

from typing import Final

import numpy as np

from simulator.load.known_people import KnownPeople
from simulator.load.platform_state import Population
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.applicants import applicants, correlation_matrix
from simulator.simulation.arrays import Floats, Ints

__all__ = ["HIGHEST_AGE", "LOWEST_AGE", "LOWEST_WORKING_AGE", "People"]

LOWEST_AGE, HIGHEST_AGE = 18, 84
LOWEST_WORKING_AGE: Final = 16

#: How much of a feature is as it was at a person's application before, most lasting first.
_LASTING: Final[dict[Feature, float]] = {
    "age": 1.0,
    "job_tenure_months": 1.0,
    "permanent_contract": 1.0,
    "home_owner": 1.0,
    "ficp_flag": 1.0,
    "incidents_24m": 1.0,
    "net_income": 0.999,  # within some 2 %: a month with a bonus, one without
    "debt_to_income": 0.95,
    "revolving_utilisation": 0.95,
    "inquiries_6m": 0.95,
    "amount": 0.0,
    "duration_months": 0.0,
}
_ORDER: Final = [FEATURES.index(f) for f in _LASTING]
_KEPT: Final = np.array(list(_LASTING.values()))
_CHANGED: Final = np.sqrt(1.0 - _KEPT**2)
_RETURNING: Final = 0.3  # of applications: many compare offers, or ask for another amount
_ENTERED_WHOLE: Final = ("net_income", "duration_months", "amount")


class People:
    """An endless supply of applications by people, the same for the same generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._factor = np.linalg.cholesky(correlation_matrix()[np.ix_(_ORDER, _ORDER)])
        self._population = Population()
        self._known: dict[tuple[float, ...], KnownPeople] = {}
        self._n_people = 0
        applicants(np.zeros((1, len(FEATURES))))  # makes its tables, for which no user is to wait

    def meet(self, population: Population) -> None:
        """From here on, this population applies; those of another do not come back."""
        self._population = population
        self._known = {s: k for s, k in self._known.items() if s in population.shifts}

    def apply(self, count: int) -> tuple[list[int], Floats]:
        """The next `count` applications: numbers of people, and features (count, features)."""
        shifts, shares = self._population.shifts, np.array(self._population.shares)
        which = self._rng.choice(len(shares), count, p=shares / shares.sum())
        numbers, normals = self._drawn(which)
        shifted = np.empty_like(normals)
        shifted[:, _ORDER] = normals @ self._factor.T
        return numbers, _as_entered(applicants(shifted + np.array(shifts)[which]))

    def _drawn(self, which: Ints) -> tuple[list[int], Floats]:
        """People of these populations, new ones and known ones, with normals of the moment."""
        normals = self._rng.standard_normal((len(which), len(FEATURES)))
        back = self._rng.random(len(which)) < _RETURNING
        ratios = self._rng.random(len(which))
        parts = [
            (np.flatnonzero(which == part), self._known_of(shifts))
            for part, shifts in enumerate(self._population.shifts)
        ]
        for rows, known in parts:
            back[rows] = known.are_back(back[rows])
        numbers = self._n_people + np.cumsum(~back)
        self._n_people += int(np.count_nonzero(~back))
        for rows, known in parts:
            visits = known.visit(back[rows], ratios[rows], numbers[rows], normals[rows])
            numbers[rows], normals[rows] = visits
        return numbers.tolist(), normals

    def _known_of(self, shifts: tuple[float, ...]) -> KnownPeople:
        return self._known.setdefault(shifts, KnownPeople(_KEPT, _CHANGED))


def _as_entered(features: Floats) -> Floats:
    """Features as a form takes them: whole years, months and euros, and no life too long.

    >>> row = dict.fromkeys(FEATURES, 0.0) | {"age": 19.7, "job_tenure_months": 77.2}
    >>> entered = _as_entered(np.array([[row[f] for f in FEATURES]]))[0]
    >>> float(entered[FEATURES.index("age")]), float(entered[FEATURES.index("job_tenure_months")])
    (20.0, 48.0)
    """
    entered = features.copy()
    for feature in _ENTERED_WHOLE:
        column = FEATURES.index(feature)
        entered[:, column] = np.rint(entered[:, column])
    age, tenure = FEATURES.index("age"), FEATURES.index("job_tenure_months")
    entered[:, age] = np.clip(np.rint(entered[:, age]), LOWEST_AGE, HIGHEST_AGE)
    longest = 12.0 * (entered[:, age] - LOWEST_WORKING_AGE)
    entered[:, tenure] = np.minimum(np.rint(entered[:, tenure]), longest)
    return entered
