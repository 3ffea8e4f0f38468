"""A decision as answers show it."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Final

import msgspec

from simulator.api.archive import Verdict
from simulator.api.moments import Moment
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.scorecard import Scorecard

__all__ = ["Decided", "DecidedTogether", "ReasonRow"]

_AMOUNT: Final = FEATURES.index("amount")


class ReasonRow(msgspec.Struct, gc=False):
    """What one feature added to the log-odds of default; `rank` is 1 for the strongest."""

    feature: Feature
    value: float
    contribution: float
    rank: int

    @property
    def reason(self) -> str:
        """The feature, which a platform has other words for."""
        return self.feature


class Decided(msgspec.Struct, gc=False):
    """The fields of the API's `Decision`, quick to make, and what else an answer may show.

    `features` are those that the model got, and `scorecard` made the score of what they `added` to
    the log-odds of default; `moment` is when it was answered, where the route's answer says so.
    """

    decision_id: str
    applicant_id: str | int
    score: float
    probability_of_default: float
    risk_level: str
    decision: Verdict
    model_version: str
    reviewed_by: str | None = None
    features: Sequence[float] = ()
    scorecard: Scorecard = Scorecard()
    added: Sequence[float] | None = None
    model: str = ""
    moment: Moment | None = None

    @property
    def repayment_probability(self) -> float:
        """The probability that there is no default."""
        return round(1.0 - self.probability_of_default, 4)

    @property
    def confidence(self) -> float:
        """The larger of both probabilities."""
        return max(self.probability_of_default, self.repayment_probability)

    @property
    def amount(self) -> float:
        """The amount that was asked for, in euros."""
        return round(self.features[_AMOUNT], 2)

    @property
    def approved_amount(self) -> float:
        """The same where it is accepted, else 0."""
        return self.amount if self.decision == "accepted" else 0.0

    @property
    def is_accepted(self) -> bool:
        """Whether the applicant gets the credit."""
        return self.decision == "accepted"

    @property
    def is_refused(self) -> bool:
        """Whether the applicant does not get it, and nobody is to look at it."""
        return self.decision == "refused"

    @property
    def accepted_as_number(self) -> int:
        """1 where it is accepted, else 0."""
        return int(self.is_accepted)

    @property
    def refused_as_number(self) -> int:
        """1 where it is refused, else 0."""
        return int(self.is_refused)

    @property
    def contributions(self) -> Mapping[str, float]:
        """What each feature added to the log-odds of default."""
        rounded = [round(c * 1e4) / 1e4 for c in self._added()]  # a third of the time of digits
        return dict(zip(FEATURES, rounded, strict=True))

    @property
    def named_features(self) -> Mapping[str, float]:
        """What the model got, by name."""
        return dict(zip(FEATURES, self.features, strict=True))

    @property
    def reasons(self) -> list[ReasonRow]:
        """What each feature added to the log-odds of default, the strongest first."""
        rows = sorted(zip(self._added(), FEATURES, self.features, strict=True), key=_strength)
        return [ReasonRow(f, v, round(c, 4), rank) for rank, (c, f, v) in enumerate(rows, 1)]

    def _added(self) -> Sequence[float]:
        return self.added or self.scorecard.contributions_of(self.features)


def _strength(row: tuple[float, Feature, float]) -> float:
    return -abs(row[0])


class DecidedTogether:
    """What the answer to a batch can say beside its decisions."""

    def __init__(self, decisions: Sequence[Decided]) -> None:
        self._decisions = decisions

    @property
    def moment(self) -> Moment | None:
        """When they were answered."""
        return self._decisions[0].moment

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self._decisions)

    @property
    def n_accepted(self) -> int:
        """How many of them are accepted."""
        return self._counted("accepted")

    @property
    def n_review(self) -> int:
        """How many a person is to look at."""
        return self._counted("review")

    @property
    def n_refused(self) -> int:
        """How many are refused."""
        return self._counted("refused")

    @property
    def mean_score(self) -> float:
        """The mean of their scores, to four digits after the point."""
        return round(fmean(one.score for one in self._decisions), 4)

    def _counted(self, verdict: Verdict) -> int:
        return sum(one.decision == verdict for one in self._decisions)
