"""What help texts say of scores is said of the platform's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.scenario.loading import load_scenario
from simulator.scenario.platform_part import PlatformPart, with_platform

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

POLICY = {
    "score_range": [0, 1000],
    "accepted_from": 700,
    "reviewed_from": 700,
    "risk_levels": [{"name": "A", "lowest": 820}, {"name": "B", "lowest": 0}],
    "decision_names": {"accepted": "yes", "refused": "no"},
}


@pytest.mark.parametrize(
    ("metric", "usual", "own"),
    [
        (
            "scoring_risk_level_total",
            "Scored applications by risk level: low from 740, medium from 670, high from 580.",
            "Scored applications by risk level: A from 820.",
        ),
        (
            "scoring_decisions_total",
            "Decisions: accepted from 640, review by a person from 580, refused below.",
            "Decisions: yes from 700, no below.",
        ),
    ],
)
def test_the_scores_in_a_help_text_are_the_platform_s(metric: str, usual: str, own: str) -> None:
    calm = load_scenario("calm")
    other = with_platform(calm, PlatformPart.model_validate({"policy": POLICY}))

    assert [_help_of(metric, one) for one in (calm, other)] == [usual, own]


def _help_of(metric: str, scenario: Scenario) -> str:
    families = Export(default_mapping(), scenario).families
    return next(one.help for one in families if one.key == metric)
