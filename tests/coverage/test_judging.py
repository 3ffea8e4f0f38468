"""The verdicts on one field, from its values alone."""

import math

import numpy as np
import pytest

from simulator.coverage.judging import field_coverage
from simulator.coverage.verdicts import FieldCoverage
from simulator.grafana.thresholds import Step, Thresholds
from simulator.observation.panel_values import FieldKey, FieldValues, SeriesValues
from simulator.scenario.timed_run import EpisodeAlarm, EpisodeSpan

GREEN, RED = Step(-math.inf, "green"), Step(10.0, "red")
SPACING = 10.0


def judged(
    *values: float, steps: tuple[Step, ...] = (GREEN, RED), episodes: tuple[EpisodeSpan, ...] = ()
) -> FieldCoverage:
    """The coverage of values that a panel showed every ten seconds from 1000 on."""
    times = 1000.0 + SPACING * np.arange(len(values), dtype=np.float64)
    series = SeriesValues("a", times, np.array(values), np.zeros(len(values), dtype=np.bool_))
    key = FieldKey("A", "lastNotNull", Thresholds(steps))
    field = FieldValues(key, (series,), unit="", is_text=False)
    return field_coverage(field, "lag", spacing=SPACING, episodes=episodes)


@pytest.mark.parametrize(
    ("steps", "colors"),
    [((), []), ((GREEN,), []), ((GREEN, RED), ["green", "red"])],
)
def test_a_field_of_a_single_colour_has_no_steps_to_exercise(
    steps: tuple[Step, ...], colors: list[str]
) -> None:
    assert [step.color for step in judged(1.0, steps=steps).steps] == colors


@pytest.mark.parametrize(
    ("start", "end", "is_on"),
    [
        (1000.0, 1009.0, False),
        (999.9, 1009.0, True),
        (0.0, 990.0, False),
        (0.0, 990.1, True),
    ],
)
def test_a_point_tells_of_the_time_since_the_one_before_it(
    start: float, end: float, *, is_on: bool
) -> None:
    episode = EpisodeSpan("one", "errors", start, end)
    _, red = judged(20.0, 1.0, 1.0, episodes=(episode,)).steps
    assert red.episodes == (("one",) if is_on else ())


@pytest.mark.parametrize(
    ("better", "other"),
    [
        # both last during all ten points: the shorter one explains more of them
        ((900.0, 1100.0), (0.0, 1900.0)),
        # 60 of 140 seconds are shared, against 20 of 100
        ((1030.0, 1130.0), (1000.0, 1020.0)),
    ],
)
def test_the_better_match_shares_more_of_the_time_in_which_either_was_on(
    better: tuple[float, float], other: tuple[float, float]
) -> None:
    episodes = (EpisodeSpan("other", "errors", *other), EpisodeSpan("better", "errors", *better))
    _, red = judged(*[20.0] * 10, *[1.0] * 100, episodes=episodes).steps
    assert red.episodes == ("better", "other")


ERRORS = EpisodeSpan("errors", "errors", 1025.0, 1050.0)


def test_the_step_of_a_quiet_platform_has_no_cause() -> None:
    green, red = judged(1.0, 1.0, 1.0, 1.0, 20.0, 20.0, 1.0, episodes=(ERRORS,)).steps
    assert (green.episodes, red.episodes) == ((), ("errors",))


def test_where_less_is_worse_the_first_step_has_the_causes() -> None:
    steps = (Step(-math.inf, "red"), Step(10.0, "green"))
    values = (20.0, 20.0, 20.0, 20.0, 1.0, 1.0, 20.0)
    red, green = judged(*values, steps=steps, episodes=(ERRORS,)).steps
    assert (red.episodes, green.episodes) == (("errors",), ())


def test_where_one_is_on_all_day_the_step_of_it_alone_has_no_cause() -> None:
    """As a version's, whose series are there for its release only."""
    release = EpisodeSpan("release", "model-release", 0.0, 9000.0)
    steps = (Step(-math.inf, "red"), Step(10.0, "green"))
    values = (20.0, 20.0, 20.0, 20.0, 1.0, 1.0, 1.0)
    red, green = judged(*values, steps=steps, episodes=(release, ERRORS)).steps
    assert (red.episodes, green.episodes) == (("errors", "release"), ())


def test_what_an_episode_leaves_behind_is_no_health() -> None:
    """As accuracy, of which labels tell later: it is low for longer after it than high before."""
    late = EpisodeAlarm("accuracy", "red", 1120.0)
    drift = EpisodeSpan("drift", "concept-drift", 1025.0, 1050.0, (late,))
    steps = (Step(-math.inf, "red"), Step(10.0, "green"))
    values = (20.0, 20.0, 20.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    red, green = judged(*values, steps=steps, episodes=(drift,)).steps
    assert (red.episodes, green.episodes) == (("drift",), ())


def test_where_nothing_changes_the_first_step_has_no_cause() -> None:
    all_day = EpisodeSpan("all day", "errors", 0.0, 9000.0)
    green, red = judged(20.0, 20.0, 1.0, episodes=(all_day,)).steps
    assert (green.episodes, red.episodes) == ((), ("all day",))
