"""What a feature store knows of an applicant: the features that were not sent.

They are drawn as they are among today's applicants with the values that were sent: the copula's
normals of the sent ones are known, or known to lie in an interval where many normals give one
value, and the others follow from them (`conditional.py`).
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import Final, cast

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import hashed_numbers
from simulator.simulation.change import NEUTRAL, Alternatives
from simulator.simulation.conditional import Known, drawn_rest, likelihood, noise
from simulator.simulation.known_normals import Interval, normal_of, rest_of, value_of

__all__ = ["FeatureStore"]

_N_RANKS: Final = 65_536
_MOST_KNOWN: Final = 16_384  # customers whose draws are kept at hand


class FeatureStore:
    """Completes applicants; for one customer always with the same draws.

    Args:
        seed: of the scenario.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = lru_cache(maxsize=_MOST_KNOWN)(self._draws)
        self._noise = lru_cache(maxsize=_MOST_KNOWN)(self._noise_of)

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
        found = list(sent)
        if not intervals and applicants[0][1] is NEUTRAL and len(applicants) == 1:
            noise = self._noise(customer, is_exact)
            rows = rest_of(is_exact, 0).rows
            for (column, means, _), more in zip(rows, noise, strict=True):
                found[column] = value_of(column, sum(map(mul, means, exact), more))
            return tuple(cast("list[float]", found))
        known = Known(is_exact, is_within, exact, intervals)
        which, ranks = self._drawn(customer)
        for column, value in drawn_rest(known, ranks, _population(which, known, applicants)):
            found[column] = value
        return tuple(cast("list[float]", found))

    def _draws(self, customer: str) -> tuple[float, tuple[float, ...]]:
        """Which population somebody is of, and the rank of each feature, all from 0 to 1."""
        *numbers, high, low = hashed_numbers(self._seed, customer)
        which = (high * _N_RANKS + low) / _N_RANKS**2
        return which, tuple((n + 0.5) / _N_RANKS for n in numbers[: len(FEATURES)])

    def _noise_of(self, customer: str, is_exact: int) -> tuple[float, ...]:
        """What somebody's own draws add to the means of what is not known."""
        _, ranks = self._drawn(customer)
        return noise(ranks, rest_of(is_exact, 0))


def _population(which: float, known: Known, applicants: Alternatives) -> tuple[float, ...]:
    """The shifts of the population that somebody is of, which is likelier where the sent fit it."""
    if len(applicants) == 1:
        return applicants[0][1].shifts
    likely = [share * likelihood(known, change.shifts) for share, change in applicants]
    if not any(likely):  # nobody is like that in any of them
        likely = [share for share, _ in applicants]
    up_to = list(accumulate(likely))
    found = bisect_right(up_to, which * up_to[-1])
    return applicants[min(found, len(applicants) - 1)][1].shifts
