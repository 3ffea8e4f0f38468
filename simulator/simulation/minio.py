"""The object store: capacity, objects and S3 requests."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.erasure_coding import MOST_USED
from simulator.scenario.model import Scenario
from simulator.scenario.platform.service_times import LogNormal
from simulator.seeding import Draws
from simulator.simulation.arrays import Bools, Floats, Ints, Running
from simulator.simulation.causes import Causes
from simulator.simulation.drives import Drives
from simulator.simulation.handover import Handover
from simulator.simulation.latency import bucket_means, bucket_shares
from simulator.simulation.objects import (
    BACKUP_BYTES,
    BUCKETS,
    MESSAGE_BYTES,
    OBJECT_BYTES,
    SIZE_RANGES,
    objects_of,
    objects_per_tick,
    range_of,
)
from simulator.simulation.returning_servers import ReturningServers
from simulator.timeline.grid import Grid

__all__ = ["APIS", "FIRST_BYTE_MEANS", "TTFB_EDGES", "Minio", "Storage"]

APIS: Final = ("putobject", "getobject", "headobject")
#: MinIO's own buckets of the time to first byte, in seconds.
TTFB_EDGES: Final = np.array([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
_FIRST_BYTE: Final = (LogNormal(0.018, 0.6), LogNormal(0.012, 0.6), LogNormal(0.004, 0.5))
_FIRST_BYTE_SHARES: Final = np.array([bucket_shares(d, TTFB_EDGES) for d in _FIRST_BYTE])
#: Mean seconds to the first byte in each bucket, shape (apis, edges + 1).
FIRST_BYTE_MEANS: Final = np.array([bucket_means(d, TTFB_EDGES) for d in _FIRST_BYTE])
_PROBE_SECONDS: Final = 5  # the archiver looks every so often whether its bucket is there
_RETRIES_PER_SECOND: Final = 1.0  # and, while its writes are refused, tries again and again


@dataclass(frozen=True)
class Storage:
    """Capacity in bytes (ticks,), what is stored, and S3 requests in the tick.

    `bucket_bytes` is what of `used` each of BUCKETS holds (ticks, buckets), and `objects` how many
    objects by size (ticks, buckets, SIZE_RANGES). `requests`, `missing` (answered 404) and `errors`
    (5xx) are the platform's own (ticks, apis); `received` and `sent` the bytes of the messages in
    those that were served (ticks,), and `internode` what servers then sent each other, since all
    hold parts of an object (ticks,); `first_byte` requests per bucket of the time to first byte
    (ticks, apis, edges + 1). `returned` are the Unix seconds at which a server was last back again,
    0 for one that never left (ticks, servers).
    """

    raw_total: Floats
    raw_free: Floats
    usable_total: Floats
    usable_free: Floats
    used: Floats
    bucket_bytes: Floats
    objects: Ints
    requests: Ints
    missing: Ints
    errors: Ints
    received: Ints
    sent: Ints
    internode: Ints
    first_byte: Ints
    returned: Floats


class Minio:
    """Carries what the archiver has stored from tick to tick."""

    def __init__(self, scenario: Scenario) -> None:
        self._spec = spec = scenario.platform.minio
        self._data_ratio = spec.data_drives / spec.drives
        self._usable_full = spec.drives * spec.drive_bytes * self._data_ratio
        self._is_fed = scenario.platform.kafka.archiver is not None
        self._objects_before = int(spec.used_ratio * self._usable_full // OBJECT_BYTES)
        self._running = Running()
        self.archived = 0
        self.objects = np.zeros(len(SIZE_RANGES), dtype=np.int64)
        self.servers = ReturningServers(spec.nodes)

    def start_from(self, before: Handover) -> None:
        """Goes on with what is in the store, and with the servers, all of which are up."""
        self.archived = before.archived
        self.objects = before.objects_by_size()
        self._running.start_from("archived", np.array(self.archived, dtype=np.int64))
        self._running.start_from("objects", self.objects)
        self.servers.start_from(before.returned)

    def room(self, causes: Causes, health: Drives) -> Ints:
        """Messages it may hold at the end of each tick beyond those it holds now, shape (ticks,).

        Negative where it holds too much already.
        """
        spec = self._spec
        online = (spec.drives - health.drives_offline) / spec.drives
        free = (MOST_USED * online - spec.used_ratio - causes.filled) * self._usable_full
        return np.floor(free / MESSAGE_BYTES).astype(np.int64) - self.archived

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
        raw_total, raw_free, usable_total, usable_free, used = self._capacity(
            archived, causes, health
        )
        bucket_bytes, objects = self._stored(archived, causes, used)
        written = np.where(can_write, archived, 0)
        found = np.where(health.can_read, reads[:, 0], 0)
        return Storage(
            raw_total=raw_total,
            raw_free=raw_free,
            usable_total=usable_total,
            usable_free=usable_free,
            used=used,
            bucket_bytes=bucket_bytes,
            objects=objects,
            received=written * MESSAGE_BYTES,
            sent=found * MESSAGE_BYTES,
            internode=self._internode(written, found, health),
            returned=self.servers.returned(health.is_up, grid),
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
        retries = max(round(_RETRIES_PER_SECOND * grid.step), 1)
        return np.where(can_write, objects_per_tick(archived), retries)

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
        stored = messages * float(MESSAGE_BYTES)
        used = np.minimum((spec.used_ratio + causes.filled) * usable_full + stored, usable_full)
        raw_total = (spec.drives - health.drives_offline) * spec.drive_bytes
        usable_total = raw_total * data_ratio
        usable_free = np.maximum(usable_total - used, 0.0)
        return raw_total, usable_free / data_ratio, usable_total, usable_free, used

    def _stored(self, archived: Ints, causes: Causes, used: Floats) -> tuple[Floats, Ints]:
        """Bytes by bucket (ticks, buckets), and objects (ticks, buckets, SIZE_RANGES).

        What is there at first was archived in full objects.
        """
        others = np.minimum(causes.filled * self._usable_full, used)
        written = self._running("objects", objects_of(archived))
        self.objects = written[-1]
        objects = np.zeros((len(used), len(BUCKETS), len(SIZE_RANGES)), dtype=np.int64)
        objects[:, 0] = written
        objects[:, 0, range_of(OBJECT_BYTES)] += self._objects_before
        objects[:, 1, range_of(BACKUP_BYTES)] = others // BACKUP_BYTES
        return np.column_stack([used - others, others]), objects

    def _internode(self, written: Ints, found: Ints, health: Drives) -> Ints:
        """Bytes that servers send each other, as what is on drives is on those of all of them.

        A message is written with its parity to the drives online, and to read one its whole object
        is put together, which is smaller than a block (1 MiB).
        """
        parts = written * MESSAGE_BYTES / self._data_ratio * health.online / self._spec.drives
        elsewhere = 1.0 - 1.0 / np.maximum(health.is_up.sum(axis=1), 1)
        return np.rint((parts + found * OBJECT_BYTES) * elsewhere).astype(np.int64)


def _first_bytes(answered: Ints, draws: Draws) -> Ints:
    shares = partial(Generator.multinomial, pvals=_FIRST_BYTE_SHARES)
    return draws("minio.first_byte", shares, answered)
