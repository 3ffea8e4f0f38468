"""Panels as Prometheus's graphs, and where a person is sent."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.grafana.model import Dashboard, Panel, Target
from simulator.runtime.graph_page import GraphView, graph_link, graph_page
from simulator.runtime.links import pages, short_title, without_grafana
from simulator.runtime.stack_files import own_dashboards
from tests.support.checkout import CHECKOUT

DASHBOARDS = own_dashboards()
SCRIPT = CHECKOUT / "dashboards" / "import-grafana-dashboards.sh"
VIEW = GraphView("5s", 1800.0, 1.0)
PROMETHEUS = {"prometheus": "http://127.0.0.1:40003"}
WITH_GRAFANA = {**PROMETHEUS, "grafana": "http://127.0.0.1:40004"}


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<dt><a href="([^"]+)">([^<]+)</a>', page)
    return {unescape(name): unescape(link) for link, name in found}


def expressions(link: str) -> list[str]:
    asked = parse_qs(urlsplit(link).query)
    return [asked[f"g{i}.expr"][0] for i in range(len(asked) // 3)]


def board(title: str, *targets: Target) -> Dashboard:
    return Dashboard("a", "A", (Panel("panels.0", 1, title, "stat", targets),))


def test_every_panel_of_the_dashboards_has_its_queries_as_graphs() -> None:
    found = links(graph_page(DASHBOARDS, VIEW, alerts_path="/alerts"))
    for panel in (panel for one in DASHBOARDS for panel in one.panels):
        if panel.queried_targets:
            assert len(expressions(found[panel.title])) == len(panel.queried_targets)


def test_no_variable_is_left_in_a_query() -> None:
    found = links(graph_page(DASHBOARDS, VIEW, alerts_path="/alerts"))
    asked = [e for link in found.values() if "/graph" in link for e in expressions(link)]
    assert not [e for e in asked if re.search(r"\$[a-z_{]", e)]
    assert any("[5s]" in e for e in asked)


def test_every_instance_counts() -> None:
    found = links(graph_page(DASHBOARDS, VIEW, alerts_path="/alerts"))
    assert 'instance=~".*"' in expressions(found["Consumer Lag"])[0]


def test_a_graph_goes_as_far_back_as_the_demo_lasts() -> None:
    assert parse_qs(urlsplit(graph_link(["up"], VIEW)).query)["g0.range_input"] == ["30m"]


def test_prometheus_takes_no_text_of_the_page_for_a_template_of_its_own() -> None:
    page = graph_page(
        [board("Lag {{ query `up` }}", Target("A", 'x{a="{{b}}"}'))], VIEW, alerts_path="/alerts"
    )
    assert "{{" not in page.replace("{{`{{`}}", "")


def test_a_panel_that_asks_nothing_is_left_out() -> None:
    assert "Empty" not in links(graph_page([board("Empty")], VIEW, alerts_path="/alerts"))


def test_links_to_dashboards_have_their_window_and_time_range_set() -> None:
    found = pages(WITH_GRAFANA, DASHBOARDS, VIEW)
    assert set(found) == {"ML Metrics", "Business Metrics", "alerts"}
    query = "var-window=5s&from=now-30m&to=now&refresh=5s"
    assert found["Business Metrics"] == f"http://127.0.0.1:40004/d/scoring-business?{query}"


def test_without_a_grafana_there_are_graphs_and_alerts_of_prometheus() -> None:
    found = pages(PROMETHEUS, DASHBOARDS, VIEW, alerts_path="/classic/alerts")
    assert found == {
        "panels": "http://127.0.0.1:40003/consoles/panels.html",
        "alerts": "http://127.0.0.1:40003/classic/alerts",
    }


@pytest.mark.parametrize(
    ("platform", "has_apt", "said"),
    [
        ("linux", True, "/setup-grafana/installation/debian/"),
        ("darwin", False, "brew install grafana"),
        ("linux", False, "https://grafana.com/grafana/download"),
    ],
)
def test_what_to_do_without_a_grafana_is_said_in_commands(
    platform: str,
    has_apt: bool,  # noqa: FBT001 - a table
    said: str,
) -> None:
    note = without_grafana(
        "http://127.0.0.1:40003", DASHBOARDS, VIEW, platform=platform, has_apt=has_apt
    )
    assert note.startswith("No Grafana here")
    for words in (said, str(SCRIPT), "http://127.0.0.1:40003/consoles/panels.html"):
        assert words in note
    for one in DASHBOARDS:
        assert f"/d/{one.uid}?var-window=5s&from=now-30m" in note


def test_what_is_said_beside_commands_fits_a_narrow_terminal() -> None:
    note = without_grafana(
        "http://127.0.0.1:40003", DASHBOARDS, VIEW, platform="linux", has_apt=True
    )
    said = [line for line in note.splitlines() if not line.startswith("    ")]
    assert max(map(len, said)) <= 80


def test_a_title_that_is_short_already_stays() -> None:
    assert short_title("Lag") == "Lag"
