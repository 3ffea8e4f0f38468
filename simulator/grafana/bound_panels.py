"""Panels as they are drawn: repeats drawn out, values in place of variables, a time range each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Self

from simulator.errors import DashboardError, SimulatorError
from simulator.grafana.intervals import (
    Intervals,
    panel_intervals,
    substitute_macros,
)
from simulator.grafana.model import (
    Dashboard,
    DataSource,
    Expression,
    FieldConfig,
    Panel,
    Target,
    Transformation,
)
from simulator.grafana.panel_types import panel_type
from simulator.grafana.time_ranges import Span, ViewedRange
from simulator.grafana.variables import Binding, Bindings, bound_to, names_in, substitute
from simulator.promql.filters import filtered
from simulator.promql.selectors import Matcher, operator_named
from simulator.quoting import quoted

__all__ = [
    "BoundPanel",
    "ForeignDataSourceError",
    "QueryOptions",
    "UnreadQueryError",
    "asks_nothing",
    "bound_panels",
    "names_the_time",
    "require_prometheus",
    "with_macros",
    "with_variables",
]


_TIMES: Final = ("__from", "__to")
_FROM_OR_TO: Final = re.compile(r"\$\{?__(from|to)\b|\[\[__(from|to)\b")


class UnreadQueryError(DashboardError):
    """A target whose answer nobody can tell: it is not read here, or asks another data source."""


class ForeignDataSourceError(UnreadQueryError):
    """A target asks another data source than Prometheus."""


@dataclass(frozen=True)
class QueryOptions:
    """The time range as it is viewed at `now`, and the settings that queries are made with.

    `scrape_interval` is the data source's. `max_data_points` is for panels without their own, where
    Grafana takes their width in pixels. Times are unix seconds.
    """

    now: float
    viewed: ViewedRange = field(default_factory=ViewedRange)
    scrape_interval: str = "15s"
    max_data_points: int = 1000

    @cached_property
    def _span(self) -> Span:
        return self.viewed.at(self.now)

    @property
    def start(self) -> float:
        """The beginning of the range."""
        return self._span[0]

    @property
    def end(self) -> float:
        """The end of the range, which instant queries ask about."""
        return self._span[1]

    @property
    def bindings(self) -> dict[str, Binding]:
        """What `$__from` and `$__to` stand for, milliseconds."""
        times = zip(_TIMES, (self.start, self.end), strict=True)
        return {name: Binding((f"{seconds * 1000:.0f}",)) for name, seconds in times}

    @property
    def utc_offset(self) -> float:
        """How many seconds ahead of UTC the dashboard's clock is."""
        return self.viewed.calendar.utc_offset(self.end)

    @property
    def span(self) -> float:
        """The length of the range; 0 where it ends before it starts."""
        return max(self.end - self.start, 0.0)


@dataclass(frozen=True, slots=True)
class BoundPanel:
    """A panel as drawn once: with values in place of its variables, and its own time range.

    `error` says why nobody can tell what it shows: its dashboard's time is no time, or the query of
    a variable that it uses is refused. `filters` are conditions on each of its queries' selectors.
    """

    panel: Panel
    query_options: QueryOptions
    error: SimulatorError | None = None
    filters: tuple[Matcher, ...] = ()

    def at(self, now: float) -> Self:
        """The panel as it is opened at another moment."""
        return replace(self, query_options=replace(self.query_options, now=now))


def bound_panels(
    dashboard: Dashboard, bindings: Bindings, query_options: QueryOptions
) -> Iterator[BoundPanel]:
    """The panels that show data, each as often as it is drawn, in drawing order."""
    for panel in dashboard.panels:
        if asks_nothing(panel):
            continue
        used = _names(panel)
        error = next((b.error for name, b in bindings.items() if b.error and name in used), None)
        for scope in _repeated([*panel.row_repeats, panel.repeat], bindings):
            bound = _with_own_time(with_variables(panel, scope), query_options)
            yield replace(bound, error=error, filters=_filters(dashboard))


def _names(panel: Panel) -> frozenset[str]:
    """The variables that decide what a panel asks or shows."""
    texts = [panel.title, panel.interval, panel.time_from, panel.time_shift]
    for one in panel.targets:
        texts += [one.expr, one.interval, one.legend_format]
        texts += [one.expression.text] if one.expression is not None else []
    texts += [str(one.options) for one in panel.transformations]
    repeats = {name for name in (panel.repeat, *panel.row_repeats) if name}
    return names_in(texts) | repeats


def _filters(dashboard: Dashboard) -> tuple[Matcher, ...]:
    """The ad-hoc filters of a dashboard; those of other data sources than Prometheus left out."""
    return tuple(
        Matcher(label, operator_named(operator), value)
        for variable in dashboard.variables
        if (variable.data_source or DataSource()).is_prometheus
        for label, operator, value in variable.filters
    )


