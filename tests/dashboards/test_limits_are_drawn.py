"""Every orange and red limit is within what its panel draws, with room beyond it."""

import math
from pathlib import Path

import pytest

from tests.support.dashboard_files import BUSINESS, Json, every_panel, panels
from tests.support.limits import COLOURED, Coloured

ROOM = 0.05  # of an axis, beyond the outermost limit


def ends(field: Coloured) -> tuple[float | None, float | None]:
    """From where to where a panel's axis or bars go at least.

    Grafana heeds soft ends on linear axes alone: a logarithmic one goes from power to power of
    what it shows (UPlotScaleBuilder of @grafana/ui 8 to 13).
    """
    config = field.config
    custom = config.get("custom", {})
    soft: Json = custom if scale(field)["type"] == "linear" else {}
    return (
        config.get("min", soft.get("axisSoftMin")),
        config.get("max", soft.get("axisSoftMax")),
    )


def scale(field: Coloured) -> Json:
    linear: Json = {"type": "linear"}
    distribution: Json = field.config.get("custom", {}).get("scaleDistribution", linear)
    return distribution


def height(value: float, low: float, high: float, distribution: Json) -> float:
    """Where a value is on an axis, 0 at its foot and 1 at its top."""
    if distribution["type"] == "symlog":  # linear up to the threshold, logarithmic from there
        within = distribution["linearThreshold"]
        value, low, high = (math.asinh(v / within) for v in (value, low, high))
    return (value - low) / (high - low)


DRAWN = [f for f in COLOURED if f.panel["type"] in {"timeseries", "bargauge", "gauge", "barchart"}]
of_each_drawn = pytest.mark.parametrize("field", DRAWN, ids=lambda f: f.title)


def test_eight_panels_draw_their_limits() -> None:
    assert len(DRAWN) == 8


@of_each_drawn
def test_an_axis_holds_every_limit_with_room_beyond(field: Coloured) -> None:
    low, high = ends(field)
    assert low is not None
    assert high is not None
    steps = [s["value"] for s in field.config["thresholds"]["steps"] if s["value"] is not None]
    heights = [height(value, low, high, scale(field)) for value in steps]
    assert min(heights) >= ROOM
    assert max(heights) <= 1 - ROOM


@pytest.mark.parametrize("field", COLOURED, ids=lambda f: f"{f.title} {f.name}")
def test_a_maximum_is_above_every_limit(field: Coloured) -> None:
    steps = [s["value"] for s in field.config["thresholds"]["steps"] if s["value"] is not None]
    assert max(steps) < field.config.get("max", math.inf)
    assert min(steps) > field.config.get("min", -math.inf)


def test_a_lag_of_an_incident_does_not_hide_the_usual_one() -> None:
    (lag,) = [f for f in COLOURED if f.title == "Consumer Lag"]
    low, high = ends(lag)
    assert scale(lag) == {"type": "symlog", "log": 10, "linearThreshold": 10}
    assert (low, high) == (0, 100_000_000)
    usual = height(100.0, 0.0, 100_000_000.0, scale(lag))
    assert usual > 0.15


@pytest.mark.parametrize(("path", "title"), every_panel())
def test_an_axis_of_shares_is_not_rounded_up_to_whole_ones(path: Path, title: str) -> None:
    """With no decimals, Grafana 11 to 13 end an axis at a whole number: 25 % under one of 100 %."""
    panel = panels(path)[title]
    defaults = panel["fieldConfig"]["defaults"]
    if panel["type"] in {"timeseries", "barchart"} and defaults["unit"] == "percentunit":
        assert defaults.get("decimals") != 0 or defaults.get("max") == 1


def test_the_score_bands_are_groups_of_two_bars_of_one_frame() -> None:
    """Grafana draws the first frame only; merged on time and band it holds both queries."""
    panel = panels(BUSINESS)["Credit Score Distribution"]
    merge, organize, sort = panel["transformations"]
    assert (merge["id"], organize["id"], sort["id"]) == ("merge", "organize", "sortBy")
    assert {t["format"] for t in panel["targets"]} == {"table"}
    assert all(t["instant"] and not t["range"] for t in panel["targets"])
    assert panel["options"]["xField"] == organize["options"]["renameByName"]["band"]
    assert panel["options"]["stacking"] == "none"
