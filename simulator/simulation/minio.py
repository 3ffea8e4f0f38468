"""The object store: drives, quorum, capacity and S3 requests."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.erasure_coding import MOST_USED, quorums
from simulator.scenario.kinds.drive_loss import DriveLoss
from simulator.scenario.kinds.node_loss import NodeLoss
from simulator.scenario.model import Scenario
from simulator.scenario.platform.service_times import LogNormal
from simulator.seeding import Draws
from simulator.simulation.arrays import Bools, Floats, Ints, Running
from simulator.simulation.causes import Causes, intensity, lost
from simulator.simulation.latency import bucket_shares
from simulator.timeline.grid import Grid

__all__ = ["APIS", "TTFB_EDGES", "Drives", "Minio", "Storage", "drives"]

APIS: Final = ("putobject", "getobject", "headobject")
#: MinIO's own buckets of the time to first byte, in seconds.
TTFB_EDGES: Final = np.array([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
_FIRST_BYTE: Final = (LogNormal(0.018, 0.6), LogNormal(0.012, 0.6), LogNormal(0.004, 0.5))
_FIRST_BYTE_SHARES: Final = np.array([bucket_shares(d, TTFB_EDGES) for d in _FIRST_BYTE])
_MESSAGES_PER_OBJECT: Final = 50
_BYTES_PER_MESSAGE: Final = 2048
_PROBE_SECONDS: Final = 5  # the archiver looks every so often whether its bucket is there
_RETRIES_PER_SECOND: Final = 1.0  # and, while its writes are refused, tries again and again


@dataclass(frozen=True)
class Drives:
    """Drives and nodes in each tick, all (ticks,), and whether reads and writes have a quorum."""

    nodes_offline: Ints
    drives_offline: Ints
    healing: Ints
    can_read: Bools
    can_write: Bools


@dataclass(frozen=True)
class Storage:
    """Capacity in bytes (ticks,), and S3 requests in the tick.

    `requests`, `missing` (answered 404) and `errors` (5xx) are (ticks, apis); `first_byte` requests
    per bucket of the time to first byte (ticks, apis, edges + 1).
    """

    raw_total: Floats
    raw_free: Floats
    usable_total: Floats
    usable_free: Floats
    used: Floats
    requests: Ints
    missing: Ints
    errors: Ints
    first_byte: Ints


def drives(scenario: Scenario, grid: Grid) -> Drives:
    """Drives and nodes during the ticks of `grid`: a pure function of time.

    A replaced drive heals for a while: it takes writes, but cannot be read from yet.
    """
    spec, t = scenario.platform.minio, grid.elapsed
    total = spec.nodes * spec.drives_per_node
    nodes = np.zeros(len(t), dtype=np.int64)
    for e in scenario.of_kind(NodeLoss):
        nodes = np.maximum(nodes, lost(e.nodes, intensity(e, t)))
    failed = _drives_failed(scenario, t)
    offline = np.minimum(failed + nodes * spec.drives_per_node, total)
    replaced = np.maximum(_drives_failed(scenario, t, since=t - spec.healing) - failed, 0)
    healing = np.minimum(replaced, total - offline)
    read, write = quorums(spec)
    return Drives(
        nodes_offline=nodes,
        drives_offline=offline,
        healing=healing,
        can_read=total - offline - healing >= read,
        can_write=total - offline >= write,
    )


def _drives_failed(scenario: Scenario, elapsed: Floats, since: Floats | None = None) -> Ints:
    """Most drives that were down at once from `since` until `elapsed`; at `elapsed` without it."""
    first = elapsed if since is None else since
    failed = np.zeros(elapsed.shape, dtype=np.int64)
    for e in scenario.of_kind(DriveLoss):
        strongest = e.span.strongest(first - e.start, elapsed - e.start)
        failed = np.maximum(failed, lost(e.drives, strongest))
    return failed


class Minio:
    """Carries what the archiver has stored from tick to tick."""

    def __init__(self, scenario: Scenario) -> None:
        self._spec = spec = scenario.platform.minio
        self._data_ratio = (spec.drives - spec.parity) / spec.drives
        self._usable_full = spec.drives * spec.drive_bytes * self._data_ratio
        self._is_fed = scenario.platform.kafka.archiver is not None
        self._running = Running()
        self.archived = 0

    def start_from(self, archived: int) -> None:
        """Goes on with so many messages in the store."""
        self._running.start_from("archived", np.array(archived, dtype=np.int64))
        self.archived = archived

    def room(self, causes: Causes, health: Drives) -> Ints:
        """Messages it may hold at the end of each tick beyond those it holds now, shape (ticks,).

        Negative where it holds too much already.
        """
        spec = self._spec
        online = (spec.drives - health.drives_offline) / spec.drives
        free = (MOST_USED * online - spec.used_ratio - causes.filled) * self._usable_full
        return np.floor(free / _BYTES_PER_MESSAGE).astype(np.int64) - self.archived

    def storage(  # noqa: PLR0913, PLR0917 - causes, grid and draws beside what comes in
        self,
        archived: Ints,
        reads: Ints,
        causes: Causes,
        health: Drives,
        grid: Grid,
        draws: Draws,
        is_full: Bools | None = None,
    ) -> Storage:
        """Capacity and requests of ticks with `archived` messages, shape (ticks,).

        `reads` are look-ups of archived decisions, found and not found, shape (ticks, 2); `is_full`
        says when what the archiver would write has no room, shape (ticks,); never without.
        """
        can_write = health.can_write if is_full is None else health.can_write & ~is_full
        looked_up = reads.sum(axis=1)
        requests = np.column_stack(
            [self._puts(archived, can_write, grid), looked_up, self._probes(grid)]
        )
        refused = np.column_stack([~can_write, ~health.can_read, ~health.can_read])
        errors = np.where(refused, requests, 0)
        missing = np.zeros_like(requests)
        missing[:, APIS.index("getobject")] = np.where(health.can_read, reads[:, 1], 0)
        return Storage(
            *self._capacity(archived, causes, health),
            requests=requests,
            missing=missing,
            errors=errors,
            first_byte=_first_bytes(requests - errors, draws),
        )

    def takes_all(self, health: Drives, is_full: Bools) -> Bools:
        """Whether what is to be archived is written, shape (ticks,); nothing need be, always."""
        return health.can_write & ~is_full if self._is_fed else np.ones_like(health.can_write)

    def _puts(self, archived: Ints, can_write: Bools, grid: Grid) -> Ints:
        if not self._is_fed:
            return np.zeros_like(archived)
        objects = -(-archived // _MESSAGES_PER_OBJECT)
        retries = max(round(_RETRIES_PER_SECOND * grid.step), 1)
        return np.where(can_write, objects, retries)

    def _probes(self, grid: Grid) -> Ints:
        until = np.floor(
            (np.append(grid.ticks, grid.first + grid.count)) * grid.step / _PROBE_SECONDS
        )
        return np.diff(until).astype(np.int64)

    def _capacity(
        self, archived: Ints, causes: Causes, health: Drives
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Raw total and free, usable total and free, and used bytes.

        Offline drives take their capacity with them; data spread over all drives stays used.
        """
        spec, usable_full, data_ratio = self._spec, self._usable_full, self._data_ratio
        messages = self._running("archived", archived)
        self.archived = int(messages[-1])
        stored = messages * float(_BYTES_PER_MESSAGE)
        used = np.minimum((spec.used_ratio + causes.filled) * usable_full + stored, usable_full)
        raw_total = (spec.drives - health.drives_offline) * spec.drive_bytes
        usable_total = raw_total * data_ratio
        usable_free = np.maximum(usable_total - used, 0.0)
        return raw_total, usable_free / data_ratio, usable_total, usable_free, used


def _first_bytes(answered: Ints, draws: Draws) -> Ints:
    shares = partial(Generator.multinomial, pvals=_FIRST_BYTE_SHARES)
    return draws("minio.first_byte", shares, answered)
