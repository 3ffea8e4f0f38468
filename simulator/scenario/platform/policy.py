"""What a lender makes of scores: whom it accepts, and what it calls a risk."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import AfterValidator, Field, WithJsonSchema

from simulator.scenario.fields import Described, LabelText, Names

__all__ = ["CELL_POINTS", "HIGHEST_SCORE", "LOWEST_SCORE", "DecisionNames", "Policy", "RiskLevel"]

LOWEST_SCORE: Final = 300
HIGHEST_SCORE: Final = 850
#: Scores are counted in cells of ten points; every band of risk, decision and histogram is a union.
CELL_POINTS: Final = 10

#: A score at which something begins; that it begins a cell is a rule, which says what would.
CutOff = Annotated[int, Field(ge=LOWEST_SCORE + CELL_POINTS, le=HIGHEST_SCORE - CELL_POINTS)]


def _as_counted(found: tuple[int, int]) -> tuple[int, int]:
    if found != (LOWEST_SCORE, HIGHEST_SCORE):
        raise ValueError(
            f"scores are from {LOWEST_SCORE} to {HIGHEST_SCORE}: decisions, levels, drift and "
            "calibration are counted in cells of that scale; a metric may show a transform instead"
        )
    return found


ScoreRange = Annotated[
    tuple[int, int],
    AfterValidator(_as_counted),
    WithJsonSchema({"const": [LOWEST_SCORE, HIGHEST_SCORE]}),
]


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
    lowest: Annotated[int, Field(ge=LOWEST_SCORE, le=HIGHEST_SCORE - CELL_POINTS)]
    """The lowest score of the band; it ends where the next better one begins."""


class Policy(Described):
    """What becomes of applicants by their score."""

    score_range: ScoreRange = (LOWEST_SCORE, HIGHEST_SCORE)
    """The lowest and the highest score: no others than 300 and 850. A metric may show a transform
    of the score instead."""
    accepted_from: CutOff = 640
    """The lowest score that is accepted, a multiple of ten."""
    reviewed_from: CutOff = 580
    """The lowest score that a person looks at, a multiple of ten; below, it is refused. Where it is
    `accepted_from`, nobody does."""
    decision_names: DecisionNames = DecisionNames()
    """What decisions are called in metrics; those that are not named keep their names."""
    risk_levels: Annotated[tuple[RiskLevel, ...], Field(min_length=2, max_length=10)] = (
        RiskLevel(name="low", lowest=740),
        RiskLevel(name="medium", lowest=670),
        RiskLevel(name="high", lowest=580),
        RiskLevel(name="very_high", lowest=LOWEST_SCORE),
    )
    """The levels of risk, the best first; the last one begins with the lowest score."""

    def level_of(self, score: int) -> int:
        """Index into the risk levels.

        >>> [Policy().level_names()[Policy().level_of(s)] for s in (740, 739, 669, 579)]
        ['low', 'medium', 'high', 'very_high']
        """
        return _band([level.lowest for level in self.risk_levels], score)

    def decision_of(self, score: int) -> int:
        """Index into the decisions accepted, review and refused.

        >>> [Policy().decision_of(s) for s in (640, 639, 580, 579)]
        [0, 1, 1, 2]
        """
        return _band([self.accepted_from, self.reviewed_from, LOWEST_SCORE], score)

    def level_names(self) -> tuple[str, ...]:
        """What the risk levels are called, the best first."""
        return tuple(level.name for level in self.risk_levels)


def _band(lowest: Sequence[int], score: int) -> int:
    """Which of the bands that begin at these scores, the highest first, has a score."""
    return len(lowest) - bisect_right(lowest[::-1], score)
