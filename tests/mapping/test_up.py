"""Whether a part of the platform answers."""

from typing import Final

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.errors import MappingError
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.metrics.columns import trace_columns
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.page import one_page
from simulator.metrics.self_monitoring import RunState
from simulator.metrics.snapshot import Snapshots
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, mapping, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

PLAN: Final = scenario(episode("scrape-gap", jobs=["scoring-api"], start="5m", duration="5m"))
METRICS: Final = mapping(
    service_up={"up": {"components": {"scoring-api": "api", "minio": "s3"}}},
    in_progress={"measure": "http_requests_in_progress", "job": "api"},
)
ENDS: Final = STEP * (1 + np.arange(60))
IS_OFF: Final = (ENDS > 300) & (ENDS <= 600)


def test_it_is_0_while_the_job_is_not_there() -> None:
    series = shown(PLAN, METRICS, [60])
    assert np.array_equal(values_of(series, "service_up", job="api"), ~IS_OFF)
    assert (values_of(series, "service_up", job="s3") == 1.0).all()


def test_everything_else_of_the_job_goes() -> None:
    series = shown(PLAN, METRICS, [60])
    assert np.array_equal(np.isnan(values_of(series, "in_progress")), IS_OFF)


def test_the_jobs_group_has_it_alone_while_the_job_is_down() -> None:
    export = Export(METRICS, PLAN)
    trace = Simulation(PLAN, origin=MONDAY, step=STEP).advance(30)
    assert IS_OFF[29]
    snapshot = Snapshots(export.families, PLAN).of(trace, export.samples(trace), RunState())
    families = text_string_to_metric_families(snapshot.texts["api"].decode())
    samples = [(s.name, s.labels, s.value) for one in families for s in one.samples]
    assert samples == [("service_up", {"job": "api"}, 0.0)]


def test_a_history_names_the_type_of_all_jobs_once() -> None:
    export = Export(METRICS, PLAN)
    trace = Simulation(PLAN, origin=MONDAY, step=STEP).advance(2)
    columns = trace_columns(trace, export.samples(trace), instance="simulator")
    text = "".join(openmetrics(columns, trace.grid.ends.astype(np.float64)))
    assert text.count("# TYPE service_up gauge") == 1
    assert text.count('service_up{instance="simulator",job="s3"} 1 ') == 2


def test_a_job_for_several_parts_is_refused() -> None:
    with pytest.raises(MappingError, match=r"job: each of up\.components has a job"):
        mapping(x={"up": {"components": ["minio", "scoring-api"]}, "job": "everything"})


def test_on_one_page_a_family_of_several_jobs_is_described_once() -> None:
    export = Export(METRICS, PLAN)
    trace = Simulation(PLAN, origin=MONDAY, step=STEP).advance(2)
    texts = Snapshots(export.families, PLAN).of(trace, export.samples(trace), RunState()).texts
    page = one_page(texts.values()).decode()
    assert page.count("# TYPE service_up gauge") == 1
    (up,) = [f for f in text_string_to_metric_families(page) if f.name == "service_up"]
    assert {s.labels["job"] for s in up.samples} == {"api", "s3"}


def test_a_page_of_families_of_their_own_is_their_texts_one_after_the_other() -> None:
    export, trace = Export(default_mapping(), PLAN), Simulation(PLAN, origin=MONDAY, step=STEP)
    first = trace.advance(2)
    texts = Snapshots(export.families, PLAN).of(first, export.samples(first), RunState()).texts
    assert one_page(texts.values()) == b"".join(texts.values())
