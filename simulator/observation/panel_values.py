"""What each field of a panel showed over a span of time, as arrays."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.shown import Shown
from simulator.grafana.thresholds import Thresholds
from simulator.grafana.views import View

__all__ = ["Collected", "FieldKey", "FieldValues", "PanelValues", "SeriesValues"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FieldKey:
    """What makes values one field: the query or column, the reducer, and how they are painted.

    `thresholds_at` is where in the file the thresholds are written. `is_painted` says that
    their colours are seen: an override may take them from one series of a query.
    """

    source: str
    calc: str
    thresholds: Thresholds | None
    thresholds_at: str = ""
    is_painted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SeriesValues:
    """One series of a field: `levels` are its values, or percentages where thresholds are.

    All of shape (points,), times in unix seconds and rising; `is_hidden` where the colour of a
    value mapping takes the place of the step's.
    """

    name: str
    times: Floats
    levels: Floats
    is_hidden: Bools


@dataclass(frozen=True, slots=True, eq=False)
class FieldValues:
    """The series that share a key."""

    key: FieldKey
    series: tuple[SeriesValues, ...]
    unit: str
    is_text: bool

    @property
    def has_points(self) -> bool:
        """Whether any of its series ever had a value."""
        return any(len(one.times) for one in self.series)


@dataclass(frozen=True, slots=True, eq=False)
class PanelValues:
    """The fields of a panel, a point every `spacing` seconds, and what was found on the way.

    `unsupported` names what could not be read as Grafana does: the fields are then no proof of
    anything. `overrides` are the indices of those that were for some field.
    """

    fields: tuple[FieldValues, ...]
    spacing: float
    unsupported: tuple[str, ...] = ()
    overrides: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Series:
    times: list[Floats] = field(default_factory=list)
    levels: list[Floats] = field(default_factory=list)
    is_hidden: list[Bools] = field(default_factory=list)

    def whole(self, name: str) -> SeriesValues:
        times = np.concatenate([np.empty(0), *self.times])
        order = np.argsort(times, kind="stable")
        levels = np.concatenate([np.empty(0), *self.levels])
        hidden = np.concatenate([np.empty(0, dtype=np.bool_), *self.is_hidden])
        return SeriesValues(name, times[order], levels[order], hidden[order])


@dataclass(slots=True)
class _Field:
    unit: str
    is_text: bool
    series: dict[str, _Series] = field(default_factory=dict)


class Collected:
    """Points put together field by field while a panel is looked at."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._fields: dict[FieldKey, _Field] = {}
        self._unsupported: dict[str, None] = {}
        self._overrides: set[int] = set()

    def note(self, view: View) -> None:
        """Keeps what a view could not read, and which overrides it used."""
        self._unsupported.update(dict.fromkeys(view.unsupported))
        for styled in view.fields:
            self._overrides.update(styled.overrides)

    def add(
        self, like: Shown, times: Floats, levels: Floats, *, is_hidden: Bools | None = None
    ) -> None:
        """Points of the field and the series that `like` is a value of, nan left out.

        The text cells of a table are points without a level.
        """
        key = FieldKey(like.source, like.calc, like.thresholds, like.thresholds_at, like.is_painted)
        found = self._fields.setdefault(key, _Field(like.unit, isinstance(like.value, str)))
        name = " ".join(part for part in (like.name, like.row) if part)
        series = found.series.setdefault(name, _Series())
        kept = np.full(len(times), fill_value=True) if found.is_text else ~np.isnan(levels)
        series.times.append(times[kept])
        series.levels.append(levels[kept])
        hidden = np.zeros(len(times), dtype=np.bool_) if is_hidden is None else is_hidden
        series.is_hidden.append(hidden[kept])

    def panel_values(self) -> PanelValues:
        """All of it."""
        return PanelValues(
            tuple(
                FieldValues(
                    key=key,
                    series=tuple(s.whole(name) for name, s in found.series.items()),
                    unit=found.unit,
                    is_text=found.is_text,
                )
                for key, found in self._fields.items()
            ),
            self._spacing,
            tuple(self._unsupported),
            frozenset(self._overrides),
        )
