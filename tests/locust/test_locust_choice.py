"""What the options, or the fields of the web form, ask a test to be."""

from __future__ import annotations

import pytest

from simulator.errors import PushgatewayError, ScenarioError
from tests.support.locust_choice import chosen


def test_a_scenario_keeps_its_own_seed_and_length() -> None:
    scenario = chosen().scenario
    assert (scenario.seed, scenario.duration) == (1, 3 * 3600.0)


@pytest.mark.parametrize("empty", ["", " ", None])
def test_a_seed_left_empty_is_the_scenario_s_own(empty: str | None) -> None:
    assert chosen(seed=empty) == chosen()


def test_a_seed_typed_in_the_form_is_a_number() -> None:
    assert chosen(seed="77").scenario.seed == 77


def test_compression_shortens_the_scenario_and_leaves_its_rates() -> None:
    scenario = chosen(compress=60.0).scenario
    assert scenario.duration == 180.0
    assert scenario.traffic == chosen().scenario.compressed(60.0).traffic
    assert scenario.traffic.requests_per_second == chosen().scenario.traffic.requests_per_second


def test_a_seed_of_thousands_of_digits_is_refused_in_a_short_line() -> None:
    with pytest.raises(ScenarioError) as refusal:
        chosen(seed="9" * 5000)

    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("seed", ["minus", "-1", "1.5", str(2**63)])
def test_a_seed_that_is_none_is_refused_with_its_value(seed: str) -> None:
    with pytest.raises(ScenarioError, match=f"--seed is '{seed}': give a whole number from 0"):
        chosen(seed=seed)


@pytest.mark.parametrize("compress", [0.5, 0.0, -2.0, 2e5, float("nan")])
def test_a_compression_out_of_range_is_refused_with_its_value(compress: float) -> None:
    with pytest.raises(ScenarioError, match=f"cannot run {compress:g} times as fast; from 1"):
        chosen(compress=compress)


def test_two_choices_of_the_same_are_equal_and_others_are_not() -> None:
    assert chosen() == chosen()
    assert chosen() != chosen(keep_groups=True)


def test_the_instance_and_taking_over_are_chosen() -> None:
    choice = chosen(instance="b", take_over=True)
    assert (choice.instance, choice.takes_over) == ("b", True)


@pytest.mark.parametrize("instance", ["", "a\x1b[2J", "x" * 201])
def test_an_instance_that_cannot_be_used_is_refused(instance: str) -> None:
    with pytest.raises(PushgatewayError, match="instance"):
        chosen(instance=instance)
