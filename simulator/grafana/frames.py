"""Prometheus answers as Grafana's data frames: time series, tables, heatmap rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.legends import auto_name, series_name
from simulator.grafana.model import Target
from simulator.grafana.number_text import javascript_text

__all__ = [
    "Answer",
    "Cell",
    "Field",
    "Frame",
    "Kind",
    "Series",
    "field_of",
    "frames_from",
    "number_field",
    "text_field",
]

Kind = Literal["time", "number", "string"]
Cell = float | str
"""What is in a row of a column: a number (a time in unix seconds), or a text."""

_SMALLEST_COUNT = 1e-9
"""Differences of cumulative buckets below this are rounding, and Grafana draws them as 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Samples of one label set; `times` in unix seconds and `values`, both of shape (points,)."""

    labels: Mapping[str, str]
    times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query of a target gave; the target's `expr` and legend with variables replaced.

    `has_times` is false of numbers that were calculated: a plot has nothing to draw them against.
    """

    target: Target
    series: tuple[Series, ...]
    has_times: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One column of a frame.

    Exactly one of `numbers` (times in unix seconds, or values; null is nan) and `texts` holds
    the cells. `source_name` is the name the data source gives, `renamed` the one a
    transformation gave, "" for none. `labels` is None for a column of a table. `settings` are the
    field settings that a transformation gave, which the panel's defaults do not change. `of_query`
    is the target that a series was answered for, where its frame no longer tells; `is_column` says
    that a field with labels is a table's column all the same, as after a join.
    """

    name: str
    kind: Kind
    numbers: NDArray[np.float64]
    texts: tuple[str, ...] = ()
    labels: Mapping[str, str] | None = None
    source_name: str = ""
    renamed: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    of_query: str = ""
    is_column: bool = False

    def __len__(self) -> int:
        return len(self.texts) if self.kind == "string" else len(self.numbers)

    def taken(self, rows: Sequence[int]) -> "Field":
        """The field with only these rows, in this order."""
        if self.kind == "string":
            return replace(self, texts=tuple(self.texts[row] for row in rows))
        return replace(self, numbers=self.numbers[list(rows)])

    def cells(self) -> list[Cell]:
        """All cells: numbers, or texts."""
        return list(self.texts) if self.kind == "string" else self.numbers.tolist()


def number_field(name: str, values: Iterable[float], kind: Kind = "number") -> Field:
    """A column of numbers, or of times."""
    return Field(name, kind, np.array(list(values), dtype=np.float64))


def text_field(name: str, values: Iterable[str]) -> Field:
    """A column of texts."""
    return Field(name, "string", np.empty(0), texts=tuple(values))


def field_of(like: Field, cells: Sequence[Cell | None]) -> Field:
    """The field with other cells of its kind; None is nan, or an empty text."""
    if like.kind == "string":
        return replace(like, texts=tuple(map(_text, cells)))
    numbers = [np.nan if one is None else float(one) for one in cells]
    return replace(like, numbers=np.array(numbers, dtype=np.float64))


def _text(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else javascript_text(cell)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Columns of equal length, answered for one target; an empty answer has no columns."""

    ref_id: str
    fields: tuple[Field, ...]

    def __len__(self) -> int:
        return len(self.fields[0]) if self.fields else 0


def frames_from(answers: Sequence[Answer]) -> tuple[Frame, ...]:
    """Frames in the order a panel gets them: series first, then tables, then heatmap rows.

    A target with several kinds of query counts as one: its `format` decides for all its frames.
    """
    formats = {answer.target.ref_id: answer.target.format for answer in reversed(answers)}
    series: list[Frame] = []
    tables: dict[str, list[Series]] = {}
    heatmaps: dict[str, list[Series]] = {}
    for answer in answers:
        ref_id = answer.target.ref_id
        match formats[ref_id]:
            case "table":
                tables.setdefault(ref_id, []).extend(answer.series)
            case "heatmap":
                heatmaps.setdefault(ref_id, []).extend(answer.series)
            case _:
                series.extend(_series_frames(answer))
    return (*series, *_tables(tables), *_heatmaps(heatmaps))


