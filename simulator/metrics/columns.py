"""A Trace as columns: the samples of every series at every tick."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.families import Blocks, Family, FamilySamples, Labels
from simulator.metrics.openmetrics import Column, FamilyColumns, Pairs, SeriesColumns
from simulator.metrics.self_monitoring import truth
from simulator.simulation.trace import Trace
from simulator.tsdb.blocks import BLOCK_MS

__all__ = ["Bound", "plain_bound", "pointed_bound", "trace_columns"]

_MILLISECOND: Final = 0.001
_BLOCK_SECONDS: Final = BLOCK_MS / 1000.0
Bound: TypeAlias = Callable[[float], str]
"""How the upper bound of a bucket is written: another text is another series."""


def plain_bound(edge: float) -> str:
    """As the Pushgateway writes it, and a Prometheus before version 3 keeps it.

    >>> plain_bound(1.0), plain_bound(0.25)
    ('1', '0.25')
    """
    return f"{edge:.15g}"


def pointed_bound(edge: float) -> str:
    """As a Prometheus from version 3 on keeps it, and the OpenMetrics standard wants it.

    >>> pointed_bound(1.0), pointed_bound(0.25)
    ('1.0', '0.25')
    """
    text = plain_bound(edge)
    return text if "." in text or "e" in text else f"{text}.0"


def trace_columns(
    trace: Trace, samples: Sequence[FamilySamples], *, instance: str, bound: Bound = plain_bound
) -> list[FamilyColumns]:
    """The platform's samples, and the truth about episodes, at all ticks of the trace.

    Labels are those that live series get through the Pushgateway: the metric's own, `job` and
    `instance`.
    """
    return [
        FamilyColumns(
            family.name,
            family.kind,
            family.help,
            tuple(_series(family, blocks, instance, bound)),
            _late_seconds(trace, family),
        )
        for family, blocks in (*samples, *truth(trace))
    ]


def _series(family: Family, blocks: Blocks, instance: str, bound: Bound) -> Iterator[SeriesColumns]:
    names = [(part.suffix, _bound_text(part.edge, bound)) for part in family.parts]
    values = [part for block in blocks for part in np.moveaxis(block, 2, 0)]
    for index, label_values in enumerate(family.series):
        columns = (
            Column(suffix, le, part[:, index])
            for (suffix, le), part in zip(names, values, strict=True)
        )
        yield SeriesColumns(_labels(family, label_values, instance), tuple(columns))


def _late_seconds(trace: Trace, family: Family) -> NDArray[np.float64] | None:
    """As a family's columns have it.

    A scrape that is not made before the next is due is left out. One stays in the block of its
    tick, as Prometheus's storage has it that no two blocks overlap.
    """
    late, ends = trace.exposure.lateness(family.component), trace.grid.ends
    if not late.any():
        return None
    left = (np.floor(ends / _BLOCK_SECONDS) + 1.0) * _BLOCK_SECONDS - ends
    is_made = late < trace.grid.step - _MILLISECOND
    return np.where(is_made, np.minimum(late, left - _MILLISECOND), np.nan).astype(np.float64)


def _bound_text(edge: float | None, bound: Bound) -> str:
    if edge is None:
        return ""
    return bound(edge) if math.isfinite(edge) else "+Inf"


def _labels(family: Family, values: Labels, instance: str) -> Pairs:
    labels = {k: v for k, v in zip(family.labels, values, strict=True) if v}
    return tuple(sorted({"job": family.job, "instance": instance, **labels}.items()))
