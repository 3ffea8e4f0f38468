"""The intervals of criteria cover the truth as often as they say, by simulation."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.effective import UNKNOWN
from simulator.tuning.judging.intervals import criteria_intervals
from simulator.tuning.judging.matching import Matching, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DENSITY: Final = 3.0
N_DENSE, N_QUIET = 6, 4
#: Of an incident: how many there are a day, and how likely each is found; false alarms a day; and
#: how much days differ, in standard deviations of all of it.
PLANS: Final = (
    (2.5, 0.8, 0.5, 0.0),
    (2.5, 0.8, 0.5, 0.8),
    (5.0, 0.6, 2.0, 0.5),
    (8.0, 0.7, 1.0, 0.5),
)


def one(value: float) -> NDArray[np.float64]:
    return np.array([value])


def day(
    rng: np.random.Generator, plan: tuple[float, float, float, float], weight: float
) -> Matching:
    """What a setting does on a day, with everything of it a little better or worse."""
    incidents, found, false, differs = plan
    better = rng.normal(0.0, differs)
    n = rng.poisson(incidents)
    is_found = rng.random(n) < 1.0 / (1.0 + (1.0 - found) / found * np.exp(-better))
    seconds = np.ceil(np.exp(rng.normal(np.log(300.0) - 0.3 * better, 0.8, n)) / 30.0) * 30.0
    reset = np.exp(rng.normal(np.log(200.0) - 0.3 * better, 0.8, n))
    within = 1 + rng.poisson(0.4 * np.exp(-0.3 * better), n)
    n_false = rng.poisson(false * np.exp(-0.5 * better - 0.125 * differs**2))
    right = (rng.beta(8.0, 1.0, n) * within * is_found).sum()
    return Matching(
        alarms=weight * one(within[is_found].sum() + n_false),
        true_positives=weight * one(right),
        false_alarms=weight * one(n_false),
        detection=np.where(is_found, seconds, np.inf)[:, None],
        reset=np.where(is_found, reset, np.inf)[:, None],
        alarms_within=within[:, None],
        healthy_on=np.zeros(1, dtype=np.int64),
        healthy=np.ones(1, dtype=np.int64),
        weights=np.full((n, 1), weight),
        days=weight,
    )


def days(
    rng: np.random.Generator, plan: tuple[float, float, float, float], times: int = 1
) -> tuple[list[Matching], list[float]]:
    """Dense and quiet ones, weighed so that they are together what is usual."""
    n = N_DENSE + N_QUIET
    dense, quiet = n / DENSITY / N_DENSE, n * (1.0 - 1.0 / DENSITY) / N_QUIET
    found = [day(rng, plan, dense) for _ in range(N_DENSE * times)]
    found += [day(rng, (0.0, *plan[1:]), quiet) for _ in range(N_QUIET * times)]
    return found, [dense] * N_DENSE * times + [quiet] * N_QUIET * times


def coverage(plan: tuple[float, float, float, float], n_times: int) -> dict[str, list[bool]]:
    """For each criterion, whether each interval that is known covers the truth."""
    whole = joined(days(np.random.default_rng(1), plan, times=400)[0])
    truth = {name: float(criterion(whole)[0]) for name, criterion in CRITERIA.items()}
    rng, found = np.random.default_rng(2), defaultdict(list)
    for _ in range(n_times):
        for name, (low, high) in criteria_intervals(*days(rng, plan)).items():
            if not np.isnan(low):
                found[name].append(bool(low <= truth[name] <= high))
    return found


def test_without_five_days_nothing_is_known() -> None:
    parts, weights = days(np.random.default_rng(3), PLANS[3])

    few = criteria_intervals(parts[:4], weights[:4])
    assert set(few) == set(CRITERIA)
    assert all(np.isnan(ends).all() for ends in few.values())
    more = criteria_intervals(parts[:5], weights[:5])
    assert not np.isnan(more["recall"]).any()
    assert np.isnan(UNKNOWN).all()


def test_an_estimate_lies_within_its_interval() -> None:
    rng = np.random.default_rng(4)
    for plan in PLANS * 5:
        parts, weights = days(rng, plan)
        whole = joined(parts)
        for name, (low, high) in criteria_intervals(parts, weights).items():
            value = float(CRITERIA[name](whole)[0])
            assert np.isnan(low) or low - 1e-9 <= value <= high + 1e-9, name


def narrower(few: Sequence[float], many: Sequence[float]) -> bool:
    return many[1] - many[0] < few[1] - few[0]


def test_more_days_make_it_narrower() -> None:
    few = criteria_intervals(*days(np.random.default_rng(5), PLANS[1]))
    many = criteria_intervals(*days(np.random.default_rng(5), PLANS[1], times=20))

    for name in ("precision", "recall", "f1", "detection_median", "false_alarms_per_day"):
        assert narrower(few[name], many[name]), name


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS)
def test_intervals_of_95_percent_cover_the_truth_as_often(
    plan: tuple[float, float, float, float],
) -> None:
    """Between 0.90 and 0.98, by ten days as they are tuned on; three errors of the count more."""
    for name, covers in coverage(plan, 1000).items():
        if len(covers) < 300:  # seldom known: too few incidents for that quantile
            continue
        share, error = float(np.mean(covers)), (0.05 * 0.95 / len(covers)) ** 0.5
        assert 0.90 - error <= share <= 0.98 + error, (name, share)
