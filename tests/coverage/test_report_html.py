"""The page: what it says, what it never lets through, and how large it is."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simulator.coverage.report.html.episode_bars import episode_bars
from simulator.coverage.report.html.page import html_report
from simulator.coverage.verdicts import Coverage, DashboardCoverage, FieldCoverage, Track, Verdict
from simulator.drawing.lanes import merged
from simulator.grafana.colors import css_color
from tests.support.coverage_values import (
    HOSTILE,
    START,
    complete_coverage,
    coverage_value,
    field,
    panel,
    track,
)
from tests.support.page_reader import Page

_ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
    *("article", "details", "summary", "div", "span", "p", "a", "b", "i", "small", "code"),
    *("h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption"),
    *("svg", "desc", "rect", "line", "path"),
}


@pytest.fixture(scope="module")
def text() -> str:
    return html_report(coverage_value())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_only_known_elements_are_in_it_and_all_are_closed(page: Page) -> None:
    assert set(page.tags) <= _ALLOWED_TAGS


def test_there_is_a_card_for_every_panel_and_a_plot_where_there_is_data(page: Page) -> None:
    assert page.tags["article"] == 16
    assert page.tags["svg"] == 14  # thirteen panels with data, one of them with two units


def test_it_says_how_much_is_exercised(text: str) -> None:
    assert "25 of 35 threshold steps exercised" in text
    assert "All 9 threshold steps exercised" in html_report(complete_coverage())


def test_what_is_missing_comes_first_and_leads_to_its_panel(text: str, page: Page) -> None:
    assert text.index("What is missing") < text.index('class="matrix"') < text.index("<article")
    anchors = set(page.values("id"))
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert links
    assert {link.removeprefix("#") for link in links} <= anchors


def test_anchors_are_unique(page: Page) -> None:
    assert max(Counter(page.values("id")).values()) == 1


def test_a_complete_coverage_has_no_list_of_what_is_missing() -> None:
    assert "What is missing" not in html_report(complete_coverage())


def test_nothing_in_it_asks_for_anything_outside(text: str, page: Page) -> None:
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(page.tags)
    assert not [value for value in page.values("href") if not value.startswith("#")]
    assert not {"src", "srcset", "action", "xlink:href"} & {n for _, n, _ in page.attributes}
    styles = [*page.values("style"), *page.values("fill"), *_style_sheets(text)]
    assert not [style for style in styles if re.search(r"url\(|@import|//|expression", style)]


def test_it_forbids_itself_to_load_anything(page: Page) -> None:
    assert any(value.startswith("default-src 'none';") for value in page.values("content"))


def test_hostile_text_is_text(text: str, page: Page) -> None:
    assert "<script>" not in text
    assert text.count("</style>") == 1
    assert HOSTILE in page.texts
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]


def test_hostile_colors_are_grey(page: Page) -> None:
    fills = set(page.values("fill"))
    assert css_color("not a colour") in fills
    assert not [fill for fill in fills if not re.fullmatch(r"#\w{6}|rgba?\([\d., ]+\)", fill)]


def test_messages_and_nearest_values_are_said(page: Page) -> None:
    reported = " ".join(page.texts)
    assert "parse error: unexpected end of input" in reported
    assert "transformation 'regression' of panels[8] is not simulated" in reported
    assert "nearest 85% at 12:00, 5% away" in reported


def test_every_plot_has_a_title_and_a_description(page: Page) -> None:
    assert page.tags["desc"] == page.tags["svg"]
    assert page.values("role").count("img") == page.tags["svg"]


def test_a_day_of_eighteen_panels_is_less_than_two_megabytes() -> None:
    tracks = [track(f"series {n}", 1.0 + n, noise=0.3) for n in range(50)]
    panels = [panel(n, f"panel {n}", "table", [_many(tracks)]) for n in range(18)]
    board = DashboardCoverage("u", "t", tuple(panels))
    assert len(html_report(coverage_value(dashboards=(board,))).encode()) < 2_000_000


def test_many_series_are_drawn_in_part_and_the_witness_among_them(page: Page) -> None:
    assert "8 of 50 series drawn, the shade spans them all" in page.texts


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e308, -1e308, 5e-324])
def test_any_number_can_be_drawn(value: float) -> None:
    drawn = Track("x", np.array([START, START + 60]), np.array([value, 1.0]))
    made = replace(
        field("x", [drawn], (), ()), steps=field("y", [track("y", 1.0)], [2.0], _TWO).steps
    )
    board = DashboardCoverage("u", "t", (panel(1, "p", "stat", [made]),))
    assert "NaN" not in re.sub(r"<desc.*?</desc>|<span.*?</span>", "", _page_of(board))


def test_a_coverage_of_nothing_is_a_page_too() -> None:
    Page(html_report(Coverage(0.0, 0.0, 1.0, ())))
    Page(html_report(Coverage(0.0, 60.0, 1.0, (DashboardCoverage("u", "", ()),))))


def test_twenty_episodes_do_not_hide_each_other() -> None:
    episodes = episode_bars(coverage_value())
    assert episodes.count > 1
    for lane in range(episodes.count):
        ends = [(bar.start, bar.end) for bar in episodes.bars if bar.lane == lane]
        assert all(before[1] <= after[0] for before, after in pairwise(ends))
    assert len(merged((bar.start, bar.end) for bar in episodes.bars)) < len(episodes.bars)


_TWO = ("green", "red")


def _page_of(board: DashboardCoverage) -> str:
    return html_report(coverage_value(dashboards=(board,), episodes=()))


def _many(tracks: list[Track]) -> FieldCoverage:
    return replace(field("many", tracks, [40.0], _TWO), verdict=Verdict.EXERCISED)


def _style_sheets(text: str) -> list[str]:
    return re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
