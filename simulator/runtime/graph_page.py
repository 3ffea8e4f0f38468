"""The panels' queries as links to Prometheus's own graphs, for those without a Grafana."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from simulator.drawing.page_templates import page_environment
from simulator.errors import DashboardError
from simulator.grafana.bound_panels import BoundPanel, QueryOptions, bound_panels, with_macros
from simulator.grafana.model import Dashboard
from simulator.grafana.time_ranges import TimeRange, ViewedRange
from simulator.grafana.variable_parsing import ALL
from simulator.grafana.variables import Binding, bind_variables
from simulator.timeline.durations import format_duration

__all__ = ["GraphView", "graph_link", "graph_page"]


@dataclass(frozen=True, slots=True)
class GraphView:
    """How graphs are opened: the dashboards' window, how far back, the scrapes' interval.

    `window` is a duration as Grafana writes it, the others are in seconds.
    """

    window: str
    span_seconds: float
    scrape_seconds: float

    @property
    def span(self) -> str:
        """How far back, as Grafana and Prometheus write it.

        >>> GraphView("5s", 1800.0, 1.0).span
        '30m'
        """
        return format_duration(self.span_seconds)

    @property
    def query(self) -> str:
        """The part of a dashboard's address that sets window and time range.

        >>> GraphView("5s", 1800.0, 1.0).query
        'var-window=5s&from=now-30m&to=now&refresh=5s'
        """
        # a browser that is refreshed more often than it can draw shows nothing sooner
        refresh = format_duration(max(self.scrape_seconds, 5.0))
        return urlencode(
            {
                "var-window": self.window,
                "from": f"now-{self.span}",
                "to": "now",
                "refresh": refresh,
            }
        )


def graph_link(expressions: Sequence[str], view: GraphView) -> str:
    """The address of graphs in Prometheus's pages, from its root on; one graph per expression.

    Of the form that Prometheus gives its alerts' links, which every version opens.

    >>> graph_link(["up"], GraphView("5s", 1800.0, 1.0))
    '/graph?g0.expr=up&g0.tab=0&g0.range_input=30m'
    """
    words = {}
    for i, expression in enumerate(expressions):
        words[f"g{i}.expr"] = expression
        words[f"g{i}.tab"] = "0"
        words[f"g{i}.range_input"] = view.span
    return f"/graph?{urlencode(words)}"


def graph_page(dashboards: Sequence[Dashboard], view: GraphView, *, alerts_path: str) -> str:
    """A console template for Prometheus: what each panel asks, a link to its graphs beside it.

    All instances count. A panel whose queries cannot be read is left out. `alerts_path` is where
    this Prometheus shows its alerts.
    """
    page = page_environment("simulator.runtime").get_template("graphs.html.j2")
    text = page.render(
        boards=[(board.title, list(_links(board, view))) for board in dashboards],
        episodes=graph_link(["simulator_episode_active"], view),
        alerts=alerts_path,
        view=view,
    )
    return text.replace("{{", "{{`{{`}}")  # Prometheus reads it as a template of its own


def _links(board: Dashboard, view: GraphView) -> Iterator[tuple[str, str, str]]:
    """Titles and links of panels, and the first line of what they say of themselves."""
    span = view.span_seconds
    bindings = bind_variables(board.variables, {"window": view.window}, span_ms=span * 1000.0)
    bindings |= {"instance": Binding((ALL,), all_value=".*", is_regex=True)}
    viewed = ViewedRange(TimeRange(last=span))
    options = QueryOptions(span, viewed, format_duration(view.scrape_seconds))
    for bound in bound_panels(board, bindings, options):
        if expressions := _expressions(bound):
            about = bound.panel.description.partition("\n")[0]
            yield bound.panel.title, graph_link(expressions, view), about


def _expressions(bound: BoundPanel) -> list[str]:
    try:
        queries = [with_macros(bound, target)[0].expr for target in bound.panel.queried_targets]
    except DashboardError:
        return []
    return [" ".join(expression.split()) for expression in queries]
