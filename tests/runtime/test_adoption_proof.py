"""What the proof of an adoption counts: which panels are fed by what, and when alerts fire."""

from __future__ import annotations

from simulator.mapping.loading import parse_mapping
from simulator.runtime.adoption_proof import reads_any
from tests.support.boards import board, rules

MAPPING = parse_mapping(
    "{version: 1, name: m, metrics: {x_seconds: {measure: psi, fold: max}}}", "m"
)


def test_a_query_reads_what_a_mapping_has_by_any_of_its_series() -> None:
    assert reads_any([board("rate(x_seconds_bucket[5m])")], (), MAPPING)
    assert not reads_any([board("rate(y_seconds_bucket[5m])")], (), MAPPING)


def test_an_alert_reads_it_too() -> None:
    assert reads_any([], rules("x_seconds > 1"), MAPPING)
