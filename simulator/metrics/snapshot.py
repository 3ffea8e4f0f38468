"""The metrics of a live run after a tick, as whatever they go to takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import Metric

from simulator.metrics.catalog import JOBS
from simulator.metrics.exposition import exposition, families
from simulator.metrics.families import Layout
from simulator.metrics.self_monitoring import JOB, RunState, run_families
from simulator.simulation.trace import Trace

__all__ = ["Snapshot", "snapshot_of"]


@dataclass(frozen=True)
class Snapshot:
    """All families of each job at the end of a tick, in unix seconds, and their exposition text."""

    time: float
    families: Mapping[str, Sequence[Metric]]
    texts: Mapping[str, bytes]


def snapshot_of(trace: Trace, layout: Layout, run: RunState) -> Snapshot:
    """The trace's last tick, with what the run tells of itself."""
    found = {job: list(families(trace, layout, job)) for job in (*JOBS, JOB)}
    found[JOB] += run_families(run)
    return Snapshot(
        time=float(trace.grid.ends[-1]),
        families=found,
        texts={job: exposition(ready) for job, ready in found.items()},
    )
