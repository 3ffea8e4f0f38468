"""What a run leaves to the one that goes on after it: offsets, and what is stored."""

from collections.abc import Sequence
from typing import Annotated, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.errors import ScenarioError
from simulator.scenario.vocabulary import JOBS, Job
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.objects import MESSAGES_PER_OBJECT, SIZE_RANGES, SizeRange, objects_of

__all__ = ["Handover", "Offsets"]

_MOST: Final = 2**53
"""What is counted exactly: every sample is a double, to Prometheus too."""

_Count = Annotated[int, Field(ge=0, le=_MOST)]
_Seconds = Annotated[float, Field(ge=0.0, le=_MOST)]


class Offsets(BaseModel):
    """The state of a topic at the end of a run, as plain values.

    `log_end` are offsets by partition, `lag` the messages that each group has not consumed and
    `committed` its offsets (groups, partitions).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    groups: tuple[str, ...]
    log_end: tuple[_Count, ...]
    lag: tuple[tuple[_Count, ...], ...]
    committed: tuple[tuple[_Count, ...], ...] = ()  # an older history does not say: all it has read

    def offsets(self, groups: Sequence[str], n_partitions: int) -> tuple[Ints, Ints, Ints]:
        """Log-end offsets (partitions,), lag and committed offsets (groups, partitions).

        New groups have no lag, and have committed everything.

        Raises:
            ScenarioError: the topic had another number of partitions.
        """
        widths = {len(self.log_end), *map(len, self.lag), *map(len, self.committed)}
        if widths != {n_partitions}:
            raise ScenarioError(
                f"the topic had {len(self.log_end)} partitions in the run before, and has "
                f"{n_partitions} in this scenario"
            )
        log_end = np.array(self.log_end, dtype=np.int64)
        lag = self._by_group(self.lag, groups, (0,) * n_partitions)
        committed = self._by_group(self.committed, groups, self.log_end)
        lag = np.minimum(lag, log_end)
        return log_end, lag, np.minimum(committed, log_end - lag)

    def _by_group(
        self, rows: tuple[tuple[int, ...], ...], groups: Sequence[str], of_new: tuple[int, ...]
    ) -> Ints:
        left = dict(zip(self.groups, rows, strict=False))
        found = [left.get(group, of_new) for group in groups]
        return np.array(found, dtype=np.int64).reshape(len(groups), len(of_new))


class Handover(Offsets):
    """The state of a platform at the end of a run, as plain values.

    The offsets are those of the scoring topic, and `further` those of others by name; `archived`
    are messages in the object store, which lie
    in `objects` by the names of SIZE_RANGES. `started` are the Unix seconds at which processes
    started, by job, and `returned` those at which servers of the object store were last back, 0 for
    never.
    """

    archived: _Count
    further: dict[str, Offsets] = {}
    objects: dict[SizeRange, _Count] | None = None  # an older history does not say: full ones
    started: dict[Job, _Seconds] = {}  # nor this: they start with the run that goes on
    returned: tuple[_Seconds, ...] = ()

    def objects_by_size(self) -> Ints:
        """The objects of the archive, shape (SIZE_RANGES,)."""
        if self.objects is None:
            return objects_of(np.array(self.archived - self.archived % MESSAGES_PER_OBJECT))
        return np.array([self.objects.get(name, 0) for name in SIZE_RANGES], dtype=np.int64)

    def started_by_job(self, latest: float) -> Floats:
        """Unix seconds at which processes started, shape (jobs,); at the `latest` if not known."""
        known = [min(self.started.get(job, latest), latest) for job in JOBS]
        return np.array(known, dtype=np.float64)
