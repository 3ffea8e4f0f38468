"""Series of one panel tell apart, and what is shown twice is shown in one way."""

import itertools
from pathlib import Path

import pytest

from simulator.grafana.colors import css_color
from simulator.scenario.platform.api import Routes
from simulator.simulation.requests import REASONS
from simulator.simulation.scorecard import DECISIONS
from tests.support.colour_vision import contrast, distance
from tests.support.dashboard_files import BUSINESS, ML, Json, every_panel, panels

ROUTES = Routes().by_endpoint()


APART = 0.1  # in OKLab: no mistake between thin lines; blue and purple are 0.05 to protanopes
READABLE = 3.0  # WCAG 2.2, 1.4.11: graphical objects
BACKGROUND = "#181B1F"  # of Grafana's dark panels
RISKS = ("Low", "Medium", "High", "Very high")
SERIES = {
    (BUSINESS, "API Response Times"): {" ".join(route) for route in ROUTES.values()},
    (BUSINESS, "Errors by Reason"): set(REASONS),
    (BUSINESS, "Decisions"): set(DECISIONS),
    (BUSINESS, "Risk Level Breakdown"): set(RISKS),
    (BUSINESS, "Consumer Lag"): {"archiver", "risk-monitoring"},
    (BUSINESS, "Credit Score Distribution"): {"Window", "Last 24 h"},
    (BUSINESS, "Scoring Success Rate"): {"Success rate"},
    (ML, "Accuracy over Time"): {"Production", "Canary", "AUC"},
    (ML, "Prediction Latency"): {"p95", "p50"},
    (ML, "Drift over Time"): {"Highest feature", "Score"},
    (ML, "Observed vs Expected Defaults"): {"Observed / expected", "Observed", "Expected"},
}


def overrides(panel: Json) -> dict[str, Json]:
    return {
        o["matcher"]["options"]: {p["id"]: p["value"] for p in o["properties"]}
        for o in panel["fieldConfig"]["overrides"]
    }


def colours(path: Path, title: str) -> dict[str, str]:
    """The CSS colour of each series that has one of its own."""
    return {
        name: css_color(values["color"]["fixedColor"])
        for name, values in overrides(panels(path)[title]).items()
        if "color" in values
    }


def test_each_panel_that_draws_series_is_looked_at() -> None:
    drawing = {"timeseries", "barchart", "piechart"}
    assert {p for p in every_panel() if panels(p[0])[p[1]]["type"] in drawing} == SERIES.keys()


@pytest.mark.parametrize(("path", "title"), SERIES)
def test_each_series_has_a_colour_of_its_own(path: Path, title: str) -> None:
    """One without is given green, yellow, red by Grafana's palette, which look like an alarm."""
    assert colours(path, title).keys() == SERIES[path, title]


@pytest.mark.parametrize(("path", "title"), SERIES)
def test_the_series_of_a_panel_tell_apart_whoever_looks(path: Path, title: str) -> None:
    pairs = itertools.combinations(colours(path, title).items(), 2)
    near = {(a, b): distance(x, y) for (a, x), (b, y) in pairs}
    assert not {names: d for names, d in near.items() if d < APART}


@pytest.mark.parametrize(("path", "title"), [p for p in SERIES if "Risk" not in p[1]])
def test_a_line_stands_out_from_the_background(path: Path, title: str) -> None:
    assert all(contrast(css, BACKGROUND) >= READABLE for css in colours(path, title).values())


def test_blue_and_purple_would_be_seen_as_too_near() -> None:
    assert distance(css_color("blue"), css_color("purple")) < APART


def test_the_darker_the_riskier() -> None:
    found = colours(BUSINESS, "Risk Level Breakdown")
    brightness = [contrast(found[level], "#000000") for level in RISKS]
    assert brightness == sorted(brightness, reverse=True)


@pytest.mark.parametrize("setting", ["unit", "decimals"])
def test_auc_is_written_in_one_way_and_as_accuracy_is(setting: str) -> None:
    written = set()
    for title, name in (("Model Performance Overview", "B"), ("Accuracy over Time", "AUC")):
        panel = panels(ML)[title]
        defaults = panel["fieldConfig"]["defaults"]
        written |= {defaults[setting], overrides(panel)[name].get(setting, defaults[setting])}
    assert len(written) == 1


def test_a_rate_of_violations_says_of_what_in_its_title() -> None:
    (title,) = [title for title in panels(BUSINESS) if title.startswith("Compliance")]
    assert title.endswith("per 10,000")
