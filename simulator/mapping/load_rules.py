"""What must hold in a mapping's load tests beyond the types of their values."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, get_args

from simulator.mapping.load_part import Bands, LoadPart, Within
from simulator.reading.records import Problem

__all__ = ["load_problems"]

_ORDER: Final[tuple[Within, ...]] = get_args(Within)
_SHARES: Final = ("error_ratio", "throughput_ratio")


def load_problems(load: LoadPart) -> Iterator[Problem]:
    """Everything that is wrong, with its path."""
    if load.mix and not any(load.mix.values()):
        yield "load.mix", "has no weight above 0: leave it out for the scenario's mix"
    for name, kind in load.kinds.items():
        yield from _of_bands(kind.bands, f"load.kinds.{name}.bands")


def _of_bands(bands: Bands, place: str) -> Iterator[Problem]:
    for name in type(bands).model_fields:
        limits = getattr(bands, name) or {}
        said = [(band, limits[band]) for band in _ORDER if band in limits]
        for (better, first), (worse, second) in pairwise(said):
            if not (first > second if name == "throughput_ratio" else first < second):
                side = "less" if name == "throughput_ratio" else "more"
                yield (
                    f"{place}.{name}.{worse}",
                    f"allows no {side} than {better} (found {second:g} after {first:g})",
                )
        if name in _SHARES:
            for band, limit in said:
                if limit > 1.0:
                    yield (
                        f"{place}.{name}.{band}",
                        f"is a share, from 0 to 1 (found {limit:g}): write 0.01 for 1 %",
                    )
