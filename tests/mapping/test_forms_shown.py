"""What forms make is exposed as Prometheus reads it."""

from typing import Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.mapping.export import Export
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, mapping
from tests.support.scenario_builders import MONDAY, scenario
from tests.support.shown_platform import text_of

PLAN: Final = scenario()
METRICS: Final = mapping(
    outcomes_total={
        "union": [
            {"measure": "scored", "labels": {"decision": "decision"}},
            {"measure": "unscored", "labels": {"reason": "reason"}},
        ]
    },
    duration_ms={"measure": "http_requests", "type": "summary", "scale": 1000},
    score_ms={"measure": "predictions", "scale": 1000, "edges": [12.5, 33, 5000]},
)


@pytest.fixture(scope="module")
def text() -> str:
    export = Export(METRICS, PLAN)
    trace = Simulation(PLAN, origin=MONDAY, step=STEP).advance(3)
    return text_of(export.samples(trace))


def test_a_series_has_only_the_labels_that_its_source_gave_it(text: str) -> None:
    outcomes = [line for line in text.splitlines() if line.startswith("outcomes_total{")]
    assert outcomes[0].startswith('outcomes_total{decision="accepted"} ')
    assert outcomes[-1].startswith('outcomes_total{reason="')


def test_a_summary_has_a_count_and_a_sum(text: str) -> None:
    (summary,) = (f for f in text_string_to_metric_families(text) if f.name == "duration_ms")
    assert summary.type == "summary"
    assert [s.name for s in summary.samples] == ["duration_ms_count", "duration_ms_sum"]
    n, total = (s.value for s in summary.samples)
    assert 5.0 < total / n < 500.0


def test_scaled_edges_are_written_as_they_were_asked_for(text: str) -> None:
    assert 'score_ms_bucket{le="12.5"}' in text
    assert 'score_ms_bucket{le="33.0"}' in text
