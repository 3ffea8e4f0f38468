"""Cost: a day takes seconds, and traffic costs nothing."""

from time import process_time

from scenario_builders import MONDAY, scenario

from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation

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


def _seconds(per_second: float) -> float:
    """Processor seconds of a day at 15 s, without the set-up that all scenarios share."""
    simulation = Simulation(_plan(per_second), origin=MONDAY, step=15.0)
    before = process_time()
    simulation.advance(TICKS_PER_DAY)
    return process_time() - before


def test_a_day_takes_less_than_three_seconds() -> None:
    assert min(_seconds(20.0) for _ in range(2)) < 3.0


def test_a_million_requests_a_second_cost_what_ten_do() -> None:
    """The least of several runs, taken in turns, so that a noisy machine slows both alike."""
    _seconds(10.0)
    pairs = [(_seconds(10.0), _seconds(1e6)) for _ in range(4)]
    few, many = (min(column) for column in zip(*pairs, strict=True))
    assert many < 1.3 * few
