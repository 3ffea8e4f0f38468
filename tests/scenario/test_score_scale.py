"""Scores on a platform's own scale: nobody looks as if they passed a cut-off that they did not."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.score_scale import score_scale
from simulator.scenario.platform_part import PlatformPart, with_platform
from tests.support.scenario_builders import scenario

POINTS: Final = range(300, 851)
RANGES: Final = [
    (300.0, 850.0),
    (0.0, 1000.0),
    (0.0, 1.0),
    (1.0, 0.0),
    (100.0, 0.0),
    (250.0, 900.0),
]


@st.composite
def scales(draw: st.DrawFn) -> tuple[float, float, tuple[float, ...]]:
    """A range, and cut-offs in it with up to three decimals, at least a cell apart."""
    worst, best = draw(st.sampled_from(RANGES))
    shares = draw(st.lists(st.floats(0.02, 0.97), max_size=5, unique=True))
    cuts: list[float] = []
    for share in sorted(shares):
        cut = round(worst + share * (best - worst), 3)
        if all(abs(cut - other) >= abs(best - worst) / 55.0 for other in (worst, *cuts)):
            cuts.append(cut)
    return worst, best, tuple(cuts)


@given(scales())
def test_a_cut_off_is_passed_by_exactly_those_whose_score_says_so(
    of: tuple[float, float, tuple[float, ...]],
) -> None:
    worst, best, cuts = of
    scale, sign = score_scale(worst, best, cuts), 1.0 if best > worst else -1.0
    for cut in cuts:
        at = scale.points_at(cut)
        assert scale.score_of(at) == cut
        passing = [points for points in POINTS if sign * scale.score_of(points) >= sign * cut]
        assert passing == list(range(at, 851))


@given(scales())
def test_a_better_applicant_never_has_a_worse_score(
    of: tuple[float, float, tuple[float, ...]],
) -> None:
    worst, best, cuts = of
    scale, sign = score_scale(worst, best, cuts), 1.0 if best > worst else -1.0
    scores = [sign * scale.score_of(points) for points in POINTS]
    assert scores == sorted(scores)
    assert (scale.score_of(300), scale.score_of(850)) == (worst, best)


def test_points_are_the_scores_of_the_usual_scale() -> None:
    assert list(Policy().scale().scores) == list(POINTS)
    assert all(isinstance(score, int) for score in Policy().scale().scores)


@pytest.mark.parametrize("ends", RANGES)
def test_what_is_not_said_follows_the_scale(ends: tuple[float, float]) -> None:
    policy = Policy(score_range=ends)
    assert policy.decision_points() == (640, 580, 300)
    assert policy.level_points() == (740, 670, 580, 300)


def test_a_part_that_says_the_scale_alone_moves_what_the_scenario_does_not_say() -> None:
    part = PlatformPart.model_validate({"policy": {"score_range": [0, 1000]}})

    policy = with_platform(scenario(), part).platform.policy

    assert (policy.accepted, policy.reviewed) == (618, 509)
    assert [level.lowest for level in policy.levels()] == [800, 673, 509, 0]
