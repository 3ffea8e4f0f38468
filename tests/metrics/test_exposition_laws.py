"""The laws of docs/design.md, on the text of every tick of a scenario with many episodes.

Each law is a function of what one tick shows, so that the last tests can break it on purpose.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.scenario.loading import load_scenario
from simulator.scenario.vocabulary import VIOLATION_TYPES
from tests.support.exported import default_families
from tests.support.shown_platform import Platform, Series, samples_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

N_TICKS: Final = 60
COUNTERS: Final = tuple(f.name for f in default_families() if f.kind == "counter")
HISTOGRAMS: Final = tuple(f.name for f in default_families() if f.kind == "histogram")


@dataclass(frozen=True)
class Shown:
    """What one tick shows, and the events that violations of each type came from until then."""

    samples: Mapping[Series, float]
    parents: Mapping[str, int]

    def by(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """Sums of a metric by these labels, exact as long as they are whole."""
        sums: defaultdict[tuple[str, ...], float] = defaultdict(float)
        for (found, pairs), value in self.samples.items():
            if found == name:
                sums[tuple(dict(pairs)[label] for label in labels)] += value
        return dict(sums)

    def total(self, name: str) -> float:
        return self.by(name)[()]

    def changed(self, name: str, by: float) -> Shown:
        """The same with the first series of a metric changed."""
        series = next(s for s in self.samples if s[0] == name)
        return replace(self, samples={**self.samples, series: self.samples[series] + by})


def successes(shown: Shown) -> float:
    return shown.total("scoring_risk_level_total")


def requests_are_successes_and_errors(shown: Shown) -> bool:
    received = shown.by("scoring_requests_total", "channel")
    failed = shown.by("scoring_errors_total", "channel")
    answered = sum(received.values()) - sum(failed.values())
    return answered == successes(shown) and all(failed[c] <= received[c] for c in received)


def every_success_has_a_score(shown: Shown) -> bool:
    return shown.total("scoring_credit_score_count") == successes(shown)


def every_success_has_a_decision(shown: Shown) -> bool:
    return shown.total("scoring_decisions_total") == successes(shown)


def every_success_has_a_prediction(shown: Shown) -> bool:
    return shown.total("ml_prediction_duration_count") == successes(shown)


def every_success_is_a_message(shown: Shown) -> bool:
    return shown.total("kafka_topic_partition_current_offset") == successes(shown)


def levels_and_decisions_follow_the_scores(shown: Shown) -> bool:
    buckets = shown.by("scoring_credit_score_bucket", "le")
    levels = shown.by("scoring_risk_level_total", "level")
    decisions = shown.by("scoring_decisions_total", "decision")
    below = {cut: buckets[cut,] for cut in ("579.5", "639.5", "669.5", "739.5", "+Inf")}
    return (
        levels["very_high",] == below["579.5"] == decisions["refused",]
        and levels["high",] == below["669.5"] - below["579.5"]
        and levels["medium",] == below["739.5"] - below["669.5"]
        and levels["low",] == below["+Inf"] - below["739.5"]
        and decisions["review",] == below["639.5"] - below["579.5"]
        and decisions["accepted",] == below["+Inf"] - below["639.5"]
    )


def lag_is_what_is_not_committed(shown: Shown) -> bool:
    ends = shown.by("kafka_topic_partition_current_offset", "topic", "partition")
    at = ("consumergroup", "topic", "partition")
    committed = shown.by("kafka_consumergroup_current_offset", *at)
    lags = shown.by("kafka_consumergroup_lag", *at)
    return all(lags[s] == ends[s[1:]] - committed[s] >= 0.0 for s in committed | lags)


def lag_of_a_group_is_that_of_its_partitions(shown: Shown) -> bool:
    groups = ("consumergroup", "topic")
    return all(
        shown.by(f"kafka_consumergroup_{what}_sum", *groups)
        == shown.by(f"kafka_consumergroup_{what}", *groups)
        for what in ("lag", "current_offset")
    )


def oldest_offset_is_within_the_log(shown: Shown) -> bool:
    ends = shown.by("kafka_topic_partition_current_offset", "partition")
    oldest = shown.by("kafka_topic_partition_oldest_offset", "partition")
    return all(0.0 <= oldest[p] <= ends[p] for p in ends)


def in_sync_replicas_are_replicas(shown: Shown) -> bool:
    replicas = shown.by("kafka_topic_partition_replicas", "partition")
    in_sync = shown.by("kafka_topic_partition_in_sync_replica", "partition")
    under = shown.by("kafka_topic_partition_under_replicated_partition", "partition")
    all_in_sync = sum(in_sync[p] == replicas[p] for p in replicas)
    return (
        all(0.0 <= in_sync[p] <= replicas[p] for p in replicas)
        and all(under[p] == float(in_sync[p] < replicas[p]) for p in replicas)
        and shown.total("kafka_topic_partitions_in_sync") == all_in_sync
        and shown.total("kafka_topic_partitions") == len(replicas)
    )


def drives_are_online_or_offline(shown: Shown) -> bool:
    online = shown.total("minio_cluster_drive_online_total")
    return (
        online + shown.total("minio_cluster_drive_offline_total")
        == shown.total("minio_cluster_drive_total")
        and online == shown.total("minio_cluster_health_erasure_set_online_drives")
        and shown.total("minio_cluster_health_erasure_set_healing_drives") <= online
    )


def free_bytes_are_bytes(shown: Shown) -> bool:
    return all(
        0.0
        <= shown.total(f"minio_cluster_capacity_{kind}_free_bytes")
        <= shown.total(f"minio_cluster_capacity_{kind}_total_bytes")
        for kind in ("raw", "usable")
    )


def s3_errors_are_requests(shown: Shown) -> bool:
    requests = shown.by("minio_s3_requests_total", "api")
    errors = shown.by("minio_s3_requests_errors_total", "api")
    clients = shown.by("minio_s3_requests_4xx_errors_total", "api")
    servers = shown.by("minio_s3_requests_5xx_errors_total", "api")
    return all(errors[a] == clients[a] + servers[a] <= requests[a] for a in requests)


def s3_answers_have_a_first_byte(shown: Shown) -> bool:
    buckets = shown.by("minio_s3_requests_ttfb_seconds_distribution", "api", "le")
    requests = shown.by("minio_s3_requests_total", "api")
    failed = shown.by("minio_s3_requests_5xx_errors_total", "api")
    return all(
        buckets[api, "+Inf"] == requests[api,] - failed[api,]
        and are_cumulative({float(le): n for (a, le), n in buckets.items() if a == api})
        for (api,) in requests
    )


def are_cumulative(buckets: Mapping[float, float]) -> bool:
    counts = [buckets[edge] for edge in sorted(buckets)]
    return counts == sorted(counts) and all(n >= 0.0 and n.is_integer() for n in counts)


def buckets_are_cumulative_up_to_the_count(shown: Shown) -> bool:
    return all(
        are_cumulative(buckets) and buckets[math.inf] == count
        for name in HISTOGRAMS
        for buckets, count in histograms(shown, name)
    )


def histograms(shown: Shown, name: str) -> Iterator[tuple[dict[float, float], float]]:
    """Buckets by upper edge, and the count, of each series."""
    buckets: defaultdict[tuple[tuple[str, str], ...], dict[float, float]] = defaultdict(dict)
    for (found, pairs), value in shown.samples.items():
        if found == f"{name}_bucket":
            labels = tuple(pair for pair in pairs if pair[0] != "le")
            buckets[labels][float(dict(pairs)["le"])] = value
    counted = {pairs for found, pairs in shown.samples if found == f"{name}_count"}
    assert counted == buckets.keys()
    for labels, by_edge in buckets.items():
        yield by_edge, shown.samples[f"{name}_count", labels]


def sums_lie_within_their_buckets(shown: Shown) -> bool:
    return all(
        shown.samples[f"{name}_sum", labels] >= 0.0
        and (shown.samples[f"{name}_sum", labels] > 0.0) == (count > 0.0)
        for name in HISTOGRAMS
        for (found, labels), count in shown.samples.items()
        if found == f"{name}_count"
    )


def importance_sums_to_1(shown: Shown) -> bool:
    sums = shown.by("ml_feature_importance", "version").values()
    return all(math.isclose(total, 1.0, rel_tol=1e-9) for total in sums)


def violations_have_parents(shown: Shown) -> bool:
    violations = shown.by("compliance_violations_total", "type")
    refused = shown.by("scoring_decisions_total", "decision")["refused",]
    return (
        all(violations[v,] <= shown.parents[v] <= successes(shown) for v in VIOLATION_TYPES)
        and violations["automated_refusal_without_review",] <= refused
        and violations["refusal_reason_missing",] <= refused
    )


#: Each law, and a metric whose first series breaks it when changed by so much.
LAWS: Final[dict[Callable[[Shown], bool], tuple[str, float]]] = {
    requests_are_successes_and_errors: ("scoring_errors_total", 1.0),
    every_success_has_a_score: ("scoring_credit_score_count", 1.0),
    every_success_has_a_decision: ("scoring_decisions_total", 1.0),
    every_success_has_a_prediction: ("ml_prediction_duration_count", -1.0),
    every_success_is_a_message: ("kafka_topic_partition_current_offset", -1.0),
    levels_and_decisions_follow_the_scores: ("scoring_risk_level_total", 1.0),
    lag_is_what_is_not_committed: ("kafka_consumergroup_lag", 1.0),
    lag_of_a_group_is_that_of_its_partitions: ("kafka_consumergroup_lag_sum", 1.0),
    oldest_offset_is_within_the_log: ("kafka_topic_partition_oldest_offset", 1e9),
    in_sync_replicas_are_replicas: ("kafka_topic_partition_in_sync_replica", 3.0),
    drives_are_online_or_offline: ("minio_cluster_drive_offline_total", 1.0),
    free_bytes_are_bytes: ("minio_cluster_capacity_usable_free_bytes", 1e15),
    s3_errors_are_requests: ("minio_s3_requests_5xx_errors_total", 1.0),
    s3_answers_have_a_first_byte: ("minio_s3_requests_ttfb_seconds_distribution", 1e9),
    buckets_are_cumulative_up_to_the_count: ("http_request_duration_seconds_bucket", -1.0),
    sums_lie_within_their_buckets: ("http_request_duration_seconds_sum", -1e9),
    importance_sums_to_1: ("ml_feature_importance", 1e-6),
    violations_have_parents: ("compliance_violations_total", 1e9),
}


@pytest.fixture(scope="module")
def tour() -> list[Shown]:
    """What the tour shows after each of its ticks, its day being two minutes."""
    platform = Platform(load_scenario("tour").compressed(600.0), step=144.0 / N_TICKS)
    shown, parents = [], np.zeros(len(VIOLATION_TYPES), dtype=np.int64)
    for _ in range(N_TICKS):
        text = text_of(platform.tick())
        parents += platform.trace.violations.parents[0]
        by_type: dict[str, int] = dict(zip(VIOLATION_TYPES, parents.tolist(), strict=True))
        shown.append(Shown(samples_of(text), by_type))
    return shown


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_at_every_tick(tour: list[Shown], law: Callable[[Shown], bool]) -> None:
    assert [tick for tick, shown in enumerate(tour) if not law(shown)] == []


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_would_be_seen_to_break(tour: list[Shown], law: Callable[[Shown], bool]) -> None:
    name, by = LAWS[law]

    assert not law(tour[N_TICKS // 2].changed(name, by))


def falling(ticks: list[Shown]) -> set[str]:
    """Counters and parts of histograms with a series that falls, or that goes away."""
    names = {*COUNTERS, "minio_s3_requests_ttfb_seconds_distribution"}
    names |= {f"{name}{suffix}" for name in HISTOGRAMS for suffix in ("_bucket", "_count", "_sum")}
    return {
        series[0]
        for before, after in pairwise(ticks)
        for series, value in before.samples.items()
        if series[0] in names and after.samples.get(series, -1.0) < value
    }


def test_counters_never_fall(tour: list[Shown]) -> None:
    assert falling(tour) == set()


def test_a_falling_counter_would_be_seen(tour: list[Shown]) -> None:
    last = tour[-1].changed("scoring_requests_total", -1e6)

    assert falling([tour[-2], last]) == {"scoring_requests_total"}


def test_series_of_counters_are_the_same_at_every_tick(tour: list[Shown]) -> None:
    kept = [{s for s in shown.samples if s[0].endswith(("_total", "_bucket"))} for shown in tour]

    assert all(series == kept[0] for series in kept)


ABNORMAL: Final[dict[str, Callable[[Shown], bool]]] = {
    "errors": lambda s: s.total("scoring_errors_total") > 0.02 * s.total("scoring_requests_total"),
    "lag": lambda s: max(s.by("kafka_consumergroup_lag_sum", "consumergroup").values()) > 1000,
    "under-replicated partitions": lambda s: (
        s.total("kafka_topic_partition_under_replicated_partition") > 0
    ),
    "offline drives": lambda s: s.total("minio_cluster_drive_offline_total") > 0,
    "refused writes": lambda s: s.total("minio_s3_requests_errors_total") > 0,
    "violations": lambda s: s.total("compliance_violations_total") > 0,
    "a second model version": lambda s: len(s.by("ml_model_version_info", "version")) > 1,
}


@pytest.mark.parametrize("what", ABNORMAL)
def test_the_laws_were_held_against(tour: list[Shown], what: str) -> None:
    assert any(ABNORMAL[what](shown) for shown in tour)
