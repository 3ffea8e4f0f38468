"""Kinds of tests, and the pauses between a user's requests."""

from __future__ import annotations

from argparse import Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.load.kinds import KINDS, fill_in
from simulator.load.waiting import USUAL, Waiting
from simulator.seeding import plain_generator
from tests.support.locust_choice import chosen


def waiting(**options: object) -> Waiting:
    return Waiting.of(
        Namespace(
            **{"think_time": "", "pacing": "", "open": False, "kind": "", "mapping": None} | options
        )
    )


def test_kinds_have_the_users_and_minutes_that_teams_give_them() -> None:
    assert {kind.name: (kind.users, kind.run_time_seconds / 60) for kind in KINDS} == {
        "smoke": (5, 1),
        "load": (50, 5),
        "stress": (200, 10),
        "spike": (500, 2),
        "endurance": (30, 30),
        "volume": (20, 10),
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_all_users_of_a_kind_are_there_for_most_of_its_time(kind: object) -> None:
    options = Namespace(num_users=None, spawn_rate=None, run_time=None)
    fill_in(options, kind)  # type: ignore[arg-type]  # they are kinds

    assert options.num_users / options.spawn_rate < options.run_time / 10


def test_what_the_command_line_says_comes_before_the_kind() -> None:
    options = Namespace(num_users=7, spawn_rate=2.0, run_time=0)
    fill_in(options, KINDS[0])

    assert options == Namespace(num_users=7, spawn_rate=2.0, run_time=0)


def test_without_any_of_the_options_users_wait_as_ever() -> None:
    assert waiting() == USUAL == chosen().waiting


def test_users_of_a_kind_think_unless_other_pauses_are_given() -> None:
    assert waiting(kind="load") == Waiting((1.0, 5.0))
    assert waiting(kind="load", think_time="250ms") == Waiting((0.25, 0.25))
    assert waiting(kind="load", pacing="2s-1m") == Waiting((2.0, 60.0), is_pacing=True)


def test_two_tests_with_other_pauses_are_two_choices() -> None:
    assert chosen(think_time="1s") != chosen(pacing="1s") != chosen(pacing="1s", open=True)


@pytest.mark.parametrize("given", ["5s-1s", "0s", "1s-", "-1s", "1-5", "1s-5s-9s", "fast", "11y"])
@pytest.mark.parametrize("option", ["think_time", "pacing"])
def test_pauses_that_are_none_are_refused_with_option_and_value(option: str, given: str) -> None:
    with pytest.raises(SimulatorError, match=f"--{option.replace('_', '-')} is '{given}'.*give"):
        waiting(**{option: given})


def test_think_time_and_pacing_together_are_refused_with_both_values() -> None:
    with pytest.raises(
        SimulatorError, match=r"--think-time is '1s' and --pacing is '2s': give one"
    ):
        waiting(think_time="1s", pacing="2s")


def test_pauses_of_thousands_of_characters_are_refused_in_a_short_line() -> None:
    with pytest.raises(SimulatorError) as refusal:
        waiting(think_time="9" * 5000)

    assert len(str(refusal.value)) < 700


@given(least=st.integers(1, 5000), more=st.integers(0, 5000), seed=st.integers(0, 99))
def test_a_pause_lies_between_the_two_that_were_given(least: int, more: int, seed: int) -> None:
    pauses = waiting(think_time=f"{least}ms-{least + more}ms")
    drawn = pauses.draw(plain_generator(seed, "pauses"), 1.0)

    assert least / 1000 - 1e-9 <= drawn <= (least + more) / 1000 + 1e-9


@pytest.mark.parametrize(
    "pauses",
    [Waiting((1.0, 5.0)), Waiting((1.0, 5.0), is_open=True), Waiting(), Waiting(is_open=True)],
)
def test_pauses_have_the_mean_that_throughput_is_judged_by(pauses: Waiting) -> None:
    rng, n, usual = plain_generator(1, "pauses"), 20_000, 2.0
    mean = sum(pauses.draw(rng, usual) for _ in range(n)) / n
    expected = pauses.mean_seconds(usual)

    assert abs(mean - expected) < 6.0 * expected / n**0.5, "at most as spread out as an exponential"


def test_only_think_time_and_the_open_model_leave_the_time_of_an_answer_out() -> None:
    assert waiting().counts_answers
    assert waiting(pacing="1s").counts_answers
    assert not waiting(think_time="1s").counts_answers
    assert not waiting(pacing="1s", open=True).counts_answers
