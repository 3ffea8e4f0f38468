"""The report in a real browser: nothing is blocked or asked for, and the bands are seen."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.coverage.report.html.page import html_report
from simulator.coverage.verdicts import Coverage, PanelCoverage
from simulator.grafana.colors import css_color
from tests.support.browser import Browser
from tests.support.coverage_values import coverage_value

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_WELL = np.array([0xFA, 0xFB, 0xFC])
_BAND_OPACITY = 0.2
_JUDGED = ("Model Performance Overview", "Data Pipeline Health", "Scoring Success Rate")


class _Elements(HTMLParser):
    """How many elements there are, by name and by class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        self.count.update([tag, *(f".{name}" for name in classes)])


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Browser:
    return Browser(chromium, tmp_path)


def test_the_browser_understands_it_as_it_is_meant(browser: Browser, tmp_path: Path) -> None:
    dom, console = browser.dom(_written(coverage_value(), tmp_path))
    count = _Elements(dom).count
    assert console == []
    assert (count["article"], count["svg"], count["script"]) == (16, 14, 0)
    assert count[".line"] > 14
    assert count[".empty"] == 3
    assert count[".badge"] > 16 + 35


@pytest.mark.parametrize("title", _JUDGED)
def test_a_panel_shows_its_bands_and_its_line(browser: Browser, tmp_path: Path, title: str) -> None:
    panel = next(p for p in coverage_value().panels if p.title == title)
    page = _written(_only(panel), tmp_path)
    seen = browser.picture(page, width=700, height=1400)
    colors = {css_color(step.color) for field in panel.fields for step in field.steps}
    assert len(colors) == 3
    for color in colors:
        blended = _WELL * (1 - _BAND_OPACITY) + _rgb(color) * _BAND_OPACITY
        assert _count_of(seen, blended) > 2000, color
    assert _count_of(seen, _rgb("#2259c4")) > 200


@pytest.mark.parametrize("width", [500, 1400])
def test_no_part_of_the_page_is_wider_than_the_window(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    seen = browser.picture(_written(coverage_value(), tmp_path), width=width, height=3000)
    assert np.ptp(seen[:, -6:].reshape(-1, 3), axis=0).max() == 0


def test_it_is_dark_where_that_is_wished(browser: Browser, tmp_path: Path) -> None:
    page = _written(coverage_value(), tmp_path)
    light = browser.picture(page, width=800, height=800)
    dark = browser.picture(page, width=800, height=800, is_dark=True)
    assert light.mean() > 200
    assert dark.mean() < 60


def _written(coverage: Coverage, folder: Path) -> Path:
    file = folder / "report.html"
    file.write_text(html_report(coverage), encoding="utf-8")
    return file


def _only(panel: PanelCoverage) -> Coverage:
    """A coverage of one panel, without the shade of episodes over its bands."""
    boards = [b for b in coverage_value().dashboards if panel.title in {p.title for p in b.panels}]
    changed = type(boards[0])("only", "Only", (panel,))
    return coverage_value(dashboards=(changed,), episodes=(), notes=())


def _rgb(color: str) -> NDArray[np.int64]:
    return np.array([int(color[n : n + 2], 16) for n in (1, 3, 5)], dtype=np.float64)


def _count_of(picture: NDArray[np.uint8], color: NDArray[np.integer | np.floating]) -> int:
    near = np.abs(picture.astype(np.float64) - color).max(axis=2) <= 2.5
    return int(near.sum())
