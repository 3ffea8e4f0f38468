"""A signal that the simulation does not know: base, daily wave and noise, and what causes add."""

import math
from collections.abc import Callable
from itertools import product
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.errors import MappingError
from simulator.mapping.component_sources import jobs_of
from simulator.mapping.extra_signal import KIND_OF_SIGNAL, ExtraSignal
from simulator.mapping.forms.context import Context
from simulator.mapping.forms.signal_level import Level
from simulator.mapping.node import Node
from simulator.mapping.sources import Source
from simulator.measures.catalogue import MEASURES
from simulator.measures.causes import CAUSES
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen
from simulator.quoting import quoted
from simulator.scenario.model import Scenario
from simulator.scenario.platform.service_times import LogNormal
from simulator.simulation.arrays import Floats, Ints, normalised, summable
from simulator.simulation.latency import bucket_means, bucket_shares
from simulator.spelling import did_you_mean

__all__ = ["signal"]

_SMALLEST: Final = 1e-12  # a size of 0 has no logarithm


def signal(source: Source, context: Context) -> Node:
    """Its values, told apart by labels of its own.

    Raises:
        MappingError: it follows what this scenario does not have.
    """
    spec: ExtraSignal = source.said
    component = context.component or next(iter(jobs_of(spec.components)))
    name = f"signal.{context.metric}"
    _require_causes(spec, context.scenario)
    level = Level(spec, name)
    make = _VALUES[spec.kind]

    def values(seen: Seen) -> Values:
        found: Values = seen.once(name, lambda all_of: make(spec, name, level.of(all_of), all_of))
        return found

    return Node(
        kind=KIND_OF_SIGNAL[spec.kind],
        component=component,
        dimensions=(),
        rows=tuple(product(*(tuple(rows) for rows in spec.labels.values()))),
        values=values,
        labels=tuple(spec.labels),
        help="A signal that follows causes and is not simulated.",
        edges=spec.edges or (),
        is_whole=spec.whole is not False,
        folds=("mean", "max", "min", "sum"),
    )


def _require_causes(spec: ExtraSignal, scenario: Scenario) -> None:
    for place, influence in enumerate(spec.causes):
        which = CAUSES[influence.cause].which(scenario)
        if influence.of is not None and influence.of not in which:
            has = f"it can be of {', '.join(which)}" if which else "it is of nothing"
            raise MappingError(
                f"signal.causes.{place}.of: the cause {influence.cause} is not of "
                f"{quoted(influence.of)}: {has}{did_you_mean(influence.of, which)}"
            )


def _gauge(spec: ExtraSignal, _: str, level: Floats, __: Seen) -> Floats | Ints:
    return np.rint(level).astype(np.int64) if spec.whole else level


def _counter(spec: ExtraSignal, name: str, level: Floats, seen: Seen) -> Floats | Ints:
    added = level * seen.trace.grid.step
    if spec.whole is False:
        return summable(added, usual=_usual(spec) * seen.trace.grid.step)
    return seen.draws(f"{name}.events", Generator.poisson, added)


def _histogram(spec: ExtraSignal, name: str, level: Floats, seen: Seen) -> Histogram:
    edges = np.array(spec.edges)
    times = LogNormal(1.0, spec.sigma)
    medians = np.maximum(level, _SMALLEST)[:, :, np.newaxis]
    counts = _events(spec, name, level.shape, seen)
    shares = normalised(bucket_shares(times, edges, factor=medians))
    drawn = seen.draws(f"{name}.sizes", Generator.multinomial, counts, shares)
    means = bucket_means(times, edges, factor=medians)
    return Histogram(drawn, summable((drawn * means).sum(axis=2), usual=_usual(spec)))


def _usual(spec: ExtraSignal) -> float:
    """How large its largest row usually is, but for what causes without bound add."""
    of_rows = (rows.values() if isinstance(rows, dict) else (1.0,) for rows in spec.labels.values())
    wave = spec.daily.amplitude if spec.daily else 0.0
    highest = abs(spec.base) * (1.0 + wave) + sum(abs(one.weight) for one in spec.causes)
    return highest * math.prod(max(map(abs, factors)) for factors in of_rows)


def _events(spec: ExtraSignal, name: str, shape: tuple[int, ...], seen: Seen) -> Ints:
    """How many have a size, shape (ticks, rows): every row of a measure's has all of them."""
    if spec.counts is None:
        expected = np.full(shape, (spec.rate or 0.0) * seen.trace.grid.step)
        return seen.draws(f"{name}.events", Generator.poisson, expected)
    found = MEASURES[spec.counts].of(seen, ())
    counts = found.counts.sum(axis=-1) if isinstance(found, Histogram) else found
    return np.broadcast_to(counts[:, np.newaxis], shape)


_VALUES: Final[dict[str, Callable[[ExtraSignal, str, Floats, Seen], Values]]] = {
    "gauge": _gauge,
    "counter": _counter,
    "histogram": _histogram,
}
