"""Panels as they are drawn: repeats drawn out, values in place of variables, a time range each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.errors import DashboardError
from simulator.grafana.intervals import (
    Intervals,
    panel_intervals,
    relative_milliseconds,
    substitute_macros,
)
from simulator.grafana.model import Dashboard, FieldConfig, Panel, Target, Transformation
from simulator.grafana.panel_types import panel_type
from simulator.grafana.variables import Bindings, bound_to, substitute
from simulator.quoting import quoted

__all__ = [
    "BoundPanel",
    "ForeignDataSourceError",
    "QueryOptions",
    "bound_panels",
    "require_prometheus",
    "with_macros",
    "with_variables",
]


class ForeignDataSourceError(DashboardError):
    """A target asks another data source than Prometheus."""


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """The time range `span` seconds up to `at`, and the settings that queries are made with.

    `scrape_interval` is the data source's. `max_data_points` is for panels without their own, where
    Grafana takes their width in pixels.
    """

    at: float
    span: float
    scrape_interval: str = "15s"
    max_data_points: int = 1000

    @property
    def start(self) -> float:
        """The beginning of the span, unix seconds."""
        return self.at - self.span


@dataclass(frozen=True, slots=True)
class BoundPanel:
    """A panel as drawn once: with values in place of its variables, and its own time range.

    `shift` is how many seconds earlier than the viewer's its time is.
    """

    panel: Panel
    query_options: QueryOptions
    shift: float = 0.0


def bound_panels(
    dashboard: Dashboard, bindings: Bindings, query_options: QueryOptions
) -> Iterator[BoundPanel]:
    """The panels that show data, each as often as it is drawn, in drawing order."""
    for panel in dashboard.panels:
        if panel_type(panel.type).view == "no data":
            continue
        for scope in _repeated([panel.row_repeat, panel.repeat], bindings):
            yield _with_own_time(with_variables(panel, scope), query_options)


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


def _with_own_time(panel: Panel, viewed: QueryOptions) -> BoundPanel:
    """The panel's own "Relative time" and "Time shift" applied; what is no duration is left."""
    shift = (relative_milliseconds(panel.time_shift) or 0.0) / 1000
    span = relative_milliseconds(panel.time_from) or viewed.span * 1000
    return BoundPanel(panel, replace(viewed, at=viewed.at - shift, span=span / 1000), shift)


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
    return replace(
        target,
        expr=substitute(target.expr, bindings, style="promql"),
        interval=substitute(target.interval, bindings),
        legend_format=substitute(target.legend_format, bindings),
    )


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
    return replace(target, expr=substitute_macros(target.expr, intervals)), intervals


def require_prometheus(panel: Panel, target: Target) -> None:
    """Nothing, where the target may be answered by a Prometheus.

    Raises:
        ForeignDataSourceError: it asks another data source.
    """
    source = panel.source_of(target)
    if not source.is_prometheus:
        name = source.type or source.uid
        raise ForeignDataSourceError(
            f"target {target.ref_id} asks data source {quoted(name)}, not Prometheus"
        )
