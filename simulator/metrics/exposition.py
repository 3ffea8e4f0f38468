"""Prometheus's text format 0.0.4: names and labels are joined once, and values put in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple

import numpy as np
from prometheus_client.utils import floatToGoString

from simulator.metrics.families import Kind
from simulator.simulation.arrays import Bools, Floats

__all__ = ["Exposition", "Series", "TextFamily"]

_IN_HELP: Final = str.maketrans({"\\": r"\\", "\n": r"\n"})
_IN_LABEL: Final = {**_IN_HELP, **str.maketrans({'"': r"\""})}
#: From here on Go writes exponents, and below as Python does.
_FIRST_EXPONENT: Final = 1e6


class Series(NamedTuple):
    """What identifies a sample: a name and labels."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class TextFamily:
    """What the text says of a family whatever its values are; its `series` in their order."""

    name: str
    kind: Kind
    help: str
    series: tuple[Series, ...]

    @classmethod
    def of_one(cls, name: str, kind: Kind, help_text: str) -> "TextFamily":
        """A family of one series without labels."""
        return cls(name, kind, help_text, (Series(name, {}),))


class Exposition:
    r"""The text of some families, tick by tick.

    It is held as a template, which is joined anew only where a series comes or goes.

    >>> up = Exposition([TextFamily.of_one("up", "gauge", "Whether it is up.")])
    >>> up.text(np.array([1.0]))
    b'# HELP up Whether it is up.\n# TYPE up gauge\nup 1.0\n'
    """

    def __init__(self, families: Sequence[TextFamily]) -> None:
        self.series = tuple(series for family in families for series in family.series)
        self._lines = [line for family in families for line in _lines(family)]
        self._is_sample = np.array([line[0] != "#" for line in self._lines])
        self._present = np.ones(len(self.series), dtype=np.bool_)
        self._template = "".join(self._lines)

    def text(self, values: Floats) -> bytes:
        """The text with values in the order of `series`; one that is `nan` is left out."""
        present = ~np.isnan(values)
        if not np.array_equal(present, self._present):
            self._present, self._template = present, self._joined(present)
        return (self._template % _as_go_writes(values[present])).encode()

    def _joined(self, present: Bools) -> str:
        is_kept = ~self._is_sample
        is_kept[self._is_sample] = present
        return "".join(compress(self._lines, is_kept.tolist()))


def _lines(family: TextFamily) -> Iterator[str]:
    """Its lines as parts of a template, which has a `%s` for each value."""
    yield f"# HELP {family.name} {family.help.translate(_IN_HELP)}\n".replace("%", "%%")
    yield f"# TYPE {family.name} {family.kind}\n"
    for name, labels in family.series:
        pairs = ",".join(f'{k}="{v.translate(_IN_LABEL)}"' for k, v in sorted(labels.items()))
        inside = f"{{{pairs}}}".replace("%", "%%") if pairs else ""
        yield f"{name}{inside} %s\n"


def _as_go_writes(values: Floats) -> tuple[float | str, ...]:
    """What `%s` writes as prometheus_client does, and it as Go: nearly always the number itself."""
    written: list[float | str] = values.tolist()
    for index in np.flatnonzero((values >= _FIRST_EXPONENT) | (values == -np.inf)).tolist():
        written[index] = floatToGoString(written[index])  # type: ignore[no-untyped-call]  # untyped there
    return tuple(written)
