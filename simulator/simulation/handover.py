"""What a run leaves to the one that goes on after it: counters, offsets, what is stored."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.errors import ScenarioError
from simulator.scenario.vocabulary import JOBS, Job
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.objects import MESSAGES_PER_OBJECT, SIZE_RANGES, SizeRange, objects_of

__all__ = ["Handover"]

_MOST: Final = 2**53
"""What is counted exactly: every sample is a double, to Prometheus too."""

_Count = Annotated[int, Field(ge=0, le=_MOST)]
_Seconds = Annotated[float, Field(ge=0.0, le=_MOST)]


class Handover(BaseModel):
    """The state of a platform at the end of a run, as plain values.

    `counters` are totals by name, nested lists of the shapes in `simulator.simulation.trace`
    without ticks; those named in `by_version` have one entry per model version first. `log_end` are
    offsets by partition, `lag` the messages that each group has not consumed and `committed` its
    offsets (groups, partitions), `archived` messages in the object store, which lie in `objects` by
    the names of SIZE_RANGES. `started` are the Unix seconds at which processes started, by job, and
    `returned` those at which servers of the object store were last back, 0 for never.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    versions: tuple[str, ...]
    groups: tuple[str, ...]
    counters: dict[str, list[Any]]
    log_end: tuple[_Count, ...]
    lag: tuple[tuple[_Count, ...], ...]
    committed: tuple[tuple[_Count, ...], ...] = ()  # an older history does not say: all it has read
    archived: _Count
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

    def counter(
        self, name: str, like: Ints | Floats, *, versions: Sequence[str] = ()
    ) -> Ints | Floats:
        """The totals of a counter, of the shape and type of `like`.

        Its first axis follows `versions` where they are given: a version that was not there
        before has counted nothing.

        Raises:
            ScenarioError: it was left by another version of the simulator.
        """
        try:
            found: Any = np.array(self.counters[name], dtype=like.dtype)
            if versions:
                by_version = dict(zip(self.versions, found, strict=True))
                nothing = np.zeros(like.shape[1:], dtype=like.dtype)
                found = np.array([by_version.get(version, nothing) for version in versions])
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            raise ScenarioError(f"the run before left no usable counter {name!r}") from error
        if found.shape != like.shape:
            raise ScenarioError(
                f"the run before left a counter {name!r} of shape {found.shape}, not {like.shape}"
            )
        if not ((found >= 0) & (found <= _MOST)).all():
            raise ScenarioError(f"the run before left no count in the counter {name!r}")
        return found

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
