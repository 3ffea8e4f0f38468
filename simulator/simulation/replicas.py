"""The replicas of the API behind one line: which are gone, unnoticed or not, and which are slow."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.scenario.kinds.instance_loss import InstanceLoss
from simulator.scenario.kinds.instance_slow import InstanceSlow
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Bools, Floats
from simulator.timeline.grid import Grid
from simulator.timeline.onset import Onset

__all__ = ["Replicas", "replicas"]


@dataclass(frozen=True)
class Replicas:
    """Of `count` replicas per tick, all of shape (ticks,); those that are gone are the last ones.

    `up` is the share of the replicas that work; `unreachable` the share of requests that are sent
    to one that is gone, or to nobody where all are; `interrupted` the share of requests in work
    that the tick's losses take with them; `slow_share` the share of the requests that slow replicas
    serve, and `slow_factor` how many times as long they take.
    """

    count: int
    up: Floats
    unreachable: Floats
    interrupted: Floats
    slow_share: Floats
    slow_factor: Floats

    @cached_property
    def is_up(self) -> Bools:
        """Which replicas work, shape (ticks, replicas)."""
        n_up = np.rint(self.up * self.count)
        return np.arange(self.count) < n_up[:, np.newaxis]

    @cached_property
    def load_shares(self) -> Floats:
        """Which share of the requests each is sent, shape (ticks, replicas); sums to 1.

        Equal ones to those that work; to all of them where none does, and none answers.
        """
        asked = np.where(self.is_up.any(axis=1, keepdims=True), self.is_up, 1.0)
        return np.asarray(asked / asked.sum(axis=1, keepdims=True))


def replicas(scenario: Scenario, grid: Grid) -> Replicas:
    """The replicas during the ticks of `grid`: a pure function of time."""
    api, t = scenario.platform.api, grid.elapsed
    n, check = api.replicas, max(math.ceil(api.health_check / grid.step), 1) * grid.step
    gone, before, known = np.zeros_like(t), np.zeros_like(t), np.zeros_like(t)
    for e in scenario.of_kind(InstanceLoss):
        gone = np.maximum(gone, _counted(e, e.span, t))
        before = np.maximum(before, _counted(e, e.span, t - grid.step))
        left = e.span.lasting(check)
        if left is not None:
            known = np.maximum(known, _counted(e, left, t - check))
    # a health check takes whole ticks, each for a part, so that as many fail in ticks of any length
    unnoticed = (gone - known) / np.maximum(n - known, 1.0) * (api.health_check / check)
    lost_now, working = np.maximum(gone - before, 0.0), n - before
    slow, extra = _slow(scenario, t)
    return Replicas(
        count=n,
        up=(n - gone) / n,
        unreachable=np.where(gone < n, unnoticed, 1.0),
        interrupted=np.divide(lost_now, working, out=np.zeros_like(t), where=working > 0.0),
        slow_share=np.minimum(slow / np.maximum(n - gone, 1.0), 1.0),
        slow_factor=1.0 + np.divide(extra, slow, out=np.zeros_like(t), where=slow > 0.0),
    )


def _counted(e: InstanceLoss, span: Onset, elapsed: Floats) -> Floats:
    """How many replicas a span of the episode takes away, shape (ticks,)."""
    return np.rint(e.replicas * span.intensity(elapsed - e.start))


def _slow(scenario: Scenario, elapsed: Floats) -> tuple[Floats, Floats]:
    """How many replicas are slow, and by how many times in all, beyond once each; (ticks,)."""
    count, extra = np.zeros_like(elapsed), np.zeros_like(elapsed)
    for e in scenario.of_kind(InstanceSlow):
        level = e.span.intensity(elapsed - e.start)
        count += e.replicas * (level > 0.0)
        extra += e.replicas * (e.factor - 1.0) * level
    return count, extra
