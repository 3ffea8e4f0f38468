"""The catalog: every metric declared once, as the documentation says and the exporters do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.metrics.catalog import CATALOG, JOBS
from simulator.metrics.families import Buckets, Family, Layout
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation

if TYPE_CHECKING:
    from simulator.simulation.trace import Trace

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
}
#: Help texts of danielqsj/kafka_exporter, word for word.
KAFKA_HELP: Final = {
    "kafka_brokers": "Number of Brokers in the Kafka Cluster.",
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

each_family = pytest.mark.parametrize("family", CATALOG, ids=lambda f: f.name)
each_histogram = pytest.mark.parametrize(
    "family", [f for f in CATALOG if f.kind == "histogram"], ids=lambda f: f.name
)


@pytest.fixture(scope="module")
def run() -> tuple[Trace, Layout]:
    """Five ticks of the tour, with its second model version already released."""
    scenario = load_scenario("tour").compressed(600.0)
    simulation = Simulation(scenario, origin=1_772_355_600.0, step=2.0)
    simulation.advance(35)
    return simulation.advance(N_TICKS), Layout(scenario, simulation.versions)


def test_names_are_unique() -> None:
    assert len({family.name for family in CATALOG}) == len(CATALOG)


def test_no_sample_of_a_histogram_has_the_name_of_another_family() -> None:
    names = {family.name for family in CATALOG}
    suffixes = ("_bucket", "_count", "_sum", "_created")

    assert {
        f.name + suffix for f in CATALOG for suffix in suffixes if f.kind == "histogram"
    }.isdisjoint(names)


def test_the_jobs_are_the_simulated_components_in_order() -> None:
    assert JOBS == ("ml-model", "scoring-api", "kafka-exporter", "minio", "compliance")


@each_family
def test_a_name_is_one_that_prometheus_takes(family: Family) -> None:
    assert NAME.fullmatch(family.name)


@each_family
def test_a_name_ends_in_total_when_it_counts(family: Family) -> None:
    expected = family.kind == "counter" or family.name in TOTALS_OF_THINGS

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


@pytest.mark.parametrize("family", [f for f in CATALOG if f.job in OWN_JOBS], ids=lambda f: f.name)
def test_a_help_text_of_our_own_is_a_sentence(family: Family) -> None:
    assert family.help[0].isupper()
    assert family.help.endswith(".")


def test_kafka_s_help_texts_are_the_exporter_s() -> None:
    helps = {f.name: f.help for f in CATALOG if f.job == "kafka-exporter"}
    helps.pop("kafka_topic_partitions_in_sync")  # derived: the exporter has no such metric

    assert helps == KAFKA_HELP


@each_family
def test_a_unit_in_the_name_is_the_declared_one(family: Family) -> None:
    if "_seconds" in family.name:
        assert family.unit == "seconds"


@each_family
def test_series_are_unique_and_of_the_declared_arity(
    family: Family, run: tuple[Trace, Layout]
) -> None:
    series = family.series(run[1])

    assert len(set(series)) == len(series) > 0
    assert {len(labels) for labels in series} == {len(family.labels)}


@each_family
def test_no_label_value_is_empty(family: Family, run: tuple[Trace, Layout]) -> None:
    # to Prometheus an empty value means that the label is not there
    assert all(value for labels in family.series(run[1]) for value in labels)


@each_family
def test_values_have_the_shape_of_ticks_and_series(
    family: Family, run: tuple[Trace, Layout]
) -> None:
    trace, layout = run
    n_series = len(family.series(layout))
    values = family.values(trace)

    if isinstance(values, Buckets):
        assert values.counts.shape == (N_TICKS, n_series, len(family.edges) + 1)
        assert values.sums.shape == (N_TICKS, n_series)
    else:
        assert values.shape[0] == N_TICKS
        assert family.rows(trace).shape == (N_TICKS, n_series)


@each_family
def test_only_histograms_have_buckets(family: Family, run: tuple[Trace, Layout]) -> None:
    is_histogram = isinstance(family.values(run[0]), Buckets)

    assert is_histogram == (family.kind == "histogram") == bool(family.edges)


@each_family
def test_reading_a_family_as_what_it_is_not_names_it(
    family: Family, run: tuple[Trace, Layout]
) -> None:
    read = family.rows if family.kind == "histogram" else family.buckets

    with pytest.raises(TypeError, match=rf"{family.name} is a {family.kind}"):
        read(run[0])


@pytest.fixture(scope="module")
def cut_in_two_ways() -> tuple[Trace, list[Trace]]:
    """The same four ticks at once, and one by one."""
    scenario = load_scenario("tour").compressed(600.0)
    whole = Simulation(scenario, origin=0.0, step=2.0)
    parts = Simulation(scenario, origin=0.0, step=2.0)
    return whole.advance(4), [parts.advance() for _ in range(4)]


@each_family
def test_values_of_many_ticks_at_once_are_those_of_each_tick(
    family: Family, cut_in_two_ways: tuple[Trace, list[Trace]]
) -> None:
    whole, parts = cut_in_two_ways

    if family.kind == "histogram":
        joined = np.concatenate([family.buckets(t).counts for t in parts])
        np.testing.assert_array_equal(family.buckets(whole).counts, joined)
    else:
        joined = np.concatenate([family.rows(t) for t in parts])
        np.testing.assert_array_equal(family.rows(whole), joined)


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
    (family,) = [f for f in CATALOG if f.name == "scoring_credit_score"]

    assert family.edges == tuple(map(float, documented))
