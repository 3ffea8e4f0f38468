"""Causes as numbers of each tick."""

from typing import Any, Final

import numpy as np
import pytest

from simulator.measures.causes import CAUSES
from simulator.measures.seen import Seen
from simulator.scenario.kinds import KINDS
from simulator.scenario.loading import load_scenario
from simulator.seeding import Streams
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY, episode, scenario

N: Final = 80
_DURING: Final = slice(45, 75)
_SPAN: Final = {"start": "10m", "duration": "10m"}


def _cause(name: str, *episodes: dict[str, Any], of: str | None = None, rate: float = 40) -> Floats:
    plan = scenario(*episodes, traffic={"requests_per_second": rate})
    trace = Simulation(plan, origin=MONDAY, step=15.0).advance(N)
    return CAUSES[name].values(Seen(trace, Streams(plan.seed)), of)


def test_the_load_is_1_at_the_mean_rate_whatever_that_is() -> None:
    assert _cause("load", rate=40).mean() == pytest.approx(1.0, abs=0.02)
    assert _cause("load", rate=400).mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("name", "of", "change", "least"),
    [
        ("load", None, episode("traffic-surge", factor=3, **_SPAN), 1.5),
        ("in-progress", None, episode("traffic-surge", factor=3, **_SPAN), 0.05),
        ("error-share", None, episode("errors", status=500, ratio=0.3, **_SPAN), 0.2),
        (
            "slowness",
            "bureau",
            episode("slow-dependency", dependency="bureau", factor=4, **_SPAN),
            3,
        ),
        (
            "lag",
            "archiver",
            episode("consumer-slowdown", group="archiver", capacity_ratio=0, **_SPAN),
            60,
        ),
        ("used-space", None, episode("capacity-filling", used_ratio=0.9, **_SPAN), 0.3),
        (
            "workers-lost",
            None,
            episode("overload", workers_lost_ratio=0.5, **_SPAN),
            0.5,
        ),
        ("episode", "errors", episode("errors", status=500, ratio=0.3, **_SPAN), 1.0),
    ],
)
def test_a_cause_rises_in_its_incident(
    name: str, of: str | None, change: dict[str, Any], least: float
) -> None:
    ordinary, found = _cause(name, of=of), _cause(name, change, of=of)
    assert found.shape == (N,)
    assert (found[_DURING].mean() - ordinary[_DURING].mean()) >= least * (1 - 1e-9)
    assert found[:39] == pytest.approx(ordinary[:39], rel=1e-9, abs=1e-9)


def test_lag_without_a_group_is_that_of_the_one_furthest_behind() -> None:
    slow = episode("consumer-slowdown", group="archiver", capacity_ratio=0, **_SPAN)
    both = np.maximum(*(_cause("lag", slow, of=g) for g in ("archiver", "risk-monitoring")))
    assert np.array_equal(_cause("lag", slow), both)


def test_the_strongest_episode_of_a_kind_counts() -> None:
    weak = episode("errors", status=500, ratio=0.1, name="a", start="1m", duration="15m")
    strong = episode("errors", status=503, ratio=0.1, name="b", **_SPAN)
    assert _cause("episode", weak, strong, of="errors")[50] == 1.0
    assert _cause("episode", weak, of="traffic-surge").max() == 0.0


def test_every_kind_of_episode_can_be_what_a_signal_follows() -> None:
    kinds = CAUSES["episode"].which(load_scenario("tour"))

    assert {episode.kind for episode in load_scenario("tour").episodes} <= set(kinds)
    assert len(set(kinds)) == len(KINDS)
