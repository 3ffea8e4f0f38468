"""What one live tick costs, and its text beside the least that it can; and memory.

The least is to put texts that are there already between names that are joined already. Beside it
there are metrics kept in prometheus_client's own objects, as a program would have them.
"""

import gc
import math
import resource
import sys
from collections.abc import Sequence
from functools import partial
from statistics import median
from time import perf_counter

from _measuring import Target, in_turns, median_ratio, print_table, processor_seconds, verdict
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.metrics.families import FamilySamples
from simulator.metrics.self_monitoring import RunState
from simulator.metrics.snapshot import Snapshots
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation

_STEP_SECONDS = 1.0  # the shortest usual tick
_N_TIMED = 400
# Labels arrive an hour late: what waits for them has its full size after 240 ticks of 15 s.
_GROWTH_STEP_SECONDS = 15.0
_N_WARM_UP, _N_TICKS, _EXPOSED_EVERY = 300, 2000, 4
_TICK_LIMIT_MILLISECONDS = 6.0
_LEAST_LIMIT = 8.0  # values are read from the trace, and written as digits
_USUAL_LIMIT = 0.3
_GROWTH_LIMIT_MIB = 1.0
_GROWTH_LIMIT_BLOCKS = 3.0  # per tick: bounded caches still fill; a kept Trace is over a hundred


class _Ticking:
    """A live run's work, tick by tick, in its parts."""

    def __init__(self, scenario: str, step: float = _STEP_SECONDS) -> None:
        plan = load_scenario(scenario)
        self._simulation = Simulation(plan, origin=1.8e9, step=step)
        self._export = Export(default_mapping(), plan)
        self._snapshots = Snapshots(self._export.families, plan)
        self._trace = self._simulation.advance()
        self.samples: tuple[FamilySamples, ...] = ()
        self.texts: list[bytes] = []

    def advance(self) -> None:
        """The next tick of the whole platform."""
        self._trace = self._simulation.advance()

    def meet(self) -> None:
        """What the requests of the tick after it are to meet."""
        self._simulation.conditions()

    def expose(self) -> None:
        """The text of every job, as it is pushed."""
        self.samples = self._export.samples(self._trace)
        snapshot = self._snapshots.of(self._trace, self.samples, RunState())
        self.texts = list(snapshot.texts.values())


class _Least:
    """The last text of a run, whose lines are split into what stays and what changes."""

    def __init__(self, texts: list[bytes]) -> None:
        lines = [text.decode().replace("%", "%%").splitlines(keepends=True) for text in texts]
        samples = [[line for line in job if line[0] != "#"] for job in lines]
        self._values = [tuple(line.rsplit(" ", 1)[1][:-1] for line in job) for job in samples]
        self._templates = [
            "".join(s if s[0] == "#" else s.rsplit(" ", 1)[0] + " %s\n" for s in job)
            for job in lines
        ]

    def expose(self) -> None:
        """The same text again."""
        for template, values in zip(self._templates, self._values, strict=True):
            (template % values).encode()


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    grown_mib, grown_blocks = _growth()  # first, while the peak of memory is its own
    ticking = _Ticking("tour")
    ticking.expose()
    n_samples = _n_samples(b"".join(ticking.texts))
    registry = _usual_registry(ticking.samples)
    usual_text = generate_latest(registry)
    advanced, exposed, met, least, usual = in_turns(
        partial(processor_seconds, ticking.advance),
        partial(processor_seconds, ticking.expose),
        partial(processor_seconds, ticking.meet),
        partial(processor_seconds, _Least(ticking.texts).expose),
        partial(processor_seconds, partial(generate_latest, registry)),
        n_rounds=_N_TIMED,
    )
    ticks = [sum(parts) for parts in zip(advanced, exposed, met, strict=True)]
    print_table(
        f"Processor milliseconds of one live tick, over {_N_TIMED} ticks of tour at 1 s",
        ("part", "samples", "median", "most"),
        [
            _row("advance(1), the whole platform", "", advanced),
            _row("a snapshot: values and text of all jobs", n_samples, exposed),
            _row("conditions of the next tick", "", met),
            _row("together", "", ticks),
            _row("beside it: the least that a text costs", n_samples, least),
            _row("beside it: generate_latest of Gauge, ...", _n_samples(usual_text), usual),
        ],
    )
    return verdict(
        began,
        Target("a tick", 1e3 * median(ticks), _TICK_LIMIT_MILLISECONDS, " ms"),
        Target("a snapshot against the least", median_ratio(exposed, least), _LEAST_LIMIT),
        Target("a snapshot against generate_latest", median_ratio(exposed, usual), _USUAL_LIMIT),
        Target(f"memory's peak, {_N_TICKS} ticks later", grown_mib, _GROWTH_LIMIT_MIB, " MiB more"),
        Target("growth per tick", grown_blocks, _GROWTH_LIMIT_BLOCKS, " blocks"),
    )


def _growth() -> tuple[float, float]:
    """After the warm-up: growth of the peak of memory in MiB, and of Python's blocks per tick."""
    ticking = _Ticking("calm", _GROWTH_STEP_SECONDS)
    _tick(ticking, _N_WARM_UP)
    peak_mib, blocks = _peak_mib(), _blocks()
    _tick(ticking, _N_TICKS)
    return _peak_mib() - peak_mib, (_blocks() - blocks) / _N_TICKS


def _tick(ticking: _Ticking, count: int) -> None:
    for tick in range(count):
        ticking.advance()
        if tick % _EXPOSED_EVERY == 0:
            ticking.expose()


def _usual_registry(samples: Sequence[FamilySamples]) -> CollectorRegistry:
    """The same families and series as objects that a program would set and increment."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # untyped in prometheus_client
    registry = CollectorRegistry()
    for one in samples:
        _add_usual(one, registry)
    return registry


def _add_usual(samples: FamilySamples, registry: CollectorRegistry) -> None:
    """A family with its present values; a histogram with one observation per series."""
    family, blocks = samples
    if family.kind == "histogram":
        histogram = Histogram(
            family.name, family.help, family.labels, buckets=family.edges, registry=registry
        )
        for labels in family.series:
            (histogram.labels(*labels) if labels else histogram).observe(family.edges[0])
        return
    kind = Counter if family.kind == "counter" else Gauge
    metric = kind(family.name, family.help, family.labels, registry=registry)
    for labels, value in zip(family.series, blocks[0][-1, :, 0].tolist(), strict=True):
        if not math.isnan(value):
            (metric.labels(*labels) if labels else metric).inc(value)


def _row(name: str, n_samples: str, seconds: list[float]) -> tuple[str, str, str, str]:
    return name, n_samples, f"{1e3 * median(seconds):.2f}", f"{1e3 * max(seconds):.2f}"


def _n_samples(text: bytes) -> str:
    return f"{sum(not line.startswith(b'#') for line in text.splitlines()):,}"


def _peak_mib() -> float:
    """The most memory this process has held at once, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _blocks() -> int:
    """Memory blocks that Python's objects hold, what is only waiting for collection left out."""
    gc.collect()
    return sys.getallocatedblocks()


if __name__ == "__main__":
    sys.exit(main())
