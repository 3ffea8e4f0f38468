"""What a dashboard's variables stand for; those that list what a Prometheus has are asked."""

import re
from collections.abc import Iterator, Sequence

from simulator.grafana.bound_panels import QueryOptions
from simulator.grafana.model import Dashboard, Variable
from simulator.grafana.value_mappings import field_pattern
from simulator.grafana.variable_parsing import ALL
from simulator.grafana.variables import Binding, Given, bind_variables, substitute
from simulator.observation.prometheus import Prometheus

__all__ = ["dashboard_bindings"]

_LABEL_VALUES = re.compile(r"label_values\(\s*(?:(.+),\s*)?([a-zA-Z_]\w*)\s*\)\s*", re.DOTALL)


def dashboard_bindings(
    dashboard: Dashboard,
    prometheus: Prometheus,
    given: Given,
    query_options: QueryOptions,
    *,
    since: float | None = None,
) -> dict[str, Binding]:
    """What the dashboard's variables stand for; those filled by `label_values(...)` are asked.

    Their values are those of the time range, or of all the time from `since` on. Query variables of
    another form keep the value they were saved with.

    Raises:
        PrometheusError: the query of a variable is refused.
    """
    span_ms, variables = query_options.span * 1000, dashboard.variables
    options: dict[str, Sequence[str]] = {}
    for variable in variables:
        if variable.type != "query" or _is_settled(variable, given):
            continue
        bound = bind_variables(variables, given, span_ms=span_ms, options=options)
        found = _LABEL_VALUES.fullmatch(substitute(variable.query, bound, style="promql"))
        if found:
            values = prometheus.label_values(
                found[2],
                match=found[1] or "",
                start=query_options.start if since is None else since,
                end=query_options.end,
            )
            options[variable.name] = tuple(_kept(variable, values))
    bindings = bind_variables(variables, given, span_ms=span_ms, options=options)
    return query_options.bindings | bindings


def _is_settled(variable: Variable, given: Given) -> bool:
    value = given.get(variable.name)
    return value is not None and ALL not in ((value,) if isinstance(value, str) else value)


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
