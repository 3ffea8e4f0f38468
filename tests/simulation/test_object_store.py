"""MinIO: quorums, drives, capacity and what fails without a quorum."""

from typing import Any

import numpy as np
import pytest

from simulator.scenario.baseline import Minio as MinioSpec
from simulator.scenario.erasure_coding import quorums
from simulator.scenario.model import Scenario
from simulator.seeding import Streams
from simulator.simulation.causes import causes
from simulator.simulation.drives import Drives, drives
from simulator.simulation.minio import APIS, Minio, Storage
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, episode, scenario

STEP = 60.0


def _grid(n_ticks: int) -> Grid:
    return Grid(MONDAY, STEP, 0, n_ticks)


def _drives(*episodes: dict[str, Any], n_ticks: int = 240, **minio: Any) -> Drives:  # noqa: ANN401 - a file's own values
    return drives(scenario(*episodes, platform={"minio": minio}), _grid(n_ticks))


def _storage(plan: Scenario, archived: int = 0, *, n_ticks: int = 240) -> Storage:
    grid = _grid(n_ticks)
    messages = np.full(n_ticks, archived, dtype=np.int64)
    reads = np.tile(np.array([90, 10], dtype=np.int64), (n_ticks, 1))
    now = causes(plan, [], grid)
    draws = Streams(1).over(0, n_ticks)
    return Minio(plan).storage(messages, reads, now, drives(plan, grid), grid, draws)


@pytest.mark.parametrize(
    ("nodes", "drives_per_node", "parity", "read", "write"),
    [
        (4, 4, 4, 12, 12),
        (1, 4, 2, 2, 3),
        (1, 1, 0, 1, 1),
        (1, 2, 1, 1, 2),
        (1, 3, 1, 2, 2),
        (1, 5, 2, 3, 3),
        (1, 6, 3, 3, 4),
        (1, 7, 3, 4, 4),
        (2, 4, 4, 4, 5),
    ],
)
def test_quorums_are_minios_own(
    nodes: int, drives_per_node: int, parity: int, read: int, write: int
) -> None:
    spec = MinioSpec(nodes=nodes, drives_per_node=drives_per_node, parity=parity)
    assert quorums(spec) == (read, write)


@pytest.mark.parametrize(("lost", "can_write"), [(1, True), (4, True), (5, False), (16, False)])
def test_writes_stop_when_more_drives_are_lost_than_hold_parity(
    *, lost: int, can_write: bool
) -> None:
    seen = _drives(episode("drive-loss", drives=lost))
    assert set(seen.can_write) == {can_write}


@pytest.mark.parametrize(("lost", "can_write", "can_read"), [(1, True, True), (2, False, True)])
def test_half_parity_reads_with_one_drive_less_than_it_writes(
    *, lost: int, can_write: bool, can_read: bool
) -> None:
    seen = _drives(episode("drive-loss", drives=lost), nodes=1, drives_per_node=4, parity=2)
    assert (set(seen.can_write), set(seen.can_read)) == ({can_write}, {can_read})


@pytest.mark.parametrize(("lost", "can_write"), [(1, True), (2, False)])
def test_a_lost_node_takes_its_drives_with_it(*, lost: int, can_write: bool) -> None:
    seen = _drives(episode("node-loss", nodes=lost))
    assert set(seen.drives_offline) == {4 * lost}
    assert set(seen.can_write) == {can_write}


def test_no_more_drives_are_lost_than_there_are() -> None:
    seen = _drives(episode("node-loss", nodes=4), episode("drive-loss", drives=16))
    assert set(seen.drives_offline) == {16}


BUSY = (
    episode("drive-loss", drives=3, start="20m", duration="50m"),
    episode("drive-loss", name="second", drives=6, start="50m", duration="40m"),
    episode("node-loss", nodes=2, start="1h", duration="1h"),
)


def test_offline_and_healing_drives_are_never_more_than_all() -> None:
    seen = _drives(*BUSY)
    assert (seen.drives_offline + seen.healing).max() <= 16
    assert min(seen.drives_offline.min(), seen.healing.min()) >= 0


@pytest.mark.parametrize("minutes", [5, 20, 45])
def test_a_replaced_drive_heals_from_its_return_for_the_healing_time(minutes: int) -> None:
    lost = episode("drive-loss", drives=2, start="10m", duration=f"{minutes}m")
    seen = _drives(lost, healing="30m")
    end = 10 + minutes
    assert np.flatnonzero(seen.healing).tolist() == list(range(end, end + 30))
    assert set(seen.healing) == {0, 2}


