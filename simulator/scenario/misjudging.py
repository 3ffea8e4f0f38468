"""What it does to the model when other people apply, for other reasons, or another model judges.

In standard deviations by which people move, and in shares of what the model knows. One function for
each kind of episode that touches the model.
"""

import math
from collections.abc import Mapping
from typing import Final, TypeAlias

from simulator.scenario.episodes import ConceptDrift, DataBug, ModelRelease, PopulationShift
from simulator.scenario.impact import applications_per_second, graded
from simulator.scenario.model import Scenario
from simulator.scenario.presets import PRESETS
from simulator.scenario.vocabulary import FEATURES, Feature, Severity, Signal

__all__ = [
    "Alarms",
    "concept_drift",
    "data_bug",
    "model_release",
    "population_shift",
]

Alarms: TypeAlias = dict[Signal, Severity]

_SAFER_WHEN_MORE: Final = {
    "job_tenure_months",
    "net_income",
    "permanent_contract",
    "home_owner",
    "age",
}
_TELLING: Final = {
    "revolving_utilisation",
    "incidents_24m",
    "ficp_flag",
    "permanent_contract",
    "home_owner",
}
_TELLING_WEIGHT: Final = 0.11  # five that tell more than half of who will default
_OTHER_WEIGHT: Final = 0.45 / 7
# Between a small and a medium move, and a large one (J. Cohen's 0.2, 0.5, 0.8 of a deviation).
_MOVED: Final = (0.3, 0.8)
# The sum of all moves towards risk: from there on, more cases are referred than people can review;
# then the cut-off was made for other people, and in the end it sorts hardly anybody.
_REVIEWS_WAIT: Final = 3.5
_CUT_OFF_MISSES: Final = (4.0, 6.0)
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
# Of its lead over a coin toss, the model loses a fifth, or half.
_KNOWLEDGE_LOST: Final = (0.2, 0.5)
# Weights of a release that are wrong: all alike would still rank people well, so it takes more.
_WEIGHTS_WRONG: Final = (0.45, 0.8)
_SCORES_MOVED: Final = (0.2, 0.45)  # the share that moves scores off what cut-offs were set on


def population_shift(e: PopulationShift, _: Scenario) -> Alarms:
    """Drift by the largest move; what moves towards risk also costs accuracy, and reviews wait."""
    named = PRESETS[e.preset] if e.preset else e.shifts
    moves = {f: e.strength * sd for f, sd in named.items()}
    worse = sum(-sd if f in _SAFER_WHEN_MORE else sd for f, sd in moves.items())
    return {
        "drift": graded(max(map(abs, moves.values()), default=0.0), *_MOVED),
        "accuracy": graded(worse, *_CUT_OFF_MISSES),
        # reviewers are behind: late, but nobody is lost
        "compliance": "orange" if worse >= _REVIEWS_WAIT else "none",
    }


def data_bug(e: DataBug, _: Scenario) -> Alarms:
    """Drift by how far off, or how often missing, a value is; absurd ones also misjudge people."""
    if e.feature == "ficp_flag" and e.null_ratio == 0.0:
        return {}  # three in a hundred have it, and to them it stays a flag
    off = max(e.factor, 1.0 / e.factor)
    absurd = e.null_ratio >= _MISSING_MOST or off >= _FACTOR_ABSURD
    direction = 1 if e.null_ratio == 0.0 and e.factor > 1.0 else -1
    drift = graded(e.null_ratio, *_MISSING) if e.null_ratio else graded(off, *_FACTOR_OFF)
    return {
        "drift": drift,
        "accuracy": "orange" if absurd else "none",
        # to the model everybody looks poor, and reviewers cannot keep up
        "compliance": "orange" if absurd and _HEAVY.get(e.feature) == direction else "none",
    }


def concept_drift(e: ConceptDrift, _: Scenario) -> Alarms:
    """Accuracy by the share of what the model knows that no longer holds; more of it is no harm."""
    lost = sum(_weight(f) * (1.0 - e.scale * e.coefficients.get(f, 1.0)) for f in FEATURES)
    return {"accuracy": graded(lost, *_KNOWLEDGE_LOST)}


def model_release(e: ModelRelease, s: Scenario) -> Alarms:
    """By the share of weights that are wrong; accuracy only if it is there when outcomes are."""
    wrong = sum(_weight(f) * abs(1.0 - c) for f, c in e.coefficients.items())
    found: Alarms = {"drift": graded(wrong, *_SCORES_MOVED)}
    monitoring = s.platform.monitoring
    share = e.canary_share if e.outcome == "withdrawal" else 1.0
    left = math.inf if e.outcome == "promotion" else e.duration - monitoring.label_delay
    # half a window of outcomes, below which monitoring says nothing about a version
    if left * applications_per_second(s) * share >= monitoring.performance_window / 2.0:
        found["accuracy"] = graded(wrong, *_WEIGHTS_WRONG)
    return found


def _weight(feature: Feature) -> float:
    return _TELLING_WEIGHT if feature in _TELLING else _OTHER_WEIGHT
