"""Responses cut from what a panel showed, strengths in between, and the choice of trials."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.coverage.plan.field_responses import NO_RESPONSE, Aim, Cut, Response, responses
from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.goals import FieldId, Goal, summary
from simulator.coverage.plan.layout import laid_out
from simulator.coverage.plan.levers import episode_of, levers
from simulator.coverage.plan.search import strengths_between
from simulator.coverage.plan.selection import selected
from simulator.coverage.plan.trials import CALM, Timing, Trial, trial_scenario
from simulator.coverage.verdicts import FieldCoverage, Track, Verdict
from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import dashboard_from
from simulator.observation.look_back import look_back_seconds
from simulator.scenario.lever import Lever, Scale
from simulator.scenario.loading import load_scenario
from simulator.scenario.rules import problems

BASE = load_scenario("tour").model_copy(update={"episodes": ()})
LEVERS = levers(BASE)
CUT = Cut(start=100.0, held=200.0, end=300.0)


def field_of(*tracks: tuple[list[float], list[float]]) -> FieldCoverage:
    return FieldCoverage(
        "lag",
        Verdict.EXERCISED,
        tracks=tuple(
            Track(f"series {n}", np.array(times), np.array(levels))
            for n, (times, levels) in enumerate(tracks)
        ),
    )


def response(field: FieldCoverage, *, low: float, high: float) -> Response:
    return responses(field, Aim(low, high, (high - low) / 2), [CUT])[0]


def test_a_value_in_the_middle_of_its_band_all_the_time_scores_1() -> None:
    field = field_of(([150.0, 220.0, 260.0, 300.0], [5.0, 5.0, 5.0, 5.0]))

    assert response(field, low=0.0, high=10.0) == Response(1.0, 5.0, 5.0, 5.0, 0.0)


def test_a_value_at_the_edge_scores_a_half() -> None:
    assert response(field_of(([250.0, 300.0], [0.0, 0.0])), low=0.0, high=10.0).score == 0.5


def test_half_of_the_moments_in_the_middle_score_a_half() -> None:
    field = field_of(([250.0, 300.0], [5.0, 50.0]))

    assert response(field, low=0.0, high=10.0).score == 0.5


def test_moments_without_data_count_as_outside() -> None:
    field = field_of(([50.0, 100.0, 150.0, 200.0, 250.0], [0.0, 0.0, 0.0, 0.0, 5.0]))

    # one of four moments, 50 s apart, of which the last two are missing
    assert response(field, low=4.0, high=6.0).score == pytest.approx(0.5)


def test_a_band_touched_before_the_hold_scores_little() -> None:
    field = field_of(([150.0, 250.0, 300.0], [5.0, 20.0, 20.0]))

    found = response(field, low=0.0, high=10.0)

    assert (found.score, found.nearest, found.distance) == (0.05, 5.0, 0.0)


def test_what_comes_before_and_after_a_trial_is_not_seen() -> None:
    field = field_of(([100.0, 250.0, 300.0, 310.0], [5.0, 20.0, 21.0, 5.0]))

    found = response(field, low=0.0, high=10.0)

    assert (found.score, found.nearest, found.distance) == (0.0, 20.0, 10.0)


def test_any_series_in_the_band_is_enough_and_both_extremes_are_said() -> None:
    times = [250.0, 300.0]
    field = field_of((times, [1.0, 1.0]), (times, [5.0, 5.0]), (times, [90.0, 90.0]))

    found = response(field, low=0.0, high=10.0)

    assert (found.score, found.high, found.low) == (1.0, 90.0, 1.0)


def test_a_field_without_data_gives_no_response() -> None:
    assert responses(None, Aim(0.0, 1.0, 0.5), [CUT, CUT]) == [NO_RESPONSE, NO_RESPONSE]
    assert responses(field_of(([1.0], [1.0])), Aim(0.0, 1.0, 0.5), [CUT]) == [NO_RESPONSE]


@given(
    st.sampled_from(["ratio", "difference", "count"]),
    st.floats(0.01, 100.0),
    st.floats(1.1, 100.0),
    st.floats(0.0, 1.0),
)
def test_a_strength_between_two_lies_between_them(
    scale: Scale, weak: float, times: float, fraction: float
) -> None:
    strong = weak * times
    found = strengths_between(scale, weak, strong, fraction)

    slack = 0.5 if scale == "count" else 0.005 * strong
    assert weak - slack <= found <= strong + slack
    if scale == "count":
        assert found == round(found)


def findings_of(scores: dict[str, dict[Trial, float]]) -> Findings:
    """Findings with these scores, by goal and trial."""
    found = Findings(Timing(900.0))
    for name, by_trial in scores.items():
        of = FieldId("made-up", name, name, "A", (None, 1.0), 0)
        found._responses[Goal(of, name, 1, "red", 1.0)] = {
            trial: Response(score, math.nan, math.nan, math.nan, math.nan)
            for trial, score in by_trial.items()
        }
        found.trials.update(dict.fromkeys(by_trial))
    return found


def lever(name: str) -> Lever:
    return next(one for one in LEVERS if one.name == name)


A, B, C, D = (Trial(lever("answers-500"), ratio) for ratio in (0.1, 0.2, 0.3, 0.4))


def test_few_trials_serve_all_targets() -> None:
    found = findings_of(
        {
            "one": {A: 1.0, B: 1.0},
            "two": {A: 1.0, C: 1.0},
            "three": {B: 1.0, D: 1.0},
            "four": {C: 1.0, D: 1.0},
            "five": {C: 1.0, B: 1.0},
        }
    )

    assert set(selected(found).values()) == {B, C}


def test_a_target_is_not_served_by_a_trial_that_does_it_badly() -> None:
    found = findings_of({"one": {A: 1.0, B: 0.55}, "two": {B: 1.0}})

    assert {goal.name: trial for goal, trial in selected(found).items()} == {"one": A, "two": B}


def test_the_weaker_of_two_that_do_as_well_is_taken() -> None:
    assert list(selected(findings_of({"one": {C: 1.0, A: 1.0, B: 1.0}})).values()) == [A]


def test_health_is_preferred_to_every_incident() -> None:
    assert list(selected(findings_of({"one": {CALM: 0.6, A: 1.0}})).values()) == [CALM]


def test_a_trial_that_failed_before_is_not_taken_again() -> None:
    found = findings_of({"one": {A: 1.0, B: 0.8}})
    (goal,) = found.goals

    assert selected(found, barred={goal: [A]}) == {goal: B}


@pytest.mark.parametrize("one", LEVERS, ids=[one.name for one in LEVERS])
def test_a_lever_is_a_valid_episode_at_all_its_strengths(one: Lever) -> None:
    assert list(one.strengths) == sorted(set(one.strengths))
    for strength in one.strengths:
        scenario = trial_scenario(BASE, Trial(one, strength), Timing(900.0))
        assert problems(scenario) == []
        assert scenario.episodes[0].kind == one.kind


@given(
    st.lists(st.sampled_from(LEVERS), min_size=1, max_size=6),
    st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6),
    st.floats(1.0, 3.0),
)
def test_any_trials_make_a_valid_scenario_without_two_incidents_at_once(
    chosen: list[Lever], fractions: list[float], stretch: float
) -> None:
    trials = [
        Trial(one, strengths_between(one.scale, one.strengths[0], one.strengths[-1], fraction))
        for one, fraction in zip(dict.fromkeys(chosen), fractions, strict=False)
    ]

    scenario, names = laid_out(
        BASE, [(trial, stretch) for trial in trials], Timing(900.0), name="planned", about="x"
    )

    assert problems(scenario) == []
    assert [names[trial] for trial in trials] == [e.name for e in scenario.episodes]
    ends = [0.0, *(e.start + e.duration for e in scenario.episodes)]
    assert all(e.start > end for e, end in zip(scenario.episodes, ends, strict=False))


def test_an_episode_may_be_as_short_as_the_trial_was_long() -> None:
    timing = Timing(900.0)
    one = lever("answers-500")
    tried = trial_scenario(BASE, Trial(one, 0.1), timing).episodes[0]

    assert tried == episode_of(one, 0.1, name="answers-500", start=120.0, duration=1500.0)


def board_of(*queries: str, window: str = "15m") -> Dashboard:
    return dashboard_from(
        {
            "title": "x",
            "uid": "x",
            "templating": {
                "list": [{"name": "window", "type": "custom", "current": {"value": window}}]
            },
            "panels": [
                {"id": 1, "title": "x", "type": "stat", "targets": [{"expr": q, "refId": "A"}]}
                for q in queries
            ],
        }
    )


def test_panels_look_back_as_far_as_their_longest_range() -> None:
    board = board_of(
        "rate(a[5m])", "rate(a[$window])", "increase(a[1d])", "rate(a[$__rate_interval])"
    )

    assert look_back_seconds([board], {}) == 900.0
    assert look_back_seconds([board], {"window": "30m"}) == 1800.0
    assert look_back_seconds([board_of("up")], {}) == 120.0


def test_a_query_in_place_of_a_legend_is_no_name() -> None:
    of = FieldId("uid", "panels[0]", "Errors", "A", (None, 1.0), 0)

    assert str(Goal(of, "sum(rate(scoring_errors_total[5m]))", 1, "red", 1.0)) == "Errors: red"
    assert str(Goal(of, "of which (part)", 1, "red", 1.0)) == "Errors, of which (part): red"


def test_what_comes_after_an_incident_is_tried_too() -> None:
    one = lever("drives-replaced")
    scenario = trial_scenario(BASE, Trial(one, 1.0), Timing(900.0))
    (episode,) = scenario.episodes

    assert scenario.duration - episode.start - episode.duration > Timing(900.0).hold


def test_targets_of_one_field_are_said_together() -> None:
    of = FieldId("uid", "panels[0]", "Lag", "A", (None, 1.0), 0)
    other = FieldId("uid", "panels[1]", "Versions", "B", (), 0)

    assert (
        summary(
            [
                Goal(of, "{{group}}", 0, "green"),
                Goal(of, "{{group}}", 1, "red", 1.0),
                Goal(other, "Traffic {{version}}", None, ""),
            ]
        )
        == "Lag: green, red; Versions, Traffic: data"
    )
