"""The series of a page's plots tell apart, on a light screen and on a dark one."""

import itertools
import re
from importlib.resources import files

import pytest

from tests.support.colour_vision import contrast, distance

APART = 0.1  # in OKLab, to whoever tells the two apart worst
READABLE = 3.0  # WCAG 2.2, 1.4.11: graphical objects
CSS = (files("simulator.drawing") / "templates" / "page.css").read_text(encoding="utf-8")


def themes() -> list[dict[str, str]]:
    """The colour variables of the light theme, and those of the dark one."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in blocks
        if "--l0" in block
    ]


def lines(theme: dict[str, str]) -> list[str]:
    return [css for name, css in theme.items() if re.fullmatch(r"l\d", name)]


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_eight_series_tell_apart_whoever_looks(theme: dict[str, str]) -> None:
    assert len(lines(theme)) == 8
    assert min(distance(*pair) for pair in itertools.combinations(lines(theme), 2)) >= APART


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_a_line_stands_out_from_its_card(theme: dict[str, str]) -> None:
    assert all(contrast(css, theme["card"]) >= READABLE for css in lines(theme))
