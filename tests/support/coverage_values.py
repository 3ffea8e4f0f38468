"""A made-up coverage with every kind of verdict, and much that is hard to draw."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    Nearest,
    PanelCoverage,
    StepCoverage,
    Track,
    Verdict,
    worst,
)
from simulator.scenario.timed_run import EpisodeSpan

START = 1767225600.0
DAY = 86400.0
SPACING = 60.0
HOSTILE = "<script>alert(1)</script> & </style> \"quoted' {{ 7*7 }} \x01\x0b"

_EPISODES = (
    *("income-shift", "slow-bureau", "workers-lost", "broker-loss", "model-decay", "drive-loss"),
    *("bad-batch", "partner-flood", "cold-feature-store", "retention-lapse", "score-drift"),
    *("kyc-backlog", "timeouts", "age-shift", "quorum-loss", "disk-full", "night-import"),
    *("screening-outage", "retrained-model", "unauthorised-access"),
)


def coverage_value(**changes: object) -> Coverage:
    """A day with twenty episodes, two dashboards, and a panel of every sort."""
    whole = Coverage(
        start=START,
        end=START + DAY,
        resolution=SPACING,
        dashboards=(_ml(), _business()),
        episodes=episode_spans(),
        scenario="tour",
        notes=("--allow Model Versions:red is not needed",),
    )
    return replace(whole, **changes)  # type: ignore[arg-type] # the fields of Coverage


def complete_coverage() -> Coverage:
    """The panels of the day on which everything was exercised."""
    boards = [
        replace(b, panels=tuple(p for p in b.panels if p.verdict is Verdict.EXERCISED))
        for b in coverage_value().dashboards
    ]
    return coverage_value(dashboards=tuple(boards), notes=())


def episode_spans() -> tuple[EpisodeSpan, ...]:
    """Twenty episodes, up to seven of them at once."""
    return tuple(
        EpisodeSpan(name, f"kind {n % 5}", START + 3600 + n * 3700, START + 9000 + n * 3700 * 1.04)
        if n % 4
        else EpisodeSpan(name, name, START + 3600 + n * 3000, START + 25_000 + n * 3000)
        for n, name in enumerate(_EPISODES)
    )


def track(
    name: str, base: float, *, noise: float = 0.05, peaks: Sequence[tuple[float, float]] = ()
) -> Track:
    """A noisy series around a base; `peaks` are hours and the value reached there."""
    hours = np.arange(0.0, 24.0, SPACING / 3600)
    rng = np.random.default_rng(len(name) + 7)
    values = base * (1 + noise * rng.standard_normal(len(hours)))
    for hour, height in peaks:
        shape = np.exp(-(((hours - hour) / 0.4) ** 4))
        values = values * (1 - shape) + height * shape
    return Track(name, START + hours * 3600, np.abs(values))


def field(  # noqa: PLR0913 - a builder: what is left out has a default
    name: str,
    tracks: Sequence[Track],
    edges: Sequence[float],
    colors: Sequence[str],
    *,
    unit: str = "",
    is_percentage: bool = False,
) -> FieldCoverage:
    """A field judged by the plain definition of its bands."""
    ends = [-math.inf, *edges, math.inf]
    steps = tuple(
        step(index, color, ends[index], ends[index + 1], tracks)
        for index, color in enumerate(colors)
    )
    verdict = worst([s.verdict for s in steps] or [Verdict.EXERCISED])
    return FieldCoverage(name, verdict, steps, tuple(tracks), unit, is_percentage)


def step(index: int, color: str, low: float, high: float, tracks: Sequence[Track]) -> StepCoverage:
    """A step with its witness, or the value nearest to it."""
    times = np.concatenate([t.times for t in tracks])
    values = np.concatenate([t.values for t in tracks])
    value = low if math.isfinite(low) else None
    inside = (values >= low) & (values < high)
    if not inside.any():
        away = np.maximum(low - values, values - high)
        best = int(np.nanargmin(away))
        nearest = Nearest(float(values[best]), float(times[best]), float(away[best]))
        return StepCoverage(index, color, value, low, high, Verdict.NOT_REACHED, nearest=nearest)
    first = float(times[inside].min())
    return StepCoverage(
        index=index,
        color=color,
        value=value,
        low=low,
        high=high,
        verdict=Verdict.EXERCISED,
        first_seen=first,
        last_seen=float(times[inside].max()),
        seconds=len(np.unique(times[inside])) * SPACING,
        seen_in=next(t.name for t in tracks if _is_in(t, low, high, first)),
        episodes=_meanwhile(times[inside]),
    )


def _is_in(one: Track, low: float, high: float, at: float) -> bool:
    values = one.values[one.times == at]
    return bool(((values >= low) & (values < high)).any())


def _meanwhile(times: NDArray[np.float64]) -> tuple[str, ...]:
    shared = {e.name: int(((times >= e.start) & (times < e.end)).sum()) for e in episode_spans()}
    return tuple(sorted((name for name, n in shared.items() if n), key=lambda n: -shared[n]))


def panel(
    number: int, title: str, kind: str, fields: Sequence[FieldCoverage], **changes: object
) -> PanelCoverage:
    """A panel with the gravest verdict of its fields."""
    made = PanelCoverage(
        f"panels[{number}]", number, title, kind, worst(f.verdict for f in fields), tuple(fields)
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the fields of PanelCoverage


_UP = ("green", "orange", "red")
_DOWN = ("red", "orange", "green")


def _ml() -> DashboardCoverage:
    accuracy = track("consumer-credit", 0.76, noise=0.004, peaks=[(6, 0.70), (15, 0.62)])
    latency = [
        track("p95", 0.027, noise=0.1, peaks=[(9, 0.14), (17, 0.42)]),
        track("p50", 0.011, noise=0.1, peaks=[(17, 0.05)]),
    ]
    drift = [track(f"feature-{n}", 0.01 + 0.002 * n, peaks=[(n % 24, 0.02 * n)]) for n in range(50)]
    share = track("share", 40.0, peaks=[(12, 85.0)])
    return DashboardCoverage(
        "scoring-ml",
        "Scoring - ML",
        (
            panel(
                1,
                "Model Performance Overview",
                "stat",
                [
                    field("accuracy", [accuracy], [0.66, 0.72], _DOWN),
                ],
            ),
            panel(
                2,
                "Prediction Latency",
                "timeseries",
                [field(t.name, [t], [0.1, 0.25], _UP, unit="s") for t in latency],
            ),
            panel(
                3,
                "Model Drift Detection",
                "table",
                [
                    field("PSI", drift, [0.1, 0.25], ("green", "semi-dark-orange", "dark-red")),
                ],
                row="Drift",
            ),
            panel(
                4,
                "Memory of the model server",
                "gauge",
                [
                    field(
                        "used",
                        [share],
                        [70.0, 90.0],
                        ("#37872D", "rgb(237, 129, 40)", "rgba(245, 54, 54, 0.9)"),
                        unit="bytes",
                        is_percentage=True,
                    ),
                ],
            ),
            panel(
                5,
                "Feature Importance",
                "barchart",
                [
                    field(
                        f"importance-{n}",
                        [track(f"importance-{n}", 0.2 / (n + 1))],
                        (),
                        (),
                        unit="percentunit",
                    )
                    for n in range(6)
                ],
            ),
            panel(
                6,
                "Model Versions",
                "table",
                [
                    field("version", [track("1.4.2", 1.0, noise=0.0)], (), ()),
                ],
            ),
            panel(
                7,
                "Broken Query",
                "timeseries",
                [],
                verdict=Verdict.ERROR,
                reason=(
                    "bad_data: invalid parameter 'query': 1:42: parse error: unexpected end of "
                    "input in aggregation (asked histogram_quantile(0.95, sum by (le)"
                ),
            ),
            panel(
                8,
                "Peaks by forecast",
                "timeseries",
                [],
                verdict=Verdict.UNSUPPORTED,
                reason="transformation 'regression' of panels[8] is not simulated",
            ),
        ),
    )


def _business() -> DashboardCoverage:
    success = [track("success", 0.9993, noise=0.0003, peaks=[(8, 0.975), (17, 0.71)])]
    lag = [
        track("archiver", 3.0, noise=0.5, peaks=[(5, 3000.0), (20, 88_000.0)]),
        Track("risk-monitoring", *_zeros_with_gap()),
    ]
    drives = [track("drives offline", 0.0, peaks=[(11, 1.0)])]
    response = [
        track(f"/v1/{name}", 0.12, noise=0.2, peaks=[(7, 0.5)])
        for name in ("score", "decisions", "models")
    ]
    unseen = FieldCoverage(
        "quorum lost",
        Verdict.NO_DATA,
        tuple(
            StepCoverage(n, color, edge, low, high, Verdict.NO_DATA)
            for n, (color, edge, low, high) in enumerate(
                [("green", None, -math.inf, 1.0), ("red", 1.0, 1.0, math.inf)]
            )
        ),
        reason="minio_cluster_write_quorum_lost has no series",
    )
    violations = field(
        "violations", [track("RGPD art. 22", 1.5, noise=0.3, peaks=[(14, 4.4)])], [3.0, 6.0], _UP
    )
    allowed = replace(
        violations,
        is_allowed=True,
        steps=(*violations.steps[:2], replace(violations.steps[2], is_allowed=True)),
    )
    return DashboardCoverage(
        "scoring-business",
        "Scoring - Business",
        (
            panel(
                1,
                "Scoring Success Rate",
                "stat",
                [field("success", success, [0.95, 0.99], _DOWN, unit="percentunit")],
            ),
            panel(
                2,
                "Data Pipeline Health",
                "stat",
                [
                    field("lag", lag, [1000.0, 10_000.0], _UP, unit="short"),
                    field("drives offline", drives, [1.0, 4.0], _UP),
                    unseen,
                ],
            ),
            panel(
                3,
                "API Response Times",
                "timeseries",
                [field("p95", response, [0.3, 1.0], _UP, unit="s")],
            ),
            panel(4, "Compliance Violations", "bargauge", [allowed], is_allowed=True),
            panel(
                5,
                "Daily Scoring Requests",
                "timeseries",
                [
                    field(
                        "requests",
                        [track("requests", 40.0, noise=0.12, peaks=[(4, 9.0), (12, 90.0)])],
                        (),
                        (),
                        unit="reqps",
                    )
                ],
            ),
            panel(
                6,
                "Credit Score Distribution",
                "histogram",
                [field(f"{le}", [track(f"{le}", le)], (), ()) for le in range(300, 840, 60)],
            ),
            panel(
                7,
                "Nothing Here",
                "stat",
                [],
                verdict=Verdict.NO_DATA,
                reason="query A gave no series: there is no metric scoring_forgotten_total",
            ),
            panel(
                8,
                HOSTILE,
                "stat<b>",
                [
                    field(
                        HOSTILE,
                        [track(HOSTILE, 5.0)],
                        [1.0, 8.0],
                        (
                            "red;} * {display: none",
                            "url(https://evil.example/x)",
                            "javascript:alert(1)",
                        ),
                        unit="suffix:</span>",
                    ),
                ],
            ),
        ),
    )


def _zeros_with_gap() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    times = START + np.arange(0.0, DAY, SPACING)
    there = (times < START + 0.4 * DAY) | (times > START + 0.55 * DAY)
    values = np.where(times > START + 0.8 * DAY, 12.0, 0.0)
    return times[there], values[there]
