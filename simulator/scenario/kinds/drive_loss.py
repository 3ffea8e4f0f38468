"""Drives of the object store fail."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.erasure_coding import fewest_lost, lost_of_pools
from simulator.scenario.impact import (
    free_space,
    has_write_quorum,
    stopped_archiver,
    takes_writes,
)
from simulator.scenario.lever import Lever, counts
from simulator.scenario.severity import space_taken, unstored, worst
from simulator.scenario.vocabulary import Alarms

__all__ = ["DriveEpisode", "DriveLoss"]


class DriveEpisode(EpisodeBase):
    """An episode that takes drives from the object store."""

    @abstractmethod
    def drives_lost(self, base: Baseline) -> tuple[int, ...]:
        """How many drives it takes from each pool."""

    def consequences(self, base: Baseline) -> Alarms:
        """Fewer drives to spare, less space; without a write quorum, or room, the archive stops."""
        lost = self.drives_lost(base)
        found: Alarms = {
            # all data whole and drives to spare, or none to spare
            "drives": "red" if max(lost) >= base.platform.minio.parity else "orange",
            "free-space": space_taken(1.0 - free_space(base, drives_lost=sum(lost))),
        }
        if not has_write_quorum(base, lost):
            found["write-quorum"] = "red"
        return worst(found, unstored(self.backlog(base), base))

    def backlog(self, base: Baseline) -> Backlog | None:
        """The archiver's, if there is one, and nothing can be written."""
        if takes_writes(base, lost=self.drives_lost(base)):
            return None
        return stopped_archiver(base, self.longest_seconds)


class DriveLoss(DriveEpisode):
    """Some of the MinIO drives fail; replaced ones heal afterwards."""

    kind: Literal["drive-loss"]
    drives: Annotated[int, Field(ge=1)]

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """Nobody loses more than there is."""
        if self.drives > base.platform.minio.drives:
            yield "drives", f"{self.drives} lost of only {base.platform.minio.drives}"

    def drives_lost(self, base: Baseline) -> tuple[int, ...]:
        """As many as it says, spread over the servers."""
        return lost_of_pools(base.platform.minio, drives=self.drives)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Drives that stay away, and drives that are replaced soon."""
        minio = base.platform.minio
        yield Lever(
            "drives-failed",
            "drive-loss",
            lambda drives: {"drives": round(drives)},
            counts(minio.drives, *(fewest_lost(minio, minio.parity + n) for n in (0, 1))),
            scale="count",
            recovers=minio.healing,
        )
        yield Lever(
            "drives-replaced",
            "drive-loss",
            lambda drives: {"drives": round(drives)},
            counts(fewest_lost(minio, minio.parity)),
            scale="count",
            recovers=minio.healing,
            lasts=300.0,
        )
