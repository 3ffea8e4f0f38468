"""How many applicants score how low in health, and what cut-offs have to keep to."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from operator import gt, lt
from typing import Final

from simulator.reading.records import Problem
from simulator.scenario.baseline import Baseline
from simulator.scenario.platform.score_scale import CELL_POINTS, LOWEST_POINTS, cell_width

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


_ALIKE: Final = 1.0 - 1e-9


def share_below(points: int) -> float:
    """The share of applicants that score below the beginning of a cell.

    >>> share_below(580), share_below(640), share_below(300)
    (0.10541, 0.27884, 0.0)
    """
    cell = (points - LOWEST_POINTS) // CELL_POINTS
    return (0.0, *SHARES_BELOW, 1.0)[cell]


def cut_offs_fit(base: Baseline) -> Iterator[Problem]:
    """Bands of scores are a cell wide, begin one worse than the other, and leave no score out."""
    policy, at = base.platform.policy, "platform.policy"
    worst, best = policy.score_range
    levels = policy.levels()
    cuts = {"accepted_from": policy.accepted, "reviewed_from": policy.reviewed}
    cuts |= {f"risk_levels.{i}.lowest": level.lowest for i, level in enumerate(levels)}
    is_better = gt if best > worst else lt
    yield from ((f"{at}.{field}", said) for field, said in _misplaced(cuts, worst, best))
    if is_better(policy.reviewed, policy.accepted):
        yield (
            f"{at}.reviewed_from",
            f"{policy.reviewed:.12g} is better than {policy.accepted:.12g}, from where all are "
            f"accepted; {policy.accepted:.12g} at best",
        )
    for i, (better, worse) in enumerate(pairwise(levels), start=1):
        if not is_better(better.lowest, worse.lowest):
            yield (
                f"{at}.risk_levels.{i}.lowest",
                f"{worse.name!r} begins at {worse.lowest:.12g}, which is not worse than where "
                f"{better.name!r} begins, at {better.lowest:.12g}; list the best level first",
            )
    if (last := levels[-1]).lowest != worst:
        yield (
            f"{at}.risk_levels.{len(levels) - 1}.lowest",
            f"{last.name!r} begins at {last.lowest:.12g}, and worse scores have no level; "
            f"the last one begins at {worst:.12g}",
        )


def _misplaced(cuts: Mapping[str, float], worst: float, best: float) -> Iterator[Problem]:
    """Cut-offs beyond the range, or nearer to another one or to an end than a cell is wide."""
    width = cell_width(worst, best)
    low, high = sorted((worst, best))
    known = [worst, best]
    for field, score in cuts.items():
        if not low <= score <= high:
            yield field, f"{score:.12g} is not between {low:.12g} and {high:.12g}, the score_range"
            continue
        gaps = {abs(score - other): other for other in known if score != other}
        nearest = min(gaps)
        if nearest < width * _ALIKE:
            yield (
                field,
                f"{score:.12g} is only {nearest:.3g} from {gaps[nearest]:.12g}, and scores are "
                f"counted in cells of {width:.3g}: the same, or at least that far apart",
            )
        known.append(score)
