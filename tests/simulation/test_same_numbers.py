"""The engine: the same bits however a run is cut, and streams that do not disturb each other."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.scenario.model import Scenario
from simulator.seeding import BLOCK_TICKS
from simulator.simulation.engine import Simulation
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import TIMELESS, arrays_of, differing, joined

N_TICKS, STEP = 80, 15.0
#: Quiet ticks before, so that a block of random draws ends in the middle of the episodes.
N_BEFORE = BLOCK_TICKS - N_TICKS // 2
SPAN = {"start": "2m", "duration": "12m"}
SLIDE = {"onset": {"shape": "incremental", "rise": "1m", "fall": "1m"}}
MIX = {"onset": {"shape": "gradual", "rise": "2m"}}
PULSE = {"onset": {"shape": "recurring", "period": "3m", "duty": 0.4}}

EVENTFUL: tuple[dict[str, Any], ...] = (
    episode("population-shift", preset="recession", **SPAN, **MIX),
    episode("data-bug", feature="net_income", factor=12.0, start="5m", duration="5m", **PULSE),
    episode("concept-drift", scale=0.5, **SPAN),
    episode("traffic-surge", factor=6.0, **SPAN, **SLIDE),
    episode("slow-dependency", dependency="bureau", factor=5.0, **SPAN, **PULSE),
    episode("slow-dependency", name="store", dependency="feature-store", factor=3.0, **SPAN),
    episode("overload", workers_lost_ratio=0.7, start="8m", duration="4m"),
    episode("errors", status=503, ratio=0.1, **SPAN),
    episode("instance-loss", replicas=2, **SPAN, **PULSE),
    episode("instance-slow", factor=6.0, **SPAN, **SLIDE),
    episode("consumer-slowdown", group="archiver", capacity_ratio=0.1, **SPAN),
    episode("rebalance", group="risk-monitoring", every="2m", pause="20s", **SPAN),
    episode("consumer-crash", group="risk-monitoring", start="4m", duration="7m", **PULSE),
    episode("broker-loss", brokers=2, start="3m", duration="6m"),
    episode("hot-partition", partition=1, share=0.5, **SPAN),
    episode("drive-loss", drives=5, start="6m", duration="4m"),
    episode("node-loss", nodes=1, start="4m", duration="8m"),
    episode("capacity-filling", used_ratio=1.0, **SPAN, **SLIDE),
    episode("compliance-incident", violation="audit_log_gap", factor=20.0, **SPAN),
    episode(
        "model-release",
        version="4.0.0",
        start="1m",
        duration="15m",
        canary_for="5m",
        outcome="rollback",
    ),
    episode("counter-reset", jobs=["scoring-api", "ml-model"], every="3m", down="40s", **SPAN),
    episode("counter-reset", name="upgrade", jobs=["minio"], start="7m", duration="1m"),
    episode("scrape-gap", jobs=["compliance", "minio"], **SPAN, **PULSE),
    episode(
        "scrape-gap", name="slow-scrapes", jobs=["minio"], mode="late", late_seconds=20, **SPAN
    ),
    episode("exporter-glitch", form="negative", apart_seconds=6, **SPAN, **PULSE),
    episode(
        "exporter-glitch",
        name="uncommitted",
        form="no-commit",
        group="archiver",
        partitions=3,
        start="4m",
        duration="3m",
    ),
    episode("exporter-glitch", name="vanishing", form="vanish", group="archiver", **SPAN, **PULSE),
)


def _eventful(*more: dict[str, Any], **changes: Any) -> Scenario:  # noqa: ANN401 - a file's own values
    traffic = {"requests_per_second": 60.0, "profile": "daily", "noise_ratio": 0.15}
    plan: dict[str, Any] = {
        "duration": "20m",
        "traffic": traffic,
        "platform": {
            "monitoring": {"label_delay": "3m"},
            "kafka": {"retention_messages": 2000},
            "minio": {"healing": "2m"},
        },
    }
    return scenario(*EVENTFUL, *more, **(plan | changes)).delayed(N_BEFORE * STEP)


def _run(plan: Scenario, sizes: list[int]) -> list[Trace]:
    simulation = Simulation(plan, origin=MONDAY + 33_000.0, step=STEP)
    simulation.advance(N_BEFORE)
    return [simulation.advance(size) for size in sizes]


@pytest.fixture(scope="module")
def whole() -> Trace:
    return _run(_eventful(), [N_TICKS])[0]


def test_the_eventful_scenario_moves_every_array(whole: Trace) -> None:
    still = [path for path, a in arrays_of(whole).items() if a.ndim and (a == a[:1]).all()]
    assert set(still) <= TIMELESS


@given(cuts=st.lists(st.integers(1, N_TICKS - 1), min_size=1, max_size=6, unique=True))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_run_in_pieces_has_the_bits_of_the_whole_run(whole: Trace, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), N_TICKS]
    pieces = _run(_eventful(), np.diff(edges).tolist())
    assert differing(joined(pieces), arrays_of(whole)) == []


def test_a_run_tick_by_tick_has_the_bits_of_the_whole_run(whole: Trace) -> None:
    assert differing(joined(_run(_eventful(), [1] * N_TICKS)), arrays_of(whole)) == []


def test_asking_what_comes_next_changes_no_bit(whole: Trace) -> None:
    simulation = Simulation(_eventful(), origin=MONDAY + 33_000.0, step=STEP)
    simulation.advance(N_BEFORE)
    asked = []
    for size in (1, 1, N_TICKS - 2):  # what is asked for is one tick, whatever is run then
        simulation.conditions()
        asked.append(simulation.advance(size))

    assert differing(joined(asked), arrays_of(whole)) == []


def test_the_same_seed_gives_the_same_bytes(whole: Trace) -> None:
    assert differing(arrays_of(_run(_eventful(), [N_TICKS])[0]), arrays_of(whole)) == []


@pytest.mark.parametrize("path", ["scored.cells", "requests.http", "topic.log_end", "model.recent"])
def test_another_seed_gives_other_numbers(whole: Trace, path: str) -> None:
    other = _run(_eventful(seed=2), [N_TICKS])[0]
    assert path in differing(arrays_of(other), arrays_of(whole))


def test_another_seed_changes_no_cause_but_where_keys_hash_to(whole: Trace) -> None:
    other = _run(_eventful(seed=2), [N_TICKS])[0]
    changed = differing(arrays_of(other), arrays_of(whole))
    causes = [path for path in changed if path.split(".")[0] in {"causes", "cluster", "drives"}]
    assert causes == ["causes.partition_weights"]


def _changed_by(more: dict[str, Any], whole: Trace) -> set[str]:
    return set(differing(arrays_of(_run(_eventful(more), [N_TICKS])[0]), arrays_of(whole)))


def test_a_compliance_incident_changes_nothing_but_violations(whole: Trace) -> None:
    incident = episode(
        "compliance-incident", name="late", violation="legal_basis_missing", factor=90.0, **SPAN
    )
    assert _changed_by(incident, whole) == {
        "causes.violation_factors",
        "causes.active",
        "violations.counts",
    }


def test_a_concept_drift_changes_nothing_but_outcomes(whole: Trace) -> None:
    drift = episode("concept-drift", name="late", scale=0.1, **SPAN)
    changed = _changed_by(drift, whole)
    assert {p for p in changed if p.split(".")[0] not in {"causes", "model"}} <= {
        "scored.cells",
        "scored.bins",  # of scores, which are drawn together with outcomes
        "violations.counts",
        "violations.parents",
    }
    assert "requests.applications" not in changed
    assert "topic.log_end" not in changed


def test_a_full_object_store_changes_nothing_upstream_of_the_archiver(whole: Trace) -> None:
    filling = episode("capacity-filling", name="late", used_ratio=1.0, **SPAN)
    changed = _changed_by(filling, whole)
    assert {path.split(".")[0] for path in changed} == {
        "causes",
        "storage",
        "topic",
        "violations",
    }
    assert {p for p in changed if p.startswith(("topic.", "violations."))} <= {
        "topic.archived",
        "topic.committed",
        "topic.consumed",
        "topic.lost",
        "topic.refused",
        "topic.unarchived",
        "violations.counts",
        "violations.parents",
    }


def test_a_stopped_consumer_changes_neither_requests_nor_the_model(whole: Trace) -> None:
    stopped = episode("consumer-slowdown", name="late", group="risk-monitoring", **SPAN)
    changed = {path.split(".")[0] for path in _changed_by(stopped, whole)}
    assert changed == {"causes", "topic"}


def test_another_consumer_group_changes_no_column_of_the_others(whole: Trace) -> None:
    groups = [{"name": name} for name in ("auditors", "archiver", "risk-monitoring")]
    plan = _eventful()
    spec = {"consumer_groups": groups, "retention_messages": 2000}
    kafka = plan.platform.kafka.model_validate(spec)
    platform = plan.platform.model_copy(update={"kafka": kafka})
    more = arrays_of(_run(plan.model_copy(update={"platform": platform}), [N_TICKS])[0])

    by_group = {"topic.committed", "topic.consumed", "topic.lost", "topic.members"}
    by_group |= {"causes.consumer_capacity", "causes.paused", "causes.members"}
    by_group |= {"exposure.uncommitted", "exposure.vanished"}
    others = {path: a[:, 1:] if path in by_group else a for path, a in more.items()}
    assert differing(others, arrays_of(whole)) == []


def test_another_model_version_changes_no_column_of_the_others_before_it_comes(
    whole: Trace,
) -> None:
    later = episode(
        "model-release", name="late", version="5.0.0", start="18m", duration="2m", canary_for="1m"
    )
    more = arrays_of(_run(_eventful(later), [72])[0])

    shapes = {
        path: a.shape if path in TIMELESS else (len(more[path]), *a.shape[1:])
        for path, a in arrays_of(whole).items()
    }
    others = {path: a[tuple(map(slice, shapes[path]))] for path, a in more.items()}
    before = {path: a if path in TIMELESS else a[:72] for path, a in arrays_of(whole).items()}
    assert differing(others, before) == []


@pytest.mark.parametrize("count", [0, -1])
def test_a_run_of_no_ticks_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"cannot advance {count} ticks"):
        Simulation(scenario(), origin=MONDAY, step=STEP).advance(count)
