"""What one live tick costs, beside metrics kept in prometheus_client's own objects; and memory."""

import gc
import math
import resource
import sys
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

from simulator.metrics.catalog import CATALOG, JOBS
from simulator.metrics.exposition import exposition, families
from simulator.metrics.families import Family, Layout
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.trace import Trace

_STEP_SECONDS = 15.0
_N_TIMED = 200
# Labels arrive an hour late: what waits for them has its full size after 240 ticks.
_N_WARM_UP, _N_TICKS, _EXPOSED_EVERY = 300, 2000, 4
_TICK_LIMIT_MILLISECONDS = 100.0  # a tenth of the shortest usual tick, a second
_EXPOSITION_LIMIT = 1.5  # it builds its families anew, which the usual objects need not
_GROWTH_LIMIT_MIB = 1.0
_GROWTH_LIMIT_BLOCKS = 3.0  # per tick: bounded caches still fill; a kept Trace is over a hundred


class _Ticking:
    """A live run's work, tick by tick, in its parts."""

    def __init__(self, scenario: str) -> None:
        self._simulation = Simulation(load_scenario(scenario), origin=1.8e9, step=_STEP_SECONDS)
        self.layout = Layout(self._simulation.scenario, self._simulation.versions)
        self.trace: Trace = self._simulation.advance()
        self.text = b""

    def advance(self) -> None:
        """The next tick of the whole platform."""
        self.trace = self._simulation.advance()

    def expose(self) -> None:
        """The text of every job, as it is pushed."""
        self.text = b"".join(exposition(families(self.trace, self.layout, job)) for job in JOBS)


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    grown_mib, grown_blocks = _growth()  # first, while the peak of memory is its own
    ticking = _Ticking("tour")
    registry = _usual_registry(ticking.trace, ticking.layout)
    usual_text = generate_latest(registry)
    advanced, exposed, usual = in_turns(
        partial(processor_seconds, ticking.advance),
        partial(processor_seconds, ticking.expose),
        partial(processor_seconds, partial(generate_latest, registry)),
        n_rounds=_N_TIMED,
    )
    ticks = [a + b for a, b in zip(advanced, exposed, strict=True)]
    print_table(
        f"Processor milliseconds of one live tick, over {_N_TIMED} ticks of tour",
        ("part", "samples", "median", "most"),
        [
            _row("advance(1), the whole platform", "", advanced),
            _row(f"exposition of {len(JOBS)} jobs", _n_samples(ticking.text), exposed),
            _row("both", "", ticks),
            _row("beside it: generate_latest of Gauge, ...", _n_samples(usual_text), usual),
        ],
    )
    return verdict(
        began,
        Target("a tick", 1e3 * median(ticks), _TICK_LIMIT_MILLISECONDS, " ms"),
        Target(
            "exposition against generate_latest", median_ratio(exposed, usual), _EXPOSITION_LIMIT
        ),
        Target(f"memory's peak, {_N_TICKS} ticks later", grown_mib, _GROWTH_LIMIT_MIB, " MiB more"),
        Target("growth per tick", grown_blocks, _GROWTH_LIMIT_BLOCKS, " blocks"),
    )


def _growth() -> tuple[float, float]:
    """After the warm-up: growth of the peak of memory in MiB, and of Python's blocks per tick."""
    ticking = _Ticking("calm")
    _tick(ticking, _N_WARM_UP)
    peak_mib, blocks = _peak_mib(), _blocks()
    _tick(ticking, _N_TICKS)
    return _peak_mib() - peak_mib, (_blocks() - blocks) / _N_TICKS


def _tick(ticking: _Ticking, count: int) -> None:
    for tick in range(count):
        ticking.advance()
        if tick % _EXPOSED_EVERY == 0:
            ticking.expose()


def _usual_registry(trace: Trace, layout: Layout) -> CollectorRegistry:
    """The same families and series as objects that a program would set and increment."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # untyped in prometheus_client
    registry = CollectorRegistry()
    for family in CATALOG:
        _add_usual(family, trace, layout, registry)
    return registry


def _add_usual(family: Family, trace: Trace, layout: Layout, registry: CollectorRegistry) -> None:
    """A family with its present values; a histogram with one observation per series."""
    series = family.series(layout)
    if family.kind == "histogram":
        histogram = Histogram(
            family.name, family.help, family.labels, buckets=family.edges, registry=registry
        )
        for labels in series:
            (histogram.labels(*labels) if labels else histogram).observe(family.edges[0])
        return
    kind = Counter if family.kind == "counter" else Gauge
    metric = kind(family.name, family.help, family.labels, registry=registry)
    for labels, value in zip(series, family.rows(trace)[-1].tolist(), strict=True):
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
