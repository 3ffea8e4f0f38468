"""The scenarios that come with the package."""

from __future__ import annotations

from importlib.resources import files

import pytest

from simulator.scenario.loading import library_names, load_scenario
from simulator.scenario.rules import problems
from tests.support.scenario_texts import EPISODES

NAMES = library_names()


@pytest.mark.parametrize("name", ["calm", "on-call", "tour", *EPISODES])
def test_the_library_has_a_scenario_named(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_of_the_library_loads_under_its_file_s_name(name: str) -> None:
    assert load_scenario(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_of_the_library_breaks_no_rule(name: str) -> None:
    assert problems(load_scenario(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_of_the_library_says_what_it_shows(name: str) -> None:
    words = load_scenario(name).description.split()

    assert len(words) >= 4
    assert words[-1].endswith(".")


@pytest.mark.parametrize("name", sorted(set(EPISODES) & set(NAMES)))
def test_a_scenario_named_after_a_kind_has_an_episode_of_it(name: str) -> None:
    assert name in {e.kind for e in load_scenario(name).episodes}


def test_calm_has_no_episodes() -> None:
    assert load_scenario("calm").episodes == ()


def test_the_library_holds_scenarios_only() -> None:
    folder = files("simulator.scenario") / "library"

    assert {entry.name for entry in folder.iterdir()} == {f"{name}.yaml" for name in NAMES}


def test_names_are_sorted() -> None:
    assert sorted(NAMES) == NAMES
