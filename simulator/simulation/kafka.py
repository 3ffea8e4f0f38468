"""The scoring topic: brokers, replicas, offsets, consumer groups and their lag."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.kinds.broker_loss import BrokerLoss
from simulator.scenario.model import Scenario
from simulator.scenario.replication import replica_brokers
from simulator.seeding import Draws, Streams
from simulator.simulation.arrays import Bools, Floats, Ints, Running
from simulator.simulation.causes import Causes, intensity, lost
from simulator.simulation.commits import CommitClock
from simulator.simulation.consumption import Reading, archived, read
from simulator.simulation.handover import Offsets
from simulator.timeline.grid import Grid

__all__ = ["Cluster", "Kafka", "Topic", "cluster", "unwritable_share"]

_NO_LEADER: Final = -1


@dataclass(frozen=True)
class Cluster:
    """Brokers and replicas in each tick.

    `brokers` online (ticks,), and which of them are, by their ids, `online` (ticks, brokers): lost
    are the last ones; `in_sync` replicas (ticks, partitions); `leader` broker or -1 (ticks,
    partitions); `preferred` the leader it should be (partitions,); `writable` whether there is
    a leader, and enough replicas are in sync for acks=all (ticks, partitions).
    """

    brokers: Ints
    online: Bools
    in_sync: Ints
    leader: Ints
    preferred: Ints
    writable: Bools


@dataclass(frozen=True)
class Topic:
    """Offsets after each tick; all arrays are whole messages.

    `produced` in the tick (ticks, partitions); `log_end` and `oldest` offsets (ticks, partitions);
    `committed` offsets (ticks, groups, partitions); `consumed` in the tick, `lost` in it, that is
    deleted before they were read, and `members` (ticks, groups); `refused` whether the store had no
    room for what the archiver would have written (ticks,); `archived` what it has read, and
    `unarchived` what it has lost, in the tick (ticks,).

    A group never reads before the oldest offset; but where nobody is left to move its committed
    one, that stays behind the oldest, which tells an operator what will have been lost.
    """

    produced: Ints
    log_end: Ints
    oldest: Ints
    committed: Ints
    consumed: Ints
    lost: Ints
    members: Ints
    refused: Bools
    archived: Ints
    unarchived: Ints

    @property
    def lag(self) -> Ints:
        """Log-end offset less committed offset, shape (ticks, groups, partitions)."""
        return self.log_end[:, np.newaxis] - self.committed


def cluster(scenario: Scenario, grid: Grid) -> Cluster:
    """Brokers and replicas during the ticks of `grid`: a pure function of time.

    A lost broker leaves the in-sync sets after `replica_lag_time`; when it is back, its replicas
    return one partition after the other until `catch_up` is over.
    """
    kafka, t = scenario.platform.kafka, grid.elapsed
    down = _brokers_down(scenario, t)
    partition = np.arange(kafka.partitions)
    missing = _brokers_out_of_sync(scenario, t)
    replicas = replica_brokers(kafka)
    in_sync = replicas < (kafka.brokers - missing)[:, :, np.newaxis]
    alive = replicas < (kafka.brokers - down)[:, np.newaxis, np.newaxis]
    leads = in_sync & alive
    first = np.argmax(leads, axis=2)
    leader = np.where(leads.any(axis=2), replicas[partition, first], _NO_LEADER)
    return Cluster(
        brokers=kafka.brokers - down,
        online=np.arange(kafka.brokers) < (kafka.brokers - down)[:, np.newaxis],
        in_sync=in_sync.sum(axis=2),
        leader=leader,
        preferred=replicas[:, 0],
        writable=(in_sync.sum(axis=2) >= kafka.min_isr) & leads.any(axis=2),
    )


def _brokers_down(scenario: Scenario, elapsed: Floats) -> Ints:
    down = np.zeros(elapsed.shape, dtype=np.int64)
    for e in scenario.of_kind(BrokerLoss):
        down = np.maximum(down, lost(e.brokers, intensity(e, elapsed)))
    return down


def _brokers_out_of_sync(scenario: Scenario, elapsed: Floats) -> Ints:
    """Brokers whose replica of a partition is out of sync, shape (ticks, partitions)."""
    kafka = scenario.platform.kafka
    returning = kafka.catch_up * (np.arange(kafka.partitions) + 1) / kafka.partitions
    out = np.zeros((len(elapsed), kafka.partitions), dtype=np.int64)
    for e in scenario.of_kind(BrokerLoss):
        left = e.span.lasting(kafka.replica_lag_time)
        if left is not None:
            since = (elapsed - e.start - kafka.replica_lag_time)[:, np.newaxis]
            out = np.maximum(out, lost(e.brokers, left.strongest(since - returning, since)))
    return out


class Kafka:
    """Carries offsets and backlogs of a topic from tick to tick: of the scoring topic.

    Of another one it is told by a `suffix` to the names of its draws.
    """

    def __init__(
        self, scenario: Scenario, step: float, streams: Streams, *, suffix: str = ""
    ) -> None:
        self._spec = scenario.platform.kafka
        self._suffix = suffix
        self._groups = [group.name for group in self._spec.consumer_groups]
        archiver = self._spec.archiver
        self._archiver = None if archiver is None else self._groups.index(archiver)
        self._step = step
        n_groups = len(self._spec.consumer_groups)
        self._backlog = np.zeros((n_groups, self._spec.partitions), dtype=np.int64)
        self._committed = np.zeros_like(self._backlog)
        self._running = Running()
        self._log_end = np.zeros(self._spec.partitions, dtype=np.int64)
        self._clocks = [
            CommitClock(
                f"{group.name}{suffix}",
                group.members,
                self._spec.partitions,
                self._spec.commit_interval_seconds,
                streams,
            )
            for group in self._spec.consumer_groups
        ]

    def start_from(self, before: Offsets) -> None:
        """Goes on with the offsets of the run before.

        Raises:
            ScenarioError: its topic had another number of partitions.
        """
        log_end, lag, committed = before.offsets(self._groups, self._spec.partitions)
        self._running.start_from("log_end", log_end)
        self._log_end, self._committed = log_end, committed
        self._backlog = np.minimum(lag, self._spec.retention_messages)

    def left(self) -> Offsets:
        """What it leaves to the next run, now."""
        return Offsets(
            groups=tuple(self._groups),
            log_end=tuple(self._log_end.tolist()),
            lag=tuple(map(tuple, self._backlog.tolist())),
            committed=tuple(map(tuple, self._committed.tolist())),
        )

    def topic(  # noqa: PLR0913, PLR0917 - causes, grid and draws beside what comes in
        self,
        produced: Ints,
        nodes: Cluster,
        causes: Causes,
        can_archive: Bools,
        grid: Grid,
        draws: Draws,
        room: Ints | None = None,
    ) -> Topic:
        """Offsets after `produced` messages per tick, shape (ticks,).

        `can_archive` says whether MinIO takes what an archiver writes, and `room` how many
        messages it may hold by the end of each tick beyond those it holds now, both of shape
        (ticks,); without one, any number.
        """
        weights = _writable_weights(causes.partition_weights, nodes)
        arriving = draws(f"kafka.partition{self._suffix}", Generator.multinomial, produced, weights)
        log_end = self._running("log_end", arriving)
        reading, refused = self._reading(arriving, self._capacity(causes, can_archive, grid), room)
        self._backlog, self._log_end = reading.backlog[-1], log_end[-1]
        oldest = np.maximum(log_end - self._spec.retention_messages, 0)
        return Topic(
            produced=arriving,
            log_end=log_end,
            oldest=oldest,
            committed=self._commits(reading, log_end, oldest, causes, draws),
            consumed=reading.consumed.sum(axis=2),
            lost=reading.lost.sum(axis=2),
            members=causes.members,
            refused=refused,
            archived=self._of_archiver(reading.consumed),
            unarchived=self._of_archiver(reading.lost),
        )

    def _reading(self, arriving: Ints, capacity: Ints, room: Ints | None) -> tuple[Reading, Bools]:
        """What all groups read, arrays (ticks, groups, partitions), and when MinIO was full."""
        keeps = self._spec.retention_messages
        reading = read(self._backlog, arriving[:, np.newaxis], capacity, keeps)
        one = self._archiver
        if room is None or one is None:
            return reading, np.zeros(len(arriving), dtype=bool)
        alone = Reading(
            *(each[:, one] for each in (reading.backlog, reading.consumed, reading.lost))
        )
        alone, refused = archived(
            alone, self._backlog[one], arriving, capacity[:, one], keeps, room
        )
        if refused.any():
            reading.backlog[:, one] = alone.backlog
            reading.consumed[:, one] = alone.consumed
            reading.lost[:, one] = alone.lost
        return reading, refused

    def _of_archiver(self, messages: Ints) -> Ints:
        """Messages of the group that archives, shape (ticks,); none where there is none."""
        if self._archiver is None:
            return np.zeros(len(messages), dtype=np.int64)
        return np.asarray(messages[:, self._archiver].sum(axis=1))

    def _capacity(self, causes: Causes, can_archive: Bools, grid: Grid) -> Ints:
        """Messages each group can take per partition and tick (ticks, groups, partitions).

        Whole messages: what has added up at this capacity since tick 0, rounded down at another
        moment per partition. Counted by the tick's number instead of carried along, so that a
        consumer which was slow for a while is afterwards as if it had never been.
        """
        groups = self._spec.consumer_groups
        per_second = np.array([g.messages_per_second for g in groups])
        share = causes.consumer_capacity * (1.0 - causes.paused)
        if self._archiver is not None:
            share[:, self._archiver] *= can_archive
        each = (per_second * share * self._step / self._spec.partitions)[:, :, np.newaxis]
        if causes.reading:
            each = np.repeat(each, self._spec.partitions, axis=2)
            for name, shares in causes.reading.items():
                each[:, self._groups.index(name)] *= shares
        phases = np.arange(self._spec.partitions) / self._spec.partitions
        before, until = (
            np.floor(ticks[:, np.newaxis, np.newaxis] * each + phases)
            for ticks in (grid.ticks, grid.ticks + 1)
        )
        return (until - before).astype(np.int64)

    def _commits(
        self, reading: Reading, log_end: Ints, oldest: Ints, causes: Causes, draws: Draws
    ) -> Ints:
        """Committed offsets: the position at the last commit of each partition's reader.

        What was consumed since then, evenly over the tick, is not committed yet: the sawtooth that
        keeps lag above 0 on a healthy topic. Whoever reads on from the oldest offset commits that
        first; a group without members commits nothing.
        """
        n_ticks = len(log_end)
        age = np.empty((n_ticks, *self._backlog.shape))
        for one, clock in enumerate(self._clocks):
            age[:, one] = clock.ages(self._step, n_ticks, draws)
        for name, shares in causes.reading.items():  # the dead do not commit
            one = self._groups.index(name)
            age[:, one] = np.where(shares > 0.0, age[:, one], np.inf)
        position = log_end[:, np.newaxis] - reading.backlog
        since = np.minimum(age / self._step, 1.0)
        open_part = np.ceil(reading.consumed * since).astype(np.int64)
        at_commit = np.where(age < self._step, position - open_part, 0)
        at_least = np.maximum(at_commit, oldest[:, np.newaxis])
        known = np.where((causes.members > 0)[:, :, np.newaxis], at_least, 0)
        carried = np.concatenate([self._committed[np.newaxis], known])
        committed = np.maximum.accumulate(carried, axis=0)[1:]
        self._committed = committed[-1]
        return committed


def unwritable_share(weights: Floats, nodes: Cluster) -> Floats:
    """Share of messages whose partition cannot be written to, shape (ticks,); 1 for all of them."""
    share = np.where(nodes.writable, 0.0, weights).sum(axis=1)
    return np.where(nodes.writable.any(axis=1), np.minimum(share, 1.0), 1.0)


def _writable_weights(weights: Floats, nodes: Cluster) -> Floats:
    """Where messages go when only some partitions take them, shape (ticks, partitions); sums to 1.

    Where none does, nothing is produced either, and the weights are left as they are.
    """
    writable = np.where(nodes.writable, weights, 0.0)
    total = writable.sum(axis=1, keepdims=True)
    return np.where(total > 0.0, writable / np.where(total > 0.0, total, 1.0), weights)
