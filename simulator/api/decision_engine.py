"""Decides applications with the simulated model: features, version, score, decision."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from random import Random

from simulator.api.archive import Archive, DecisionRecord
from simulator.api.decided import Decided
from simulator.api.request_counter import RequestCounter
from simulator.api.schemas import Explanation, ModelVersion, Reason
from simulator.api.workers import Served
from simulator.scenario.baseline import Platform
from simulator.simulation.causes import STAGES
from simulator.simulation.change import NEUTRAL, Change
from simulator.simulation.conditions import Conditions
from simulator.simulation.scorecard import (
    DECISIONS,
    HIGHEST_POINTS,
    LOWEST_POINTS,
    Scorecard,
)

__all__ = ["DecisionEngine"]


class DecisionEngine:
    """Scores applications as the present conditions have it, and keeps the decisions.

    Args:
        now: the conditions of the first tick.
        platform: what it makes of scores, what the model is called, and where a person is asked.
        versions: model versions and, in the same order, their scorecards.
        counter: where scored applications are counted.
        archive: where decisions are kept.
        rng: draws a version, and which feature values are spoilt on their way.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        now: Conditions,
        *,
        platform: Platform,
        versions: Sequence[str],
        scorecards: Sequence[Scorecard],
        counter: RequestCounter,
        archive: Archive,
        rng: Random,
    ) -> None:
        self.now = now
        self.archive = archive
        self._scale, levels = platform.policy.scale(), platform.policy.level_names()
        every = range(LOWEST_POINTS, HIGHEST_POINTS + 1)
        self._levels = [levels[platform.policy.level_of(points)] for points in every]
        self._decisions = [DECISIONS[platform.policy.decision_of(points)] for points in every]
        self._model, self._review = platform.model.name, platform.api.routes.review
        self._features = platform.model.feature_names.in_order()
        self._versions = tuple(versions)
        self._scorecards = tuple(scorecards)
        self._counter = counter
        self._rng = rng
        self._run = f"{rng.getrandbits(32):08x}"
        self._number = count(1)

    def decide(self, applicant_id: str | int, true: tuple[float, ...], served: Served) -> Decided:
        """The decision on an applicant with these features, counted and kept."""
        given = self._as_given(true)
        version = self._drawn_version()
        scorecard = self._scorecards[version]
        added = scorecard.contributions_of(given)
        points = scorecard.score_by(added)
        self._counter.scored(
            true=true,
            given=given,
            score=points,
            version=version,
            prediction_seconds=served.prediction_seconds,
            bureau_failed=served.bureau_failed,
        )
        record = DecisionRecord(
            decision_id=f"{self._run}-{next(self._number)}",
            applicant_id=applicant_id,
            points=points,
            decision=self._decisions[points - LOWEST_POINTS],
            version=version,
            features=given,
        )
        self.archive.add(record)
        return self.shown(record, added)

    def shown(self, record: DecisionRecord, added: Sequence[float] | None = None) -> Decided:
        """A kept decision with what follows from its score; `added` is what each feature added."""
        return Decided(
            decision_id=record.decision_id,
            applicant_id=record.applicant_id,
            score=self._scale.score_of(record.points),
            probability_of_default=_probability(record.points),
            risk_level=self._levels[record.points - LOWEST_POINTS],
            decision=record.decision,
            model_version=self._versions[record.version],
            reviewed_by=record.reviewed_by,
            features=record.features,
            scorecard=self._scorecards[record.version],
            added=added,
            model=self._model,
        )

    def explained(self, record: DecisionRecord) -> Explanation:
        """Why it was decided so: what each feature added, strongest first."""
        added = self._scorecards[record.version].contributions_of(record.features)
        reasons = [
            Reason(feature=f, value=v, contribution=round(c, 4))
            for f, v, c in zip(self._features, record.features, added, strict=True)
        ]
        return Explanation(
            decision_id=record.decision_id,
            decision=record.decision,
            score=self._scale.score_of(record.points),
            reasons=sorted(reasons, key=lambda r: -abs(r.contribution)),
            human_review=f"{self._review} asks for a person's decision.",
        )

    def models(self) -> list[ModelVersion]:
        """The deployed model versions."""
        return [
            ModelVersion(model=self._model, version=v, stage=STAGES[stage], traffic_share=share)
            for v, stage, share in zip(
                self._versions, self.now.stages, self.now.version_shares, strict=True
            )
            if stage >= 0
        ]

    def _drawn_version(self) -> int:
        return _drawn(self._rng, self.now.version_shares)

    def _as_given(self, true: tuple[float, ...]) -> tuple[float, ...]:
        """The features as they reach the model, spoilt with the probabilities of the moment."""
        if len(self.now.spoilt) == 1 and self.now.spoilt[0][1] is NEUTRAL:
            return true
        shares = [share for share, _ in self.now.spoilt]
        return _spoilt(true, self.now.spoilt[_drawn(self._rng, shares)][1])


@cache
def _probability(points: int) -> float:
    """The probability of default as the API gives it; there are few points."""
    return round(Scorecard.probability_of_default(points), 4)


def _spoilt(true: Iterable[float], change: Change) -> tuple[float, ...]:
    """The scalar twin of `Change.as_given`."""
    return tuple(
        0.0 if null else value * factor
        for value, factor, null in zip(true, change.factors, change.nulls, strict=True)
    )


def _drawn(rng: Random, shares: Sequence[float]) -> int:
    """An index drawn with these probabilities."""
    if len(shares) == 1:
        return 0
    return rng.choices(range(len(shares)), shares)[0]
