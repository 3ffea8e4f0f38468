"""The metrics of a live run after a tick, as whatever they go to takes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from prometheus_client.samples import Sample

from simulator.metrics.exposition import Exposition, Series
from simulator.metrics.families import Family, FamilySamples
from simulator.metrics.latest import latest_values, text_families
from simulator.metrics.self_monitoring import (
    JOB,
    RUN,
    RunState,
    jobs_family,
    truth,
    truth_families,
)
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.arrays import Floats
from simulator.simulation.trace import Trace

__all__ = ["Snapshot", "Snapshots"]


@dataclass(frozen=True)
class Snapshot:
    """All metrics at the end of a tick, in unix seconds: the text of each job that answers.

    `series` of each job and their `values` say the same; a value is `nan` where one is absent.
    Whoever asks for the platform's gets them `late_seconds` later.
    """

    time: float
    late_seconds: float
    texts: Mapping[str, bytes]
    series: Mapping[str, tuple[Series, ...]]
    values: Mapping[str, Floats]

    def samples(self, job: str) -> Iterator[Sample]:
        """The samples of a job, made as they are asked for."""
        for series, value in zip(self.series[job], self.values[job].tolist(), strict=True):
            if not np.isnan(value):
                yield Sample(series.name, dict(series.labels), value)


class Snapshots:
    """Makes the snapshots of one run, whose families say which series there are."""

    def __init__(self, families: Sequence[Family], scenario: Scenario) -> None:
        self._places: dict[str, list[int]] = {}  # of each job's families among all of them

        self._families = every = (*families, *truth_families(scenario))
        for place, family in enumerate(every):
            self._places.setdefault(family.job, []).append(place)
        self._others = [job for job in self._places if job not in {*JOBS, JOB}]
        own = [*RUN, *([jobs_family(self._others)] if self._others else [])]
        self._expositions = {
            job: Exposition(
                [*text_families([every[p] for p in places]), *(own if job == JOB else ())]
            )
            for job, places in self._places.items()
        }
        self._series = {job: one.series for job, one in self._expositions.items()}

    def of(self, trace: Trace, samples: Sequence[FamilySamples], run: RunState) -> Snapshot:
        """The trace's last tick, with what the run tells of itself."""
        every = [blocks for _, blocks in (*samples, *truth(trace))]
        values = {
            job: latest_values([every[place] for place in places])
            for job, places in self._places.items()
        }
        values[JOB] = np.concatenate([values[JOB], astuple(run), np.ones(len(self._others))])
        exposure = trace.exposure
        return Snapshot(
            time=float(trace.grid.ends[-1]),
            late_seconds=float(exposure.late_seconds[-1].max()),
            texts={
                job: one.text(values[job])
                for job, one in self._expositions.items()
                if any(
                    exposure.answering(self._families[p].component)[-1] for p in self._places[job]
                )
            },
            series=self._series,
            values=values,
        )
