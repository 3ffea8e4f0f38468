"""What a scenario's requests do, without what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.seeding import Streams
from simulator.simulation.causes import causes
from simulator.simulation.engine import Simulation
from simulator.simulation.kafka import cluster, unwritable_share
from simulator.simulation.responses import Responses
from simulator.simulation.traffic import Traffic
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.requests import Requests


def sampled_requests(plan: Scenario, *, step: float, ticks: int) -> Requests:
    """The requests of the first ticks of a scenario that starts on a Monday."""
    grid = Grid(MONDAY, step, 0, ticks)
    streams = Streams(plan.seed)
    population = Simulation(plan, origin=MONDAY, step=step).population
    now = causes(plan, population.episodes, grid)
    draws = streams.over(0, ticks)
    arrivals = Traffic(plan, MONDAY, step, streams).arrivals(grid, now.rate_factor, draws)
    blocked = unwritable_share(now.partition_weights, cluster(plan, grid))
    return Responses(plan, step).answers(arrivals, now, blocked, draws)