def asks_nothing(panel: Panel) -> bool:
    """Whether the panel is there for something else than data: texts, lists, and all without query.

    >>> [asks_nothing(Panel("panels[0]", 1, "", kind)) for kind in ("text", "stat")]
    [True, False]
    """
    kind = panel_type(panel.type)
    has_no_query = not (panel.targets or panel.unresolved)
    return kind.view == "no data" or (kind.view == "unknown" and has_no_query)


def _repeated(names: Sequence[str], bindings: Bindings) -> Iterator[Bindings]:
    name, *others = names
    draws: list[Bindings] = [bindings]
    if name in bindings and bindings[name].chosen:
        draws = [bound_to(bindings, name, value) for value in bindings[name].chosen]
    for scope in draws:
        if others:
            yield from _repeated(others, scope)
        else:
            yield scope


def _with_own_time(panel: Panel, opened: QueryOptions) -> BoundPanel:
    """The panel's own "Relative time" and "Time shift" applied."""
    viewed = replace(opened.viewed, time_from=panel.time_from, time_shift=panel.time_shift)
    return BoundPanel(panel, replace(opened, viewed=viewed))


def with_variables(panel: Panel, bindings: Bindings) -> Panel:
    """The panel with values in place of variables wherever they decide what it asks or shows.

    Macros such as `$__interval` and a field's own `${__field.name}` stay: they are no variables.
    """
    return replace(
        panel,
        title=substitute(panel.title, bindings),
        interval=substitute(panel.interval, bindings),
        time_from=substitute(panel.time_from, bindings),
        time_shift=substitute(panel.time_shift, bindings),
        targets=tuple(_target(target, bindings) for target in panel.targets),
        transformations=tuple(_transformation(one, bindings) for one in panel.transformations),
        field_config=_field_config(panel.field_config, bindings),
    )


def _target(target: Target, bindings: Bindings) -> Target:
    timeless = {name: value for name, value in bindings.items() if name not in _TIMES}
    return replace(
        target,
        expr=substitute(target.expr, timeless, style="promql"),
        interval=substitute(target.interval, bindings),
        legend_format=substitute(target.legend_format, bindings),
        expression=None if target.expression is None else _expression(target.expression, bindings),
    )


def _expression(expression: Expression, bindings: Bindings) -> Expression:
    options = {key: _everywhere(value, bindings) for key, value in expression.options.items()}
    return replace(expression, text=substitute(expression.text, bindings), options=options)


def _transformation(transformation: Transformation, bindings: Bindings) -> Transformation:
    options = {key: _everywhere(value, bindings) for key, value in transformation.options.items()}
    return replace(transformation, options=options)


def _everywhere(value: object, bindings: Bindings) -> object:
    match value:
        case str():
            return substitute(value, bindings)
        case list():
            return [_everywhere(item, bindings) for item in value]
        case dict():
            return {key: _everywhere(item, bindings) for key, item in value.items()}
    return value


def _field_config(config: FieldConfig, bindings: Bindings) -> FieldConfig:
    def bound(name: str, value: object) -> object:
        is_text = name == "displayName" and isinstance(value, str)
        return substitute(str(value), bindings) if is_text else value

    return FieldConfig(
        defaults={name: bound(name, value) for name, value in config.defaults.items()},
        overrides=tuple(
            replace(one, properties=tuple((name, bound(name, v)) for name, v in one.properties))
            for one in config.overrides
        ),
    )


def with_macros(bound: BoundPanel, target: Target) -> tuple[Target, Intervals]:
    """A target of the panel as Prometheus gets it, and its intervals.

    Raises:
        ForeignDataSourceError: it asks another data source.
        DashboardError: an interval is no duration.
    """
    require_prometheus(bound.panel, target)
    intervals = panel_intervals(
        bound.panel,
        target,
        span_ms=bound.query_options.span * 1000,
        scrape_interval=bound.query_options.scrape_interval,
        max_data_points=bound.query_options.max_data_points,
    )
    expr = substitute(target.expr, bound.query_options.bindings, style="promql")
    expr = _filtered(substitute_macros(expr, intervals), bound.filters)
    return replace(target, expr=expr), intervals


def _filtered(query: str, filters: Sequence[Matcher]) -> str:
    for one in filters:
        found = filtered(query, one)
        if found is None:
            raise DashboardError(f"the ad-hoc filter {one} cannot be put into {quoted(query)}")
        query = found
    return query


def names_the_time(target: Target) -> bool:
    """Whether the text of the query is another one at every moment, as with `$__from`."""
    return bool(_FROM_OR_TO.search(target.expr))


def require_prometheus(panel: Panel, target: Target) -> None:
    """Nothing, where the target may be answered by a Prometheus.

    Raises:
        ForeignDataSourceError: it asks another data source.
    """
    source = panel.source_of(target)
    if not source.is_prometheus:
        raise ForeignDataSourceError(
            f"target {target.ref_id} asks data source {quoted(source.name)}, not Prometheus"
        )
