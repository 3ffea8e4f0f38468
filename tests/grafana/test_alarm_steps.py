"""Which colours ask for an alarm, and which steps of a panel are one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.alarm_steps import alarm_steps, severity
from simulator.grafana.thresholds import (
    Range,
    Step,
    Thresholds,
    active_step,
    percentage,
    thresholds_from,
)

SHADES = ("super-light-", "light-", "", "semi-dark-", "dark-")
STRENGTH = {"": 0, "orange": 1, "red": 2}

_colors = st.sampled_from(["green", "text", "yellow", "orange", "semi-dark-red", "dark-red"])
_values = st.integers(-50, 50).map(float)


def steps(*colors: str, first: float = 10.0) -> Thresholds:
    """A step of each colour, the first one from -inf on, the others 10 apart."""
    values = [-math.inf, *(first + 10.0 * number for number in range(len(colors) - 1))]
    return Thresholds(tuple(map(Step, values, colors)))


@st.composite
def _thresholds(draw: st.DrawFn) -> Thresholds:
    values = sorted(draw(st.sets(_values, max_size=5)))
    colors = [draw(_colors) for _ in range(len(values) + 1)]
    return Thresholds(tuple(map(Step, [-math.inf, *values], colors)), draw(st.booleans()))


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize(
    ("hue", "expected"),
    [
        ("red", "red"),
        ("orange", "orange"),
        ("yellow", "orange"),
        ("green", ""),
        ("blue", ""),
        ("purple", ""),
    ],
)
def test_every_shade_of_a_hue_asks_for_the_same(shade: str, hue: str, expected: str) -> None:
    assert severity(shade + hue) == expected


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#FF0000", "red"),
        ("#f2495c", "red"),
        ("#E02F44cc", "red"),
        ("#ED8128", "orange"),
        ("#FFFF00", "orange"),
        ("#299C46", ""),
    ],
)
def test_a_colour_in_hex_asks_for_what_its_hue_does(color: str, expected: str) -> None:
    assert severity(color) == expected


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#f00", "red"),
        ("#f80c", "orange"),
        ("rgb(242, 73, 92)", "red"),
        ("rgba(245, 54, 54, 0.9)", "red"),
        ("rgba(237, 129, 40, 0.89)", "orange"),
        ("hsl(0, 100%, 50%)", "red"),
    ],
)
def test_a_colour_written_in_another_way_is_the_same(color: str, expected: str) -> None:
    assert severity(color) == expected


@pytest.mark.parametrize(
    "color", ["#808080", "#8f7070", "gray", "black", "white", "text", "transparent", "", "rouge"]
)
def test_what_has_no_hue_asks_for_nothing(color: str) -> None:
    assert severity(color) == ""


def alarms(thresholds: Thresholds) -> tuple[dict[str, float], dict[str, int], bool] | None:
    found = alarm_steps(thresholds)
    if found is None:
        return None
    return dict(found.values), dict(found.steps), found.is_lower_worse


@pytest.mark.parametrize(
    ("colors", "expected"),
    [
        (("green", "orange", "red"), ({"orange": 10.0, "red": 20.0}, {"orange": 1, "red": 2})),
        (("green", "red"), ({"red": 10.0}, {"red": 1})),
        (("text", "yellow"), ({"orange": 10.0}, {"orange": 1})),
        (("orange", "red"), ({"red": 10.0}, {"red": 1})),
    ],
)
def test_where_higher_is_worse_an_alarm_is_where_its_colour_begins(
    colors: tuple[str, ...], expected: tuple[dict[str, float], dict[str, int]]
) -> None:
    assert alarms(steps(*colors)) == (*expected, False)


@pytest.mark.parametrize(
    ("colors", "expected"),
    [
        (("red", "orange", "green"), ({"orange": 20.0, "red": 10.0}, {"orange": 2, "red": 1})),
        (("red", "green"), ({"red": 10.0}, {"red": 1})),
        (("yellow", "green", "blue"), ({"orange": 10.0}, {"orange": 1})),
        (("red", "orange"), ({"red": 10.0}, {"red": 1})),
    ],
)
def test_where_lower_is_worse_an_alarm_is_where_a_better_colour_begins(
    colors: tuple[str, ...], expected: tuple[dict[str, float], dict[str, int]]
) -> None:
    assert alarms(steps(*colors)) == (*expected, True)


@pytest.mark.parametrize(
    "colors",
    [
        ("red", "green", "red"),
        ("orange", "green", "yellow"),
        ("green", "red", "green"),
        ("green", "red", "orange"),
    ],
)
def test_bad_values_on_both_sides_are_no_alarm(colors: tuple[str, ...]) -> None:
    assert alarm_steps(steps(*colors)) is None


@pytest.mark.parametrize("colors", [(), ("red",), ("green", "blue"), ("red", "dark-red")])
def test_without_a_step_between_good_and_bad_there_is_no_alarm(colors: tuple[str, ...]) -> None:
    assert alarm_steps(steps(*colors)) is None


def test_of_steps_of_one_level_the_one_nearest_to_what_is_good_is_the_alarm() -> None:
    upwards = steps("green", "yellow", "orange", "red", "dark-red")
    assert alarms(upwards) == ({"orange": 10.0, "red": 30.0}, {"orange": 1, "red": 3}, False)
    downwards = steps("dark-red", "red", "orange", "yellow", "green")
    assert alarms(downwards) == ({"orange": 40.0, "red": 20.0}, {"orange": 4, "red": 2}, True)


def test_two_levels_at_one_value_are_no_alarm() -> None:
    both = Thresholds((Step(-math.inf, "green"), Step(5.0, "orange"), Step(5.0, "red")))
    assert alarm_steps(both) is None


def test_a_step_without_a_value_is_no_alarm() -> None:
    entries = [{"color": "green"}, {"color": "orange", "value": 5}, {"color": "red"}]
    assert alarm_steps(thresholds_from({"steps": entries})) is None
    assert alarm_steps(thresholds_from({"steps": entries[:2]})) is not None


@given(_thresholds(), st.one_of(_values, _values.map(lambda value: value + 0.5)))
def test_an_alarm_is_reached_when_grafana_shows_its_colour_or_a_worse_one(
    thresholds: Thresholds, value: float
) -> None:
    limits = Range(-10.0, 30.0)
    shown = active_step(value, thresholds, limits)
    assert shown is not None
    strength = STRENGTH[severity(thresholds.steps[shown].color)]
    judged = percentage(value, limits) if thresholds.is_percentage else value
    found = alarm_steps(thresholds)
    for level, limit in found.values.items() if found else ():
        is_reached = judged < limit if found and found.is_lower_worse else judged >= limit
        assert is_reached == (strength >= STRENGTH[level])


@given(_thresholds())
def test_there_is_an_alarm_just_where_colours_get_worse_in_one_direction(
    thresholds: Thresholds,
) -> None:
    ranks = [STRENGTH[severity(step.color)] for step in thresholds.steps]
    is_one_way = ranks in (sorted(ranks), sorted(ranks, reverse=True))
    assert (alarm_steps(thresholds) is not None) == (is_one_way and len(set(ranks)) > 1)


def test_a_step_listed_after_a_higher_one_begins_where_that_one_does() -> None:
    hidden = Thresholds((Step(-math.inf, "green"), Step(80.0, "orange"), Step(60.0, "red")))
    assert [active_step(value, hidden) for value in (70.0, 90.0)] == [0, 2]  # never orange
    found = alarm_steps(hidden)
    assert found is None or dict(found.values) == {"red": 80.0}
