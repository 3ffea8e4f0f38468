"""Nodes of the object store are down."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem
from simulator.scenario.erasure_coding import lost_of_pools
from simulator.scenario.kinds.drive_loss import DriveEpisode
from simulator.scenario.lever import Lever, counts

__all__ = ["NodeLoss"]


class NodeLoss(DriveEpisode):
    """Some of the MinIO nodes are down, with all their drives."""

    kind: Literal["node-loss"]
    nodes: Annotated[int, Field(ge=1)]

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """Nobody loses more than there is."""
        if self.nodes > base.platform.minio.nodes:
            yield "nodes", f"{self.nodes} lost of only {base.platform.minio.nodes}"

    def drives_lost(self, base: Baseline) -> tuple[int, ...]:
        """All drives of the last servers."""
        return lost_of_pools(base.platform.minio, nodes=self.nodes)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """One, and one more."""
        minio = base.platform.minio
        yield Lever(
            "nodes-down",
            "node-loss",
            lambda nodes: {"nodes": round(nodes)},
            counts(minio.nodes),
            scale="count",
            recovers=minio.healing,
        )
