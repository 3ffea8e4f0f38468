"""A decision as answers show it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from simulator.api.archive import Verdict
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.scorecard import Scorecard

__all__ = ["Decided"]

_AMOUNT: Final = FEATURES.index("amount")


class Decided(msgspec.Struct, gc=False):
    """The fields of the API's `Decision`, quick to make, and what else an answer may show.

    `features` are those that the model got, and `scorecard` made the score of them;
    `processing_seconds` is how long it took, where the route's answer says so.
    """

    decision_id: str
    applicant_id: str
    score: float
    probability_of_default: float
    risk_level: str
    decision: Verdict
    model_version: str
    reviewed_by: str | None = None
    features: Sequence[float] = ()
    scorecard: Scorecard = Scorecard()
    processing_seconds: float = 0.0

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
    def contributions(self) -> Mapping[str, float]:
        """What each feature added to the log-odds of default."""
        added = self.scorecard.contributions_of(self.features)
        return {feature: round(c, 4) for feature, c in zip(FEATURES, added, strict=True)}

    @property
    def processing_time_ms(self) -> float:
        """Milliseconds from the request's arrival to the decision."""
        return round(self.processing_seconds * 1000.0, 3)
