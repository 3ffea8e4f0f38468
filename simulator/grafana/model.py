"""What of a Grafana dashboard decides the values and colours it shows; the rest is left out.

The parts whose meaning depends on the field they are applied to (`FieldConfig.defaults`, override
properties, matcher options, transformation options) stay as JSON values and are read where used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from simulator.grafana.calendars import Calendar
from simulator.grafana.data_source import DataSource
from simulator.grafana.time_ranges import TimeRange, ViewedRange

__all__ = [
    "Dashboard",
    "DataSource",
    "Expression",
    "FieldConfig",
    "Matcher",
    "Override",
    "Panel",
    "ReduceOptions",
    "Target",
    "Transformation",
    "Variable",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """What the server calculates from queries: math, reduce..., with the settings of its kind."""

    kind: str
    text: str
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Target:
    """One query of a panel; `expr` is "" where the JSON has none.

    `expression` is what is calculated in its place; `from_panel` is the id of the panel whose
    results are shown in its place, as they come out of its transformations or as they go in.
    """

    ref_id: str
    expr: str
    instant: bool = False
    range: bool = False
    format: str = "time_series"
    legend_format: str = ""
    interval: str = ""
    interval_factor: float = 1.0
    hide: bool = False
    data_source: DataSource | None = None
    expression: Expression | None = None
    from_panel: int | None = None
    with_transformations: bool = False

    @property
    def is_queried(self) -> bool:
        """Whether Grafana sends it: neither hidden nor empty.

        >>> Target("A", "up").is_queried, Target("A", "up", hide=True).is_queried
        (True, False)
        """
        return (bool(self.expr.strip()) or self.expression is not None) and not self.hide

    @property
    def kinds(self) -> tuple[str, ...]:
        """The queries it makes, "instant" and "range"; neither flag set means a range query.

        >>> Target("A", "up").kinds, Target("A", "up", instant=True, range=True).kinds
        (('range',), ('instant', 'range'))
        """
        if not self.instant:
            return ("range",)
        return ("instant", "range") if self.range else ("instant",)


@dataclass(frozen=True, slots=True)
class Matcher:
    """Which fields an override is for, such as `byName` with the name as its options."""

    id: str
    options: object = None


@dataclass(frozen=True, slots=True)
class Override:
    """Properties, in order, for the fields a matcher picks."""

    matcher: Matcher
    properties: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class FieldConfig:
    """How values are named, written and coloured: defaults, then overrides in order."""

    defaults: Mapping[str, object] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class ReduceOptions:
    """How a stat-like panel makes values of a frame: one per field and calc, or one per row."""

    calcs: tuple[str, ...] = ("lastNotNull",)
    values: bool = False
    fields: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Transformation:
    """A step between the answers and the panel; `options` as in the JSON.

    `filter` says which frames it is for, where it is not for all of them.
    """

    id: str
    options: Mapping[str, object]
    disabled: bool = False
    filter: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel, wherever in the file it is.

    `path` names its place in the JSON and is unique; `id` is neither guaranteed nor unique.
    `unresolved` says what of it is not in this file, such as a library panel, or not what it should
    be; "" where all is.
    `config_at` is where in the file its field settings are written; "" where Grafana makes them of
    those of an older type.
    """

    path: str
    id: int | None
    title: str
    type: str
    targets: tuple[Target, ...] = ()
    field_config: FieldConfig = field(default_factory=FieldConfig)
    reduce: ReduceOptions = field(default_factory=ReduceOptions)
    transformations: tuple[Transformation, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    interval: str = ""
    max_data_points: int | None = None
    time_from: str = ""
    time_shift: str = ""
    time_compare: str = ""
    repeat: str = ""
    row: str = ""
    row_repeats: tuple[str, ...] = ()
    data_source: DataSource | None = None
    description: str = ""
    unresolved: str = ""
    config_at: str = ""

    @property
    def queried_targets(self) -> tuple[Target, ...]:
        """The targets Grafana sends, in order."""
        return tuple(target for target in self.targets if target.is_queried)

    def source_of(self, target: Target) -> DataSource:
        """The data source a target asks: its own, else the panel's, else the default one."""
        return target.data_source or self.data_source or DataSource()


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry of `templating.list`; `current` is empty where no value was saved.

    `sort` is Grafana's number of an order; `filters` are label, operator and value of each ad-hoc
    filter. `unread` says why nobody can tell what it stands for; "" where it can be told.
    """

    name: str
    type: str
    query: str = ""
    regex: str = ""
    current: tuple[str, ...] = ()
    current_text: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    multi: bool = False
    include_all: bool = False
    all_value: str = ""
    auto_count: int = 30
    auto_min: str = "10s"
    sort: int = 0
    data_source: DataSource | None = None
    filters: tuple[tuple[str, str, str], ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard in the terms of Grafana's classic model; panels of rows come in drawing order.

    `file` is what it was read from. `unplaced` are panels that the file holds and nobody sees.
    `inputs` are the names of what an import by hand asks for, as in a dashboard to be shared.
    """

    uid: str
    title: str
    panels: tuple[Panel, ...]
    variables: tuple[Variable, ...] = ()
    time_range: TimeRange = field(default_factory=TimeRange)
    timezone: str = ""
    week_start: str = ""
    fiscal_start: int = 0
    file: Path | None = None
    unplaced: tuple[Panel, ...] = ()
    inputs: tuple[str, ...] = ()

    def viewed(self, viewer: tzinfo, time_range: TimeRange | None = None) -> ViewedRange:
        """The time range that it is opened with, by a viewer in this zone."""
        calendar = Calendar.of(
            self.timezone,
            week_start=self.week_start,
            fiscal_start=self.fiscal_start,
            viewer=viewer,
        )
        return ViewedRange(time_range or self.time_range, calendar)
