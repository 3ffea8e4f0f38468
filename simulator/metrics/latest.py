"""The last tick of a Trace, as what the exposition text takes: its series, and their values."""

from collections.abc import Iterator, Sequence

import numpy as np
from prometheus_client.utils import floatToGoString

from simulator.metrics.exposition import Series, TextFamily
from simulator.metrics.families import Family, Layout
from simulator.simulation.arrays import Floats
from simulator.simulation.trace import Trace

__all__ = ["latest_values", "text_families"]


def text_families(families: Sequence[Family], layout: Layout) -> list[TextFamily]:
    """What the text says of the families during a whole run."""
    return [TextFamily(f.name, f.kind, f.help, tuple(_series(f, layout))) for f in families]


def latest_values(families: Sequence[Family], trace: Trace) -> Floats:
    """The values of all their series at the last tick, `nan` where one is absent."""
    return np.concatenate([_values(family, trace) for family in families])


def _series(family: Family, layout: Layout) -> Iterator[Series]:
    for values in family.series(layout):
        labels = dict(zip(family.labels, values, strict=True))
        for suffix, edge in family.parts:
            bound = {} if edge is None else {"le": floatToGoString(edge)}  # type: ignore[no-untyped-call]  # untyped there
            yield Series(family.name + suffix, {**labels, **bound})


def _values(family: Family, trace: Trace) -> Floats:
    parts = [block[-1] for block in family.samples(trace)]
    joined = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
    return joined.astype(np.float64).reshape(-1)
