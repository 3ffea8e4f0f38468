"""How far back the queries of dashboards look."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from simulator.errors import DashboardError
from simulator.grafana.intervals import Intervals, substitute_macros
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given, bind_variables, substitute
from simulator.promql.selectors import ranges

__all__ = ["LONGEST_LOOK_BACK_SECONDS", "look_back_seconds", "query_look_back_seconds"]

_INTERVALS: Final = Intervals(step=15_000, rate=60_000, range=6 * 3_600_000)
"""Of a dashboard as it is opened most often: the last six hours, scraped every 15 s."""
_SHORTEST_SECONDS: Final = 120.0
LONGEST_LOOK_BACK_SECONDS: Final = 3600.0
"""Days and weeks are sums, not what thresholds are for; trials that long would take hours."""


def look_back_seconds(dashboards: Sequence[Dashboard], variables: Given) -> float:
    """The longest range of all queries, those beyond an hour left out; at least two minutes.

    Raises:
        DashboardError: a variable that was given is not there.
    """
    return _longest(seconds for board in dashboards for seconds in _ranges(board, variables))


def query_look_back_seconds(*queries: str) -> float:
    """The same for some queries.

    >>> query_look_back_seconds("rate(a_total[15m]) > 1"), query_look_back_seconds("up")
    (900.0, 120.0)
    """
    return _longest(seconds for query in queries for seconds in ranges(query))


def _longest(found: Iterable[float]) -> float:
    return max([_SHORTEST_SECONDS, *(s for s in found if s <= LONGEST_LOOK_BACK_SECONDS)])


def _ranges(dashboard: Dashboard, variables: Given) -> Iterator[float]:
    bindings = bind_variables(dashboard.variables, variables, span_ms=6 * 3600 * 1000.0, options={})
    for panel in dashboard.panels:
        for target in panel.targets:
            try:
                text = substitute(target.expr, bindings, style="promql")
            except DashboardError:
                continue  # the panel itself will say so
            yield from ranges(substitute_macros(text, _INTERVALS))
