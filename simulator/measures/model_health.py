"""What the model's monitoring reports."""

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Measure
from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import FEATURES, Signal
from simulator.simulation.arrays import Floats
from simulator.simulation.causes import STAGES
from simulator.simulation.model_health import ModelHealth

__all__ = ["MODEL_HEALTH"]

_OF_VERSIONS: Final[tuple[Fold, ...]] = ("production", "min", "max", "mean")


def _health(gauge: Callable[[ModelHealth], Floats]) -> Callable[[Seen, tuple[str, ...]], Floats]:
    return lambda seen, _: gauge(seen.trace.model)


def _monitored(seen: Seen, gauges: Floats) -> Floats:
    """Of the features that are not hidden, and the score."""
    hidden = seen.scenario.platform.model.hidden_features
    if not hidden:
        return gauges
    return gauges[:, :, [*(f not in hidden for f in FEATURES), True]]


def _importance(health: ModelHealth) -> Floats:
    """The score has none."""
    none = np.full((*health.importance.shape[:2], 1), np.nan)
    return np.concatenate([health.importance, none], axis=2)


def _stages(seen: Seen, _: tuple[str, ...]) -> Floats:
    """1 at the stage that a version is in; at no other, and at none before it is there."""
    is_in = seen.trace.causes.stages[:, :, np.newaxis] == np.arange(len(STAGES))
    return np.where(is_in, 1.0, np.nan)


def _quality(
    name: str,
    help_text: str,
    gauge: Callable[[ModelHealth], Floats],
    *,
    signal: Signal | None = None,
) -> Measure:
    return Measure(
        name,
        "ml-model",
        "state",
        help_text,
        ("version",),
        _health(gauge),
        unit="ratio",
        folds=_OF_VERSIONS,
        signal=signal,
    )


MODEL_HEALTH: Final = (
    _quality(
        "balanced_accuracy",
        "Balanced accuracy at the version's own cut-off on the latest labels that have matured "
        "(plain accuracy hardly moves at a 7 % bad rate).",
        lambda h: h.accuracy,
        signal="accuracy",
    ),
    _quality(
        "auc", "Area under the ROC curve on the latest labels that have matured.", lambda h: h.auc
    ),
    _quality(
        "default_ratio",
        "Share of the latest labels that have matured that are defaults.",
        lambda h: h.default_ratio,
        signal="calibration",
    ),
    _quality(
        "expected_default_ratio",
        "Share of defaults that the scores of the same applications stand for; of a calibrated "
        "model both are alike.",
        lambda h: h.expected_default_ratio,
    ),
    Measure(
        "psi",
        "ml-model",
        "state",
        "Population stability index (PSI) of a feature, or of the version's score, between the "
        "latest scored applications and the version's development sample.",
        ("version", "feature"),
        lambda seen, _: _monitored(seen, seen.trace.model.drift),
        folds=("max", "production", "mean"),
        signal="drift",
    ),
    Measure(
        "importance",
        "ml-model",
        "state",
        "Share of a feature in the mean absolute contribution to scores; sums to 1. Worked out "
        "anew at each back-test, and of the development sample until a version's first.",
        ("version", "feature"),
        lambda seen, _: _monitored(seen, _importance(seen.trace.model)),
        unit="ratio",
        folds=_OF_VERSIONS,
    ),
    Measure(
        "versions",
        "ml-model",
        "state",
        "Model versions that are deployed, with their stage; the value is always 1.",
        ("version", "stage"),
        _stages,
        folds=("max",),
    ),
)
