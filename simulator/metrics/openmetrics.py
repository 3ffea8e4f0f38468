"""Columns of samples as OpenMetrics text with timestamps, which promtool makes blocks of.

Prometheus, "OpenMetrics: an open standard", version 1.0.0. One deviation: bounds of buckets are
written as they are in live series (see `columns`), where the standard wants "1.0" for "1".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "FamilyColumns", "Pairs", "SeriesColumns", "openmetrics"]

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Labels: names and values."""

_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One sample of a label set over time: the end of its name, its `le`, and its values.

    `suffix` and `le` are "" where there is none; `values` whole numbers or floats, shape (ticks,),
    nan where there is no sample.
    """

    suffix: str
    le: str
    values: NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SeriesColumns:
    """The samples of one label set; several for a histogram."""

    labels: Pairs
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FamilyColumns:
    """A family's name, type and help text, and its series.

    `late_seconds` is how long after their tick samples are scraped, shape (ticks,), `nan` where no
    scrape is made; without it all are scraped when a tick ends.
    """

    name: str
    kind: str
    help: str
    series: tuple[SeriesColumns, ...]
    late_seconds: NDArray[np.float64] | None = None


def openmetrics(families: Sequence[FamilyColumns], times: NDArray[np.float64]) -> Iterator[str]:
    r"""The text, family by family; `times` are unix seconds, shape (ticks,).

    Samples of a label set stand together in the order of time, and at each time a histogram's
    buckets, sum and count.

    >>> up = SeriesColumns((("job", "api"),), (Column("", "", np.array([1, 0])),))
    >>> text = openmetrics([FamilyColumns("up", "gauge", "Is it?", (up,))], np.array([15.0, 30.0]))
    >>> print("".join(text), end="")
    # TYPE up gauge
    # HELP up Is it?
    up{job="api"} 1 15
    up{job="api"} 0 30
    # EOF
    """
    on_time = _ends(times)
    before = ""
    for family in families:
        late = family.late_seconds
        ends = on_time if late is None else _ends(times + late)
        name, kind = _named(family)
        if name != before:  # else it is another job's
            yield f"# TYPE {name} {kind}\n# HELP {name} {family.help.translate(_ESCAPES)}\n"
        before = name
        for series in family.series:
            yield _series_text(family.name, series, ends)
    yield "# EOF\n"


def _named(family: FamilyColumns) -> tuple[str, str]:
    """Its name and type: a counter's family is named without the ending that its samples have.

    One whose samples lack it, as some of MinIO's do, is no counter to the standard.
    """
    if family.kind != "counter":
        return family.name, family.kind
    name = family.name.removesuffix("_total")
    return (name, "counter") if name != family.name else (name, "unknown")


def _ends(times: NDArray[np.float64]) -> list[str]:
    """How lines end at these times; "" at one that is `nan`."""
    return [f" {_time_text(time)}\n" if time == time else "" for time in times.tolist()]  # noqa: PLR0124


def _time_text(seconds: float) -> str:
    """Seconds to the millisecond, which is what Prometheus keeps."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _series_text(name: str, series: SeriesColumns, ends: Sequence[str]) -> str:
    columns = [_lines(name, series.labels, column, ends) for column in series.columns]
    if len(columns) == 1:
        return "".join(columns[0])
    return "".join(chain.from_iterable(zip(*columns, strict=True)))


def _lines(
    name: str, labels: Sequence[tuple[str, str]], column: Column, ends: Sequence[str]
) -> list[str]:
    """The lines of one sample; "" where it has no value."""
    pairs = [*labels, ("le", column.le)] if column.le else labels
    inside = ",".join(f'{key}="{value.translate(_ESCAPES)}"' for key, value in pairs)
    start = f"{name}{column.suffix}{{{inside}}} "
    values = zip(column.values.tolist(), ends, strict=True)
    if column.values.dtype.kind == "i":
        return [f"{start}{value}{end}" if end else "" for value, end in values]
    # nan, which alone differs from itself, is no sample
    return [
        f"{start}{value!r}{end}" if end and value == value else ""  # noqa: PLR0124
        for value, end in values
    ]
