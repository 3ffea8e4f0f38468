"""What must hold of forms that are made of no measure: what tells them apart, and their jobs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from simulator.mapping.component_sources import (
    LAST_DIMENSIONS,
    OF_PROCESSES,
    OF_VERSIONS,
    OFFSET_DIMENSIONS,
)
from simulator.mapping.model import Metric
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Source
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Fold
from simulator.quoting import quoted
from simulator.reading.records import Problem
from simulator.spelling import did_you_mean

__all__ = ["STANDALONE", "job_problems", "standalone_folds", "standalone_problems"]

#: The forms that are made of no measure, and of no other form.
STANDALONE: Final = ("last", "offsets", "time", "up", "signal")


def standalone_problems(source: Source, asked: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """What is wrong with what one of these forms is told apart by, with its path.

    `asked` are paths and dimensions; "" is none at all, of which labels say it themselves.
    """
    dimensions = _dimensions(source)
    known = [name for name in DIMENSIONS if base_of(name) in dimensions]
    has = f"it has {', '.join(known)}" if known else "it has none"
    if source.signal is not None:
        has = "its labels and their values stand under signal.labels"
    for path, dimension in asked:
        if dimension and dimension not in known:
            guess = did_you_mean(dimension, known)
            yield path, f"{source.form} cannot be told apart by {quoted(dimension)}; {has}{guess}"


def standalone_folds(source: Source) -> tuple[Fold, ...]:
    """How the values of one of these forms become one where they are not told apart."""
    if source.time is not None and source.time.of in OF_VERSIONS:
        return ("production", "min", "max")
    return ("max", "min", "mean", "sum") if source.last is not None else ()


def job_problems(metric: Metric) -> Iterator[Problem]:
    """What is wrong with the jobs of a metric that several parts of the platform have."""
    jobs, path = metric.jobs, f"{metric.form}.components"
    if len(jobs) < 2:  # noqa: PLR2004 - several
        return
    if metric.job is not None:
        yield "job", f"each of {path} has a job; write them there, as minio: {quoted(metric.job)}"
    for job, count in Counter(jobs.values()).items():
        if count > 1:
            yield path, f"{count} parts of the platform have the job {quoted(job)}"
    if metric.time is not None and metric.time.of not in OF_PROCESSES:
        yield path, f"{metric.time.of} is known to one part of the platform alone"


def _dimensions(source: Source) -> tuple[str, ...]:
    if source.last is not None:
        return LAST_DIMENSIONS
    if source.offsets is not None:
        return OFFSET_DIMENSIONS[source.offsets.of]
    is_of_versions = source.time is not None and source.time.of in OF_VERSIONS
    return ("version",) if is_of_versions else ()
