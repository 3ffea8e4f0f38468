"""All levers of a platform, with the strengths that are tried first."""

from collections.abc import Iterator
from typing import Final

from simulator.coverage.plan.lever import Lever
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import VIOLATION_TYPES, Feature, ViolationType
from simulator.timeline.durations import format_duration

__all__ = ["levers"]

_FACTORS: Final = (1.5, 2.5, 4.0, 7.0, 14.0, 30.0, 100.0)
_SHARES: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 0.95)
_TELLING: Final[tuple[Feature, ...]] = (
    "ficp_flag",
    "permanent_contract",
    "incidents_24m",
    "home_owner",
    "revolving_utilisation",
)
"""The features that tell most of who will default."""
_REBALANCE_EVERY_SECONDS: Final = 100.0  # no multiple of the time between two looks at a panel
_FEWEST_PER_SECOND: Final = 1.0  # of applications with a label, so that waiting ends


def levers(base: Scenario) -> tuple[Lever, ...]:
    """All levers of the platform that the scenario describes."""
    return (
        *_model(base),
        *_applicants(),
        *_traffic(),
        *_api(),
        *_kafka(base),
        *_minio(base),
        *_compliance(),
    )


def _model(base: Scenario) -> Iterator[Lever]:
    """What moves accuracy: it is seen once labels have arrived and the window is full of them."""
    monitoring = base.platform.monitoring
    per_second = max(base.traffic.requests_per_second / 2.0, _FEWEST_PER_SECOND)
    seen = monitoring.label_delay + monitoring.performance_window / per_second
    yield Lever(
        "reasons-change",
        "concept-drift",
        lambda lost: {"scale": _rounded(1.0 - lost)},
        (0.05, 0.2, 0.4, 0.7, 1.0, 1.6, 2.5),
        scale="difference",
        seen_after=seen,
        recovers=seen,
    )
    share = 0.3
    yield Lever(
        "canary",
        "model-release",
        lambda worse: {
            "version": "candidate",
            "canary_share": share,
            "canary_for": "1m",
            "outcome": "withdrawal",
            "coefficients": dict.fromkeys(_TELLING, round(1.0 - worse, 2)),
        },
        (0.1, 0.4, 0.65, 0.85, 1.1, 1.5, 2.5),
        scale="difference",
        seen_after=monitoring.label_delay + monitoring.performance_window / (per_second * share),
        most=3,
    )


def _applicants() -> Iterator[Lever]:
    yield _shift("recession")
    yield _shift("young-channel")
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


def _shift(preset: str) -> Lever:
    return Lever(
        preset,
        "population-shift",
        lambda strength: {"preset": preset, "strength": strength},
        (0.2, 0.4, 0.8, 1.4, 2.5, 5.0),
    )


def _traffic() -> Iterator[Lever]:
    yield Lever(
        "surge", "traffic-surge", lambda factor: {"factor": factor}, (1.2, 1.5, 2.0, 4.0, 12.0)
    )
    yield Lever(
        "lull",
        "traffic-surge",
        lambda divisor: {"factor": _rounded(1.0 / divisor)},
        (1.5, 3.0, 10.0, 50.0, 1000.0),
    )


def _api() -> Iterator[Lever]:
    for status in (500, 503):
        yield _errors(status, _SHARES)
    for status in (401, 429, 504):
        yield _errors(status, (0.003, 0.03, 0.3, 0.95))
    yield _slow("bureau")
    yield _slow("feature-store")
    yield Lever(
        "workers-lost",
        "overload",
        lambda share: {"workers_lost_ratio": share},
        (0.5, 0.7, 0.8, 0.86, 0.92, 0.98),
        scale="difference",
        recovers=300.0,
    )


def _errors(status: int, strengths: tuple[float, ...]) -> Lever:
    return Lever(
        f"answers-{status}", "errors", lambda ratio: {"status": status, "ratio": ratio}, strengths
    )


def _slow(dependency: str) -> Lever:
    return Lever(
        f"{dependency}-slow",
        "slow-dependency",
        lambda factor: {"dependency": dependency, "factor": factor},
        _FACTORS,
    )


def _kafka(base: Scenario) -> Iterator[Lever]:
    kafka = base.platform.kafka
    for group in kafka.consumer_groups:
        yield _slowdown(group.name)
        yield _rebalances(group.name)
    yield Lever(
        "brokers-down",
        "broker-loss",
        lambda brokers: {"brokers": round(brokers)},
        _counts(kafka.brokers),
        scale="count",
        seen_after=kafka.replica_lag_time,
        recovers=kafka.catch_up + kafka.replica_lag_time,
    )
    yield Lever(
        "hot-key",
        "hot-partition",
        lambda share: {"partition": 0, "share": share},
        (0.1, 0.2, 0.4, 0.8),
        recovers=1200.0,
    )


def _slowdown(group: str) -> Lever:
    return Lever(
        f"{group}-slow",
        "consumer-slowdown",
        lambda lost: {"group": group, "capacity_ratio": _rounded(1.0 - lost)},
        (0.5, 0.75, 0.85, 0.92, 1.0),
        scale="difference",
        recovers=1200.0,
    )


def _rebalances(group: str) -> Lever:
    every = format_duration(_REBALANCE_EVERY_SECONDS)
    return Lever(
        f"{group}-rebalances",
        "rebalance",
        lambda pause: {"group": group, "every": every, "pause": format_duration(round(pause))},
        (15.0, 30.0, 60.0, 90.0),
        recovers=300.0,
    )


def _minio(base: Scenario) -> Iterator[Lever]:
    minio = base.platform.minio
    yield Lever(
        "drives-failed",
        "drive-loss",
        lambda drives: {"drives": round(drives)},
        _counts(minio.nodes * minio.drives_per_node, minio.parity, minio.parity + 1),
        scale="count",
        recovers=minio.healing,
    )
    yield Lever(
        "drives-replaced",
        "drive-loss",
        lambda drives: {"drives": round(drives)},
        _counts(minio.parity),
        scale="count",
        recovers=minio.healing,
        lasts=300.0,
    )
    yield Lever(
        "nodes-down",
        "node-loss",
        lambda nodes: {"nodes": round(nodes)},
        _counts(minio.nodes),
        scale="count",
        recovers=minio.healing,
    )
    yield Lever(
        "store-fills",
        "capacity-filling",
        lambda share: {"used_ratio": _rounded(share)},
        tuple(_rounded(1.0 - (1.0 - minio.used_ratio) * left) for left in (0.8, 0.5, 0.3, 0.15, 0)),
        scale="difference",
    )


def _compliance() -> Iterator[Lever]:
    return map(_violation, VIOLATION_TYPES)


def _violation(violation: ViolationType) -> Lever:
    return Lever(
        violation.replace("_", "-"),
        "compliance-incident",
        lambda factor: {"violation": violation, "factor": factor},
        (8.0, 120.0),
    )


def _counts(most: int, *others: int) -> tuple[float, ...]:
    """Counts from one to the most, near the ends of what there is, and some that matter."""
    wanted = {1, 2, most - 1, most, *others} if most > len(_FACTORS) else set(range(1, most + 1))
    return tuple(float(count) for count in sorted(wanted) if 1 <= count <= most)


def _rounded(value: float) -> float:
    """Three significant digits, so that a scenario can be read."""
    return float(f"{value:.3g}")
