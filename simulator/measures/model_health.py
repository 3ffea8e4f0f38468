"""What the model's monitoring reports."""

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Measure, over
from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import FEATURES, Signal
from simulator.simulation import divergence, quality
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.causes import STAGES
from simulator.simulation.model_health import ModelHealth
from simulator.simulation.quality import confusion

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


def _at_cut_off(measure: Callable[[Ints, Ints], Floats]) -> Callable[[ModelHealth], Floats]:
    return lambda health: health.judged_by(lambda counts: measure(counts, health.cut_off_cells))


def _quality(
    name: str,
    help_text: str,
    gauge: Callable[[ModelHealth], Floats],
    *,
    signal: Signal | None = "accuracy",
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


def _drift(
    name: str, help_text: str, distance: Callable[[Floats, Floats], Floats] | None = None
) -> Measure:
    def of(seen: Seen, _: tuple[str, ...]) -> Floats:
        health = seen.trace.model
        return _monitored(seen, health.drift if distance is None else health.drift_by(distance))

    return Measure(
        name,
        "ml-model",
        "state",
        help_text,
        ("version", "feature"),
        of,
        folds=("max", "production", "mean"),
        signal="drift",
    )


def _labels(seen: Seen, asked: tuple[str, ...]) -> Ints:
    health = seen.trace.model
    found = confusion(health.matured, health.cut_off_cells)
    return over(found, ("version", "actual", "predicted"), asked)


_QUALITY: Final = (
    _quality(
        "balanced_accuracy",
        "Balanced accuracy at the version's own cut-off on the latest labels that have matured "
        "(plain accuracy hardly moves at a 7 % bad rate).",
        lambda h: h.accuracy,
    ),
    _quality(
        "accuracy",
        "Share of the latest labels that have matured that the version's cut-off predicts right.",
        _at_cut_off(quality.accuracy),
    ),
    _quality(
        "precision",
        "Of those predicted to default, the share that does, on the latest labels.",
        _at_cut_off(quality.precision),
    ),
    _quality(
        "recall",
        "Of those that default, the share that is predicted to, on the latest labels.",
        _at_cut_off(quality.recall),
    ),
    _quality(
        "f1",
        "Harmonic mean of precision and recall, on the latest labels.",
        _at_cut_off(quality.f1),
    ),
    _quality(
        "auc",
        "Area under the ROC curve on the latest labels that have matured.",
        lambda h: h.auc,
        signal=None,
    ),
    _quality(
        "gini",
        "Gini coefficient, 2 AUC - 1, on the latest labels.",
        lambda h: h.judged_by(quality.gini),
    ),
    _quality(
        "ks",
        "Kolmogorov-Smirnov distance of the scores of those that default and of others, on the "
        "latest labels.",
        lambda h: h.judged_by(quality.kolmogorov_smirnov),
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
        signal=None,
    ),
)

_DRIFT: Final = (
    _drift(
        "psi",
        "Population stability index (PSI) of a feature, or of the version's score, between the "
        "latest scored applications and the version's development sample.",
    ),
    _drift(
        "drift_ks",
        "Kolmogorov-Smirnov distance of a feature, or of the version's score, between the same.",
        divergence.kolmogorov_smirnov,
    ),
    _drift(
        "drift_js",
        "Jensen-Shannon distance of a feature, or of the version's score, between the same.",
        divergence.jensen_shannon,
    ),
)

MODEL_HEALTH: Final = (
    *_QUALITY,
    *_DRIFT,
    Measure(
        "labels",
        "ml-model",
        "count",
        "Labels that have matured, by what became of the applicant and what was predicted.",
        ("version", "actual", "predicted"),
        _labels,
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
