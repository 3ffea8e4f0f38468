"""The laws that hold exactly at every push, checked on the text of every snapshot of a tour."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.scenario.loading import load_scenario
from tests.support.live_double import LiveDouble

if TYPE_CHECKING:
    from collections.abc import Callable

Series = tuple[str, frozenset[tuple[str, str]]]


class Scrape:
    """The samples of one snapshot, by name and labels; histograms and counters by their type."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self.samples: dict[Series, float] = {}
        self.counters: set[Series] = set()
        for text in texts.values():
            for family in text_string_to_metric_families(text.decode()):
                for sample in family.samples:
                    series = (sample.name, frozenset(sample.labels.items()))
                    assert series not in self.samples, f"{series} is there twice"
                    self.samples[series] = sample.value
                    if family.type in {"counter", "histogram"}:
                        self.counters.add(series)

    def by(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """Sums of a metric by these labels."""
        sums: dict[tuple[str, ...], float] = defaultdict(float)
        for (found, pairs), value in self.samples.items():
            if found == name:
                sums[tuple(dict(pairs)[label] for label in labels)] += value
        assert sums, f"there is no {name}"
        return dict(sums)

    def total(self, name: str) -> float:
        return self.by(name)[()]

    def buckets(self) -> dict[Series, list[tuple[float, float]]]:
        """Edges and counts of each histogram's series, by its name and labels without `le`."""
        found: dict[Series, list[tuple[float, float]]] = defaultdict(list)
        for (name, pairs), value in self.samples.items():
            labels = dict(pairs)
            if "le" in labels:
                edge = float(labels.pop("le"))
                found[name, frozenset(labels.items())].append((edge, value))
        return {series: sorted(rows) for series, rows in found.items()}


def requests_are_successes_and_errors(s: Scrape) -> bool:
    errors = s.total("scoring_errors_total")
    return s.total("scoring_requests_total") == errors + s.total("scoring_credit_score_count")


def no_channel_has_more_errors_than_requests(s: Scrape) -> bool:
    errors = s.by("scoring_errors_total", "channel")
    requests = s.by("scoring_requests_total", "channel")
    return errors.keys() == requests.keys() and all(errors[c] <= requests[c] for c in requests)


def successes_are_levels_decisions_predictions_and_messages(s: Scrape) -> bool:
    return (
        len(
            {
                s.total("scoring_credit_score_count"),
                s.total("scoring_risk_level_total"),
                s.total("scoring_decisions_total"),
                s.total("ml_prediction_duration_count"),
                s.total("kafka_topic_partition_current_offset"),
            }
        )
        == 1
    )


def levels_and_decisions_are_bands_of_the_score(s: Scrape) -> bool:
    below = {edge[0]: n for edge, n in s.by("scoring_credit_score_bucket", "le").items()}
    levels = {level[0]: n for level, n in s.by("scoring_risk_level_total", "level").items()}
    decisions = {d[0]: n for d, n in s.by("scoring_decisions_total", "decision").items()}
    return (
        levels["very_high"] == below["579.5"] == decisions["refused"]
        and levels["high"] == below["669.5"] - below["579.5"]
        and levels["low"] == below["+Inf"] - below["739.5"]
        and levels["medium"] == below["739.5"] - below["669.5"]
        and decisions["review"] == below["639.5"] - below["579.5"]
        and decisions["accepted"] == below["+Inf"] - below["639.5"]
    )


def lag_is_what_is_not_committed_and_never_negative(s: Scrape) -> bool:
    ends = s.by("kafka_topic_partition_current_offset", "partition")
    committed = s.by("kafka_consumergroup_current_offset", "consumergroup", "partition")
    lags = s.by("kafka_consumergroup_lag", "consumergroup", "partition")
    sums = s.by("kafka_consumergroup_lag_sum", "consumergroup")
    return (
        all(lag == ends[p,] - committed[g, p] >= 0.0 for (g, p), lag in lags.items())
        and s.by("kafka_consumergroup_lag", "consumergroup") == sums
    )


def the_oldest_offset_is_not_after_the_newest(s: Scrape) -> bool:
    newest = s.by("kafka_topic_partition_current_offset", "partition")
    return all(
        0.0 <= offset <= newest[p]
        for p, offset in s.by("kafka_topic_partition_oldest_offset", "partition").items()
    )


def in_sync_replicas_are_replicas(s: Scrape) -> bool:
    replicas = s.by("kafka_topic_partition_replicas", "partition")
    in_sync = s.by("kafka_topic_partition_in_sync_replica", "partition")
    under = s.by("kafka_topic_partition_under_replicated_partition", "partition")
    whole = sum(in_sync[p] == replicas[p] for p in replicas)
    return (
        all(0.0 <= in_sync[p] <= replicas[p] for p in replicas)
        and all(under[p] == (in_sync[p] < replicas[p]) for p in replicas)
        and s.total("kafka_topic_partitions_in_sync") == whole
    )


def buckets_are_cumulative_and_end_with_the_count(s: Scrape) -> bool:
    histograms = s.buckets()
    for (name, labels), rows in histograms.items():
        counts = [count for _, count in rows]
        if counts != sorted(counts) or rows[-1][0] != float("inf"):
            return False
        count = s.samples.get((name.removesuffix("_bucket") + "_count", labels))
        if count is not None and count != counts[-1]:
            return False
    return len(histograms) > 20


def online_and_offline_are_all(s: Scrape) -> bool:
    drives = s.total("minio_cluster_drive_total")
    online = s.total("minio_cluster_drive_online_total")
    nodes = s.total("minio_cluster_nodes_online_total")
    return (
        online + s.total("minio_cluster_drive_offline_total") == drives == 16.0
        and nodes + s.total("minio_cluster_nodes_offline_total") == 4.0
        and s.total("minio_cluster_health_erasure_set_online_drives") == online
    )


def s3_errors_are_of_either_class_and_among_requests(s: Scrape) -> bool:
    requests = s.by("minio_s3_requests_total", "api")
    errors = s.by("minio_s3_requests_errors_total", "api")
    client = s.by("minio_s3_requests_4xx_errors_total", "api")
    server = s.by("minio_s3_requests_5xx_errors_total", "api")
    return all(errors[a] == client[a] + server[a] <= requests[a] for a in requests)


def violations_are_among_their_parents(s: Scrape) -> bool:
    """As far as parents are pushed: refusals, successes of two channels, else all scorings."""
    violations = {v[0]: n for v, n in s.by("compliance_violations_total", "type").items()}
    refused = s.by("scoring_decisions_total", "decision")["refused",]
    scored = s.total("scoring_credit_score_count")
    received = s.by("scoring_requests_total", "channel")
    errors = s.by("scoring_errors_total", "channel")
    by_phone_or_partner = sum(received[c,] - errors[c,] for c in ("mobile", "partner"))
    return (
        violations["automated_refusal_without_review"] <= refused
        and violations["refusal_reason_missing"] <= refused
        and violations["legal_basis_missing"] <= by_phone_or_partner
        and all(n <= scored for n in violations.values())
    )


def importance_sums_to_one(s: Scrape) -> bool:
    sums = s.by("ml_feature_importance", "version").values()
    return all(total == pytest.approx(1.0) for total in sums)


LAWS: tuple[Callable[[Scrape], bool], ...] = (
    requests_are_successes_and_errors,
    no_channel_has_more_errors_than_requests,
    successes_are_levels_decisions_predictions_and_messages,
    levels_and_decisions_are_bands_of_the_score,
    lag_is_what_is_not_committed_and_never_negative,
    the_oldest_offset_is_not_after_the_newest,
    in_sync_replicas_are_replicas,
    buckets_are_cumulative_and_end_with_the_count,
    online_and_offline_are_all,
    s3_errors_are_of_either_class_and_among_requests,
    violations_are_among_their_parents,
    importance_sums_to_one,
)


@pytest.fixture(scope="module")
def tour() -> list[Scrape]:
    """Every snapshot of the tour in two and a half minutes, with a tick of two seconds."""
    live = LiveDouble(load_scenario("tour").compressed(600.0), step=2.0)
    live.run(stop_at=143.0)
    return [Scrape(dict(snapshot)) for snapshot in live.published]


@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_at_every_push(tour: list[Scrape], law: Callable[[Scrape], bool]) -> None:
    assert len(tour) == 72
    broken = [tick for tick, scrape in enumerate(tour) if not law(scrape)]
    assert broken == []


def test_counters_never_fall_and_never_vanish(tour: list[Scrape]) -> None:
    for before, after in pairwise(tour):
        for series in before.counters:
            assert after.samples[series] >= before.samples[series], series


def test_every_counted_series_is_there_from_the_first_push(tour: list[Scrape]) -> None:
    assert tour[0].counters == tour[-1].counters


@pytest.mark.parametrize(
    ("law", "name"),
    [
        (requests_are_successes_and_errors, "scoring_requests_total"),
        (no_channel_has_more_errors_than_requests, "scoring_errors_total"),
        (successes_are_levels_decisions_predictions_and_messages, "ml_prediction_duration_count"),
        (levels_and_decisions_are_bands_of_the_score, "scoring_risk_level_total"),
        (lag_is_what_is_not_committed_and_never_negative, "kafka_consumergroup_lag"),
        (the_oldest_offset_is_not_after_the_newest, "kafka_topic_partition_oldest_offset"),
        (in_sync_replicas_are_replicas, "kafka_topic_partition_in_sync_replica"),
        (buckets_are_cumulative_and_end_with_the_count, "ml_prediction_duration_bucket"),
        (online_and_offline_are_all, "minio_cluster_drive_offline_total"),
        (s3_errors_are_of_either_class_and_among_requests, "minio_s3_requests_errors_total"),
        (violations_are_among_their_parents, "compliance_violations_total"),
        (importance_sums_to_one, "ml_feature_importance"),
    ],
)
def test_a_wrong_value_breaks_its_law(
    tour: list[Scrape], law: Callable[[Scrape], bool], name: str
) -> None:
    wrong = Scrape({})
    wrong.samples = dict(tour[-1].samples)
    series = next(series for series in wrong.samples if series[0] == name)
    wrong.samples[series] += 1e9

    assert not law(wrong)
