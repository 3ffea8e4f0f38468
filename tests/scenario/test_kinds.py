"""The kinds of episodes: what each module says of its kind, and what it does to the platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import simulator.scenario.kinds
from simulator.coverage.plan.levers import episode_of, levers
from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.episode import ScrapeEpisode
from simulator.scenario.kinds import KINDS
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.exported import samples_from_start
from tests.support.scenario_builders import MONDAY
from tests.support.scenario_texts import kind_name
from tests.support.trace_arrays import differing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.scenario.episode import EpisodeBase
    from simulator.scenario.lever import Lever
    from simulator.scenario.model import Scenario

CALM: Final = load_scenario("calm")
STEP: Final = 30.0


def strongest(lever: Lever) -> Scenario:
    """An hour of health in which nothing but the lever's strongest episode is on for a while."""
    one = episode_of(lever, lever.strengths[-1], name="it", start=600.0, duration=1800.0)
    return CALM.model_copy(update={"duration": 3600.0, "episodes": (one,)})


def lever_of(kind: type[EpisodeBase]) -> Lever:
    return next(iter(kind.levers(CALM)))


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_a_kind_has_levers_of_its_own_kind(kind: type[EpisodeBase]) -> None:
    assert {lever.kind for lever in kind.levers(CALM)} == {kind_name(kind)}


def shown(plan: Scenario) -> dict[str, NDArray[np.generic]]:
    """The values of every metric of the platform during the hour."""
    trace = Simulation(plan, origin=MONDAY, step=STEP).advance(120)
    return {
        f"{family.name} {number}": block
        for family, blocks in samples_from_start(trace)
        for number, block in enumerate(blocks)
    }


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_a_kind_does_something_that_a_metric_shows(kind: type[EpisodeBase]) -> None:
    """So its cause is there, a kernel looks at it, and what becomes of it is to be seen."""
    plan = strongest(lever_of(kind))

    assert differing(shown(plan), shown(plan.muted("it")))


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_a_kind_calls_for_an_alarm_at_its_strongest_or_says_that_it_does_not(
    kind: type[EpisodeBase],
) -> None:
    plan = strongest(lever_of(kind))
    (one,) = plan.episodes

    assert wanted_alarms(one, plan) or one.consequences(plan)


def test_every_module_of_kinds_is_listed() -> None:
    folder = Path(simulator.scenario.kinds.__file__).parent
    modules = {f"{folder.name}.{p.stem}" for p in folder.glob("*.py") if p.stem != "__init__"}

    assert {kind.__module__.removeprefix("simulator.scenario.") for kind in KINDS} == modules


def test_a_kind_has_a_name_of_its_own() -> None:
    names = [kind_name(kind) for kind in KINDS]

    assert len(set(names)) == len(names)


def test_names_of_levers_are_their_own() -> None:
    names = [lever.name for lever in levers(CALM)]

    assert len(set(names)) == len(names)


def test_levers_of_one_consumer_group_stand_together() -> None:
    names = [lever.name for lever in levers(CALM)]
    first = names.index("archiver-slow")

    assert names[first : first + 6] == [
        "archiver-slow",
        "archiver-rebalances",
        "archiver-member-dies",
        "risk-monitoring-slow",
        "risk-monitoring-rebalances",
        "risk-monitoring-member-dies",
    ]


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_levers_say_whether_the_platform_notices_them(kind: type[EpisodeBase]) -> None:
    is_unnoticed = issubclass(kind, ScrapeEpisode)

    assert {lever.is_unnoticed for lever in kind.levers(CALM)} == {is_unnoticed}
