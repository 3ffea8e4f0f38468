"""What a Prometheus answers, from bytes to series: a day of a panel is some 100,000 points.

A point is `[time, "value"]`. msgspec reads both as numbers while it decodes, which takes a sixth of
the time of making objects first, and arrays of their texts.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final, Generic, TypeVar

import msgspec
import numpy as np

from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.quoting import quoted, shortened

__all__ = [
    "Envelope",
    "Told",
    "envelope_in",
    "label_sets_in",
    "metadata_in",
    "names_in",
    "series_in",
]

_T = TypeVar("_T")
_Value = TypeVar("_Value", float, str)
_NULL: Final = msgspec.Raw(b"null")


class Envelope(msgspec.Struct):
    """An answer of the API: whether it is one, what went wrong, and `data` as it came."""

    status: str
    data: msgspec.Raw = _NULL
    error_type: str = msgspec.field(default="error", name="errorType")
    error: str = "no message"


class _Found(msgspec.Struct):
    """The data of a query's answer."""

    kind: str = msgspec.field(default="", name="resultType")
    result: msgspec.Raw = _NULL


class _Entry(msgspec.Struct, Generic[_Value]):
    """A series of a matrix or a vector; native histograms are only seen."""

    metric: dict[str, str] = {}
    values: list[tuple[float, _Value]] = []
    value: tuple[float, _Value] | None = None
    histogram: object = None
    histograms: object = None


class Told(msgspec.Struct, frozen=True):
    """What a target says of one of its metrics."""

    type: str = "unknown"
    help: str = ""


_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_FOUND: Final = msgspec.json.Decoder(_Found)
_NUMBERS: Final = msgspec.json.Decoder(list[_Entry[float]], strict=False)
_TEXTS: Final = msgspec.json.Decoder(list[_Entry[str]])
_NAMES: Final = msgspec.json.Decoder(tuple[str, ...])
_LABEL_SETS: Final = msgspec.json.Decoder(tuple[dict[str, str], ...])
_METADATA: Final = msgspec.json.Decoder(dict[str, tuple[Told, ...]])
_SCALAR: Final = msgspec.json.Decoder(tuple[float, str])

_OTHERWISE: Final = (b'"+Inf"', b'"-0"')
"""How Prometheus writes two numbers that msgspec does not take, or of which it forgets the sign."""


def envelope_in(body: bytes) -> Envelope | None:
    """The answer; None where no Prometheus would say that."""
    try:
        return _ENVELOPE.decode(body)
    except (ValueError, RecursionError):
        return None


def names_in(content: msgspec.Raw) -> tuple[str, ...]:
    """The values of a label.

    Raises:
        PrometheusError: the data of the answer are something else.
    """
    return _decoded(_NAMES, content)


def metadata_in(content: msgspec.Raw) -> dict[str, Told]:
    """What is told of each metric; of several targets what the first one says.

    Raises:
        PrometheusError: as `names_in`.
    """
    return {name: several[0] for name, several in _decoded(_METADATA, content).items() if several}


def label_sets_in(content: msgspec.Raw) -> tuple[dict[str, str], ...]:
    """The labels of some series.

    Raises:
        PrometheusError: the data of the answer are something else.
    """
    return _decoded(_LABEL_SETS, content)


def series_in(content: msgspec.Raw) -> tuple[Series, ...]:
    """The series of the answer to a query; their arrays cannot be written to.

    Raises:
        PrometheusError: it holds something else, such as native histograms.
    """
    found = _decoded(_FOUND, content)
    match found.kind:
        case "matrix" | "vector":
            return tuple(map(_series, _entries(found.result)))
        case "scalar":
            return (_of_points({}, [_decoded(_SCALAR, found.result)]),)
    raise PrometheusError(
        f"an answer of type {quoted(found.kind)} holds no numbers; change the query"
    )


def _entries(result: msgspec.Raw) -> "Sequence[_Entry[float] | _Entry[str]]":
    written = bytes(result)
    if any(text in written for text in _OTHERWISE):
        return _decoded(_TEXTS, written)
    return _decoded(_NUMBERS, written)


def _decoded(decoder: msgspec.json.Decoder[_T], content: msgspec.Raw | bytes) -> _T:
    try:
        return decoder.decode(content)
    except (ValueError, RecursionError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> PrometheusError:
    return PrometheusError(f"an answer that cannot be read: {shortened(str(error))}")


def _series(entry: "_Entry[float] | _Entry[str]") -> Series:
    if entry.histogram is not None or entry.histograms is not None:
        raise PrometheusError("native histograms are not read; query their buckets or quantiles")
    return _of_points(entry.metric, entry.values if entry.value is None else [entry.value])


def _of_points(labels: dict[str, str], points: Sequence[tuple[float, float | str]]) -> Series:
    numbers = map(float, chain.from_iterable(points))
    try:
        flat = np.fromiter(numbers, np.float64, 2 * len(points))
    except ValueError as error:  # a text
        raise _unreadable(error) from error
    times, values = flat.reshape(-1, 2).T.copy()
    for column in (times, values):
        column.setflags(write=False)
    return Series(labels, times, values)
