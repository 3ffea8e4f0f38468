"""The pages in a real browser: nothing is blocked, nothing is wider than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.tuning.monitors.monitor import Skipped
from simulator.tuning.report.html.pages import html_pages
from tests.support.browser import Browser
from tests.support.tuning_samples import days, monitor, sample_tuning, wanted, without_values

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_LONG = "A panel with a title too long for one line"
_NARROW = 360
_PAGES = ["index.html", "01-lag.html", "02-a-panel-with-a-title-too-long-for-one-line.html"]


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Browser:
    return Browser(chromium, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pages of things of every kind, written."""
    tuning = sample_tuning(
        monitor("Lag", recordings=days(n_series=3)),
        monitor(_LONG),
        monitor("Quiet", signal="quiet", recordings=without_values()),
        Skipped("Requests", "no thresholds"),
        incidents=[*wanted(), *wanted("quiet"), *wanted("ghost")],
    )
    for name, text in html_pages(tuning).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_console_stays_empty(browser: Browser, folder: Path) -> None:
    for page in sorted(folder.glob("*.html")):
        dom, console = browser.dom(page)
        assert console == [], page.name
        assert "</html>" in dom


@pytest.mark.parametrize("name", _PAGES)
@pytest.mark.parametrize("width", [500, 1310])
def test_no_part_of_a_page_is_wider_than_the_window(
    browser: Browser, folder: Path, name: str, width: int
) -> None:
    seen = browser.picture(folder / name, width=width, height=4000)
    assert np.ptp(seen[:, -6:].reshape(-1, 3), axis=0).max() == 0


@pytest.mark.parametrize("name", _PAGES)
def test_nor_than_a_telephone(browser: Browser, folder: Path, name: str) -> None:
    """A window is never so narrow, but a frame in it is."""
    frame = folder / "frame.html"
    frame.write_text(
        f'<body style="margin:0"><iframe src="{name}" style="border:0" width="{_NARROW}"'
        ' height="5000"></iframe>',
        encoding="utf-8",
    )
    seen = browser.picture(frame, width=600, height=5000)
    assert np.ptp(seen[:, _NARROW - 6 : _NARROW].reshape(-1, 3), axis=0).max() == 0


def test_it_is_dark_where_that_is_wished(browser: Browser, folder: Path) -> None:
    light = browser.picture(folder / "01-lag.html", width=800, height=800)
    dark = browser.picture(folder / "01-lag.html", width=800, height=800, is_dark=True)
    assert light.mean() > 200
    assert dark.mean() < 70
