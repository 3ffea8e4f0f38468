"""The last tick of a Trace, as what the exposition text takes: its series, and their values."""

from collections.abc import Iterator, Sequence

import numpy as np

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
        if family.kind == "histogram":
            for edge in (*family.edges, "+Inf"):
                yield Series(f"{family.name}_bucket", {**labels, "le": str(edge)})
            yield Series(f"{family.name}_count", labels)
            yield Series(f"{family.name}_sum", labels)
        else:
            yield Series(family.name, labels)


def _values(family: Family, trace: Trace) -> Floats:
    if family.kind != "histogram":
        return family.rows(trace)[-1]
    buckets = family.buckets(trace)
    cumulative = np.cumsum(buckets.counts[-1], axis=-1)
    return np.column_stack([cumulative, cumulative[:, -1], buckets.sums[-1]]).reshape(-1)
