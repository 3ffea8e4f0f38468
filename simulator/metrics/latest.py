"""Families and their samples at the last tick, as what the exposition text takes."""

from collections.abc import Iterator, Sequence

import numpy as np
from prometheus_client.utils import floatToGoString

from simulator.metrics.exposition import Series, TextFamily
from simulator.metrics.families import Blocks, Family
from simulator.simulation.arrays import Floats

__all__ = ["latest_values", "text_families"]


def text_families(families: Sequence[Family]) -> list[TextFamily]:
    """What the text says of the families during a whole run."""
    return [TextFamily(f.name, f.kind, f.help, tuple(_series(f))) for f in families]


def latest_values(samples: Sequence[Blocks]) -> Floats:
    """The values of all their series at the last tick, `nan` where one is absent."""
    return np.concatenate([_values(blocks) for blocks in samples]) if samples else np.zeros(0)


def _series(family: Family) -> Iterator[Series]:
    for values in family.series:
        labels = {k: v for k, v in zip(family.labels, values, strict=True) if v}
        if family.is_of_several:
            labels["job"] = family.job
        for suffix, edge in family.parts:
            bound = {} if edge is None else {"le": floatToGoString(edge)}  # type: ignore[no-untyped-call]  # untyped there
            yield Series(family.name + suffix, {**labels, **bound})


def _values(blocks: Blocks) -> Floats:
    parts = [block[-1] for block in blocks]
    joined = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
    return joined.astype(np.float64).reshape(-1)
