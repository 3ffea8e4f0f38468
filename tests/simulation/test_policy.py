"""What is made of scores: cut-offs and levels of a platform's own, in what is sampled and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from simulator.scenario.platform_part import PlatformPart, with_platform
from simulator.scenario.score_shares import SHARES_BELOW, share_below
from simulator.scenario.violation_rates import ordinary_per_10k
from simulator.scenario.vocabulary import VIOLATION_TYPES
from simulator.simulation.cell_shares import cell_shares
from simulator.simulation.change import NEUTRAL
from simulator.simulation.engine import Simulation, scorecards
from simulator.simulation.scorecard import DECISIONS, Scorecard
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.scoring_client import Client
from tests.support.tolerances import assert_poisson, assert_share

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

OWN: Final[dict[str, Any]] = {
    "accepted_from": 700,
    "reviewed_from": 640,
    "risk_levels": [
        {"name": "A", "lowest": 780},
        {"name": "B", "lowest": 700},
        {"name": "C", "lowest": 640},
        {"name": "D", "lowest": 560},
        {"name": "E", "lowest": 300},
    ],
}
REVIEW_WITHOUT: Final = VIOLATION_TYPES.index("automated_refusal_without_review")


def plan(*episodes: dict[str, Any], policy: dict[str, Any] = OWN) -> Scenario:
    traffic = {"requests_per_second": 2000.0, "endpoints": {"score": 1}}
    platform = {"policy": policy, "api": {"workers": 5000}}
    return scenario(*episodes, traffic=traffic, platform=platform)


def run(of: Scenario, n_ticks: int = 40) -> Trace:
    return Simulation(of, origin=MONDAY, step=15.0).advance(n_ticks)


def test_the_shares_are_those_of_the_development_sample() -> None:
    cells = cell_shares(Scorecard(), NEUTRAL.as_seen, NEUTRAL.default_probability_of_pool())

    found = np.cumsum(cells.sum(axis=1))[:-1]

    np.testing.assert_allclose(SHARES_BELOW, found, atol=6e-6)


def test_decisions_and_levels_are_counted_by_the_platform_s_own_cut_offs() -> None:
    scored = run(plan()).scored

    accepted, review, refused = scored.decisions.sum(axis=0).tolist()
    n = accepted + review + refused
    assert_share(refused, n, share_below(640))
    assert_share(review, n, share_below(700) - share_below(640))
    assert scored.levels.shape[1] == 5
    assert scored.levels[:, :2].sum() == accepted
    assert scored.levels[:, 2].sum() == review


def test_nothing_else_that_happens_is_another() -> None:
    own, usual = run(plan()), run(plan(policy={}))

    assert np.array_equal(own.scored.cells, usual.scored.cells)
    assert np.array_equal(own.requests.http, usual.requests.http)


def test_refusals_that_go_out_unreviewed_stay_in_proportion() -> None:
    of = plan()
    trace = run(of, 400)

    refused = int(trace.scored.decisions[:, DECISIONS.index("refused")].sum())
    counts = int(trace.violations.counts[:, REVIEW_WITHOUT].sum())
    assert_poisson(counts, refused * 0.2e-4 / 0.105)
    assert ordinary_per_10k(of.platform)["automated_refusal_without_review"] == pytest.approx(
        0.2 * share_below(640) / share_below(580)
    )


def test_a_platform_without_reviews_has_two_decisions() -> None:
    decisions = run(plan(policy={"accepted_from": 600, "reviewed_from": 600})).scored.decisions

    assert decisions[:, DECISIONS.index("review")].sum() == 0
    assert_share(int(decisions[:, 2].sum()), int(decisions.sum()), share_below(600))


def test_a_release_accepts_as_many_as_before_at_the_platform_s_cut_off() -> None:
    release = episode(
        "model-release", version="4.0", canary_for="0s", coefficients={"age": 5.0, "amount": 3.0}
    )
    before, after = (
        cell_shares(card, NEUTRAL.as_seen, NEUTRAL.default_probability_of_pool()).sum(axis=1)
        for card in scorecards(plan(release))
    )

    at = (OWN["accepted_from"] - 300) // 10
    assert after[at:].sum() == pytest.approx(before[at:].sum(), abs=2e-3)


def test_the_api_decides_by_the_same_cut_offs_and_names_the_same_levels() -> None:
    with Client(platform={"policy": OWN}) as client:
        answers = [
            client.score(applicant_id=f"p-{i}", incidents_24m=i % 4, net_income=900.0 + 300.0 * i)
            for i in range(24)
        ]

    found = [answer.json() for answer in answers]
    bands = {"A": 780, "B": 700, "C": 640, "D": 560, "E": 300}
    for one in found:
        best = next(name for name, lowest in bands.items() if one["score"] >= lowest)
        assert one["risk_level"] == best
        decided = "accepted" if best in "AB" else "review" if best == "C" else "refused"
        assert one["decision"] == decided
    assert len({one["risk_level"] for one in found}) > 2


def test_levels_of_a_part_take_the_place_of_all_others() -> None:
    levels = [{"name": "ok", "lowest": 600}, {"name": "medium", "lowest": 300}]
    part = PlatformPart.model_validate({"policy": {"risk_levels": levels}})

    changed = with_platform(scenario(), part)

    assert changed.platform.policy.level_names() == ("ok", "medium")
