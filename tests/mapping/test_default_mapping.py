"""The default mapping: names, labels and help texts as documented, and as the exporters have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.scenario.loading import load_scenario
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.engine import Simulation
from tests.support.exported import default_families, export_of, exposed

if TYPE_CHECKING:
    from simulator.metrics.families import Family, FamilySamples

N_TICKS: Final = 5
NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DESIGN: Final = Path(__file__).parents[2] / "docs" / "design.md"
OWN_JOBS: Final = ("ml-model", "scoring-api", "compliance")
#: Gauges that MinIO's exporter itself names like counters.
TOTALS_OF_THINGS: Final = {
    "minio_cluster_nodes_online_total",
    "minio_cluster_nodes_offline_total",
    "minio_cluster_drive_online_total",
    "minio_cluster_drive_offline_total",
    "minio_cluster_drive_total",
    "minio_cluster_usage_object_total",
    "minio_cluster_usage_version_total",
    "minio_cluster_bucket_total",
    "minio_bucket_usage_object_total",
    "minio_bucket_usage_version_total",
    "minio_s3_requests_inflight_total",
    "minio_node_drive_online_total",
    "minio_node_drive_offline_total",
    "minio_node_drive_total",
}
#: Counters that MinIO's exporter itself names like gauges.
COUNTED_BYTES: Final = {
    "minio_s3_traffic_received_bytes",
    "minio_s3_traffic_sent_bytes",
    "minio_inter_node_traffic_sent_bytes",
    "minio_inter_node_traffic_received_bytes",
}
#: Help texts of danielqsj/kafka_exporter, word for word.
KAFKA_HELP: Final = {
    "kafka_brokers": "Number of Brokers in the Kafka Cluster.",
    "kafka_broker_info": "Information about the Kafka Broker.",
    "kafka_exporter_build_info": (
        "A metric with a constant '1' value labeled by version, revision, branch, goversion from "
        "which kafka_exporter was built, and the goos and goarch for the build."
    ),
    "kafka_topic_partitions": "Number of partitions for this Topic",
    "kafka_topic_partition_current_offset": "Current Offset of a Broker at Topic/Partition",
    "kafka_topic_partition_oldest_offset": "Oldest Offset of a Broker at Topic/Partition",
    "kafka_topic_partition_in_sync_replica": "Number of In-Sync Replicas for this Topic/Partition",
    "kafka_topic_partition_leader": "Leader Broker ID of this Topic/Partition",
    "kafka_topic_partition_leader_is_preferred": (
        "1 if Topic/Partition is using the Preferred Broker"
    ),
    "kafka_topic_partition_replicas": "Number of Replicas for this Topic/Partition",
    "kafka_topic_partition_under_replicated_partition": "1 if Topic/Partition is under Replicated",
    "kafka_consumergroup_lag": "Current Approximate Lag of a ConsumerGroup at Topic/Partition",
    "kafka_consumergroup_lag_sum": (
        "Current Approximate Lag of a ConsumerGroup at Topic for all partitions"
    ),
    "kafka_consumergroup_current_offset": ("Current Offset of a ConsumerGroup at Topic/Partition"),
    "kafka_consumergroup_current_offset_sum": (
        "Current Offset of a ConsumerGroup at Topic for all partitions"
    ),
    "kafka_consumergroup_members": "Amount of members in a consumer group",
}

FAMILIES: Final = default_families()
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
each_histogram = pytest.mark.parametrize(
    "family", [f for f in FAMILIES if f.kind == "histogram"], ids=lambda f: f.name
)


@pytest.fixture(scope="module")
def run() -> dict[str, FamilySamples]:
    """Five ticks of the tour, with its second model version already released, by name."""
    scenario = load_scenario("tour").compressed(600.0)
    simulation = Simulation(scenario, origin=1_772_355_600.0, step=2.0)
    simulation.advance(35)
    samples = export_of(scenario).samples(simulation.advance(N_TICKS))
    return {one.family.name: one for one in samples}


def test_names_are_unique() -> None:
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


def test_no_sample_of_a_histogram_has_the_name_of_another_family() -> None:
    names = {family.name for family in FAMILIES}
    suffixes = ("_bucket", "_count", "_sum", "_created")

    assert {
        f.name + suffix for f in FAMILIES for suffix in suffixes if f.kind == "histogram"
    }.isdisjoint(names)


def test_the_jobs_are_the_simulated_components_in_order() -> None:
    assert JOBS == ("ml-model", "scoring-api", "kafka-exporter", "minio", "compliance")
    assert tuple(dict.fromkeys(f.job for f in FAMILIES)) == JOBS
    assert [f.job for f in FAMILIES] == [f.component for f in FAMILIES]


@each_family
def test_a_name_is_one_that_prometheus_takes(family: Family) -> None:
    assert NAME.fullmatch(family.name)


@each_family
def test_a_name_ends_in_total_when_it_counts(family: Family) -> None:
    is_counted = family.kind == "counter" and family.name not in COUNTED_BYTES
    expected = is_counted or family.name in TOTALS_OF_THINGS

    assert family.name.endswith("_total") == expected


@each_family
def test_label_names_are_valid_and_different(family: Family) -> None:
    assert all(NAME.fullmatch(label) for label in family.labels)
    assert len(set(family.labels)) == len(family.labels)


@each_family
def test_labels_do_not_take_the_names_that_prometheus_sets(family: Family) -> None:
    # `le` is MinIO's own, on a gauge
    taken = {"job", "instance", "quantile"} | ({"le"} if family.kind == "histogram" else set())

    assert taken.isdisjoint(family.labels)


@each_family
def test_a_help_text_is_one_line(family: Family) -> None:
    assert family.help == " ".join(family.help.split())
    assert len(family.help) > 15


@pytest.mark.parametrize("family", [f for f in FAMILIES if f.job in OWN_JOBS], ids=lambda f: f.name)
def test_a_help_text_of_our_own_is_a_sentence(family: Family) -> None:
    assert family.help[0].isupper()
    assert family.help.endswith(".")


def test_kafka_s_help_texts_are_the_exporter_s() -> None:
    helps = {f.name: f.help for f in FAMILIES if f.job == "kafka-exporter"}
    helps.pop("kafka_topic_partitions_in_sync")  # derived: the exporter has no such metric

    assert helps == KAFKA_HELP


@each_family
def test_a_unit_in_the_name_is_the_declared_one(family: Family) -> None:
    if "_seconds" in family.name:
        assert family.unit == "seconds"


@each_family
def test_series_are_unique_and_of_the_declared_arity(
    family: Family, run: dict[str, FamilySamples]
) -> None:
    series = run[family.name].family.series

    assert len(set(series)) == len(series) > 0
    assert {len(labels) for labels in series} == {len(family.labels)}


@each_family
def test_no_label_value_is_empty(family: Family, run: dict[str, FamilySamples]) -> None:
    # to Prometheus an empty value means that the label is not there
    assert all(value for labels in run[family.name].family.series for value in labels)


@each_family
def test_samples_have_the_shape_of_ticks_series_and_parts(
    family: Family, run: dict[str, FamilySamples]
) -> None:
    found, blocks = run[family.name]
    parts = sum(block.shape[2] for block in blocks)

    assert parts == len(found.parts)
    assert {block.shape[:2] for block in blocks} == {(N_TICKS, len(found.series))}


@each_family
def test_only_histograms_have_edges(family: Family) -> None:
    assert (family.kind == "histogram") == bool(family.edges)


@pytest.fixture(scope="module")
def cut_in_two_ways() -> tuple[tuple[FamilySamples, ...], list[tuple[FamilySamples, ...]]]:
    """The same four ticks at once, and one by one."""
    scenario = load_scenario("tour").compressed(600.0)
    whole, parts = (Simulation(scenario, origin=0.0, step=2.0) for _ in range(2))
    at_once, in_parts = export_of(scenario), export_of(scenario)
    return at_once.samples(whole.advance(4)), [in_parts.samples(parts.advance()) for _ in range(4)]


@each_family
def test_samples_of_many_ticks_at_once_are_those_of_each_tick(
    family: Family,
    cut_in_two_ways: tuple[tuple[FamilySamples, ...], list[tuple[FamilySamples, ...]]],
) -> None:
    whole, parts = cut_in_two_ways

    joined = np.concatenate([exposed(one, family.name) for one in parts])
    np.testing.assert_array_equal(exposed(whole, family.name), joined)


@each_histogram
def test_edges_rise(family: Family) -> None:
    assert list(family.edges) == sorted(set(family.edges))
    assert np.isfinite(family.edges).all()


@each_histogram
def test_edges_have_the_thresholds_of_the_panels(family: Family) -> None:
    thresholds = {
        "ml_prediction_duration": {0.1, 0.25},
        "http_request_duration_seconds": {0.3, 1.0},
        "scoring_credit_score": {579.5, 639.5, 669.5, 739.5},
    }

    assert thresholds[family.name] <= set(family.edges)


def test_score_edges_are_those_of_the_documentation() -> None:
    (line,) = [row for row in DESIGN.read_text().splitlines() if "`scoring_credit_score`" in row]
    documented = re.findall(r"\d+(?:\.\d+)?", line.split("le =")[1].split("|")[0])
    (family,) = [f for f in FAMILIES if f.name == "scoring_credit_score"]

    assert family.edges == tuple(map(float, documented))
