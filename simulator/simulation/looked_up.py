"""What a feature store knows of an applicant: the features that were not sent.

They are drawn as they are among today's applicants with the values that were sent: the copula's
normals of the sent ones are known, or known to lie in an interval where many normals give one
value, and the others follow from them (`conditional.py`).
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate
from operator import mul
from typing import Final, cast

import numpy as np
from scipy.special import ndtri

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import hashed_numbers
from simulator.simulation.change import NEUTRAL, Alternatives
from simulator.simulation.conditional import Known, likelihood, unshifted, within
from simulator.simulation.known_normals import Interval, normal_of, rest_of, value_of

__all__ = ["FeatureStore"]

_N_RANKS: Final = 65_536
#: The normals of these ranks.
_QUANTILES: Final[list[float]] = ndtri((np.arange(_N_RANKS) + 0.5) / _N_RANKS).tolist()
_MOST_KNOWN: Final = 16_384  # customers whose draws are kept at hand
_NO_SHIFTS: Final = (0.0,) * len(FEATURES)


class FeatureStore:
    """Completes applicants; for one customer always with the same draws.

    Args:
        seed: of the scenario.
    """

    def __init__(self, seed: int) -> None:
        self._numbers = lru_cache(maxsize=_MOST_KNOWN)(partial(hashed_numbers, seed))

    def completed(
        self, customer: str, sent: Sequence[float | None], applicants: Alternatives
    ) -> tuple[float, ...]:
        """The features of a customer, those that were sent as they are.

        Args:
            customer: who it is.
            sent: in the model's order; None for what was not sent.
            applicants: the populations that apply at the moment, with their shares.
        """
        if None not in sent:
            return tuple(cast("Sequence[float]", sent))
        known = _known(sent)
        numbers = self._numbers(customer)
        shifts, normals = _NO_SHIFTS, list(known.exact)
        if len(applicants) > 1 or applicants[0][1] is not NEUTRAL:
            shifts = _population(numbers, known, applicants)
            normals = unshifted(known, shifts)
        found = list(sent)
        rows = rest_of(known.is_exact, known.is_within)
        intervals = known.intervals
        for at, (column, weights, spread) in zip(intervals, rows, strict=False):
            mean = sum(map(mul, weights, normals), shifts[column])
            normals.append(within(at, (numbers[column] + 0.5) / _N_RANKS, mean, spread))
        for column, weights, _ in rows[len(intervals) :] if intervals else rows:
            normals.append(_QUANTILES[numbers[column]])
            found[column] = value_of(column, sum(map(mul, weights, normals), shifts[column]))
        return tuple(cast("list[float]", found))


def _known(sent: Sequence[float | None]) -> Known:
    """What the values that were sent say of their normals."""
    exact: list[float] = []
    intervals: list[Interval] = []
    is_exact = is_within = 0
    for column, value in enumerate(sent):
        if value is not None:
            normal = normal_of(column, value)
            if type(normal) is Interval:
                intervals.append(normal)
                is_within |= 1 << column
            else:
                exact.append(cast("float", normal))
                is_exact |= 1 << column
    return Known(is_exact, is_within, exact, intervals)


def _population(
    numbers: Sequence[int], known: Known, applicants: Alternatives
) -> tuple[float, ...]:
    """The shifts of the population that somebody is of, which is likelier where the sent fit it."""
    if len(applicants) == 1:
        return applicants[0][1].shifts
    likely = [share * likelihood(known, change.shifts) for share, change in applicants]
    if not any(likely):  # nobody is like that in any of them
        likely = [share for share, _ in applicants]
    up_to = list(accumulate(likely))
    which = (numbers[-2] * _N_RANKS + numbers[-1]) / _N_RANKS**2
    found = bisect_right(up_to, which * up_to[-1])
    return applicants[min(found, len(applicants) - 1)][1].shifts
