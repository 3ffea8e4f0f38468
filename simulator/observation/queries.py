"""What a panel asks of Prometheus, with variables and macros replaced; repeats drawn out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.errors import DashboardError
from simulator.grafana.intervals import (
    Intervals,
    panel_intervals,
    relative_milliseconds,
    substitute_macros,
)
from simulator.grafana.model import Dashboard, Panel, Target, Variable
from simulator.grafana.value_mappings import field_pattern
from simulator.grafana.variables import (
    Binding,
    Bindings,
    Given,
    bind_variables,
    bound_to,
    substitute,
)
from simulator.grafana.views import READ_TYPES
from simulator.observation.prometheus import Prometheus
from simulator.quoting import quoted

__all__ = [
    "BoundPanel",
    "ForeignDataSourceError",
    "QueryOptions",
    "bound_panels",
    "bound_target",
    "dashboard_bindings",
    "require_prometheus",
    "unreadable",
]

_WITHOUT_DATA = frozenset({"row", "text", "news", "dashlist", "alertlist", "annolist", "welcome"})
"""Panels that ask nothing."""

_LABEL_VALUES = re.compile(r"label_values\(\s*(?:(.+),\s*)?([a-zA-Z_]\w*)\s*\)\s*", re.DOTALL)


class ForeignDataSourceError(DashboardError):
    """A target asks another data source than Prometheus."""


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How the dashboards are looked at: the time span, and the data source's settings.

    `max_data_points` is for panels without their own, where Grafana takes their width in pixels.
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
    """A panel as drawn once, with the values its variables have there, and its own time span.

    `shift` is how many seconds earlier than the viewer's its time is.
    """

    panel: Panel
    bindings: Bindings
    query_options: QueryOptions
    shift: float = 0.0

    @property
    def title(self) -> str:
        """The title with variables replaced."""
        return substitute(self.panel.title, self.bindings)


def dashboard_bindings(
    dashboard: Dashboard,
    prometheus: Prometheus,
    given: Given,
    query_options: QueryOptions,
    *,
    since: float | None = None,
) -> dict[str, Binding]:
    """What the dashboard's variables stand for; those filled by `label_values(...)` are asked.

    Their values are those of the span, or of all the time from `since` on. Query variables of
    another form keep the value they were saved with.

    Raises:
        PrometheusError: the query of a variable is refused.
    """
    options: dict[str, Sequence[str]] = {}
    for variable in dashboard.variables:
        if variable.type != "query" or _is_settled(variable, given):
            continue
        bound = bind_variables(
            dashboard.variables, given, span_ms=query_options.span * 1000, options=options
        )
        found = _LABEL_VALUES.fullmatch(substitute(variable.query, bound, style="promql"))
        if found:
            values = prometheus.label_values(
                found[2],
                match=found[1] or "",
                start=query_options.start if since is None else since,
                end=query_options.at,
            )
            options[variable.name] = tuple(_kept(variable, values))
    bindings = bind_variables(
        dashboard.variables, given, span_ms=query_options.span * 1000, options=options
    )
    clock = {"__from": query_options.start, "__to": query_options.at}
    times = {name: Binding((f"{seconds * 1000:.0f}",)) for name, seconds in clock.items()}
    return {**times, **bindings}


def _is_settled(variable: Variable, given: Given) -> bool:
    value = given.get(variable.name)
    return value is not None and "$__all" not in ((value,) if isinstance(value, str) else value)


def _kept(variable: Variable, values: Sequence[str]) -> Iterator[str]:
    """The values the variable's regex keeps: its first group, or the one called "value"."""
    if not variable.regex:
        yield from values
        return
    slashed = variable.regex.startswith("/")
    pattern = field_pattern(variable.regex if slashed else f"/{variable.regex}/")
    for value in values:
        found = pattern.search(value) if pattern else None
        if found:
            yield found.groupdict().get("value") or (found[1] if found.re.groups else found[0])


def bound_panels(
    dashboard: Dashboard, bindings: Bindings, query_options: QueryOptions
) -> Iterator[BoundPanel]:
    """The panels that show data, each as often as it is drawn, in drawing order."""
    for panel in dashboard.panels:
        if panel.type in _WITHOUT_DATA:
            continue
        for bound in _repeated([panel.row_repeat, panel.repeat], bindings):
            shift = (relative_milliseconds(substitute(panel.time_shift, bound)) or 0.0) / 1000
            yield BoundPanel(panel, bound, _panel_time(panel, bound, query_options, shift), shift)


def unreadable(panel: Panel) -> str:
    """Why a panel cannot be read at all; "" for one that can."""
    if panel.library_panel:
        return f"library panel {quoted(panel.library_panel)}: its queries are not in this file"
    return "" if panel.type in READ_TYPES else f"panel type {quoted(panel.type)}"


def _repeated(names: Sequence[str], bindings: Bindings) -> Iterator[Bindings]:
    name, *others = names
    draws: list[Bindings] = [bindings]
    if name in bindings and bindings[name].chosen:
        draws = [bound_to(bindings, name, value) for value in bindings[name].chosen]
    for bound in draws:
        if others:
            yield from _repeated(others, bound)
        else:
            yield bound


def _panel_time(
    panel: Panel, bindings: Bindings, query_options: QueryOptions, shift: float
) -> QueryOptions:
    """The panel's own "Relative time" and "Time shift" applied; what is no duration is left."""
    span = relative_milliseconds(substitute(panel.time_from, bindings)) or query_options.span * 1000
    return replace(query_options, at=query_options.at - shift, span=span / 1000)


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


def bound_target(bound: BoundPanel, target: Target) -> tuple[Target, Intervals]:
    """The target as Prometheus gets it, and its intervals.

    Raises:
        ForeignDataSourceError: the target asks another data source.
        DashboardError: an interval is no duration.
    """
    require_prometheus(bound.panel, target)
    query = replace(
        target,
        interval=substitute(target.interval, bound.bindings),
        legend_format=substitute(target.legend_format, bound.bindings),
    )
    intervals = panel_intervals(
        replace(bound.panel, interval=substitute(bound.panel.interval, bound.bindings)),
        query,
        span_ms=bound.query_options.span * 1000,
        scrape_interval=bound.query_options.scrape_interval,
        max_data_points=bound.query_options.max_data_points,
    )
    expr = substitute(target.expr, bound.bindings, style="promql")
    return replace(query, expr=substitute_macros(expr, intervals)), intervals
