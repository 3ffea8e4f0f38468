"""Families of the scoring API, the model and compliance."""

from collections.abc import Callable
from itertools import product
from typing import Final

import numpy as np

from simulator.metrics.families import Buckets, Family, Labels, Layout
from simulator.scenario.baseline import Platform
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES
from simulator.simulation.arrays import Floats
from simulator.simulation.causes import STAGES
from simulator.simulation.latency import HTTP_EDGES, PREDICTION_EDGES
from simulator.simulation.requests import REASONS, STATUS_CLASSES
from simulator.simulation.scorecard import (
    CELL_POINTS,
    DECISIONS,
    LOWEST_SCORE,
    N_CELLS,
    RISK_LEVELS,
)
from simulator.simulation.trace import Trace

__all__ = ["COMPLIANCE", "MODEL", "MODEL_NAME", "ROUTES", "SCORING"]

_DEFAULT: Final = Platform()
MODEL_NAME: Final = _DEFAULT.model.name
#: Method and route template of each endpoint.
ROUTES: Final = _DEFAULT.api.routes.by_endpoint()
# Upper edges between two scores, so that an edge is written the same by every program (a whole one
# is "1.0" to some and "1" to others); they include the cut-offs of risk levels and decisions.
_SCORE_EDGES: Final = (
    *(399.5, 449.5, 499.5, 549.5, 579.5, 599.5, 639.5, 649.5),
    *(669.5, 699.5, 739.5, 749.5, 799.5, 850.0),
)
_CELL_MIDDLES: Final = LOWEST_SCORE + CELL_POINTS * np.arange(N_CELLS) + (CELL_POINTS - 1) / 2.0


def _versions(layout: Layout) -> list[Labels]:
    return [(MODEL_NAME, version) for version in layout.versions]


def _versions_and(names: tuple[str, ...]) -> Callable[[Layout], list[Labels]]:
    return lambda layout: [(*version, name) for version, name in product(_versions(layout), names)]


def _version_infos(layout: Layout) -> list[Labels]:
    """One series per version and stage; at most one stage of a version is there at a time."""
    first = layout.scenario.platform.model
    releases = layout.scenario.releases
    origins = [
        (first.algorithm, first.trained_on),
        *((e.algorithm, e.trained_on) for e in releases),
    ]
    return [
        (MODEL_NAME, version, stage, *origin)
        for (version, origin), stage in product(zip(layout.versions, origins, strict=True), STAGES)
    ]


def _stage_flags(trace: Trace) -> Floats:
    flags = trace.causes.stages[:, :, np.newaxis] == np.arange(len(STAGES))
    return np.where(flags, 1.0, np.nan)


def _score_buckets(trace: Trace) -> Buckets:
    bucket = np.searchsorted(_SCORE_EDGES, _CELL_MIDDLES)
    membership = np.equal.outer(bucket, np.arange(len(_SCORE_EDGES) + 1)).astype(np.int64)
    cells = trace.totals.scores
    return Buckets(
        (cells @ membership)[:, np.newaxis], (cells * _CELL_MIDDLES).sum(axis=1)[:, np.newaxis]
    )


def _http_buckets(trace: Trace) -> Buckets:
    n = trace.grid.count
    http = trace.totals.http
    return Buckets(http.reshape(n, -1, http.shape[-1]), trace.totals.http_seconds.reshape(n, -1))


def _http_series(layout: Layout) -> list[Labels]:
    del layout
    return [(*ROUTES[e], status) for e, status in product(ENDPOINTS, STATUS_CLASSES)]


