"""Which episodes can be why a query shows what it does, as measured on the simulation."""

from functools import lru_cache
from typing import Final

import numpy as np
import pytest

from simulator.coverage.causes.beyond_chance import counters_beyond_chance, levels_beyond_chance
from simulator.coverage.causes.effects import MeasuredEffects
from simulator.coverage.causes.moved_series import moved_series
from simulator.mapping.export import Exports
from simulator.mapping.loading import default_mapping
from simulator.runtime.days import independent_days
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun
from simulator.simulation.arrays import Floats
from tests.support.scenario_builders import MONDAY, episode, scenario

STEP: Final = 15.0
N_SERIES: Final = 5000
#: Of series that only chance moves, so many may be taken for moved: four of the platform's 876.
MOST_BY_CHANCE: Final = 0.005
#: A query about each part of the platform.
QUERIES: Final = {
    "accuracy": "ml_model_accuracy",
    "prediction": "histogram_quantile(0.9, sum by (le) (rate(ml_prediction_duration_bucket[5m])))",
    "drift": "max(ml_model_drift_score)",
    "errors": "sum(rate(scoring_errors_total[5m]))",
    "response": 'http_request_duration_seconds_bucket{endpoint="/v1/score", le="0.5"}',
    "lag": 'kafka_consumergroup_lag_sum{consumergroup="archiver"}',
    "replicas": "kafka_topic_partition_under_replicated_partition",
    "drives": "minio_cluster_drive_offline_total",
    "space": "minio_cluster_capacity_usable_free_bytes",
    "compliance": "sum by (type) (increase(compliance_violations_total[1h]))",
    "kyc": 'compliance_violations_total{type="kyc_document_expired"}',
    "other types": 'compliance_violations_total{type!="kyc_document_expired"}',
}
TOUCHED: Final = {
    "some-500s": {"errors", "response"},  # whose status is another
    "reasons-vanish": {"accuracy"},
    "archiver-stopped": {"lag", "space"},
    "rebalance-storm": set(),
    "feature-store-slow": {"prediction", "response"},
    "bureau-slow": {"response"},
    "one-broker-down": {"replicas"},
    "kyc-check-fails-open": {"compliance", "kyc"},
    "backup-fills-the-store": {"space"},
    "drive-failed": {"drives", "space"},
}


@lru_cache
def tour(factor: float) -> MeasuredEffects:
    plan = load_scenario("tour").compressed(factor)
    step = max(STEP / factor, 0.5)
    (run,) = independent_days(plan, count=1, duration=plan.duration, step=step)
    return MeasuredEffects(run, Exports(default_mapping()))


def timed(plan: Scenario) -> TimedRun:
    return TimedRun(plan, MONDAY, MONDAY + plan.duration, STEP, "x")


@pytest.mark.parametrize("factor", [1.0, 600.0])
@pytest.mark.parametrize("name", TOUCHED)
def test_an_episode_touches_what_follows_from_it_and_nothing_else(name: str, factor: float) -> None:
    effects = tour(factor)
    assert {what for what, query in QUERIES.items() if effects.touches(name, [query])} == (
        TOUCHED[name]
    )


@pytest.mark.parametrize(
    ("query", "is_touched"),
    [
        ('minio_cluster_drive_offline_total{instance="simulator", job="minio"}', True),
        ('minio_cluster_drive_offline_total{instance="another"}', False),
        ('{__name__=~"minio_cluster_drive_(on|off)line_total"}', True),
        ("vector(1)", False),
        ("up", False),
        ("not a query (", True),
    ],
)
def test_the_selectors_of_a_query_decide(query: str, *, is_touched: bool) -> None:
    assert tour(1.0).touches("drive-failed", [query]) is is_touched


def test_what_another_hides_is_looked_at_alone() -> None:
    gap = {"jobs": ["minio"], "mode": "missing"}
    long = episode("scrape-gap", name="long", start="1h", duration="2h", **gap)
    short = episode("scrape-gap", name="short", start="90m", duration="20m", **gap)
    moved = moved_series(timed(scenario(long, short)), "short", Exports(default_mapping()))
    assert {one.labels["job"] for one in moved} == {"minio"}


def test_what_only_chance_moves_is_not_touched() -> None:
    """Other draws, and the same platform: errors of one in a hundred million."""
    harmless = episode("errors", start="1h", duration="2h", status=500, ratio=1e-8)
    assert moved_series(timed(scenario(harmless)), "errors", Exports(default_mapping())) == ()


def test_an_episode_at_the_very_start_or_end_is_measured() -> None:
    first = episode("drive-loss", name="first", start="0s", duration="30s", drives=1)
    last = episode("drive-loss", name="last", start="86370s", duration="30s", drives=1)
    run = timed(scenario(first, last))
    for name in ("first", "last"):
        moved = {one.name for one in moved_series(run, name, Exports(default_mapping()))}
        assert "minio_cluster_drive_offline_total" in moved


def counted(mean: float, seed: int) -> Floats:
    """Counters of many series that grow by as much on average, shape (ticks, series)."""
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.poisson(mean, (80, N_SERIES)), axis=0, dtype=np.float64)


def levels(mean: float, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(mean, 0.1, (80, N_SERIES))


@pytest.mark.parametrize("mean", [0.01, 0.3, 10.0, 1000.0])
def test_counts_of_the_same_rate_are_not_apart(mean: float) -> None:
    loud, muted, other = (counted(mean, seed) for seed in range(3))
    assert counters_beyond_chance(loud, muted, other).mean() <= MOST_BY_CHANCE


@pytest.mark.parametrize(("mean", "factor"), [(1.0, 4.0), (10.0, 2.0), (1000.0, 1.1)])
def test_a_rate_that_changes_is_apart(mean: float, factor: float) -> None:
    loud, muted = counted(factor * mean, 0), counted(mean, 1)
    assert counters_beyond_chance(loud, muted, muted).mean() >= 0.99


def test_levels_that_wander_alike_are_not_apart() -> None:
    loud, muted, other = (levels(1.0, seed) for seed in range(3))
    assert levels_beyond_chance(loud, muted, other).mean() <= MOST_BY_CHANCE


def test_a_level_that_changes_is_apart() -> None:
    loud, muted, other = (levels(mean, seed) for seed, mean in enumerate((1.6, 1.0, 1.0)))
    assert levels_beyond_chance(loud, muted, other).mean() >= 0.99


def test_a_constant_that_changes_is_apart() -> None:
    muted = np.full((80, 1), 16.0)
    loud = muted.copy()
    loud[40:45] = 15.0
    assert levels_beyond_chance(loud, muted, muted).all()