def _series_frames(answer: Answer) -> Iterator[Frame]:
    """One frame {Time, Value} per series; one without fields for an empty answer."""
    target = answer.target
    if not answer.series:
        yield Frame(target.ref_id, ())
    if target.expression is not None:
        yield from _calculated_frames(answer)
        return
    for series in answer.series:
        name = series_name(series.labels, target.legend_format, target.expr)
        if target.legend_format == "__auto" and "__name__" in series.labels:
            name = auto_name(series.labels, [other.labels for other in answer.series])
        value = Field(
            name=series.labels.get("__name__", "Value"),
            kind="number",
            numbers=series.values,
            labels=series.labels,
            source_name=name,
        )
        yield Frame(target.ref_id, (Field("Time", "time", series.times), value))


def _calculated_frames(answer: Answer) -> Iterator[Frame]:
    """A frame per series of an expression, whose value is called by the expression's letter."""
    letter = answer.target.ref_id
    for series in answer.series:
        value = Field(letter, "number", series.values, labels=series.labels)
        times = (Field("Time", "time", series.times),) if answer.has_times else ()
        yield Frame(letter, (*times, value))


def _tables(by_ref_id: Mapping[str, Sequence[Series]]) -> Iterator[Frame]:
    """One table per target: Time, the labels in alphabetical order of appearance, the value."""
    alone = len(by_ref_id) == 1
    for ref_id, series in by_ref_id.items():
        if alone and not series:
            yield Frame(ref_id, ())
        else:
            yield _table(ref_id, series, "Value" if alone else f"Value #{ref_id}")


def _table(ref_id: str, series: Sequence[Series], value_name: str) -> Frame:
    names = dict.fromkeys(name for one in series for name in sorted(one.labels))
    times = np.concatenate([np.empty(0), *(one.times for one in series)])
    values = np.concatenate([np.empty(0), *(one.values for one in series)])
    values[np.isneginf(values)] = np.inf  # Grafana's table format loses the sign of -Inf
    columns = (
        Field(
            name,
            "string",
            np.empty(0),
            texts=tuple(one.labels.get(name, "") for one in series for _ in one.times),
        )
        for name in names
    )
    frame = Frame(
        ref_id, (Field("Time", "time", times), *columns, Field(value_name, "number", values))
    )
    if (np.diff(times) >= 0).all():
        return frame
    order = [int(row) for row in np.argsort(times, kind="stable")]
    return Frame(ref_id, tuple(column.taken(order) for column in frame.fields))


def _heatmaps(by_ref_id: Mapping[str, Sequence[Series]]) -> Iterator[Frame]:
    """One frame per target and set of other labels, a column per bucket, not cumulative."""
    for ref_id, series in by_ref_id.items():
        if not series:
            yield Frame(ref_id, ())
        groups: dict[tuple[str, ...], list[Series]] = {}
        for one in series:
            others = tuple(value for name, value in one.labels.items() if name != "le")
            groups.setdefault(others, []).append(one)
        for group in groups.values():
            yield Frame(ref_id, tuple(_bucket_fields(sorted(group, key=_upper_bound))))


def _upper_bound(series: Series) -> float:
    try:
        return float(series.labels.get("le", "+Inf"))
    except ValueError:
        return float("inf")


def _bucket_fields(buckets: Sequence[Series]) -> Iterator[Field]:
    yield Field("Time", "time", buckets[0].times)
    below = np.zeros(0)
    for bucket in buckets:
        counts = bucket.values.copy()
        shared = min(len(counts), len(below))  # by index, not by time: so does Grafana
        counts[:shared] -= below[:shared]
        if len(below):
            counts[counts < _SMALLEST_COUNT] = 0.0
        below = bucket.values
        name = bucket.labels.get("le", "Value")
        yield Field(name, "number", counts, labels=bucket.labels, source_name=name)
