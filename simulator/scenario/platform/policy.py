"""What a lender makes of scores: whom it accepts, and what it calls a risk."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from simulator.scenario.fields import Described, LabelText, Names
from simulator.scenario.platform.score_scale import (
    LOWEST_POINTS,
    MOST_DECIMALS,
    ScoreScale,
    cell_width,
    decimals_of,
    score_scale,
    usual_score,
)

__all__ = ["DecisionNames", "Policy", "RiskLevel"]

_LARGEST: Final = 1e6
_LEAST_SPAN: Final = 1e-3
#: Where decisions and levels begin on the scale from 300 to 850, if a platform says nothing.
_USUAL_ACCEPTED, _USUAL_REVIEWED = 640, 580
_USUAL_LEVELS: Final = {"low": 740, "medium": 670, "high": 580, "very_high": LOWEST_POINTS}


def _is_written(score: float) -> float:
    if decimals_of(score) > MOST_DECIMALS:
        raise ValueError(f"has more than {MOST_DECIMALS} decimals")
    return score


def _has_room(found: tuple[float, float]) -> tuple[float, float]:
    if abs(found[1] - found[0]) < _LEAST_SPAN:
        raise ValueError(f"its ends are less than {_LEAST_SPAN:g} apart")
    return found


#: A score on the platform's own scale.
Score = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST), AfterValidator(_is_written)]
ScoreRange = Annotated[tuple[Score, Score], AfterValidator(_has_room)]


class DecisionNames(Names):
    """What decisions are called, as values of a label."""

    accepted: LabelText = "accepted"
    """The applicant gets the credit."""
    review: LabelText = "review"
    """A person decides."""
    refused: LabelText = "refused"
    """The applicant does not get it."""


class RiskLevel(Described):
    """A band of scores."""

    name: LabelText
    """What it is called, by the API and as the value of a label."""
    lowest: Score
    """The worst score of the band; it ends where the next better one begins."""


class Policy(Described):
    """What becomes of applicants by their score."""

    score_range: ScoreRange = (300, 850)
    """The worst score and the best, such as `[0, 1000]`; `[100, 0]` where a high one is a high
    risk."""
    accepted_from: Score | None = None
    """The worst score that is accepted; without, where 640 is on a scale from 300 to 850."""
    reviewed_from: Score | None = None
    """The worst score that a person looks at; what is worse is refused. Where it is
    `accepted_from`, nobody does. Without, where 580 is on a scale from 300 to 850."""
    decision_names: DecisionNames = DecisionNames()
    """What decisions are called in metrics; those that are not named keep their names."""
    risk_levels: Annotated[tuple[RiskLevel, ...], Field(min_length=2, max_length=10)] | None = None
    """The levels of risk, the best first; the last one begins with the worst score. Without: low,
    medium, high, very_high, from where 740, 670 and 580 are on a scale from 300 to 850."""

    def scale(self) -> ScoreScale:
        """What scores are called, over the scorecard's points.

        >>> Policy(score_range=(0, 1000), accepted_from=620).scale().score_of(640)
        620
        """
        levels = (level.lowest for level in self.levels())
        return score_scale(*self.score_range, (self.accepted, self.reviewed, *levels))

    @property
    def accepted(self) -> float:
        """The worst score that is accepted."""
        said = self.accepted_from
        return self._usual(_USUAL_ACCEPTED) if said is None else said

    @property
    def reviewed(self) -> float:
        """The worst score that a person looks at."""
        said = self.reviewed_from
        return self._usual(_USUAL_REVIEWED) if said is None else said

    def levels(self) -> tuple[RiskLevel, ...]:
        """The levels of risk, the best first."""
        if self.risk_levels is not None:
            return self.risk_levels
        return _levels(tuple(self._usual(points) for points in _USUAL_LEVELS.values()))

    def level_points(self) -> tuple[int, ...]:
        """The points at which each of the levels begins."""
        scale = self.scale()
        return tuple(scale.points_at(level.lowest) for level in self.levels())

    def decision_points(self) -> tuple[int, int, int]:
        """The points at which accepted, review and refused begin."""
        scale = self.scale()
        return scale.points_at(self.accepted), scale.points_at(self.reviewed), LOWEST_POINTS

    def level_of(self, points: int) -> int:
        """Index into the risk levels.

        >>> [Policy().level_names()[Policy().level_of(p)] for p in (740, 739, 669, 579)]
        ['low', 'medium', 'high', 'very_high']
        """
        return _band(self.level_points(), points)

    def decision_of(self, points: int) -> int:
        """Index into the decisions accepted, review and refused.

        >>> [Policy().decision_of(p) for p in (640, 639, 580, 579)]
        [0, 1, 1, 2]
        """
        return _band(self.decision_points(), points)

    def level_names(self) -> tuple[str, ...]:
        """What the risk levels are called, the best first."""
        return tuple(level.name for level in self.levels())

    def _usual(self, points: int) -> float:
        """Where so many points are on the scale; what is said next to it stands for the same."""
        usual = usual_score(points, *self.score_range)
        levels = (level.lowest for level in self.risk_levels or ())
        said = (one for one in (self.accepted_from, self.reviewed_from, *levels) if one is not None)
        width = cell_width(*self.score_range)
        return next((one for one in said if abs(one - usual) < width), usual)


@lru_cache(maxsize=64)
def _levels(lowest: tuple[float, ...]) -> tuple[RiskLevel, ...]:
    found = zip(_USUAL_LEVELS, lowest, strict=True)
    return tuple(RiskLevel(name=name, lowest=score) for name, score in found)


def _band(lowest: Sequence[int], points: int) -> int:
    """Which of the bands that begin at these points, the highest first, has so many."""
    return len(lowest) - bisect_right(lowest[::-1], points)
