"""What lies in the object store, what comes and goes, and which servers and drives are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.vocabulary import JOBS
from simulator.simulation.drives import HEALING, HEALTHY, OFFLINE
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.simulation.minio import APIS
from simulator.simulation.objects import (
    BUCKETS,
    MESSAGE_BYTES,
    SIZE_RANGES,
    objects_of,
    objects_per_tick,
    range_of,
)
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.scenario_strategies import plans

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

STEP, N_TICKS = 15.0, 60
PUT, GET = APIS.index("putobject"), APIS.index("getobject")
ARCHIVE, OTHERS = range(len(BUCKETS))
LOWEST: Final = np.array(list(SIZE_RANGES.values()))
NAMES: Final = tuple(SIZE_RANGES)


def run(plan: Scenario, n_ticks: int = N_TICKS) -> Trace:
    return Simulation(plan, origin=MONDAY, step=STEP).advance(n_ticks)


def _assert_what_is_served_is_stored(trace: Trace) -> None:
    storage = trace.storage
    assert np.array_equal(storage.received, MESSAGE_BYTES * trace.topic.archived)
    served = storage.requests - storage.errors
    written = np.diff(storage.objects[:, ARCHIVE].sum(axis=1))
    assert np.array_equal(written, served[1:, PUT])
    found = served[:, GET] - storage.missing[:, GET]
    assert np.array_equal(storage.sent, MESSAGE_BYTES * found)


def _assert_objects_fit_into_their_bytes(trace: Trace) -> None:
    storage = trace.storage
    np.testing.assert_allclose(storage.bucket_bytes.sum(axis=1), storage.used, rtol=1e-9)
    assert storage.bucket_bytes.min() >= 0.0
    assert storage.objects.min() >= 0
    # a full store holds no more than there is of it, whatever its archive has written
    least = (storage.objects * LOWEST).sum(axis=2)
    assert (least <= storage.bucket_bytes * (1.0 + 1e-9) + 1.0)[storage.usable_free > 0.0].all()


def _assert_drives_add_up(trace: Trace) -> None:
    drives, spec = trace.drives, trace.scenario.platform.minio
    off, healing = ((drives.states == s).sum(axis=(1, 2)) for s in (OFFLINE, HEALING))
    assert np.array_equal(off, drives.drives_offline)
    assert np.array_equal(healing, drives.healing)
    assert np.array_equal(drives.is_up.sum(axis=1), spec.nodes - drives.nodes_offline)
    assert (drives.states[~drives.is_up] == OFFLINE).all()
    by_server = (drives.states == OFFLINE).sum(axis=2)
    for row, is_up in zip(by_server, drives.is_up, strict=True):
        assert row[is_up].max(initial=0) - row[is_up].min(initial=spec.drives_per_node) <= 1


def _assert_servers_return_when_they_are_back(trace: Trace) -> None:
    is_up, returned = trace.drives.is_up, trace.storage.returned
    back = np.zeros(is_up.shape[1])
    before = np.ones(is_up.shape[1], dtype=bool)
    for tick, start in enumerate(trace.grid.starts):
        back[is_up[tick] & ~before] = start
        assert np.array_equal(returned[tick], back)
        before = is_up[tick]


@given(plans())
@settings(max_examples=15, deadline=None)
def test_requests_objects_bytes_drives_and_servers_agree(plan: Scenario) -> None:
    trace = run(plan)
    _assert_what_is_served_is_stored(trace)
    _assert_objects_fit_into_their_bytes(trace)
    _assert_drives_add_up(trace)
    _assert_servers_return_when_they_are_back(trace)
    assert (trace.exposure.started <= trace.grid.ends[:, np.newaxis]).all()


@given(st.integers(0, 10_000))
def test_messages_lie_in_as_many_objects_of_as_many_bytes(messages: int) -> None:
    counts = objects_of(np.array(messages))
    assert counts.sum() == objects_per_tick(np.array(messages))
    full, left = divmod(messages, 50)
    sizes = [50 * MESSAGE_BYTES] * full + [left * MESSAGE_BYTES] * (left > 0)
    assert counts.tolist() == [sum(range_of(s) == i for s in sizes) for i in range(len(NAMES))]


@pytest.mark.parametrize(
    ("n_bytes", "name"),
    [
        (0, "LESS_THAN_1024_B"),
        (1024, "BETWEEN_1024_B_AND_64_KB"),
        (64 * 1024 - 1, "BETWEEN_1024_B_AND_64_KB"),
        (64 * 1024, "BETWEEN_64_KB_AND_256_KB"),
        (2**20 - 1, "BETWEEN_512_KB_AND_1_MB"),
        (10 * 2**20, "BETWEEN_10_MB_AND_64_MB"),
        (2**40, "GREATER_THAN_512_MB"),
    ],
)
def test_sizes_are_in_minios_ranges(n_bytes: int, name: str) -> None:
    assert NAMES[range_of(n_bytes)] == name


def loss(kind: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    return episode(kind, **{"start": "5m", "duration": "5m", **changes})


@pytest.mark.parametrize(
    "reason", [loss("drive-loss", drives=5), loss("capacity-filling", used_ratio=1.0)]
)
def test_a_store_that_takes_no_writes_receives_nothing(reason: dict[str, Any]) -> None:
    trace = run(scenario(reason))
    assert trace.storage.received[:19].min() > 0
    assert trace.storage.received[20:39].max() == 0
    assert np.diff(trace.storage.objects[19:39, ARCHIVE], axis=0).sum() == 0
    assert trace.storage.received[40] > 10 * trace.storage.received[0]  # the backlog


@pytest.mark.parametrize(("nodes", "share"), [(1, 0.0), (2, 0.5), (4, 0.75)])
def test_servers_send_each_other_what_they_do_not_hold_themselves(nodes: int, share: float) -> None:
    minio = {"nodes": nodes, "drives_per_node": 16 // nodes}
    storage = run(scenario(platform={"minio": minio})).storage
    found = storage.sent // MESSAGE_BYTES
    whole = storage.received * 16 / 12 + found * 50 * MESSAGE_BYTES
    np.testing.assert_allclose(storage.internode, whole * share, atol=0.5)


def test_what_others_write_lies_in_their_bucket_until_it_is_gone() -> None:
    trace = run(scenario(loss("capacity-filling", used_ratio=0.8)))
    held = trace.storage.bucket_bytes[:, OTHERS]
    assert held[[0, 30, 50]].tolist() == pytest.approx([0.0, 0.25 * 12e12, 0.0])
    large = trace.storage.objects[:, OTHERS, NAMES.index("BETWEEN_128_MB_AND_512_MB")]
    assert large[[0, 30, 50]].tolist() == [0, 0.25 * 12e12 // 2**28, 0]


def test_failed_drives_are_spread_over_the_servers() -> None:
    states = run(scenario(loss("drive-loss", drives=3))).drives.states
    assert (states[30] == OFFLINE).sum(axis=1).tolist() == [1, 1, 1, 0]
    assert (states[45] == HEALING).sum(axis=1).tolist() == [1, 1, 1, 0]
    assert (states[0] == HEALTHY).all()


def test_drives_that_are_replaced_heal_while_others_are_still_off() -> None:
    onset = {"shape": "incremental", "rise": "15s", "fall": "270s"}
    trace = run(scenario(loss("drive-loss", drives=4, onset=onset)))
    off, healing = ((trace.drives.states == s).sum(axis=(1, 2)) for s in (OFFLINE, HEALING))
    assert np.array_equal(off, trace.drives.drives_offline)
    assert np.array_equal(healing, trace.drives.healing)
    assert (off + healing)[21:60].tolist() == [4] * 39
    assert set(off[21:40]) >= {1, 2, 3, 4}


def test_the_last_servers_are_lost_and_return_with_another_process() -> None:
    trace = run(scenario(loss("node-loss", nodes=2)))
    assert trace.drives.is_up[30].tolist() == [True, True, False, False]
    assert trace.storage.returned[30].tolist() == [0.0] * 4
    back = MONDAY + 600.0
    assert trace.storage.returned[-1].tolist() == [0.0, 0.0, back, back]


def test_a_process_began_with_the_run_or_its_latest_restart() -> None:
    restarts = loss("counter-reset", jobs=["minio"], every="2m", down="10s")
    started = run(scenario(restarts)).exposure.started - MONDAY
    minio = started[:, JOBS.index("minio")]
    assert np.delete(started, JOBS.index("minio"), axis=1).max() == 0.0
    assert minio[[0, 19, 20, 27, 28, 36, 59]].tolist() == [0, 0, 300, 300, 420, 540, 540]


@pytest.fixture(scope="module")
def left() -> Handover:
    """Of a quarter of an hour at whose end a server is down and MinIO's process has restarted."""
    plan = scenario(
        loss("node-loss", nodes=1, start="12m"),
        loss("counter-reset", jobs=["minio"], duration="1m"),
    )
    simulation = Simulation(plan, origin=MONDAY, step=STEP)
    simulation.advance(N_TICKS)
    return Handover.model_validate_json(simulation.handover().model_dump_json())


