"""Where a person looks: dashboards, or Prometheus's own pages where there is no Grafana."""

from collections.abc import Mapping, Sequence
from shlex import quote

from simulator.grafana.model import Dashboard
from simulator.installation import shipped
from simulator.runtime.graph_page import GraphView
from simulator.runtime.stack_files import GRAPHS_PAGE
from simulator.timeline.durations import format_duration

__all__ = ["pages", "short_title", "without_grafana"]

_ON_DEBIAN = """\
    https://grafana.com/docs/grafana/latest/setup-grafana/installation/debian/"""
_ON_MAC = "    brew install grafana"
_ELSEWHERE = "    https://grafana.com/grafana/download (its bin folder belongs on PATH)"


def pages(
    urls: Mapping[str, str],
    dashboards: Sequence[Dashboard],
    view: GraphView,
    *,
    alerts_path: str = "/alerts",
) -> dict[str, str]:
    """Links by name, ready to be opened: window and time range are set in them.

    Args:
        urls: where the programs of the stack answer, by name.
        dashboards: those that Grafana shows.
        view: how far back, and over which window.
        alerts_path: where this Prometheus shows its alerts.

    >>> view = GraphView("5s", 1800.0, 1.0)
    >>> board = Dashboard("scoring-ml", "MLOps Scoring Platform - ML Metrics", ())
    >>> at = {"grafana": "http://127.0.0.1:3000", "prometheus": "http://127.0.0.1:9090"}
    >>> pages(at, [board], view)["ML Metrics"]
    'http://127.0.0.1:3000/d/scoring-ml?var-window=5s&from=now-30m&to=now&refresh=5s'
    """
    prometheus = urls["prometheus"]
    alerts = {"alerts": f"{prometheus}{alerts_path}"}
    if grafana := urls.get("grafana"):
        return {short_title(b.title): f"{grafana}/{_path(b, view)}" for b in dashboards} | alerts
    return {"panels": _graphs(prometheus)} | alerts


def without_grafana(
    prometheus_url: str,
    dashboards: Sequence[Dashboard],
    view: GraphView,
    *,
    platform: str,
    has_apt: bool,
) -> str:
    """What to do where there is no Grafana, in lines to be copied; `platform` as `sys.platform`."""
    install = _ON_DEBIAN if has_apt else _ON_MAC if platform == "darwin" else _ELSEWHERE
    importing = quote(str(shipped("dashboards") / "import-grafana-dashboards.sh"))
    opened = "\n".join(f"    http://localhost:3000/{_path(board, view)}" for board in dashboards)
    return f"""\
No Grafana here: neither grafana nor grafana-server is on PATH, nor in
/usr/share/grafana/bin. Every panel's queries are graphs of Prometheus on
    {_graphs(prometheus_url)}
To see the dashboards, install Grafana and start this again:
{install}
Or import them into the Grafana that you have, with a Prometheus data source for
{prometheus_url} and a scrape interval of {format_duration(view.scrape_seconds)}:
    export GRAFANA_URL=http://localhost:3000
    read -rs GRAFANA_TOKEN && export GRAFANA_TOKEN
    {importing}
and open
{opened}"""


def short_title(title: str) -> str:
    """A dashboard's title without what all of them begin with.

    >>> short_title("MLOps Scoring Platform - ML Metrics")
    'ML Metrics'
    """
    return title.rpartition(" - ")[2]


def _graphs(prometheus_url: str) -> str:
    return f"{prometheus_url}/consoles/{GRAPHS_PAGE}"


def _path(board: Dashboard, view: GraphView) -> str:
    return f"d/{board.uid}?{view.query}"
