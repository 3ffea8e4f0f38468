"""The drives and servers of the object store in each tick, and whether it has its quorums."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from simulator.scenario.erasure_coding import quorums
from simulator.scenario.kinds.drive_loss import DriveLoss
from simulator.scenario.kinds.node_loss import NodeLoss
from simulator.scenario.model import Scenario
from simulator.scenario.platform.minio import Minio
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.causes import intensity, lost
from simulator.timeline.grid import Grid

__all__ = ["HEALING", "HEALTHY", "OFFLINE", "Drives", "drives"]

#: States of a drive, as MinIO's metrics version 3 numbers them.
OFFLINE, HEALTHY, HEALING = range(3)
_NO_SERVER: Final = 1  # divides nothing


@dataclass(frozen=True)
class Drives:
    """Drives and servers of `spec` in each tick, all (ticks,).

    Servers that are lost are the last ones; drives that fail, and after them those that heal, are
    spread evenly over the servers that are up.
    """

    spec: Minio
    nodes_offline: Ints
    drives_offline: Ints
    healing: Ints

    @cached_property
    def online(self) -> Ints:
        """Drives online, those included that heal, shape (ticks,)."""
        return self.spec.drives - self.drives_offline

    @cached_property
    def online_of_pools(self) -> Ints:
        """Drives online of each pool, those included that heal, shape (ticks, pools)."""
        return self._of_pools(self.states != OFFLINE)

    @cached_property
    def healing_of_pools(self) -> Ints:
        """Drives of each pool that heal, shape (ticks, pools)."""
        return self._of_pools(self.states == HEALING)

    @cached_property
    def read_tolerance(self) -> Ints:
        """How many more drives of a pool may be lost and all is read, shape (ticks, pools).

        Below 0 nothing is.
        """
        return self.online_of_pools - self.healing_of_pools - quorums(self.spec)[0]

    @cached_property
    def write_tolerance(self) -> Ints:
        """How many more drives may be lost and all is written; as `read_tolerance`."""
        return self.online_of_pools - quorums(self.spec)[1]

    @cached_property
    def can_read(self) -> Bools:
        """Whether all pools have a read quorum, shape (ticks,): none is read from what heals.

        An object may be in any of them, and where one cannot be asked nobody knows whether it is.
        """
        return np.asarray((self.read_tolerance >= 0).all(axis=1))

    @cached_property
    def can_write(self) -> Bools:
        """Whether all pools have a write quorum, shape (ticks,)."""
        return np.asarray((self.write_tolerance >= 0).all(axis=1))

    @cached_property
    def is_up(self) -> Bools:
        """Which servers are up, shape (ticks, servers)."""
        return np.arange(self.spec.nodes) < self._nodes_online[:, np.newaxis]

    @cached_property
    def states(self) -> Ints:
        """OFFLINE, HEALTHY or HEALING, shape (ticks, servers, drives of each)."""
        server, drive = np.ogrid[: self.spec.nodes, : self.spec.drives_per_node]
        online = self._nodes_online[:, np.newaxis, np.newaxis]
        turn = drive * np.maximum(online, _NO_SERVER) + server
        failed = self.drives_offline - self.nodes_offline * self.spec.drives_per_node
        heals = turn < (failed + self.healing)[:, np.newaxis, np.newaxis]
        is_off = (server >= online) | (turn < failed[:, np.newaxis, np.newaxis])
        return np.where(is_off, OFFLINE, np.where(heals, HEALING, HEALTHY))

    def _of_pools(self, drives: Bools) -> Ints:
        """How many of each pool, of drives (ticks, servers, drives of each)."""
        return drives.reshape(len(drives), len(self.spec.pools), -1).sum(axis=2)

    @property
    def _nodes_online(self) -> Ints:
        return self.spec.nodes - self.nodes_offline


def drives(scenario: Scenario, grid: Grid) -> Drives:
    """Drives and servers during the ticks of `grid`: a pure function of time.

    A replaced drive heals for a while: it takes writes, but cannot be read from yet.
    """
    spec, t = scenario.platform.minio, grid.elapsed
    nodes = np.zeros(len(t), dtype=np.int64)
    for e in scenario.of_kind(NodeLoss):
        nodes = np.maximum(nodes, lost(e.nodes, intensity(e, t)))
    failed = _drives_failed(scenario, t)
    offline = np.minimum(failed + nodes * spec.drives_per_node, spec.drives)
    replaced = np.maximum(_drives_failed(scenario, t, since=t - spec.healing) - failed, 0)
    return Drives(
        spec=spec,
        nodes_offline=nodes,
        drives_offline=offline,
        healing=np.minimum(replaced, spec.drives - offline),
    )


def _drives_failed(scenario: Scenario, elapsed: Floats, since: Floats | None = None) -> Ints:
    """Most drives that were down at once from `since` until `elapsed`; at `elapsed` without it."""
    first = elapsed if since is None else since
    failed = np.zeros(elapsed.shape, dtype=np.int64)
    for e in scenario.of_kind(DriveLoss):
        strongest = e.span.strongest(first - e.start, elapsed - e.start)
        failed = np.maximum(failed, lost(e.drives, strongest))
    return failed
