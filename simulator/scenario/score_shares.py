"""How many applicants score how low in health, and what cut-offs have to keep to."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from simulator.reading.records import Problem
from simulator.scenario.baseline import Baseline
from simulator.scenario.platform.policy import CELL_POINTS, LOWEST_SCORE

__all__ = ["SHARES_BELOW", "cut_offs_fit", "share_below"]

#: Shares of the development sample that score below 310, 320... to 840, which the simulation tells.
SHARES_BELOW: Final = (
    *(0.00014, 0.00020, 0.00028, 0.00040, 0.00055, 0.00074, 0.00098, 0.00130, 0.00169, 0.00219),
    *(0.00282, 0.00361, 0.00460, 0.00583, 0.00736, 0.00923, 0.01151, 0.01429, 0.01769, 0.02186),
    *(0.02695, 0.03315, 0.04063, 0.04962, 0.06032, 0.07300, 0.08793, 0.10541, 0.12572, 0.14915),
    *(0.17599, 0.20645, 0.24072, 0.27884, 0.32070, 0.36605, 0.41451, 0.46563, 0.51879, 0.57315),
    *(0.62774, 0.68148, 0.73324, 0.78192, 0.82643, 0.86596, 0.89992, 0.92800, 0.95035, 0.96738),
    *(0.97971, 0.98813, 0.99354, 0.99676),
)


def share_below(score: int) -> float:
    """The share of applicants that score below the beginning of a cell.

    >>> share_below(580), share_below(640), share_below(300)
    (0.10541, 0.27884, 0.0)
    """
    cell = (score - LOWEST_SCORE) // CELL_POINTS
    return SHARES_BELOW[cell - 1] if cell > 0 else 0.0


def cut_offs_fit(base: Baseline) -> Iterator[Problem]:
    """Bands of scores begin where cells do, one below the other, and leave no score out."""
    policy, at = base.platform.policy, "platform.policy"
    cuts = {"accepted_from": policy.accepted_from, "reviewed_from": policy.reviewed_from}
    cuts |= {f"risk_levels.{i}.lowest": level.lowest for i, level in enumerate(policy.risk_levels)}
    for field, score in cuts.items():
        if past := score % CELL_POINTS:
            below = score - past
            yield (
                f"{at}.{field}",
                f"{score} is within the ten points in which scores are counted; "
                f"{below} or {below + CELL_POINTS} would begin them",
            )
    if policy.reviewed_from > policy.accepted_from:
        yield (
            f"{at}.reviewed_from",
            f"{policy.reviewed_from} is above {policy.accepted_from}, from where all are accepted; "
            f"at most {policy.accepted_from}",
        )
    for i, (better, worse) in enumerate(pairwise(policy.risk_levels), start=1):
        if worse.lowest >= better.lowest:
            yield (
                f"{at}.risk_levels.{i}.lowest",
                f"{worse.name!r} begins at {worse.lowest}, not below {better.name!r}, which begins "
                f"at {better.lowest}; list the best level first",
            )
    if (last := policy.risk_levels[-1]).lowest != LOWEST_SCORE:
        yield (
            f"{at}.risk_levels.{len(policy.risk_levels) - 1}.lowest",
            f"{last.name!r} begins at {last.lowest}, and lower scores have no level; "
            f"the last one begins at {LOWEST_SCORE}",
        )
