"""Thresholds are one alarm where their alert is the same, and only there."""

from dataclasses import replace

import pytest

from simulator.tuning.monitors.monitor import Monitor, leads
from tests.support.tuning_samples import monitor


def leaders(*found: Monitor) -> list[str]:
    lead_of = leads(found)
    return [lead_of[id(one)].name for one in found]


def test_panels_with_the_same_alert_follow_the_first() -> None:
    assert leaders(monitor("A"), monitor("B")) == ["A", "A"]


def test_the_panel_that_the_alert_links_to_leads() -> None:
    first, second = monitor("A"), monitor("B")
    assert second.place is not None
    board = replace(second.place.dashboard, uid="mine")
    panel = replace(second.place.panel, id=9)
    link = "http://localhost:3000/d/mine/slug?orgId=1&viewPanel=panel-9&from=now-1h"
    rules = {
        level: replace(rule, alert=replace(rule.alert, annotations={"panel": link}))
        for level, rule in second.rules.items()
    }
    second = replace(second, place=replace(second.place, dashboard=board, panel=panel), rules=rules)

    assert leaders(first, second) == ["B", "B"]


@pytest.mark.parametrize(
    "other",
    [
        monitor("B", is_on_panel=False),
        replace(monitor("B"), rules={}),
        monitor("B", thresholds={"orange": 3.0, "red": 9.0}),
    ],
)
def test_what_differs_leads_itself(other: Monitor) -> None:
    assert leaders(monitor("A"), other) == ["A", "B"]


def test_a_panel_that_shows_an_earlier_time_is_not_the_same() -> None:
    first, second = monitor("A"), monitor("B")
    assert second.place is not None
    shifted = replace(second.place, panel=replace(second.place.panel, time_shift="1h"))

    assert leaders(first, replace(second, place=shifted)) == ["A", "B"]
