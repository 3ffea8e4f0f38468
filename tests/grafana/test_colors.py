"""Colour names as CSS, and text that is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.colors import css_color
from simulator.grafana.thresholds import FALLBACK_COLOR

_SAFE = re.compile(r"transparent|#[0-9A-Fa-f]{3,8}|(rgb|hsl)a?\([\d.,% ]+\)")


@pytest.mark.parametrize("hue", ["red", "orange", "yellow", "green", "blue", "purple"])
def test_every_hue_has_five_shades(hue: str) -> None:
    shades = {css_color(p + hue) for p in ("super-light-", "light-", "", "semi-dark-", "dark-")}
    assert len(shades) == 5
    assert FALLBACK_COLOR not in shades


@pytest.mark.parametrize(
    "color", ["#fff", "#12345678", "rgb(1,2,3)", "rgba(237, 129, 40, 0.89)", "hsl(120, 50%, 50%)"]
)
def test_colors_of_css_are_kept(color: str) -> None:
    assert css_color(color) == color


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ultra-green",
        "#12",
        "#ggg",
        "rgb(1,2)",
        "rgb(1,2,3",
        "red;}",
        "url(//x)",
        "rgb(1,2,3)\n;",
    ],
)
def test_what_is_no_color_is_grey(text: str) -> None:
    assert css_color(text) == FALLBACK_COLOR


@given(st.text() | st.text(alphabet="rgba(#0123456789,.%) ;:\n"))
def test_nothing_else_ever_gets_through(text: str) -> None:
    assert _SAFE.fullmatch(css_color(text))
