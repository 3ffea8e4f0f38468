"""Moments at which episodes are on together, against a look at every eighth of a second."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.episode import OnsetSpec
from simulator.scenario.kinds.traffic_surge import TrafficSurge
from simulator.scenario.loading import parse_scenario
from simulator.scenario.overlaps import levels, moments
from tests.support.scenario_texts import HEADER

seconds = st.integers(1, 60)


@st.composite
def surges(draw: st.DrawFn) -> TrafficSurge:
    start, duration = draw(st.integers(0, 120)), draw(st.integers(4, 120))
    onset: dict[str, Any] = draw(
        st.one_of(
            st.just({}),
            st.fixed_dictionaries(
                {
                    "rise": st.integers(1, duration // 2).map(float),
                    "fall": st.integers(0, duration // 2).map(float),
                }
            ).map(lambda spans: {"shape": "incremental", **spans}),
            st.fixed_dictionaries(
                {
                    "period": st.integers(1, duration).map(float),
                    "duty": st.sampled_from([0.25, 0.5, 0.75]),
                }
            ).map(lambda spans: {"shape": "recurring", **spans}),
        )
    )
    return TrafficSurge.model_construct(
        name="it",
        kind="traffic-surge",
        start=float(start),
        duration=float(duration),
        onset=OnsetSpec.model_construct(None, **onset),
        factor=draw(st.sampled_from([0.5, 2.0, 10.0])),
    )


def highest(some: list[TrafficSurge], at: np.ndarray[Any, np.dtype[np.floating]]) -> float:
    factor = np.ones(len(at))
    for e, (inside, level) in zip(some, levels(some, at), strict=True):
        factor[inside] *= 1.0 + (e.factor - 1.0) * level
    return float(factor.max())


@given(st.lists(surges(), min_size=1, max_size=5))
def test_what_is_multiplied_is_highest_at_one_of_the_moments(some: list[TrafficSurge]) -> None:
    eighths = np.arange(0.125, 260.0, 0.125)
    every = np.union1d(eighths, eighths - 1e-6)

    # between two moments of a rise, the highest may be passed by; never by much
    assert highest(some, moments(some)) >= 0.9 * highest(some, every)
    assert highest(some, moments(some)) <= 1.1 * highest(some, every)


def test_no_episodes_are_never_on() -> None:
    assert len(moments([])) == 0


def test_a_month_with_a_campaign_a_day_is_a_scenario() -> None:
    campaigns = "".join(
        f"  - {{name: day-{day}, kind: traffic-surge, start: {24 * day + 9}h, duration: 8h, "
        "factor: 3, onset: {shape: incremental, rise: 1h, fall: 2h}}\n"
        for day in range(30)
    )
    text = HEADER.replace("duration: 1h", "duration: 30d") + "episodes:\n" + campaigns
    assert len(parse_scenario(text, "month").episodes) == 30


def test_a_quarter_with_a_release_a_week_is_a_scenario() -> None:
    releases = "".join(
        f"  - {{name: week-{week}, kind: model-release, version: '4.{week}', canary_for: 1d, "
        f"start: {7 * week}d, duration: 2d}}\n"
        for week in range(11)
    )
    text = HEADER.replace("duration: 1h", "duration: 80d") + "episodes:\n" + releases
    assert len(parse_scenario(text, "quarter").versions) == 12
