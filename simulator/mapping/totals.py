"""What a run has counted, as plain values by series, and back: how counters go on."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from simulator.errors import ScenarioError
from simulator.metrics.families import Family
from simulator.quoting import quoted
from simulator.simulation.arrays import Floats, Ints, Running

__all__ = ["carried", "left_of"]

#: What is counted exactly: every sample is a double, to Prometheus too.
_MOST: Final = 2**53


def left_of(family: Family, running: Running) -> dict[str, Any]:
    """The totals of a family's series: a number each, or a histogram's buckets and, last, sum."""
    totals = running.latest(family.key).tolist()
    if family.has_sizes:
        sums = running.latest(f"{family.key} sum").tolist()
        totals = [[*buckets, total] for buckets, total in zip(totals, sums, strict=True)]
    return dict(zip(_keys(family), totals, strict=True))


def carried(
    family: Family, before: Mapping[str, Any], *, is_whole: bool = True
) -> dict[str, Ints | Floats]:
    """What its counts begin with, by their names; a series that was not there before has none.

    A counter that is not `is_whole` may have fractions.

    Raises:
        ScenarioError: it was left by another version of the simulator, or is no count.
    """
    width = len(family.edges) + 2 if family.has_sizes else 1
    rows = before.get(family.key)
    if not isinstance(rows, Mapping):
        raise ScenarioError(f"the run before left no usable counter {family.key!r}")
    found = [_row(family, rows.get(key, [0] * width), width) for key in _keys(family)]
    totals = np.array(found, dtype=np.float64).reshape(-1, width)
    if not family.has_sizes:
        counts = totals[:, 0]
        return {family.key: _whole(family, counts) if is_whole else counts}
    return {
        family.key: _whole(family, totals[:, :-1]),
        f"{family.key} sum": totals[:, -1],
    }


def _whole(family: Family, counts: Floats) -> Ints:
    if (counts != np.rint(counts)).any():
        raise ScenarioError(f"the run before left no count in the counter {family.key!r}")
    return counts.astype(np.int64)


def _row(family: Family, value: object, width: int) -> list[float]:
    row: list[Any] = value if isinstance(value, list) else [value]
    is_number = all(isinstance(one, int | float) and not isinstance(one, bool) for one in row)
    if len(row) != width or not is_number:
        raise ScenarioError(
            f"the run before left {quoted(value)} in the counter {family.key!r}, "
            f"not {width} number{'s' if width > 1 else ''}"
        )
    counts = row[:-1] if family.has_sizes else row  # a sum of sizes may be larger
    if not all(0 <= one <= _MOST for one in counts) or not 0 <= row[-1] < math.inf:
        raise ScenarioError(f"the run before left no count in the counter {family.key!r}")
    return row


def _keys(family: Family) -> Iterator[str]:
    """The labels of each series, as text."""
    for labels in family.series:
        pairs = sorted(zip(family.labels, labels, strict=True))
        yield json.dumps(dict(pairs), ensure_ascii=False)
