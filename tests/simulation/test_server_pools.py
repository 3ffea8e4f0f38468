"""Several pools of an object store, each with a quorum of its own, all of which it needs."""

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mapping.loading import load_mapping
from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.baseline import Minio
from simulator.scenario.erasure_coding import lost_of_pools
from simulator.scenario.model import Scenario
from simulator.simulation.drives import OFFLINE, Drives, drives
from simulator.timeline.grid import Grid
from tests.support.mapped import Shown, shown
from tests.support.scenario_builders import MONDAY, episode, scenario

TWO: Final[dict[str, Any]] = {"nodes": 8, "pools": ["old", "new"]}


def plan(*episodes: dict[str, Any], **minio: Any) -> Scenario:  # noqa: ANN401 - a file's own values
    return scenario(*episodes, platform={"minio": {**TWO, **minio}})


def seen(of: Scenario) -> Drives:
    return drives(of, Grid(MONDAY, 60.0, 0, 3))


@pytest.mark.parametrize(
    ("lost", "tolerance", "can_write"),
    [
        (episode("node-loss", nodes=1), [4, 0], True),
        (episode("node-loss", nodes=2), [4, -4], False),
        (episode("drive-loss", drives=8), [0, 0], True),
        (episode("drive-loss", drives=9), [-1, 0], False),
    ],
)
def test_a_pool_without_a_quorum_stops_the_store(
    lost: dict[str, Any], tolerance: list[int], *, can_write: bool
) -> None:
    of = plan(lost)
    found = seen(of)

    assert found.write_tolerance[0].tolist() == tolerance
    assert found.can_write.all() == found.can_read.all() == can_write
    assert ("write-quorum" in wanted_alarms(of.episodes[0], of)) != can_write


@given(
    st.sampled_from([(4, 1), (8, 2), (6, 3), (3, 3), (2, 1)]),
    st.integers(1, 8),
    st.integers(0, 40),
    st.integers(0, 8),
)
def test_what_pools_lose_is_what_a_plan_is_judged_by(
    servers: tuple[int, int], each: int, failed: int, down: int
) -> None:
    n_servers, n_pools = servers
    spec = Minio(
        nodes=n_servers, pools=tuple(map(str, range(n_pools))), drives_per_node=each, parity=0
    )
    nodes, lost = min(down, n_servers), 0 if down else min(failed, spec.drives)
    count = np.array([nodes]), np.array([nodes * each + lost])
    states = Drives(spec, *count, healing=np.array([0])).states

    offline = (states == OFFLINE).reshape(n_pools, -1).sum(axis=1)
    assert tuple(offline) == lost_of_pools(spec, drives=lost, nodes=nodes)


def test_each_series_of_a_drive_or_a_set_is_of_its_pool() -> None:
    run = shown(plan(episode("node-loss", nodes=2)), load_mapping("minio-v3"), [3])

    def values(name: str, *labels: str) -> dict[tuple[str, ...], float]:
        found = (one for one in run if one.name == name)
        return {tuple(s.labels[label] for label in labels): last(s) for s in found}

    def last(series: Shown) -> float:
        return float(series.values[-1, 0])

    assert values("minio_cluster_erasure_set_health", "pool_id") == {("old",): 1, ("new",): 0}
    online = values("minio_system_drive_online_count", "pool_index", "server")
    assert online["old", "minio-4:9000"] == 4.0
    assert online["new", "minio-8:9000"] == 0.0
    assert values("minio_cluster_erasure_set_overall_health") == {(): 0.0}
