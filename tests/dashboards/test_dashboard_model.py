"""What the two JSON files promise, whatever the data."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.scenario.platform.api import Routes
from simulator.simulation.requests import REASONS
from simulator.simulation.scorecard import DECISIONS
from tests.support.dashboard_files import (
    BOTH,
    BUSINESS,
    FOLDER,
    ML,
    Json,
    dashboard,
    every_panel,
    panels,
)

ROUTES = Routes().by_endpoint()


REQUIRED = {
    ML: [
        "Model Performance Overview",
        "Prediction Latency",
        "Model Drift Detection",
        "Observed vs Expected Defaults",
        "Feature Importance",
        "Model Versions",
    ],
    BUSINESS: [
        "Daily Scoring Requests",
        "Scoring Success Rate",
        "Credit Score Distribution",
        "Risk Level Breakdown",
        "API Response Times",
        "Data Pipeline Health",
        "Compliance Violations per 10,000",
    ],
}
SINCE_8_0 = {"timeseries", "stat", "bargauge", "table", "barchart", "piechart", "row"}
DATA_SOURCE = "${datasource}"
"""A string: Grafana 8.0 to 8.2 read nothing else, newer ones turn it into a reference themselves,
as they do for every dashboard below schema version 33."""

LATENCY = [("green", None), ("orange", 0.1), ("red", 0.25)]
PIPELINE = (BUSINESS, "Data Pipeline Health")
COMPLIANCE = "Compliance Violations per 10,000"
THRESHOLDS = [
    (ML, "Model Performance Overview", None, [("red", None), ("orange", 0.66), ("green", 0.7)]),
    (ML, "Accuracy over Time", None, [("red", None), ("orange", 0.66), ("green", 0.7)]),
    (ML, "Observed vs Expected Defaults", None, [("green", None), ("orange", 1.4), ("red", 1.8)]),
    (ML, "Prediction Latency", None, LATENCY),
    (ML, "Model Drift Detection", "PSI", LATENCY),
    (ML, "Drift over Time", None, LATENCY),
    (BUSINESS, "Scoring Success Rate", None, [("red", None), ("orange", 0.95), ("green", 0.991)]),
    (BUSINESS, "API Response Times", None, [("green", None), ("orange", 0.4), ("red", 1)]),
    (BUSINESS, COMPLIANCE, None, [("green", None), ("orange", 4), ("red", 9)]),
    (*PIPELINE, "Kafka consumer lag", [("green", None), ("orange", 1000), ("red", 10000)]),
    (*PIPELINE, "Kafka under-replicated", [("green", None), ("orange", 1)]),
    (*PIPELINE, "Kafka below min ISR", [("green", None), ("red", 1)]),
    (*PIPELINE, "MinIO drives offline", [("green", None), ("orange", 1)]),
    (*PIPELINE, "MinIO write quorum", [("red", None), ("green", 1)]),
    (*PIPELINE, "MinIO free space", [("red", None), ("orange", 0.1), ("green", 0.2)]),
    (BUSINESS, "Consumer Lag", None, [("green", None), ("orange", 1000), ("red", 10000)]),
]
ALARM = {"orange", "red"}
GROUPS = {"archiver", "risk-monitoring"}
LABEL_VALUES = {*GROUPS, *DECISIONS, *REASONS, *(" ".join(route) for route in ROUTES.values())}


def steps(thresholds: Json) -> list[tuple[str, float | None]]:
    assert thresholds["mode"] == "absolute"
    return [(s["color"], s["value"]) for s in thresholds["steps"]]


def overrides(panel: Json) -> dict[str, dict[str, Any]]:
    return {
        o["matcher"]["options"]: {p["id"]: p["value"] for p in o["properties"]}
        for o in panel["fieldConfig"]["overrides"]
    }


def objects(node: object) -> list[Json]:
    """Every JSON object below a node, itself included."""
    children = list(node.values()) if isinstance(node, dict) else node
    inner = [o for child in children for o in objects(child)] if isinstance(children, list) else []
    return [node, *inner] if isinstance(node, dict) else inner


@pytest.mark.parametrize("path", BOTH)
def test_every_required_panel_is_there_exactly_once(path: Path) -> None:
    titles = [p["title"] for p in dashboard(path)["panels"]]
    assert {t: titles.count(t) for t in REQUIRED[path]} == dict.fromkeys(REQUIRED[path], 1)


def test_there_are_thirteen_required_panels() -> None:
    assert sum(len(titles) for titles in REQUIRED.values()) == 13


@pytest.mark.parametrize(
    ("path", "uid", "title"),
    [
        (ML, "scoring-ml", "MLOps Scoring Platform - ML Metrics"),
        (BUSINESS, "scoring-business", "MLOps Scoring Platform - Business Metrics"),
    ],
)
def test_uid_and_title_are_fixed(path: Path, uid: str, title: str) -> None:
    board = dashboard(path)
    assert (board["uid"], board["title"], board["id"]) == (uid, title, None)


@pytest.mark.parametrize("path", BOTH)
def test_panel_ids_are_unique(path: Path) -> None:
    ids = [p["id"] for p in dashboard(path)["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", BOTH)
def test_panels_fill_the_grid_without_overlap(path: Path) -> None:
    cells = [
        (x, y)
        for g in (p["gridPos"] for p in dashboard(path)["panels"])
        for x, y in itertools.product(
            range(g["x"], g["x"] + g["w"]), range(g["y"], g["y"] + g["h"])
        )
    ]
    height = max(y for _, y in cells) + 1
    assert len(set(cells)) == len(cells)
    assert set(cells) == set(itertools.product(range(24), range(height)))


@pytest.mark.parametrize("path", BOTH)
def test_only_core_panels_of_grafana_8_0_are_used(path: Path) -> None:
    assert {p["type"] for p in dashboard(path)["panels"]} <= SINCE_8_0


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_a_panel_says_what_it_shows_and_what_emptiness_means(path: Path, title: str) -> None:
    panel = panels(path)[title]
    assert len(panel["description"]) > 80
    assert panel["fieldConfig"]["defaults"]["noValue"]
    assert panel["fieldConfig"]["defaults"]["unit"]


@pytest.mark.parametrize(("path", "title", "field", "expected"), THRESHOLDS)
def test_threshold_steps_are_those_of_the_design(
    path: Path, title: str, field: str | None, expected: list[tuple[str, float | None]]
) -> None:
    panel = panels(path)[title]
    found = overrides(panel)[field] if field else panel["fieldConfig"]["defaults"]
    assert steps(found["thresholds"]) == expected


def test_no_other_field_has_an_alarm_colour() -> None:
    designed = {(path, title, field) for path, title, field, _ in THRESHOLDS}
    for path, title in every_panel():
        panel = panels(path)[title]
        named: list[tuple[str | None, Json]] = [*overrides(panel).items()]
        for name, field in [(None, panel["fieldConfig"]["defaults"]), *named]:
            colours = {c for c, _ in steps(field["thresholds"])} if "thresholds" in field else set()
            assert not colours & ALARM or (path, title, name) in designed, (title, name)


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_no_series_is_painted_in_an_alarm_colour(path: Path, title: str) -> None:
    fixed = [
        o["color"]["fixedColor"] for o in overrides(panels(path)[title]).values() if "color" in o
    ]
    assert not [c for c in fixed if c.rpartition("-")[2] in ALARM | {"green"}]


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_thresholds_are_written_out_because_grafana_adds_red_from_80(
    path: Path, title: str
) -> None:
    first = panels(path)[title]["fieldConfig"]["defaults"]["thresholds"]["steps"][0]
    assert first["value"] is None


@pytest.mark.parametrize("ref_id", ["B", "C"])
def test_auc_does_not_take_the_thresholds_of_accuracy(ref_id: str) -> None:
    overview = overrides(panels(ML)["Model Performance Overview"])
    history = overrides(panels(ML)["Accuracy over Time"])
    found = {"B": overview["B"], "C": history["AUC"]}[ref_id]
    assert len(steps(found["thresholds"])) == 1


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_overrides_by_name_match_a_field_that_exists(path: Path, title: str) -> None:
    panel = panels(path)[title]
    names = {t["legendFormat"] for t in panel["targets"]}
    for transformation in panel.get("transformations", []):
        names |= set(transformation["options"].get("renameByName", {}).values())
    for override in panel["fieldConfig"]["overrides"]:
        known = (
            {t["refId"] for t in panel["targets"]}
            if override["matcher"]["id"] == "byFrameRefID"
            else names | LABEL_VALUES
        )
        assert override["matcher"]["options"] in known


@pytest.mark.parametrize("path", BOTH)
def test_the_data_source_is_the_variable_everywhere(path: Path) -> None:
    sources = [o["datasource"] for o in objects(dashboard(path)) if "datasource" in o]
    assert len(sources) >= len(panels(path)) + 3  # two annotations, one variable
    assert all(s == DATA_SOURCE for s in sources)


@pytest.mark.parametrize("path", BOTH)
def test_targets_take_the_data_source_of_their_panel(path: Path) -> None:
    for panel in panels(path).values():
        assert panel["datasource"] == DATA_SOURCE
        assert not any("datasource" in t for t in panel["targets"])


@pytest.mark.parametrize("path", BOTH)
def test_the_file_imports_without_questions(path: Path) -> None:
    board = dashboard(path)
    assert not {"__inputs", "__elements", "spec", "apiVersion"} & set(board)
    assert "${DS_" not in json.dumps(board)
    assert (board["schemaVersion"], board["editable"], board["refresh"]) == (30, True, "10s")


@pytest.mark.parametrize("path", BOTH)
def test_both_dashboards_have_the_same_variables(path: Path) -> None:
    variables = {v["name"]: v for v in dashboard(path)["templating"]["list"]}
    assert list(variables) == ["datasource", "window", "instance"]
    assert (variables["datasource"]["type"], variables["datasource"]["query"]) == (
        "datasource",
        "prometheus",
    )
    window = variables["window"]
    assert window["query"] == "5s,15s,1m,5m,15m,1h,6h"
    assert [o["value"] for o in window["options"]] == window["query"].split(",")
    assert [o["value"] for o in window["options"] if o["selected"]] == ["15m"]
    assert window["current"]["value"] == "15m"
    instance = variables["instance"]
    assert instance["query"]["query"] == "label_values(simulator_build_info, instance)"
    assert (instance["multi"], instance["includeAll"], instance["allValue"]) == (True, True, ".*")
    assert instance["refresh"] == 2


@pytest.mark.parametrize(("path", "other"), [(ML, BUSINESS), (BUSINESS, ML)])
def test_the_dashboards_link_to_each_other_and_keep_time_and_variables(
    path: Path, other: Path
) -> None:
    (link,) = dashboard(path)["links"]
    assert link["url"] == f"/d/{dashboard(other)['uid']}"
    assert (link["keepTime"], link["includeVars"]) == (True, True)


@pytest.mark.parametrize("path", BOTH)
def test_episodes_are_annotated_in_a_colour_that_is_no_alarm(path: Path) -> None:
    for annotation in dashboard(path)["annotations"]["list"]:
        assert "{{kind}}" in annotation["textFormat"]
        assert "{{episode}}" in annotation["textFormat"]
        assert annotation["expr"] == annotation["target"]["expr"]
        assert annotation["iconColor"] == "#B877D9"


@pytest.mark.parametrize("path", BOTH)
def test_spans_are_off_at_first_because_many_of_them_hide_the_thresholds(path: Path) -> None:
    shown = {a["name"]: a["enable"] for a in dashboard(path)["annotations"]["list"]}
    assert shown == {"Episodes": True, "Episode spans": False}


@pytest.mark.parametrize("title", ["Prediction Latency", "Accuracy over Time", "Drift over Time"])
def test_thresholds_of_the_ml_time_series_are_drawn(title: str) -> None:
    custom = panels(ML)[title]["fieldConfig"]["defaults"]["custom"]
    assert custom["thresholdsStyle"]["mode"] == "line+area"


@pytest.mark.parametrize("title", ["Scoring Success Rate", "API Response Times", "Consumer Lag"])
def test_thresholds_of_the_business_time_series_are_drawn(title: str) -> None:
    custom = panels(BUSINESS)[title]["fieldConfig"]["defaults"]["custom"]
    assert custom["thresholdsStyle"]["mode"] == "line+area"


def test_coloured_cells_are_said_in_the_old_and_in_the_new_way() -> None:
    psi = overrides(panels(ML)["Model Drift Detection"])["PSI"]
    assert psi["custom.displayMode"] == "color-background"
    assert psi["custom.cellOptions"] == {"type": "color-background", "mode": "gradient"}


def test_the_drift_table_shows_the_worst_feature_first() -> None:
    last = panels(ML)["Model Drift Detection"]["transformations"][-1]
    assert last["id"] == "sortBy"
    assert last["options"]["sort"] == [{"field": "PSI", "desc": True}]


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_table_answers_are_asked_for_as_instant_tables(path: Path, title: str) -> None:
    panel = panels(path)[title]
    wants_table = panel["type"] in {"table", "barchart"}
    assert all((t["format"] == "table") == wants_table for t in panel["targets"])
    assert all(t["instant"] != t["range"] for t in panel["targets"])
    assert all(t["range"] == (panel["type"] == "timeseries") for t in panel["targets"])


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_the_number_of_a_tile_is_as_large_as_there_is_room(path: Path, title: str) -> None:
    """A fixed size lets millions run into the next tile on a narrow screen."""
    panel = panels(path)[title]
    if panel["type"] == "stat":
        assert "valueSize" not in panel["options"]["text"]


@pytest.mark.parametrize("path", BOTH)
def test_counters_are_asked_for_their_rate_as_the_linter_wants(path: Path) -> None:
    exclusions = yaml.safe_load((FOLDER / ".lint").read_text())["exclusions"]
    excluded = {e["panel"] for e in exclusions["target-counter-agg-rule"]["entries"]}
    for title in panels(path).keys() - excluded:
        for target in panels(path)[title]["targets"]:
            bare = re.sub(r"\b(rate|increase)\(\w+_total\b", "", target["expr"])
            assert not re.search(r"\w+_total\b", bare), title


def test_each_exclusion_of_the_linter_has_a_reason_and_a_panel_that_exists() -> None:
    exclusions = yaml.safe_load((FOLDER / ".lint").read_text())["exclusions"]
    titles = {dashboard(path)["title"]: panels(path) for path in BOTH}
    for rule in exclusions.values():
        assert len(rule["reason"]) > 30
        for entry in rule["entries"]:
            assert entry.get("panel") in {None, *titles[entry["dashboard"]]}


@pytest.mark.parametrize("name", ["ml-dashboard.png", "business-dashboard.png"])
def test_the_pictures_are_wide_enough_to_read_and_small_enough_to_load(name: str) -> None:
    png = (FOLDER.parent / "docs" / "images" / name).read_bytes()
    width = int.from_bytes(png[16:20], "big")  # IHDR's first field, after signature and its head
    assert png.startswith(b"\x89PNG\r\n")
    assert (width, len(png) < 400_000) == (1600, True)
    assert f"docs/images/{name}" in (FOLDER / "README.md").read_text()


def readme_section(title: str) -> str:
    text = (FOLDER / "README.md").read_text()
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_readme_describes_every_panel() -> None:
    for path, title in every_panel():
        assert f"| {title} |" in readme_section("What each panel shows"), path.name
