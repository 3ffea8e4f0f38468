"""The pages of a tuning: what they say of every kind of threshold, and what never gets in."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.drawing.paths import HEIGHT
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.judgements import Setting, alarm_spans, judgement
from simulator.tuning.judging.objectives import Constraints
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.monitor import Skipped
from simulator.tuning.report.criterion_text import (
    CRITERION_MEANINGS,
    CRITERION_NAMES,
    UNDEFINED_REASONS,
)
from simulator.tuning.report.html.level_facts import level_facts
from simulator.tuning.report.html.pages import html_pages
from simulator.tuning.report.html.trade_off_chart import trade_off_chart
from tests.support.page_reader import Page
from tests.support.tuning_samples import (
    DAY,
    N_DAYS,
    day_start,
    days,
    monitor,
    sample_tuning,
    wanted,
    without_values,
)
from tests.support.tuning_values import recording

if TYPE_CHECKING:
    from simulator.tuning.results import Tuning

HOSTILE = "<script>alert(1)</script>\"'&"


def pages(tuning: Tuning) -> dict[str, Page]:
    """The pages, each free of what may never be in one."""
    found = {}
    for name, text in html_pages(tuning).items():
        page = Page(text)
        assert not {"script", "link", "img", "iframe", "form", "base"} & set(page.tags), name
        assert max(Counter(page.values("id")).values(), default=1) == 1, name
        drawn = [*page.values("d"), *page.values("style"), *page.values("title")]
        drawn += [*page.values("x"), *page.values("y1"), *page.values("width")]
        assert not [one for one in drawn if re.search(r"\bnan\b|\binf\b", one, re.IGNORECASE)], name
        assert "nan" not in page.reported.lower().split(), name
        found[name] = page
    links = {link for page in found.values() for link in page.values("href")}
    assert links <= set(found)
    return found


def only(tuning: Tuning) -> Page:
    (page,) = [page for name, page in pages(tuning).items() if name != "index.html"]
    return page


def test_the_index_has_a_line_per_threshold_and_leads_to_each_page() -> None:
    found = pages(sample_tuning(monitor("Lag"), monitor("Size", signal="size")))
    assert set(found) == {"index.html", "01-lag.html", "02-size.html"}
    index = found["index.html"]
    assert {"01-lag.html", "02-size.html"} <= set(index.values("href"))
    assert index.tags["tbody"] == 2
    assert index.values("data-name").count("F1") >= 4
    assert "sample" in index.texts


def test_a_threshold_that_moves_is_said_with_both_settings() -> None:
    tuning = sample_tuning(monitor(thresholds={"orange": 2.0, "red": 6.0}))
    (part,) = tuning.parts
    assert part.levels[0].is_moved
    found = pages(tuning)
    assert "moves" in found["01-lag.html"].reported
    assert "≥ 2 s for 1m" in found["01-lag.html"].reported
    assert "1 of 2 thresholds moves" in found["index.html"].reported
    assert "stays" in found["index.html"].reported


def test_all_criteria_are_in_the_table_with_intervals() -> None:
    page = only(sample_tuning())
    for name in CRITERION_NAMES.values():
        assert page.texts.count(name) >= 2, name
    assert any(text.startswith("4 of 4") for text in page.texts)
    assert "unknown" in page.reported  # of three days nobody knows


def test_every_criterion_has_words() -> None:
    assert (
        set(CRITERIA) == set(CRITERION_NAMES) == set(CRITERION_MEANINGS) == set(UNDEFINED_REASONS)
    )


def test_each_level_has_two_charts_and_each_recording_a_plot() -> None:
    page = only(sample_tuning())
    headings = [text for text in page.texts if text in {"Precision and recall", _TRADE_OFF}]
    assert Counter(headings) == {"Precision and recall": 2, _TRADE_OFF: 2}
    assert page.reported.count("chosen on") >= 2 + 1
    assert len([text for text in page.texts if text.startswith("Recording ")]) == N_DAYS
    assert any("mark proposal" in value for value in page.values("class"))


def test_what_follows_another_says_so_and_has_no_curves() -> None:
    found = pages(sample_tuning(monitor("Lag"), monitor("Lag elsewhere")))
    follower = found["02-lag-elsewhere.html"]
    assert "The same alarm as" in follower.reported
    assert "01-lag.html" in follower.values("href")
    assert _TRADE_OFF not in follower.texts
    assert "recall" in follower.texts


def test_names_that_are_equal_have_files_of_their_own() -> None:
    same = [monitor("Lag", signal=f"signal-{n}") for n in range(3)]
    assert len(html_pages(sample_tuning(*same))) == 4


def test_names_are_text() -> None:
    tuning = sample_tuning(
        monitor(HOSTILE, signal="lag"), Skipped(HOSTILE, HOSTILE), incidents=wanted(HOSTILE)
    )
    for name, text in html_pages(tuning).items():
        assert "<script" not in text, name
        assert name.isascii()
        assert re.fullmatch(r"[a-z0-9.-]+", name)
        assert any(HOSTILE in reported for reported in Page(text).texts)


def test_without_incidents_it_says_why_nothing_is_proposed() -> None:
    page = only(sample_tuning(incidents=()))
    assert "It stays: no incident asks for it" in page.reported
    assert any("there was no incident" in title for title in page.values("title"))
    assert _TRADE_OFF not in page.texts
    assert "No incident asks for an alarm here." in page.reported


def test_a_level_without_incidents_stands_beside_one_with() -> None:
    page = only(sample_tuning(incidents=wanted(levels=["orange"])))
    assert page.texts.count(_TRADE_OFF) == 1


def test_where_no_threshold_keeps_the_constraints_the_curves_are_todays() -> None:
    page = only(sample_tuning(constraints=Constraints(max_detection=-1.0)))
    assert "no threshold finds incidents and keeps the constraints" in page.reported
    assert page.texts.count(_TRADE_OFF) == 2
    assert not any("mark proposal" in value for value in page.values("class"))


def test_incidents_that_only_the_unseen_recordings_have() -> None:
    late = [one for one in wanted() if one.start > day_start(2)]
    page = only(sample_tuning(incidents=late))
    assert "recall is undefined" in page.reported


@pytest.mark.parametrize("n_series", [0, 1])
def test_no_values_are_said_in_words(n_series: int) -> None:
    empty = tuple(Recording(one.times, one.values[:n_series], one.step) for one in without_values())
    page = only(sample_tuning(monitor(recordings=empty)))
    assert "There is no value in any recording" in page.reported
    assert "there was no alarm" in page.reported


def test_a_recording_without_values_among_others_is_empty_in_words() -> None:
    mixed = (*days()[:2], without_values()[2])
    page = only(sample_tuning(monitor(recordings=mixed)))
    assert "No value in this recording." in page.reported


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e300, -1e300, 5e-324, 0.0])
def test_any_value_can_be_drawn(value: float) -> None:
    strange = days()
    strange[0].values[0, 5:9] = value
    only(sample_tuning(monitor(recordings=strange)))


def test_of_many_series_the_worst_are_drawn() -> None:
    page = only(sample_tuning(monitor(recordings=days(n_series=8))))
    assert "the 5 worst of 8 series drawn, the shade spans them all" in page.reported


def test_all_recordings_chosen_on_is_said() -> None:
    index = pages(sample_tuning(n_chosen_on=N_DAYS))["index.html"]
    assert "No recording was kept apart" in index.reported


def test_what_is_not_tuned_is_listed_with_its_reason() -> None:
    tuning = sample_tuning(
        monitor(), Skipped("Requests", "no thresholds"), incidents=[*wanted(), *wanted("ghost")]
    )
    reported = pages(tuning)["index.html"].reported
    assert "Requests no thresholds" in reported
    assert "ghost" in reported


def test_nothing_at_all_is_a_page_too() -> None:
    found = pages(sample_tuning(Skipped("Requests", "no thresholds"), incidents=()))
    assert set(found) == {"index.html"}
    assert "No threshold to tune" in found["index.html"].reported


def test_the_strips_show_the_alarms_that_are_judged() -> None:
    one, setting = days()[0], Setting(2.0, 60.0)
    spans = alarm_spans(one, setting, is_lower_worse=False)
    assert spans.tolist() == [
        [one.start + first * 30.0, one.start + end * 30.0]
        for first, end in ((22, 24), (62, 90), (152, 180))
    ]


def test_a_setting_lies_on_its_curve() -> None:
    tuning = sample_tuning()
    (part,) = tuning.parts
    for level in part.levels:
        assert part.chosen is not None
        precision, recall = part.chosen.precision_recall(level.level, level.today.hold)
        q = part.chosen.space.ranking.candidate(level.today.threshold)
        judged = judgement(
            part.monitor.recordings[: tuning.n_chosen_on],
            part.incidents[level.level],
            level.today,
            is_lower_worse=False,
            objective=tuning.objective,
        )
        assert precision[q] == pytest.approx(judged.criteria["precision"], nan_ok=True)
        assert recall[q] == judged.criteria["recall"]


def test_the_latest_setting_is_drawn_below_the_name_of_the_axis() -> None:
    tuning = sample_tuning()
    (part,) = tuning.parts
    for level in part.levels:
        facts = level_facts(part, level)
        assert facts is not None
        chart = trade_off_chart(facts)
        drawn = [chart.path(one) for one in chart.curves if one.kind.startswith("dots")]
        heights = [float(y) for d in drawn for y in re.findall(r"M[\d.]+[ ,]([\d.]+)", d)]
        assert min(heights) > HEIGHT / 20  # from the top


def test_ten_days_of_noise_in_many_series_are_not_large() -> None:
    rng = np.random.default_rng(1)
    noisy = tuple(
        recording(*rng.random((12, 2880)).tolist(), start=day_start(n) + n * 12 * DAY)
        for n in range(5)
    )
    found = html_pages(sample_tuning(monitor(recordings=noisy)))
    assert max(len(text.encode()) for text in found.values()) < 1_500_000


_TRADE_OFF = "Detection time and false alarms"
