"""What a dashboard's variables stand for; those that list what a Prometheus has are asked."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from simulator.errors import DashboardError, PrometheusError, SimulatorError
from simulator.grafana.bound_panels import QueryOptions
from simulator.grafana.intervals import duration_milliseconds
from simulator.grafana.model import Dashboard, DataSource, Variable
from simulator.grafana.variable_options import variable_options
from simulator.grafana.variable_parsing import ALL
from simulator.grafana.variables import Binding, Given, bind_variables, names_in, substitute
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.variable_queries import variable_answers
from simulator.quoting import quoted

__all__ = ["dashboard_bindings"]


def dashboard_bindings(
    dashboard: Dashboard,
    prometheus: Prometheus,
    given: Given,
    query_options: QueryOptions,
    *,
    since: float | None = None,
) -> dict[str, Binding]:
    """What the dashboard's variables stand for; those filled by a query are asked.

    Their values are those of the time range, or of all the time from `since` on. A variable whose
    query is refused, asks another data source, or stands on such a variable, has that as its error,
    as has one that cannot be read. One that is asked has its query as it was asked.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    start = query_options.start if since is None else since
    span_ms, variables = query_options.span * 1000, dashboard.variables
    options: dict[str, Sequence[str]] = {}
    asked: dict[str, str] = {}
    errors: dict[str, SimulatorError] = {}
    itself = query_options.bindings | _intervals(query_options)
    for variable in variables:
        if variable.unread and not _is_settled(variable, given):
            said = f"variable {quoted(variable.name)}: {variable.unread}"
            errors[variable.name] = DashboardError(said)
        if variable.unread or variable.type != "query" or _is_settled(variable, given):
            continue
        bound = bind_variables(variables, given, span_ms=span_ms, options=options)
        query = substitute(variable.query, itself | bound, style="promql")
        try:
            _require_known(variable, errors)
            answers = variable_answers(query, prometheus, start=start, end=query_options.end)
            options[variable.name] = variable_options(answers, variable.regex, variable.sort)
            asked[variable.name] = query
        except UnreachablePrometheusError:
            raise
        except PrometheusError as error:
            errors[variable.name] = PrometheusError(f"variable {quoted(variable.name)}: {error}")
        except DashboardError as error:
            errors[variable.name] = DashboardError(f"variable {quoted(variable.name)}: {error}")
    bindings = bind_variables(variables, given, span_ms=span_ms, options=options)
    known = {
        name: replace(one, error=errors.get(name), query=asked.get(name, ""))
        for name, one in bindings.items()
    }
    return query_options.bindings | known


def _intervals(query_options: QueryOptions) -> dict[str, Binding]:
    """What macros stand for in the query of a variable: the data source's interval, and the range.

    packages/grafana-prometheus/src/datasource.ts (metricFindQuery).
    """
    interval = query_options.scrape_interval
    seconds = math.floor(query_options.span + 0.5)
    texts = {
        "__interval": interval,
        "__interval_ms": f"{duration_milliseconds(interval):.0f}",
        "__range": f"{seconds}s",
        "__range_s": f"{seconds}",
        "__range_ms": f"{query_options.span * 1000:.0f}",
    }
    return {name: Binding((text,)) for name, text in texts.items()}


def _require_known(variable: Variable, errors: Iterable[str]) -> None:
    """Nothing, where a Prometheus can be asked for the variable's values.

    Raises:
        DashboardError: its query is for another data source, or stands on a variable that nobody
            knows.
    """
    source = variable.data_source or DataSource()
    if not source.is_prometheus:
        name = source.type or source.uid
        raise DashboardError(f"it asks data source {quoted(name)}, not Prometheus")
    if unknown := names_in([variable.query]).intersection(errors):
        raise DashboardError(f"it stands on variable {quoted(min(unknown))}, which nobody knows")


def _is_settled(variable: Variable, given: Given) -> bool:
    value = given.get(variable.name)
    return value is not None and ALL not in ((value,) if isinstance(value, str) else value)
