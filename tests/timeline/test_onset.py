"""Onsets: how strong an episode is, from its start to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from simulator.timeline.onset import Onset

if TYPE_CHECKING:
    from simulator.timeline.onset import Shape

JUST = 1e-9  # seconds before a corner


@st.composite
def onsets(draw: st.DrawFn) -> Onset:
    """Any onset that the rules of a scenario let through."""
    shape: Shape = draw(st.sampled_from(["abrupt", "gradual", "incremental", "recurring"]))
    duration = draw(st.floats(1e-3, 1e6))
    if shape == "abrupt":
        return Onset(shape, duration)
    part = draw(st.floats(1e-3, 1.0))
    if shape == "recurring":
        return Onset(shape, duration, period=part * duration, duty=draw(st.floats(0.01, 0.99)))
    fall = draw(st.integers(0, 1000)) / 1000 * (1.0 - part) * duration
    return Onset(shape, duration, rise=part * duration, fall=fall)


moments = st.floats(-1.0, 2.0)  # in durations


@given(onsets(), st.lists(moments, min_size=1))
def test_intensity_lies_between_0_and_1(onset: Onset, parts: list[float]) -> None:
    intensity = onset.intensity(np.array(parts) * onset.duration)

    assert ((intensity >= 0.0) & (intensity <= 1.0)).all()


@given(onsets(), st.floats(0.0, 1e6, exclude_min=True))
def test_there_is_nothing_before_the_start(onset: Onset, seconds: float) -> None:
    assert onset.intensity(-seconds) == 0.0


@given(onsets(), st.floats(0.0, 1e6))
def test_there_is_nothing_from_the_end_on(onset: Onset, seconds: float) -> None:
    assert onset.intensity(onset.duration + seconds) == 0.0


@given(onsets())
def test_every_onset_reaches_full_strength(onset: Onset) -> None:
    assert onset.intensity(onset.rise * (1 - 1e-12)) == pytest.approx(1.0, abs=1e-6)


@given(onsets())
def test_intensity_has_the_shape_of_its_argument(onset: Onset) -> None:
    assert onset.intensity(np.zeros((3, 2))).shape == (3, 2)


@given(onsets(), st.lists(moments, min_size=1))
def test_many_moments_at_once_are_as_one_by_one(onset: Onset, parts: list[float]) -> None:
    seconds = np.array(parts) * onset.duration

    assert_array_equal(onset.intensity(seconds), [onset.intensity(s) for s in seconds])


@pytest.mark.parametrize(
    ("since", "expected"), [(-JUST, 0.0), (0.0, 1.0), (60.0 - JUST, 1.0), (60.0, 0.0)]
)
def test_an_abrupt_onset_is_there_at_once_and_gone_at_once(since: float, expected: float) -> None:
    assert Onset("abrupt", duration=60).intensity(since) == expected


@pytest.mark.parametrize("shape", ["gradual", "incremental"])
@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (-JUST, 0.0),
        (0.0, 0.0),
        (5.0, 0.25),
        (20.0, 1.0),
        (35.0, 1.0),
        (50.0, 1.0),
        (55.0, 0.5),
        (59.0, 0.1),
        (60.0, 0.0),
    ],
)
def test_a_slow_onset_rises_stays_and_falls(shape: Shape, since: float, expected: float) -> None:
    onset = Onset(shape, duration=60, rise=20, fall=10)

    assert onset.intensity(since) == pytest.approx(expected, abs=1e-12)


def test_rise_and_fall_of_a_tenth_of_a_second_are_no_jumps() -> None:
    onset = Onset("incremental", duration=1.0, rise=0.1, fall=0.1)  # as after compression

    assert onset.intensity([0.05, 0.5, 0.95]) == pytest.approx([0.5, 1.0, 0.5])


def test_a_slow_onset_without_a_fall_ends_at_full_strength() -> None:
    onset = Onset("gradual", duration=60, rise=20)

    assert onset.intensity([60.0 - JUST, 60.0]).tolist() == [1.0, 0.0]


def test_rise_and_fall_that_meet_make_a_peak_of_full_strength() -> None:
    onset = Onset("incremental", duration=60, rise=20, fall=40)

    assert onset.intensity([10.0, 20.0, 40.0]).tolist() == [0.5, 1.0, 0.5]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (0.0, 1.0),
        (5.0 - JUST, 1.0),
        (5.0, 0.0),
        (20.0 - JUST, 0.0),
        (20.0, 1.0),
        (25.0, 0.0),
        (60.0 + JUST, 1.0),
        (63.0 - JUST, 1.0),
        (63.0, 0.0),
    ],
)
def test_a_recurring_onset_is_on_for_its_duty_of_each_period(since: float, expected: float) -> None:
    onset = Onset("recurring", duration=63, period=20, duty=0.25)

    assert onset.intensity(since) == expected


@given(st.floats(0.05, 0.95), st.integers(1, 8))
def test_a_recurring_onset_is_on_for_its_duty_of_the_time(duty: float, periods: int) -> None:
    onset = Onset("recurring", duration=periods * 10.0, period=10.0, duty=duty)
    middles = (np.arange(periods * 1000) + 0.5) / 100.0

    assert onset.intensity(middles).mean() == pytest.approx(duty, abs=1e-3)


@pytest.mark.parametrize(
    ("shape", "is_mixture"),
    [("abrupt", True), ("gradual", True), ("recurring", True), ("incremental", False)],
)
def test_only_an_incremental_onset_slides_through_what_is_between(
    shape: Shape, *, is_mixture: bool
) -> None:
    assert Onset(shape, duration=60, rise=1, period=10).is_mixture is is_mixture
