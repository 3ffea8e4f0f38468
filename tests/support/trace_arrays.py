"""All arrays of a trace by their path, for comparison bit by bit."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.simulation.trace import Trace

#: Arrays of a trace that do not have the ticks first.
TIMELESS = {"cluster.preferred", "model.cut_off_cells", "model.expected"}


def _walk(path: str, value: object) -> Iterator[tuple[str, NDArray[np.generic]]]:
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(f"{path}.{key}", inner)
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        for i, inner in enumerate(value):
            yield from _walk(f"{path}.{i}", inner)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name == "scenario":
                continue
            yield from _walk(f"{path}.{field.name}", getattr(value, field.name))


def arrays_of(trace: Trace) -> dict[str, NDArray[np.generic]]:
    """Arrays by path, such as `scored.cells`."""
    return {
        path: array
        for field in fields(trace)
        if field.name not in {"scenario", "grid"}
        for path, array in _walk(field.name, getattr(trace, field.name))
    }


def joined(traces: list[Trace]) -> dict[str, NDArray[np.generic]]:
    """Arrays of traces that follow each other, one after the other."""
    parts = [arrays_of(trace) for trace in traces]
    return {
        path: first
        if path in TIMELESS or path.endswith(".cluster.preferred")
        else np.concatenate([p[path] for p in parts])
        for path, first in parts[0].items()
    }


def differing(
    one: Mapping[str, NDArray[np.generic]], other: Mapping[str, NDArray[np.generic]]
) -> list[str]:
    """Paths whose arrays differ in shape, type or any bit."""
    assert one.keys() == other.keys()
    return [
        path
        for path, array in one.items()
        if array.shape != other[path].shape
        or array.dtype != other[path].dtype
        or array.tobytes() != other[path].tobytes()
    ]
