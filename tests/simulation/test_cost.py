"""Cost: a day takes seconds, and traffic costs nothing."""

from statistics import median
from time import process_time

import pytest

from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY, scenario

TICKS_PER_DAY = 5760


def _plan(per_second: float) -> Scenario:
    """Servers and consumers grow with the traffic, so that both run under the same load."""
    scale = max(per_second / 10.0, 1.0)
    group = {"messages_per_second": 1500.0 * scale}
    return scenario(
        traffic={"requests_per_second": per_second, "profile": "daily", "noise_ratio": 0.15},
        platform={
            "api": {"workers": int(8 * scale)},
            "kafka": {
                "consumer_groups": [
                    {"name": "archiver", **group},
                    {"name": "risk-monitoring", **group},
                ]
            },
        },
    )


def _seconds(per_second: float, n_ticks: int) -> float:
    """Processor seconds of so many ticks of 15 s, without the set-up that all scenarios share."""
    simulation = Simulation(_plan(per_second), origin=MONDAY, step=15.0)
    before = process_time()
    simulation.advance(n_ticks)
    return process_time() - before


def test_a_day_takes_less_than_three_seconds() -> None:
    assert min(_seconds(20.0, TICKS_PER_DAY) for _ in range(2)) < 3.0


def _assert_same_cost(one: tuple[float, int], other: tuple[float, int], n_pairs: int) -> None:
    """The median ratio of runs taken in turns: what slows a busy machine slows both of a pair.

    The ratio of the two least times is a worse measure: one lucky run of one side decides it.
    """
    _seconds(*one)
    pairs = [(_seconds(*one), _seconds(*other)) for _ in range(n_pairs)]
    ratio = median(second / first for first, second in pairs)
    assert ratio < 1.3, f"{ratio:.2f} times the cost"


@pytest.mark.slow
def test_a_day_of_a_million_requests_a_second_costs_what_a_day_of_ten_does() -> None:
    """Over the day: at night ten a second leave most cells empty, which is cheaper still."""
    _assert_same_cost((10.0, TICKS_PER_DAY), (1e6, TICKS_PER_DAY), 7)


@pytest.mark.slow
def test_twice_the_work_is_noticed() -> None:
    with pytest.raises(AssertionError):
        _assert_same_cost((10.0, 1000), (10.0, 2000), 7)