MODEL: Final = (
    Family(
        "ml_model_accuracy",
        "gauge",
        "ml-model",
        "Balanced accuracy at the version's own cut-off on the latest labels that have matured "
        "(plain accuracy hardly moves at a 7 % bad rate).",
        ("model", "version"),
        _versions,
        lambda t: t.model.accuracy,
        unit="ratio",
    ),
    Family(
        "ml_model_auc",
        "gauge",
        "ml-model",
        "Area under the ROC curve on the latest labels that have matured.",
        ("model", "version"),
        _versions,
        lambda t: t.model.auc,
        unit="ratio",
    ),
    Family(
        "ml_model_default_ratio",
        "gauge",
        "ml-model",
        "Share of the latest labels that have matured that are defaults.",
        ("model", "version"),
        _versions,
        lambda t: t.model.default_ratio,
        unit="ratio",
    ),
    Family(
        "ml_model_expected_default_ratio",
        "gauge",
        "ml-model",
        "Share of defaults that the scores of the same applications stand for; of a calibrated "
        "model both are alike.",
        ("model", "version"),
        _versions,
        lambda t: t.model.expected_default_ratio,
        unit="ratio",
    ),
    Family(
        "ml_prediction_duration",
        "histogram",
        "ml-model",
        "Duration of one prediction, in seconds.",
        ("model", "version"),
        _versions,
        lambda t: Buckets(t.totals.prediction, t.totals.prediction_seconds),
        unit="seconds",
        edges=tuple(PREDICTION_EDGES.tolist()),
    ),
    Family(
        "ml_model_drift_score",
        "gauge",
        "ml-model",
        "Population stability index (PSI) of a feature, or of the version's score, between the "
        "latest scored applications and the version's development sample.",
        ("model", "version", "feature"),
        _versions_and((*FEATURES, "score")),
        lambda t: t.model.drift,
    ),
    Family(
        "ml_feature_importance",
        "gauge",
        "ml-model",
        "Share of a feature in the mean absolute contribution to scores; sums to 1. Worked out "
        "anew at each back-test, and of the development sample until a version's first.",
        ("model", "version", "feature"),
        _versions_and(FEATURES),
        lambda t: t.model.importance,
        unit="ratio",
    ),
    Family(
        "ml_model_version_info",
        "gauge",
        "ml-model",
        "Model versions that are deployed, with their stage; the value is always 1.",
        ("model", "version", "stage", "algorithm", "trained_on"),
        _version_infos,
        _stage_flags,
    ),
)

SCORING: Final = (
    Family(
        "scoring_requests_total",
        "counter",
        "scoring-api",
        "Applications received: one for a single application, n for a batch of n.",
        ("channel",),
        lambda _: [(c,) for c in CHANNELS],
        lambda t: t.totals.applications.sum(axis=2),
    ),
    Family(
        "scoring_errors_total",
        "counter",
        "scoring-api",
        "Applications that were not scored, by reason.",
        ("channel", "reason"),
        lambda _: list(product(CHANNELS, REASONS)),
        lambda t: t.totals.applications[:, :, 1:],
    ),
    Family(
        "scoring_credit_score",
        "histogram",
        "scoring-api",
        "Credit scores given, from 300 to 850.",
        (),
        lambda _: [()],
        _score_buckets,
        edges=_SCORE_EDGES,
    ),
    Family(
        "scoring_risk_level_total",
        "counter",
        "scoring-api",
        "Scored applications by risk level: low from 740, medium from 670, high from 580.",
        ("level",),
        lambda _: [(level,) for level in RISK_LEVELS],
        lambda t: t.totals.levels,
    ),
    Family(
        "scoring_decisions_total",
        "counter",
        "scoring-api",
        "Decisions: accepted from 640, review by a person from 580, refused below.",
        ("decision",),
        lambda _: [(d,) for d in DECISIONS],
        lambda t: t.totals.decisions,
    ),
    Family(
        "http_request_duration_seconds",
        "histogram",
        "scoring-api",
        "Duration of HTTP requests by route template and class of status, in seconds.",
        ("method", "endpoint", "status"),
        _http_series,
        _http_buckets,
        unit="seconds",
        edges=tuple(HTTP_EDGES.tolist()),
    ),
    Family(
        "http_requests_inprogress",
        "gauge",
        "scoring-api",
        "HTTP requests in progress, waiting or in work.",
        (),
        lambda _: [()],
        lambda t: t.in_flight,
    ),
)

COMPLIANCE: Final = (
    Family(
        "compliance_violations_total",
        "counter",
        "compliance",
        "Violations of compliance rules, by type, regulation and severity.",
        ("type", "regulation", "severity"),
        lambda layout: [
            (rule.name, rule.regulation, rule.severity)
            for rule in layout.scenario.platform.compliance.rules().values()
        ],
        lambda t: t.totals.violations,
    ),
)
