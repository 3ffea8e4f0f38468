"""A feature reaches the model wrong."""

import math
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import ApplicantEpisode, Problem
from simulator.scenario.fields import Factor, Ratio
from simulator.scenario.lever import Lever
from simulator.scenario.severity import calibration_of, graded
from simulator.scenario.vocabulary import Alarms, Feature

__all__ = ["DataBug"]

# Everybody is judged on a third more or less than they have, or on twice or half of it.
_FACTOR_OFF: Final = (1.3, 2.0)
_FACTOR_ABSURD: Final = 8.0
# One in seven judged on nothing, or one in three.
_MISSING: Final = (0.15, 0.35)
_MISSING_MOST: Final = 0.8
_HEAVY: Final[Mapping[Feature, int]] = {  # +1: more looks riskier, -1: less does, to a refusal
    "revolving_utilisation": 1,
    "debt_to_income": 1,
    "net_income": -1,
    "job_tenure_months": -1,
}
# Times as many default as the model says where it reads a feature as eight times as much, and where
# it reads nothing: of features with which people then look safer than they are.
_FLATTERING_MUCH: Final[Mapping[Feature, float]] = {
    "net_income": 2.7,
    "permanent_contract": 1.9,
    "age": 1.7,
    "job_tenure_months": 1.5,
    "home_owner": 1.4,
}
_FLATTERING_NOTHING: Final[Mapping[Feature, float]] = {
    "debt_to_income": 1.9,
    "revolving_utilisation": 1.7,
    "duration_months": 1.5,
}


class DataBug(ApplicantEpisode):
    """One feature reaches the model wrong: in another unit, or missing and read as zero."""

    kind: Literal["data-bug"]
    feature: Feature
    factor: Factor = 1.0
    null_ratio: Ratio = 0.0

    @property
    def is_mixing(self) -> bool:
        """Whether its intensity is a share of the applicants, as of a missing value always."""
        return self.null_ratio > 0.0 or super().is_mixing

    @property
    def most_affected(self) -> float:
        """The share of the applicants whose value is missing, if any is."""
        return self.null_ratio or 1.0

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """One of the two says what is wrong with the feature."""
        if (self.factor != 1.0) == (self.null_ratio > 0.0):
            yield "", f"{self.name!r} needs either a factor or a null_ratio"

    def consequences(self, base: Baseline) -> Alarms:
        """Drift by how far off, or how often missing; absurd values also misjudge people.

        Those who look safer than they are default more often than the model says.
        """
        if self.feature == "ficp_flag" and self.null_ratio == 0.0:
            return {}  # three in a hundred have it, and to them it stays a flag
        off = max(self.factor, 1.0 / self.factor)
        absurd = self.null_ratio >= _MISSING_MOST or off >= _FACTOR_ABSURD
        direction = 1 if self.null_ratio == 0.0 and self.factor > 1.0 else -1
        missing = self.null_ratio
        return {
            "drift": graded(missing, *_MISSING) if missing else graded(off, *_FACTOR_OFF),
            "accuracy": "orange" if absurd else "none",
            "calibration": calibration_of(self._times_expected),
            # to the model everybody looks poor, and reviewers cannot keep up
            "compliance": "orange" if absurd and _HEAVY.get(self.feature) == direction else "none",
        }

    @property
    def _times_expected(self) -> float:
        """Times as many defaults as the model says; 1 where people look riskier than they are."""
        much = _FLATTERING_MUCH.get(self.feature, 1.0)
        nothing = _FLATTERING_NOTHING.get(self.feature, 1.0)
        if self.null_ratio:
            return 1.0 / (1.0 - self.null_ratio + self.null_ratio / nothing)
        if self.factor < 1.0:
            return float(nothing ** (1.0 - self.factor))
        return float(much ** min(math.log(self.factor, _FACTOR_ABSURD), 1.0))

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Another unit, and values that are missing."""
        yield Lever(
            "income-unit",
            "data-bug",
            lambda factor: {"feature": "net_income", "factor": factor},
            (1.1, 1.3, 1.8, 3.0, 12.0, 1000.0),
        )
        yield Lever(
            "utilisation-missing",
            "data-bug",
            lambda share: {"feature": "revolving_utilisation", "null_ratio": share},
            (0.02, 0.07, 0.2, 0.5, 1.0),
        )
