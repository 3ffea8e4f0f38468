"""Nothing in a file is left out in silence: each panel is judged, or named as asking nothing."""

import itertools
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from simulator.cli.cover_view import coverage_table
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.report.html.page import html_report
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.grafana.panel_types import PANEL_TYPES, SUCCESSORS
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble

Json = dict[str, Any]
TYPES = sorted({*PANEL_TYPES, *SUCCESSORS, "somebodys-panel", ""} - {"row"})
SOURCES = [None, "Loki", "-- Mixed --", {"type": "prometheus"}, {"type": "__expr__"}, {}]
TARGETS = st.fixed_dictionaries(
    {},
    optional={
        "expr": st.sampled_from(["up", "", "sum(up)"]),
        "hide": st.booleans(),
        "instant": st.booleans(),
        "panelId": st.integers(1, 3),
        "datasource": st.sampled_from(SOURCES),
        "type": st.sampled_from(["math", "reduce", "sql"]),
        "expression": st.sampled_from(["$A", "1 +", ""]),
    },
)
PANELS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES)},
    optional={
        "id": st.integers(1, 3),
        "title": st.sampled_from(["", "Load"]),
        "targets": st.lists(TARGETS, max_size=2),
        "datasource": st.sampled_from(SOURCES),
        "libraryPanel": st.just({"uid": "u", "name": "Shared"}),
        "repeat": st.sampled_from(["job", "nobody", 7, ["job"]]),
        "transformations": st.lists(
            st.sampled_from([{"id": "merge"}, {"id": "spatial"}]), max_size=1
        ),
    },
)
ODD: st.SearchStrategy[object] = st.sampled_from([7, None, "stat", []])
ROWS = st.fixed_dictionaries(
    {"type": st.just("row"), "panels": st.lists(PANELS | ODD, max_size=2)},
    optional={"title": st.sampled_from(["Row", 7, {}]), "repeat": st.sampled_from(["job", False])},
)
OLD_ROWS = st.fixed_dictionaries({"panels": st.lists(PANELS, max_size=2)})
JOBS = {
    "name": "job",
    "type": "custom",
    "query": "a,b",
    "multi": True,
    "current": {"value": "$__all"},
}


def titled(panels: list[Any], count: Iterator[int]) -> list[Any]:
    """The panels, each with a title of its own, those in rows too."""
    found = []
    for one in panels:
        title = {"title": f"Panel {next(count)}."}
        if isinstance(one, dict) and one.get("type") == "row":
            found.append({**one, "panels": titled(one["panels"], count)})
        else:
            found.append({**one, **title} if isinstance(one, dict) else one)
    return found


def held(panels: list[Any]) -> int:
    rows = [one for one in panels if isinstance(one, dict) and one.get("type") == "row"]
    return len(panels) - len(rows) + sum(held(row["panels"]) for row in rows)


@pytest.fixture(scope="module")
def empty() -> Iterator[Prometheus]:
    """A Prometheus that has nothing."""
    with PrometheusDouble() as double:
        double.gives("query_range", "matrix", [])
        double.says("series", {"status": "success", "data": []})
        double.says("label/__name__/values", {"status": "success", "data": []})
        with Prometheus(double.url) as prometheus:
            yield prometheus


@given(
    panels=st.lists(PANELS | ROWS | ODD, max_size=4),
    rows=st.lists(OLD_ROWS, max_size=2),
    version=st.sampled_from([12, 22, 27, 41]),
)
def test_panels_and_exclusions_add_up_to_what_a_file_holds(
    empty: Prometheus, panels: list[Any], rows: list[Json], version: int
) -> None:
    content = {"title": "B", "panels": panels, "rows": rows, "schemaVersion": version}
    board = dashboard_from({**content, "templating": {"list": [JOBS]}})
    (found,) = cover([board], empty, CoverPlan(985.0, 1030.0)).dashboards
    judged = {one.path for one in found.panels}  # as often as they repeat
    named = [one.path for one in found.excluded]
    assert len(named) == len(set(named))
    assert not judged.intersection(named)
    assert len(judged) + len(named) == held(panels) + sum(held(row["panels"]) for row in rows)
    assert all(one.reason or one.fields for one in found.panels)


@settings(max_examples=10)
@given(panels=st.lists(PANELS | ROWS, max_size=3))
def test_every_report_names_each_panel_of_a_file(empty: Prometheus, panels: list[Any]) -> None:
    content = {"panels": titled(panels, itertools.count()), "templating": {"list": [JOBS]}}
    board = dashboard_from({**content, "title": "B"})
    names = {one.title or one.path for one in board.panels}
    found = cover([board], empty, CoverPlan(985.0, 1030.0))

    (in_json,) = coverage_json(found)["dashboards"]
    listed = [one["title"] or one["path"] for one in (*in_json["panels"], *in_json["excluded"])]
    assert set(listed) == names

    (suite,) = ET.fromstring(junit_xml(found)).findall("testsuite")  # noqa: S314 - our own
    assert {str(one.get("classname")).partition(" / ")[2] for one in suite} == names
    assert suite.get("skipped") == str(len(in_json["excluded"]))

    console = Console(width=200)
    with console.capture() as printed:
        console.print(coverage_table(found, width=200))
    page, text = html_report(found), printed.get()
    assert [name for name in names if name not in page] == []
    assert [name for name in names if name not in text] == []
    n_judged = len({panel.path for panel in found.panels})
    assert n_judged + len(found.excluded) == len(names)
