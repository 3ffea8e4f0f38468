"""What Prometheus's own checker says about the exposition text."""

from __future__ import annotations

import subprocess
from typing import Final

import pytest

from simulator.scenario.loading import load_scenario
from tests.support.shown_platform import Platform, text_of

pytestmark = pytest.mark.e2e

ACCEPTED, REFUSED, REMARKS = 0, 1, 3  # promtool's exit codes

_SUM: Final = 'non-histogram and non-summary metrics should not have "_sum" suffix'
_TOTAL: Final = 'non-counter metrics should not have "_total" suffix'
_NO_TOTAL: Final = 'counter metrics should have "_total" suffix'
_LE: Final = 'non-histogram metrics should not have "le" label'

#: Names that break Prometheus's conventions because the real exporters give them, and dashboards
#: that read the real exporters ask for them.
KNOWN_REMARKS: Final[dict[str, str]] = {
    # danielqsj/kafka_exporter sums partitions and calls the gauge a sum
    "kafka_consumergroup_current_offset_sum": _SUM,
    "kafka_consumergroup_lag_sum": _SUM,
    # MinIO's v2 metrics call a number of things a total
    "minio_cluster_drive_offline_total": _TOTAL,
    "minio_cluster_drive_online_total": _TOTAL,
    "minio_cluster_drive_total": _TOTAL,
    "minio_cluster_nodes_offline_total": _TOTAL,
    "minio_cluster_nodes_online_total": _TOTAL,
    "minio_bucket_usage_object_total": _TOTAL,
    "minio_bucket_usage_version_total": _TOTAL,
    "minio_cluster_bucket_total": _TOTAL,
    "minio_cluster_usage_object_total": _TOTAL,
    "minio_cluster_usage_version_total": _TOTAL,
    "minio_node_drive_offline_total": _TOTAL,
    "minio_node_drive_online_total": _TOTAL,
    "minio_node_drive_total": _TOTAL,
    "minio_s3_requests_inflight_total": _TOTAL,
    # ... and bytes that are counted as they are
    "minio_inter_node_traffic_received_bytes": _NO_TOTAL,
    "minio_inter_node_traffic_sent_bytes": _NO_TOTAL,
    "minio_s3_traffic_received_bytes": _NO_TOTAL,
    "minio_s3_traffic_sent_bytes": _NO_TOTAL,
    # ... and type the buckets of a histogram as gauges
    "minio_s3_requests_ttfb_seconds_distribution": _LE,
}


def check(promtool: str, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [promtool, "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture(scope="module")
def text() -> str:
    """The tour after some minutes, with a release and incidents behind it."""
    platform = Platform(load_scenario("tour").compressed(600.0), step=2.0)
    return text_of(platform.tick(50))


def test_promtool_reads_the_text(promtool: str, text: str) -> None:
    assert check(promtool, text).returncode in {ACCEPTED, REMARKS}


def test_promtool_s_remarks_are_the_known_ones(promtool: str, text: str) -> None:
    lines = check(promtool, text).stderr.splitlines()

    assert {tuple(line.split(" ", 1)) for line in lines} == set(KNOWN_REMARKS.items())


def test_promtool_has_no_remark_where_the_known_names_are_left_out(
    promtool: str, text: str
) -> None:
    def is_known(line: str) -> bool:
        words = line.replace("{", " ").split()
        return (words[2] if line.startswith("#") else words[0]) in KNOWN_REMARKS

    rest = "".join(f"{line}\n" for line in text.splitlines() if not is_known(line))
    done = check(promtool, rest)

    assert (done.returncode, done.stderr) == (ACCEPTED, "")


def test_promtool_would_refuse_a_label_without_quotes(promtool: str, text: str) -> None:
    assert check(promtool, f"{text}up{{a=b}} 1\n").returncode == REFUSED


def test_promtool_would_remark_on_a_counter_without_its_suffix(promtool: str, text: str) -> None:
    done = check(promtool, f"{text}# HELP odd An odd one.\n# TYPE odd counter\nodd 1\n")

    assert 'odd counter metrics should have "_total" suffix' in done.stderr
