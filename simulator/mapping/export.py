"""The metrics of one run: what is simulated, under the names of a mapping, tick after tick."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.mapping.compiling import Bound, bound_metrics
from simulator.mapping.model import Mapping
from simulator.mapping.remembering import memory_in, memory_left
from simulator.mapping.size import require_bounded
from simulator.mapping.totals import carried, left_of
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen
from simulator.metrics.families import Blocks, Family, FamilySamples
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import JOBS, Job
from simulator.seeding import Streams
from simulator.simulation.arrays import Bools, Floats, Ints, Running, summable
from simulator.simulation.exposure import Exposure
from simulator.simulation.trace import Trace

__all__ = ["Export", "Exports"]


class Export:
    """Names what a simulation gives, and adds up what it counts.

    Args:
        mapping: the names.
        scenario: whose run it is.
        before: what the run before has counted and remembered: `left` of its export.
        like: the export of another run, from which it takes over what is the same: quicker where
            the platform is.

    Raises:
        MappingError: there would be more series than the mapping allows.
        ScenarioError: what was left does not fit.
    """

    def __init__(
        self,
        mapping: Mapping,
        scenario: Scenario,
        *,
        before: MappingOf[str, Any] | None = None,
        like: "Export | None" = None,
    ) -> None:
        self.mapping, self._scenario = mapping, scenario
        known = None if like is None else like.known_to(mapping, scenario)
        self._bound = bound_metrics(mapping, scenario, known=known)
        require_bounded(mapping, self.families)
        self._streams = Streams(scenario.seed)
        self._running = Running()
        self._memory = {} if before is None else memory_in(before.get("memory"))
        if before is not None:
            counters = before.get("counters", {})
            for one in self._counted:
                for name, totals in carried(one.family, counters, is_whole=one.is_whole).items():
                    self._running.start_from(name, totals)

    def known_to(self, mapping: Mapping, scenario: Scenario) -> dict[str, Bound]:
        """The metrics by name, for the same mapping on the same platform with the same versions."""
        own = self._scenario
        is_alike = (
            mapping is self.mapping
            and scenario.versions == own.versions
            and (scenario.platform, scenario.traffic) == (own.platform, own.traffic)
        )
        return {one.family.name: one for one in self._bound} if is_alike else {}

    @property
    def families(self) -> tuple[Family, ...]:
        """All families, in the order of the mapping."""
        return tuple(one.family for one in self._bound)

    @property
    def _counted(self) -> Sequence[Bound]:
        return [one for one in self._bound if one.is_counted]

    def samples(self, trace: Trace) -> tuple[FamilySamples, ...]:
        """The samples of the next ticks, each once; the same bits however a run is cut."""
        seen = Seen(trace, self._streams, self._memory)
        return tuple(self._samples(one, seen) for one in self._bound)

    def left(self) -> dict[str, Any]:
        """What has been counted so far, by metric and series, and what metrics remember."""
        return {
            "counters": {
                one.family.key: left_of(one.family, self._running) for one in self._counted
            },
            "memory": memory_left(self._memory),
        }

    def _samples(self, bound: Bound, seen: Seen) -> FamilySamples:
        exposure, family = seen.trace.exposure, bound.family
        values = bound.values(seen)
        if bound.is_counted:
            values = self._total(family.key, values, _restarts(exposure, family.component))
        blocks = _blocks(family, values, bound.scale)
        if bound.shift:
            blocks = tuple(one + bound.shift for one in blocks)
        if not exposure.is_whole:
            blocks = _where(blocks, exposure.answering(family.component))
        return FamilySamples(family, blocks)

    def _total(self, name: str, values: Values, restarts: Bools | None) -> Values:
        if isinstance(values, Histogram):
            return Histogram(
                self._running(name, values.counts, restarts=restarts),
                self._running(f"{name} sum", summable(values.sums), restarts=restarts),
            )
        return self._running(name, values, restarts=restarts)


class Exports:
    """The exports of many runs under a mapping; what they have in common is bound once."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._first: Export | None = None

    def of(self, scenario: Scenario) -> Export:
        """That of a run of this scenario, from its beginning."""
        found = Export(self._mapping, scenario, like=self._first)
        self._first = self._first or found
        return found


def _restarts(exposure: Exposure, component: Job | None) -> Bools | None:
    """In which ticks a part of the platform restarts, shape (ticks,); None where it does not."""
    if component is None or not exposure.has_restarts:
        return None
    found = exposure.restarts[:, JOBS.index(component)]
    return found if found.any() else None


def _blocks(family: Family, values: Values, scale: float | None) -> Blocks:
    if isinstance(values, Histogram):
        counts = np.cumsum(values.counts, axis=2)
        sums = values.sums[:, :, np.newaxis].astype(np.float64) * (scale or 1.0)
        buckets = (counts,) if family.kind == "histogram" else ()
        return *buckets, counts[:, :, -1:], sums
    shown = values if scale is None else values * scale
    return (_plain(shown)[:, :, np.newaxis],)


def _plain(values: Floats | Ints) -> Floats | Ints:
    """Whole numbers stay whole, so that counts are written without a fraction."""
    return values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)


def _where(blocks: Blocks, answering: Bools) -> Blocks:
    """`nan` where there is no sample."""
    if answering.all():
        return blocks  # whole numbers stay whole
    return tuple(np.where(answering[:, np.newaxis, np.newaxis], one, np.nan) for one in blocks)
