"""What Prometheus gets to see of the platform in each tick: restarts, gaps, what exporters say."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.episode import ScrapeEpisode
from simulator.scenario.kinds.counter_reset import CounterReset
from simulator.scenario.kinds.exporter_glitch import ExporterGlitch
from simulator.scenario.kinds.scrape_gap import ScrapeGap
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import JOBS, Job
from simulator.seeding import Draws
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.causes import intensity
from simulator.timeline.grid import Grid

__all__ = ["Exposure", "Glitches", "exposure", "glitches"]

_ROUNDING: Final = 1e-6  # seconds: what ends with a tick is over when that is measured


@dataclass(frozen=True)
class Glitches:
    """What kafka_exporter gets wrong; fields as in `Exposure`."""

    uncommitted: Ints
    read_apart: Floats
    vanished: Bools


@dataclass(frozen=True)
class Exposure:
    """What is between the platform and Prometheus; every array has the ticks first.

    `restarts` says where a job's counters begin at 0 with the tick, `started` the Unix seconds at
    which its process began, and `answers` whether it has samples at its end; these are scraped
    `late_seconds` later, or not at all where the next scrape is due by then (ticks, jobs).
    kafka_exporter reads log-end offsets a share of the tick before all the rest, `read_apart`
    (ticks,); of a group it finds no commit in the first `uncommitted` partitions, or does not see
    it at all, `vanished` (ticks, groups).
    """

    restarts: Bools
    started: Floats
    answers: Bools
    late_seconds: Floats
    uncommitted: Ints
    read_apart: Floats
    vanished: Bools

    @cached_property
    def is_whole(self) -> bool:
        """Whether all jobs have samples in all ticks."""
        return bool(self.answers.all())

    @cached_property
    def has_restarts(self) -> bool:
        """Whether any job restarts."""
        return bool(self.restarts.any())

    @cached_property
    def has_glitches(self) -> bool:
        """Whether kafka_exporter shows anything but what is so."""
        return bool(self.uncommitted.any() or self.read_apart.any() or self.vanished.any())

    def answering(self, job: Job | None) -> Bools:
        """In which ticks a job has samples, shape (ticks,); what is none of the platform's has."""
        if job is None:
            return np.ones(len(self.answers), dtype=np.bool_)
        return self.answers[:, JOBS.index(job)]

    def lateness(self, job: Job | None) -> Floats:
        """How late a job is scraped in each tick, shape (ticks,); in seconds, as drawn."""
        if job is None:
            return np.zeros(len(self.late_seconds))
        return self.late_seconds[:, JOBS.index(job)]


def exposure(scenario: Scenario, grid: Grid, draws: Draws, started: Floats) -> Exposure:
    """The exposure in the ticks of `grid`: a function of time but for how late scrapes are.

    `started` are the Unix seconds at which processes started before these ticks, shape (jobs,).
    """
    if not any(isinstance(e, ScrapeEpisode) for e in scenario.episodes):
        return _clear(grid.count, len(scenario.platform.kafka.consumer_groups), started)
    t = grid.elapsed
    restarts, latest, down = _restarts(scenario, grid)
    answers, late = ~down, np.zeros(down.shape)
    for gap in scenario.of_kind(ScrapeGap):
        is_on = _on(gap.jobs) & (intensity(gap, t) > 0.0)[:, np.newaxis]
        if gap.mode == "missing":
            answers &= ~is_on
        else:
            most = np.full(grid.count, gap.late_seconds)
            seconds = draws(f"scrape.late.{gap.name}", Generator.uniform, np.zeros_like(most), most)
            late = np.maximum(late, np.where(is_on, seconds[:, np.newaxis], 0.0))
    return Exposure(
        restarts=restarts,
        started=np.maximum(grid.origin + latest, started),
        answers=answers,
        late_seconds=late,
        **vars(glitches(scenario, grid)),
    )


def _clear(n_ticks: int, n_groups: int, started: Floats) -> Exposure:
    """All is seen as it is: at once, which live ticks are."""
    jobs, groups = (n_ticks, len(JOBS)), (n_ticks, n_groups)
    return Exposure(
        restarts=np.zeros(jobs, dtype=np.bool_),
        started=np.broadcast_to(started, jobs),
        answers=np.ones(jobs, dtype=np.bool_),
        late_seconds=np.zeros(jobs),
        uncommitted=np.zeros(groups, dtype=np.int64),
        read_apart=np.zeros(n_ticks),
        vanished=np.zeros(groups, dtype=np.bool_),
    )


def _on(jobs: tuple[Job, ...]) -> Bools:
    return np.isin(JOBS, jobs)


def _restarts(scenario: Scenario, grid: Grid) -> tuple[Bools, Floats, Bools]:
    """Where jobs restart, when they last did so by the end of each tick, and where they are down.

    All (ticks, jobs); times in seconds since the start, of those that never did minus infinity.
    """
    begins, ends = grid.ticks * grid.step, (grid.ticks + 1) * grid.step
    restarts = np.zeros((grid.count, len(JOBS)), dtype=np.bool_)
    down, last = np.zeros_like(restarts), np.full(restarts.shape, -np.inf)
    for e in scenario.of_kind(CounterReset):
        moments = e.start + np.array(e.restarts)
        before, until = (np.searchsorted(moments, at - _ROUNDING) for at in (begins, ends))
        latest = np.concatenate([[-np.inf], moments])[until]
        last = np.maximum(last, np.where(_on(e.jobs), latest[:, np.newaxis], -np.inf))
        restarts |= _on(e.jobs) & (until > before)[:, np.newaxis]
        down |= _on(e.jobs) & (ends < latest + e.down - _ROUNDING)[:, np.newaxis]
    return restarts, last, down


def glitches(scenario: Scenario, grid: Grid) -> Glitches:
    """What kafka_exporter gets wrong of the scoring topic during the ticks of `grid`."""
    t, step = grid.elapsed, grid.step
    names = np.array([group.name for group in scenario.platform.kafka.consumer_groups])
    uncommitted = np.zeros((len(t), len(names)), dtype=np.int64)
    vanished, apart = np.zeros(uncommitted.shape, dtype=np.bool_), np.zeros(len(t))
    for e in scenario.of_kind(ExporterGlitch):
        is_on = (intensity(e, t) > 0.0)[:, np.newaxis] & (names == e.group)
        # a scrape that takes longer than from one to the next is none
        apart = np.maximum(apart, min(e.apart_seconds / step, 1.0) * (intensity(e, t) > 0.0))
        uncommitted = np.maximum(uncommitted, e.partitions * is_on)
        vanished |= is_on & (e.form == "vanish")
    return Glitches(uncommitted, apart, vanished)