def _after(left: Handover) -> Trace:
    simulation = Simulation(scenario(), origin=MONDAY + 1000.0, step=STEP, before=left)
    return simulation.advance(1)


def test_objects_go_on_from_those_of_the_run_before(left: Handover) -> None:
    before = run(scenario(loss("node-loss", nodes=1, start="12m")))
    after = _after(left).storage
    written = after.objects[0, ARCHIVE].sum() - before.storage.objects[-1, ARCHIVE].sum()
    assert written == (after.requests - after.errors)[0, PUT]


def test_processes_and_servers_started_when_they_did_in_the_run_before(left: Handover) -> None:
    after = _after(left)
    started = dict(zip(JOBS, (after.exposure.started[0] - MONDAY).tolist(), strict=True))
    assert started == dict.fromkeys(JOBS, 0.0) | {"minio": 300.0}
    # the one that was down when the run ended is back
    assert after.storage.returned[0].tolist() == [0.0, 0.0, 0.0, MONDAY + N_TICKS * STEP]


def test_an_older_history_leaves_full_objects_and_no_times(left: Handover) -> None:
    older = left.model_copy(update={"objects": None, "started": {}, "returned": ()})
    after = _after(older)
    assert set(after.exposure.started[0] - MONDAY) == {1000.0}
    assert after.storage.returned.max() == 0.0
    archived = left.archived // 50
    added = after.storage.objects[0, ARCHIVE].sum() - run(scenario(), 1).storage.objects.sum()
    assert abs(added - archived) <= 2
