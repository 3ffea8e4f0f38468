"""Another model judges."""

import math
from collections.abc import Iterator
from typing import Final, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.fields import Coefficients, Duration, Label, Ratio
from simulator.scenario.impact import applications_per_second
from simulator.scenario.lever import Lever, labels_per_second
from simulator.scenario.predictive_power import PREDICTIVE, predictive_share
from simulator.scenario.severity import graded
from simulator.scenario.vocabulary import FEATURES, Alarms
from simulator.timeline.durations import format_duration

__all__ = ["ModelRelease"]

# Weights of a release that are wrong: all alike would still rank people well, so it takes more.
_WEIGHTS_WRONG: Final = (0.45, 0.8)
_CANARY_SHARE: Final = 0.3


class ModelRelease(EpisodeBase):
    """A new model version: a canary with a share of traffic, then its outcome.

    It comes with references of its own for drift, and accepts as many as the version before it.

    promotion: production after `canary_for`, and for good; rollback: production after `canary_for`
    until the episode ends; withdrawal: never more than a canary.
    """

    kind: Literal["model-release"]
    version: Label
    canary_share: Ratio = 0.1
    canary_for: Duration
    outcome: Literal["promotion", "rollback", "withdrawal"] = "promotion"
    coefficients: Coefficients = Field(default={})
    algorithm: Label = "logistic-regression"
    trained_on: Label = "2026-10-31"

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The canary comes first, within the episode; the model looks at something."""
        if self.onset.shape != "abrupt":
            yield "onset", f"{self.name!r} is a release, which has no onset but its canary"
        if self.canary_for > self.duration:
            yield (
                "canary_for",
                f"{self.name!r} is a canary for {format_duration(self.canary_for)}, longer than "
                f"its duration of {format_duration(self.duration)}",
            )
        if all(self.coefficients.get(f, 1.0) == 0.0 for f in FEATURES):
            yield "coefficients", f"{self.name!r} has only coefficients of 0"

    def consequences(self, base: Baseline) -> Alarms:
        """By the share of weights that are wrong, if it is there when outcomes are; none drifts."""
        wrong = sum(predictive_share(f) * abs(1.0 - c) for f, c in self.coefficients.items())
        monitoring = base.platform.monitoring
        share = self.canary_share if self.outcome == "withdrawal" else 1.0
        is_kept = self.outcome == "promotion"
        left = math.inf if is_kept else self.duration - monitoring.label_delay
        # half a window of outcomes, below which monitoring says nothing about a version
        is_judged = (
            left * applications_per_second(base) * share >= monitoring.performance_window / 2
        )
        return {"accuracy": graded(wrong, *_WEIGHTS_WRONG) if is_judged else "none"}

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """A canary that is wrong about what tells most."""
        monitoring = base.platform.monitoring
        per_second = labels_per_second(base) * _CANARY_SHARE
        yield Lever(
            "canary",
            "model-release",
            lambda worse: {
                "version": "candidate",
                "canary_share": _CANARY_SHARE,
                "canary_for": "1m",
                "outcome": "withdrawal",
                "coefficients": dict.fromkeys(PREDICTIVE, round(1.0 - worse, 2)),
            },
            (0.1, 0.4, 0.65, 0.85, 1.1, 1.5, 2.5),
            scale="difference",
            seen_after=monitoring.label_delay + monitoring.performance_window / per_second,
            most=3,
            unsaid=frozenset({"version", "outcome", "canary_for"}),
        )