def test_a_healing_drive_takes_writes_but_is_not_read() -> None:
    lost = episode("drive-loss", drives=5, start="10m", duration="40m")
    seen = _drives(lost, healing="30m")
    assert (seen.can_write[55], seen.can_read[55]) == (True, False)


def test_reads_are_back_when_the_healing_is_over() -> None:
    seen = _drives(episode("drive-loss", drives=5, start="10m", duration="40m"), healing="30m")
    assert seen.can_read[80:].all()


def test_a_node_that_is_back_does_not_heal() -> None:
    assert not _drives(episode("node-loss", nodes=1, start="10m", duration="40m")).healing.any()


LAYOUTS: list[dict[str, Any]] = [
    {},
    {"nodes": 1, "drives_per_node": 4, "parity": 2},
    {"nodes": 2, "drives_per_node": 3, "parity": 3},
    {"nodes": 1, "drives_per_node": 1, "parity": 0},
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_usable_capacity_is_raw_by_the_share_of_data_drives(layout: dict[str, Any]) -> None:
    plan = scenario(platform={"minio": layout})
    spec, seen = plan.platform.minio, _storage(plan)
    n = spec.nodes * spec.drives_per_node
    assert seen.usable_total == pytest.approx(seen.raw_total * (n - spec.parity) / n)
    assert seen.raw_total == pytest.approx(n * spec.drive_bytes)


def test_capacity_falls_with_a_drive_and_returns_with_it() -> None:
    seen = _storage(scenario(episode("drive-loss", drives=1, start="10m", duration="20m")))
    lost = seen.raw_total / 1e12
    assert set(lost[10:30]) == {15.0}
    assert set(lost[:10]) == set(lost[30:]) == {16.0}


def test_used_and_free_make_up_the_usable_capacity() -> None:
    seen = _storage(scenario(), archived=50_000)
    assert seen.used + seen.usable_free == pytest.approx(seen.usable_total)


def test_a_lost_drive_costs_free_space_only() -> None:
    seen = _storage(scenario(episode("drive-loss", drives=1, start="10m", duration="20m")))
    assert np.ptp(seen.used) == 0.0
    assert (seen.usable_free[9] - seen.usable_free[10]) == pytest.approx(0.75e12)


def test_archived_messages_take_up_space() -> None:
    seen = _storage(scenario(), archived=50_000)
    assert np.diff(seen.used) == pytest.approx(50_000 * 2048)


@pytest.mark.parametrize("ratio", [0.85, 0.95, 1.0])
def test_another_writer_fills_the_store_up_to_its_share(ratio: float) -> None:
    seen = _storage(scenario(episode("capacity-filling", used_ratio=ratio)))
    assert seen.used / seen.usable_total == pytest.approx(ratio)


def test_free_space_is_never_negative() -> None:
    plan = scenario(episode("capacity-filling", used_ratio=1.0), episode("drive-loss", drives=8))
    seen = _storage(plan, archived=100_000)
    assert min(seen.usable_free.min(), seen.raw_free.min()) == 0.0


PUT, GET, HEAD = (APIS.index(a) for a in ("putobject", "getobject", "headobject"))


def test_fifty_messages_make_an_object() -> None:
    assert set(_storage(scenario(), archived=101).requests[:, PUT]) == {3}


def test_every_put_fails_without_a_write_quorum() -> None:
    lost = episode("drive-loss", drives=5, start="10m", duration="20m")
    seen = _storage(scenario(lost))
    failing = seen.errors[:, PUT] > 0
    assert np.flatnonzero(failing).tolist() == list(range(10, 30))
    assert np.array_equal(seen.errors[failing, PUT], seen.requests[failing, PUT])


def test_nothing_fails_while_there_is_a_quorum() -> None:
    assert _storage(scenario(episode("drive-loss", drives=4)), archived=500).errors.sum() == 0


def test_reads_fail_without_a_read_quorum() -> None:
    seen = _storage(scenario(episode("node-loss", nodes=2)))
    assert np.array_equal(seen.errors[:, [GET, HEAD]], seen.requests[:, [GET, HEAD]])


def test_look_ups_that_find_nothing_are_missing_and_no_errors() -> None:
    seen = _storage(scenario())
    assert set(seen.missing[:, GET]) == {10}
    assert seen.errors.sum() == 0


def test_answered_requests_have_a_time_to_first_byte() -> None:
    seen = _storage(scenario(*BUSY), archived=700)
    assert np.array_equal(seen.first_byte.sum(axis=2), seen.requests - seen.errors)
